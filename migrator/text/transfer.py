"""Move items from one list of a mapping to the end of another: every layout that means the same, as edits.

What is asked is a `Transfer`; a `Layout` is one way to write it down. Where the target list does not exist
yet it may stand before the source or behind it; which of the two needs fewer changed lines depends on where
the moved items stood. All offsets are those of the original text, nothing is ever re-emitted.
"""

from __future__ import annotations

from dataclasses import dataclass

from migrator.text import blockmove, flowlist
from migrator.text.asked import Transfer
from migrator.text.edits import Edit, apply, changed_lines
from migrator.text.errors import Refused
from migrator.text.lines import Lines
from migrator.text.tree import Node
from migrator.text.values import is_null


@dataclass(frozen=True)
class Layout:
    """One way to write a transfer: `target-first`, `source-first` or `append`, and what it costs a reader."""

    name: str
    edits: tuple[Edit, ...]
    cost: int


def layouts(text: str, lines: Lines, mapping: Node, asked: Transfer) -> list[Layout]:
    """Every layout that can be written, cheapest first. Raises `Refused` with the reason where there is none."""
    key, source = mapping.key(asked.source), mapping.get(asked.source)
    target_key, target = mapping.key(asked.target), mapping.get(asked.target)
    if key is None or source is None or source.kind != "seq":
        raise Refused(f"`{asked.source}` is not a list of its own")
    if target is not None and not (target.kind == "seq" or is_null(target)):
        raise Refused(f"`{asked.target}` is {'an alias' if target.kind == 'alias' else 'no list'}")
    if target is not None and not target.items and (target.anchor or target.tag):
        raise Refused(f"`{asked.target}` is empty and carries an anchor or a tag")
    if explicit(text, lines, key) or (target_key is not None and explicit(text, lines, target_key)):
        raise Refused("an explicit key (`?`)")
    if source.flow:
        options = flowlist.options(text, lines, mapping, asked)
    elif mapping.flow:
        raise Refused("a block list in a flow mapping")
    else:
        options = blockmove.options(text, lines, mapping, asked)
    found = [Layout(name, tuple(sorted(edits)), _cost(text, edits)) for name, edits in options]
    return sorted(found, key=lambda layout: layout.cost)


def explicit(text: str, lines: Lines, key: Node) -> bool:
    """Whether the key is written with the `?` indicator."""
    return text[lines.start(lines.of(key.start)) : key.start].rstrip().endswith("?")


def _cost(text: str, edits: list[Edit]) -> int:
    """Changed lines, counted over the stretch that the edits span."""
    begin = text.rfind("\n", 0, min(edit.start for edit in edits)) + 1
    stop = text.find("\n", max(edit.end for edit in edits))
    stop = len(text) if stop < 0 else stop + 1
    old = text[begin:stop]
    moved = [Edit(edit.start - begin, edit.end - begin, edit.text) for edit in edits]
    return changed_lines(old, apply(old, moved))
