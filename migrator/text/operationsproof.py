"""Proof that a list of operations was rewritten as its parts say, and nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from migrator.text.asked import Path
from migrator.text.errors import Refused
from migrator.text.proof import Numbering, given, prove_comments, prove_json
from migrator.text.tree import Node

if TYPE_CHECKING:
    from migrator.text.operations import Part


def prove_operations(
    before: str,
    old: Sequence[Node | None],
    after: str,
    new: Sequence[Node | None],
    path: Path,
    parts: Sequence[Sequence[Part]],
    mark: tuple[str, str],
) -> None:
    """Raise `Refused` unless `after` is `before` with the operations of the list at `path` as `parts` say."""
    comparison = _Comparison(parts, mark)
    same = len(old) == len(new) and all(
        comparison.same(a, b, path[1:] if number == path[0] else None) for number, (a, b) in enumerate(zip(old, new, strict=True))
    )
    if not same:
        raise Refused("the text would say something else than planned")
    prove_comments(before, old, after, new)
    prove_json(before, after)


class _Comparison:
    """Walks two trees at once along the path of the list, compares numbers everywhere else."""

    def __init__(self, parts: Sequence[Sequence[Part]], mark: tuple[str, str]) -> None:
        self.parts = parts
        self.mark = mark
        self.old, self.new = Numbering(), Numbering()
        self.new.known = self.old.known

    def equal(self, old: Node, new: Node) -> bool:
        return self.old.of(old) == self.new.of(new)

    def same(self, old: Node | None, new: Node | None, steps: Path | None) -> bool:
        """Whether `new` is `old`, but for the list at `steps`; None: without exception."""
        if old is None or new is None:
            return old is new and steps is None
        if steps is None:
            return self.equal(old, new)
        if (old.kind, old.tag, old.anchor, old.flow) != (new.kind, new.tag, new.anchor, new.flow):
            return False
        if not steps:
            return self._operations(old, new)
        items = zip(old.items, new.items, strict=False)
        pairs = zip(old.pairs, new.pairs, strict=False)
        return (
            (len(old.items), len(old.pairs)) == (len(new.items), len(new.pairs))
            and all(self.same(a, b, steps[1:] if n == steps[0] else None) for n, (a, b) in enumerate(items))
            and all(
                self.equal(name, key) and self.same(a, b, steps[1:] if name.value == steps[0] else None)
                for (name, a), (key, b) in pairs
            )
        )

    def _operations(self, old: Node, new: Node) -> bool:
        written = iter(new.items)
        for op, parts in zip(old.items, self.parts, strict=True):
            value = op.get("value")
            for number, part in enumerate(parts):
                item = next(written, None)
                if item is None or not (self._rest(op, item, part) if number == 0 else _addition(item, part)):
                    return False
                if not self._value(value, item.get("value"), part):
                    return False
        return next(written, None) is None

    def _rest(self, old: Node, new: Node, part: Part) -> bool:
        """Whether an operation is the same, value apart, at the part's path."""
        if (old.kind, old.tag, old.anchor, old.flow) != (new.kind, new.tag, new.anchor, new.flow):
            return False
        where = new.get("path")
        return (
            where is not None
            and where.resolved.value == part.path
            and len(old.pairs) == len(new.pairs)
            and all(
                self.equal(name, key) and (name.value in ("path", "value") or self.equal(a, b))
                for (name, a), (key, b) in zip(old.pairs, new.pairs, strict=True)
            )
        )

    def _value(self, old: Node | None, new: Node | None, part: Part) -> bool:
        if old is None or new is None:
            return old is new
        if part.items is None and part.form == "same":
            return self._item(old, new, part)
        source = [old] if part.items is None else [old.items[n] for n in part.items]
        if part.form == "item":
            return len(source) == 1 and self._item(source[0], new, part)
        return (
            new.kind == "seq"
            and not (new.tag or new.anchor)
            and len(new.items) == len(source)
            and all(self._item(a, b, part) for a, b in zip(source, new.items, strict=True))
        )

    def _item(self, old: Node, new: Node, part: Part) -> bool:
        return given(old, new, self.mark, self.equal) if part.marked else self.equal(old, new)


def _addition(new: Node, part: Part) -> bool:
    """Whether an operation adds at the part's path."""
    if new.kind != "map" or new.tag or new.anchor or [key.value for key, _ in new.pairs] != ["op", "path", "value"]:
        return False
    kind, where = new.pairs[0][1], new.pairs[1][1]
    return (kind.kind, kind.value) == ("scalar", "add") and (where.kind, where.value) == ("scalar", part.path)
