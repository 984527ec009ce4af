"""Proof that an edit wrote the one pair that was asked, and what leads to it, and nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from migrator.text.asked import Path
from migrator.text.edits import Edit
from migrator.text.errors import Refused, TooLarge
from migrator.text.proof import Numbering, prove_comments, prove_json
from migrator.text.rewrite import Roots, Stretch
from migrator.text.tree import Node
from migrator.text.values import data, is_null, scalar


def prove_pair(stretch: Stretch, path: Path, key: str, value: str, edits: Sequence[Edit]) -> Roots:
    """The documents after `edits`, in which the mapping at `path` says `key: "value"` and all else is as it was.

    `path` is the document's number, then keys and item numbers; mappings at its end may be new. Raises `Refused`.
    """
    before, after, roots = stretch.edited(edits)
    if len(stretch.roots) != len(roots):
        raise Refused(f"{len(stretch.roots)} documents would become {len(roots)}")
    steps = (*path[1:], key)
    growth = _Growth(value)
    for number, (old, new) in enumerate(zip(stretch.roots, roots, strict=True)):
        asked = number == path[0]
        if old is None or new is None:
            same = old is new and not asked
        elif asked:
            same = (growth.grown(old, new, steps) if edits else growth.equal(old, new)) and _says(old, new, steps, value)
        else:
            same = growth.equal(old, new)
        if not same:
            raise Refused(f"document {number + 1} would say something else than planned")
    prove_comments(before, stretch.roots, after, roots, stretch.start)
    prove_json(before, after)
    return roots


class _Growth:
    """Walks two trees at once along the path of the new pair, compares numbers everywhere else."""

    def __init__(self, value: str) -> None:
        self.value = value
        self.old = Numbering()
        self.new = Numbering()
        self.new.known = self.old.known

    def equal(self, old: Node, new: Node) -> bool:
        """Whether two trees are written the same."""
        return self.old.of(old) == self.new.of(new)

    def grown(self, old: Node | None, new: Node, steps: Path) -> bool:
        """Whether `new` is `old` with the value below `steps`."""
        if not steps:
            return new.kind == "scalar" and bool(new.style) and not new.anchor and not new.tag and new.value == self.value
        if old is None or (is_null(old) and not old.anchor and not old.tag):
            return _plain(new) and len(new.pairs) == 1 and self._pair(None, new.pairs[0], steps)
        if (old.kind, old.tag, old.anchor) != (new.kind, new.tag, new.anchor):
            return False
        if old.kind == "seq":
            return len(old.items) == len(new.items) and all(
                self.grown(a, b, steps[1:]) if n == steps[0] else self.equal(a, b)
                for n, (a, b) in enumerate(zip(old.items, new.items, strict=True))
            )
        there = any(key.resolved.value == steps[0] for key, _ in old.pairs)
        if len(new.pairs) != len(old.pairs) + (not there):
            return False
        kept = all(
            self.equal(key, name)
            and (self.grown(held, then, steps[1:]) if key.resolved.value == steps[0] else self.equal(held, then))
            for (key, held), (name, then) in zip(old.pairs, new.pairs, strict=False)
        )
        return kept and (there or self._pair(None, new.pairs[-1], steps))

    def _pair(self, old: Node | None, pair: tuple[Node, Node], steps: Path) -> bool:
        key, node = pair
        return key.kind == "scalar" and scalar(key) == steps[0] and self.grown(old, node, steps[1:])


def _plain(node: Node) -> bool:
    return node.kind == "map" and not node.anchor and not node.tag


def _says(old: Node, new: Node, steps: Path, value: str) -> bool:
    """Whether the plain data differs in the one value: a merge key may hold more than the trees show."""
    try:
        planned, found = data(old), data(new)
    except TooLarge as error:
        raise Refused(error.message) from None
    held: Any = planned
    for step in steps[:-1]:
        if isinstance(held, dict):
            held[step] = {} if held.get(step) is None else held[step]
        held = held[step]
    held[steps[-1]] = value
    return bool(planned == found)
