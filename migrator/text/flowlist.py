"""A flow sequence (JSON, or `[...]` in YAML): cut and joined by offsets, separators copied from neighbours."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from migrator.text.edits import Edit, unended
from migrator.text.errors import Refused
from migrator.text.mark import marked
from migrator.text.tree import Node

if TYPE_CHECKING:
    from migrator.text.asked import Transfer
    from migrator.text.lines import Lines


@dataclass(frozen=True)
class FlowList:
    """`opener item separator item ... closer`; `separator` is what stands between two items of this list."""

    opener: str
    items: tuple[str, ...]
    separator: str
    closer: str

    def written(self, items: list[str]) -> str:
        """A list of the same style with these items."""
        return self.opener + self.separator.join(items) + self.closer


def take_apart(text: str, sequence: Node) -> FlowList:
    """The flow list as texts. Raises `Refused` where a comment stands between its items."""
    nodes = sequence.items
    opener = text[sequence.start : nodes[0].start]
    closer = text[nodes[-1].end : sequence.end]
    between = [text[a.end : b.start] for a, b in pairwise(nodes)]
    if any("#" in part for part in (opener, closer, *between)):
        raise Refused("a comment between the items of a flow list")
    if not opener.startswith("["):
        raise Refused("a flow list with an anchor or a tag")
    separator = between[0] if between else "," + (opener[1:] or " ")
    return FlowList(opener, tuple(text[n.start : n.end] for n in nodes), separator, closer)


def options(text: str, lines: Lines, mapping: Node, asked: Transfer) -> list[tuple[str, list[Edit]]]:
    """The layouts of a transfer out of a flow list, as in `transfer.layouts`."""
    key, source = mapping.key(asked.source), mapping.get(asked.source)
    assert key is not None
    assert source is not None
    taken = take_apart(text, source)
    line = lines.of(key.start)
    # The last line may have no break of its own.
    eol = lines.ending(line if line + 1 < len(lines.starts) else max(line - 1, 0))
    moving = [
        taken.items[n]
        if n in asked.bare
        else marked(text, lines, source.items[n], source.items[n].start, taken.items[n], asked.mark, asked.after, eol)
        for n in asked.chosen
    ]
    if not all(source.items[n].flow for n in asked.chosen):
        raise Refused("an item that is no flow mapping in a flow list")
    staying = [item for n, item in enumerate(taken.items) if n not in asked.chosen]
    if not staying and not asked.emptying:
        raise Refused(f"nothing would be left in `{asked.source}`")
    rest, block = taken.written(staying), taken.written(moving)
    target = mapping.get(asked.target)
    if target is not None:
        removal = Edit(source.start, source.end, rest) if staying else _removed(text, lines, mapping, key, source)
        edits = [removal, *_into(text, target, moving, block, asked)]
        whole_end = not staying and not mapping.flow and removal.end == len(text) and not text.endswith("\n")
        return [("append", unended(text, edits) if whole_end else edits)]
    colon = text[key.end : source.start]
    name = f"{key.style}{asked.target}{key.style}"
    if not staying:
        return [("renamed", [Edit(key.start, key.end, name), Edit(source.start, source.end, block)])]
    divider = _divider(text, lines, mapping, key, eol)
    if "#" in colon + divider:
        raise Refused("a comment between the pairs of a flow mapping")
    old_key = text[key.start : key.end]
    return [
        ("target-first", [Edit(key.start, source.end, f"{name}{colon}{block}{divider}{old_key}{colon}{rest}")]),
        ("source-first", [Edit(key.start, source.end, f"{old_key}{colon}{rest}{divider}{name}{colon}{block}")]),
    ]


def _divider(text: str, lines: Lines, mapping: Node, key: Node, eol: str) -> str:
    """What stands between two pairs of this mapping: a comma and white space, or a new line in block style."""
    if not mapping.flow:
        return eol + " " * lines.column(key.start)
    at = next(n for n, (name, _) in enumerate(mapping.pairs) if name is key)
    if at:
        return text[mapping.pairs[at - 1][1].end : key.start]
    if len(mapping.pairs) > 1:
        return text[mapping.pairs[0][1].end : mapping.pairs[1][0].start]
    return "," + (text[mapping.start + 1 : key.start] or " ")


def _removed(text: str, lines: Lines, mapping: Node, key: Node, source: Node) -> Edit:
    """The pair gone from its mapping, with one divider or with its lines."""
    if mapping.flow:
        at = next(n for n, (name, _) in enumerate(mapping.pairs) if name is key)
        if at:
            return Edit(mapping.pairs[at - 1][1].end, source.end, "")
        return Edit(key.start, mapping.pairs[1][0].start, "")
    line = lines.of(source.end)
    behind = text[source.end : lines.start(line) + len(lines.body(line))]
    if not lines.first_on_line(key.start):
        raise Refused(f"`{key.value}` does not begin its line")
    if behind.strip():
        # A comment stays, on a line of its own.
        return Edit(key.start, source.end + len(behind) - len(behind.lstrip()), "")
    return Edit(lines.start(lines.of(key.start)), lines.end(line), "")


def _into(text: str, target: Node, moving: list[str], block: str, asked: Transfer) -> Iterator[Edit]:
    """The moved items in a list that is there already."""
    if target.kind == "seq" and target.flow and target.items:
        there = take_apart(text, target)
        gaps = asked.gaps or (len(target.items),) * len(moving)
        for at in dict.fromkeys(gaps):
            written = there.separator.join(item for item, gap in zip(moving, gaps, strict=True) if gap == at)
            if at < len(target.items):
                start = target.items[at].start
                yield Edit(start, start, written + there.separator)
            else:
                end = target.items[-1].end
                yield Edit(end, end, there.separator + written)
    elif not target.items:
        yield Edit(target.start, target.end, (" " if target.empty else "") + block)
    else:
        raise Refused("flow items into a block list")
