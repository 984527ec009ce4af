"""Proof that a rewrite did what was asked and nothing else, by comparing parse trees before and after.

Every subtree gets a number such that equal numbers mean equal trees (hash-consing), so that documents whose
aliases multiply compare in the time of their text. An alias counts as the tree it stood for *before* the
rewrite: an edit that reaches a place it was not meant for shows. Values compare as written (`0644` is not
`420`, `"yes"` is not `yes`).
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence

from migrator.text.asked import Path, Transfer
from migrator.text.errors import Refused
from migrator.text.tree import Node
from migrator.text.values import is_null

_CHOMPED = re.compile(r"([|>][0-9]?)[-+]\Z")
_COMMENT = re.compile(r"(?<!\S)#[^\n]*")


class Numbering:
    """Numbers for trees; two trees have the same number exactly when they are written the same."""

    def __init__(self) -> None:
        self.known: dict[tuple[object, ...], int] = {}
        self.seen: dict[int, int] = {}

    def number(self, shape: tuple[object, ...]) -> int:
        """The number of a shape whose children are numbers already."""
        return self.known.setdefault(shape, len(self.known))

    def of(self, node: Node) -> int:
        """The number of the tree at `node`; iterative, and in the time of the text however aliases multiply."""
        opened: set[int] = set()
        waiting = [node]
        while waiting:
            top = waiting[-1]
            if id(top) in self.seen:
                waiting.pop()
                continue
            below = [top.target] if top.target is not None else list(top.children())
            pending = [n for n in below if id(n) not in self.seen and id(n) not in opened]
            if pending and id(top) not in opened:
                opened.add(id(top))
                waiting.extend(reversed(pending))
                continue
            self.seen[id(top)] = self.number(self._shape(top))
            waiting.pop()
        return self.seen[id(node)]

    def _shape(self, node: Node) -> tuple[object, ...]:
        if node.kind == "alias":
            # "open" is a target that holds this very alias.
            return ("alias", node.value, self.seen.get(id(node.resolved), "open"))
        head = (node.kind, node.tag, node.anchor)
        if node.kind == "scalar":
            return (*head, node.value, bool(node.style))
        return (*head, *(self.seen.get(id(below), "open") for below in node.children()))


def prove(before: Sequence[Node | None], after: Sequence[Node | None], asked: dict[Path, Transfer]) -> None:
    """Raise `Refused` unless `after` is `before` with exactly the transfers of `asked` made.

    `asked` has the path of each mapping: the document's number, then keys and item numbers.
    """
    if len(before) != len(after):
        raise Refused(f"{len(before)} documents would become {len(after)}")
    expectation = _Expectation(asked)
    for number, (old, new) in enumerate(zip(before, after, strict=True)):
        if (old is None) != (new is None):
            raise Refused(f"document {number + 1} would appear or vanish")
        if old is None or new is None:
            continue
        if not expectation.same(old, new, (number,)):
            raise Refused(f"document {number + 1} would say something else than planned{expectation.hint}")


class _Expectation:
    """Walks two trees at once along the paths where something was asked, compares numbers everywhere else."""

    def __init__(self, asked: dict[Path, Transfer]) -> None:
        self.asked = asked
        self.old = Numbering()
        self.new = Numbering()
        self.new.known = self.old.known
        self.hint = ""

    def same(self, old: Node, new: Node, path: Path) -> bool:
        if not any(where[: len(path)] == path for where in self.asked):
            return self._equal(old, new)
        if (old.kind, old.tag, old.anchor) != (new.kind, new.tag, new.anchor):
            return False
        if path in self.asked:
            return self._transferred(old, new, self.asked[path])
        if old.kind == "seq":
            return len(old.items) == len(new.items) and all(
                self.same(a, b, (*path, n)) for n, (a, b) in enumerate(zip(old.items, new.items, strict=True))
            )
        if len(old.pairs) != len(new.pairs):
            return False
        return all(
            self._equal(key, name) and self.same(value, then, (*path, key.value))
            for (key, value), (name, then) in zip(old.pairs, new.pairs, strict=True)
        )

    def _equal(self, old: Node, new: Node) -> bool:
        if self.old.of(old) == self.new.of(new):
            return True
        self.hint = self.hint or _aliases(old, new)
        return False

    def _transferred(self, old: Node, new: Node, asked: Transfer) -> bool:
        source, target = old.get(asked.source), old.get(asked.target)
        rest, grown = new.get(asked.source), new.get(asked.target)
        if source is None or grown is None:
            return False
        others_old = [(k, v) for k, v in old.pairs if k.value not in (asked.source, asked.target)]
        others_new = [(k, v) for k, v in new.pairs if k.value not in (asked.source, asked.target)]
        there = target.items if target is not None else []
        if (
            target is not None
            and not is_null(target)
            and (target.kind, target.tag, target.anchor) != (grown.kind, grown.tag, grown.anchor)
        ):
            return False
        stay = [item for n, item in enumerate(source.items) if n not in asked.chosen]
        moved = [source.items[n] for n in asked.chosen]
        bare = [source.items[n] for n in asked.bare]
        return (
            len(others_old) == len(others_new)
            and all(self._equal(a, c) and self._equal(b, d) for (a, b), (c, d) in zip(others_old, others_new, strict=True))
            and (self._emptied(source, target, grown, stay, asked) if rest is None else self._rest(source, stay, rest))
            and len(grown.items) == len(there) + len(moved)
            and all(
                self._marked(a, b, asked) if a in moved and a not in bare else self._equal(a, b)
                for a, b in zip(asked.woven(there, moved), grown.items, strict=True)
            )
        )

    def _emptied(self, source: Node, target: Node | None, grown: Node, stay: list[Node], asked: Transfer) -> bool:
        """Whether the list and its key may be gone. An anchor or tag of it goes to a list that there was not."""
        heir = grown if target is None else None
        kept = (source.tag, source.anchor) == ((heir.tag, heir.anchor) if heir else (None, None))
        return asked.emptying and not stay and kept

    def _rest(self, source: Node, stay: list[Node], rest: Node) -> bool:
        return bool(stay) and self._list(stay, rest) and (rest.tag, rest.anchor) == (source.tag, source.anchor)

    def _list(self, old: list[Node], new: Node) -> bool:
        return len(old) == len(new.items) and all(self._equal(a, b) for a, b in zip(old, new.items, strict=True))

    def _marked(self, old: Node, new: Node, asked: Transfer) -> bool:
        return given(old, new, asked.mark, self._equal)


def given(old: Node, new: Node, mark: tuple[str, str], equal: Callable[[Node, Node], bool]) -> bool:
    """Whether `new` is the mapping `old` with the pair `mark`, which it may have had before."""
    if old.kind != "map" or (old.tag, old.anchor) != (new.tag, new.anchor):
        return False
    if old.get(mark[0]) is not None:
        return equal(old, new)
    added = [(k, v) for k, v in new.pairs if k.value == mark[0]]
    if len(added) != 1 or added[0][1].value != mark[1]:
        return False
    left = [(k, v) for k, v in new.pairs if k.value != mark[0]]
    return len(left) == len(old.pairs) and all(
        equal(a, c) and equal(b, d) for (a, b), (c, d) in zip(old.pairs, left, strict=True)
    )


def _aliases(old: Node, new: Node) -> str:
    return ": an alias would mean something else" if _has_alias(old) or _has_alias(new) else ""


def _has_alias(root: Node) -> bool:
    return any(node.kind == "alias" for node in _leaves(root))


def prove_comments(before: str, old: Sequence[Node | None], after: str, new: Sequence[Node | None], start: int = 0) -> None:
    """Raise `Refused` unless both texts hold the same comments, which no parse tree shows.

    The offsets in `old` count from `start` characters before `before`.
    """
    was = Counter(_comments(before, old, start))
    now = Counter(_comments(after, new, 0))
    if differ := (was - now) + (now - was):
        raise Refused(f"a comment would be lost or doubled: {next(iter(differ))!r}")


def _comments(text: str, roots: Sequence[Node | None], base: int) -> Iterator[str]:
    spans = sorted((node.start - base, node.end - base) for root in roots if root for node in _leaves(root))
    at = 0
    for start, end in [*spans, (len(text), len(text))]:
        for found in _COMMENT.finditer(text, at, max(at, start)):
            yield found.group().rstrip()
        at = max(at, end)


def _leaves(root: Node) -> Iterator[Node]:
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if node.kind in ("scalar", "alias"):
            yield node
        waiting.extend(node.children())


def prove_lines(before: str, after: str, added: Iterable[str], dropped: Iterable[str] = ()) -> None:
    """Raise `Refused` unless `after` has the lines of `before`, each as often, but `dropped`, and of new ones only `added`.

    Indentation and dashes aside. For moves of whole lines: the lines that stay put are the same to the byte.
    """
    old, new = (Counter(map(_bare, text.split("\n"))) for text in (before, after))
    new.subtract(map(_bare, added))
    old.subtract(map(_bare, dropped))
    for blank in ("", "\r"):
        old.pop(blank, None)
        new.pop(blank, None)
    if lost := +(old - new):
        raise Refused(f"a line would be lost: {next(iter(lost))!r}")
    if extra := +(new - old):
        raise Refused(f"a line would appear: {next(iter(extra))!r}")


def _bare(line: str) -> str:
    line = line.strip()
    while line.startswith("- "):
        line = line[2:].lstrip()
    # A block scalar that moves away from the end of a text without a last line break says so in its header.
    return _CHOMPED.sub(r"\1", line)


def prove_json(before: str, after: str) -> None:
    """Raise `Refused` where a text that is JSON would not be any more."""
    if before.lstrip()[:1] in ("{", "[") and _is_json(before) and not _is_json(after):
        raise Refused("the text would not be JSON any more")


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except ValueError:
        return False
    return True
