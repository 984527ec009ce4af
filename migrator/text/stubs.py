"""Items of one pair, `- key: value`, written anew before items of a list, in the manner of their neighbours."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from migrator.text import blocklist, flowlist
from migrator.text.asked import Path
from migrator.text.edits import Edit
from migrator.text.errors import Refused
from migrator.text.lines import Lines
from migrator.text.proof import Numbering, prove_comments, prove_json
from migrator.text.rewrite import Roots, Stretch, found
from migrator.text.tree import Node
from migrator.text.values import scalar

_PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]*\Z")
#: Booleans of YAML 1.1 for some parsers.
_LETTERS = frozenset("yYnN")


@dataclass(frozen=True)
class Stub:
    """The item `key: value` that is to stand before item number `at` of the list as it is."""

    at: int
    key: str
    value: str


def proved_stubs(stretch: Stretch, lines: Lines, path: Path, stubs: Sequence[Stub]) -> tuple[tuple[Edit, ...], Roots]:
    """The edits on the whole text that write `stubs` into the list at `path`, and the documents as they then are.

    `path` has the document's number, then keys of mappings; several stubs before one item keep their order. Raises
    `Refused` with the reason where that cannot be written, or not be proved.
    """
    edits = tuple(_edits(lines, stretch.roots, path, stubs))
    before, after, roots = stretch.edited(edits)
    growth = _Growth(stubs)
    if len(roots) != len(stretch.roots) or not all(
        growth.same(old, new, path[1:] if number == path[0] else None)
        for number, (old, new) in enumerate(zip(stretch.roots, roots, strict=True))
    ):
        raise Refused("the text would say something else than planned")
    prove_comments(before, stretch.roots, after, roots, stretch.start)
    prove_json(before, after)
    return edits, roots


def _edits(lines: Lines, roots: Roots, path: Path, stubs: Sequence[Stub]) -> Iterator[Edit]:
    mapping, name = found(roots, path[:-1]), str(path[-1])
    key, sequence = (mapping.key(name), mapping.get(name)) if mapping is not None else (None, None)
    if key is None or sequence is None or sequence.kind != "seq":
        raise Refused("a list that is not there")
    for at in sorted({stub.at for stub in stubs}):
        here = [stub for stub in stubs if stub.at == at]
        yield _in_flow(lines, sequence, at, here) if sequence.flow else _in_block(lines, key, sequence, at, here)


def _in_block(lines: Lines, key: Node, sequence: Node, at: int, stubs: Sequence[Stub]) -> Edit:
    """Lines above those of an item and its comments."""
    there = blocklist.take_apart(lines.text, lines, key, sequence)
    piece = there.pieces[at]
    eol = lines.ending(lines.of(key.start))
    written = "".join(f"{' ' * there.dash}- {_word(stub.key, '')}: {_word(stub.value, '')}{eol}{there.spaced}" for stub in stubs)
    return Edit(piece.body_start, piece.body_start, written)


def _in_flow(lines: Lines, sequence: Node, at: int, stubs: Sequence[Stub]) -> Edit:
    """Mappings ahead of an item, quoted as its first pair is."""
    there = flowlist.take_apart(lines.text, sequence)
    item = sequence.items[at]
    if not item.pairs:
        raise Refused("a list item that is no mapping")
    name, value = item.pairs[0]
    between = lines.text[name.end : value.start]
    colon = between if between.strip(" ") == ":" and (name.style == '"' or between.endswith(" ")) else ": "
    written = "".join(
        f"{{{_word(stub.key, name.style)}{colon}{_word(stub.value, name.style)}}}{there.separator}" for stub in stubs
    )
    return Edit(item.start, item.start, written)


def _word(text: str, quote: str) -> str:
    """A string that is read as one: with the neighbour's quote, or where it would be something else without."""
    plain = Node("scalar", 0, 0)
    plain.value = text
    bare = _PLAIN.match(text) and text not in _LETTERS and isinstance(scalar(plain), str)
    if quote == "'" and bare:
        return f"'{text}'"
    return text if bare and not quote else json.dumps(text)


class _Growth:
    """Walks two trees at once along the path of the list, compares numbers everywhere else."""

    def __init__(self, stubs: Sequence[Stub]) -> None:
        self.stubs = stubs
        self.old = Numbering()
        self.new = Numbering()
        self.new.known = self.old.known

    def same(self, old: Node | None, new: Node | None, steps: Path | None) -> bool:
        """Whether `new` is `old`, with the stubs in the list at `steps`; None: without any."""
        if old is None or new is None:
            return old is new and steps is None
        if steps is None:
            return self.old.of(old) == self.new.of(new)
        if (old.kind, old.tag, old.anchor, old.flow) != (new.kind, new.tag, new.anchor, new.flow):
            return False
        if not steps:
            return self._grown(old, new)
        return len(old.pairs) == len(new.pairs) and all(
            self.same(name, key, None) and self.same(held, then, steps[1:] if name.value == steps[0] else None)
            for (name, held), (key, then) in zip(old.pairs, new.pairs, strict=True)
        )

    def _grown(self, old: Node, new: Node) -> bool:
        wanted: list[Node | Stub] = []
        for at, item in enumerate(old.items):
            wanted += [*(stub for stub in self.stubs if stub.at == at), item]
        return len(wanted) == len(new.items) and all(
            _is_stub(stub, item) if isinstance(stub, Stub) else self.same(stub, item, None)
            for stub, item in zip(wanted, new.items, strict=True)
        )


def _is_stub(stub: Stub, item: Node) -> bool:
    if item.kind != "map" or item.tag or item.anchor or len(item.pairs) != 1:
        return False
    key, value = item.pairs[0]
    return (
        key.kind == value.kind == "scalar"
        and not (key.tag or key.anchor or value.tag or value.anchor)
        and (scalar(key), scalar(value)) == (stub.key, stub.value)
    )
