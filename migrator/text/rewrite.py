"""Transfers on a stretch of text: each layout tried, cheapest first, until one is proved."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from migrator.text import proof
from migrator.text.asked import Path, Wish
from migrator.text.edits import Edit, apply
from migrator.text.errors import Refused, TextError, TooLarge
from migrator.text.lines import Lines
from migrator.text.transfer import Layout, layouts
from migrator.text.tree import Node, parse
from migrator.text.values import data

Roots = tuple[Node | None, ...]


@dataclass(frozen=True)
class Stretch:
    """A part of a text that was parsed on its own; offsets in `roots` are those of the whole text."""

    text: str
    start: int
    end: int
    roots: Roots

    def edited(self, edits: Sequence[Edit]) -> tuple[str, str, Roots]:
        """The stretch as it is, as it is after edits on the whole text, and the documents that it then holds.

        Raises `Refused` where it would not parse any more.
        """
        before = self.text[self.start : self.end]
        after = apply(before, [Edit(e.start - self.start, e.end - self.start, e.text) for e in edits])
        try:
            return before, after, tuple(parse(after))
        except TextError as error:
            raise Refused(f"the text would not parse any more ({error.message})") from None


def found(roots: Roots, path: Path) -> Node | None:
    """The node at a path (the document's number, then keys and item numbers), None where there is none."""
    node = roots[path[0]] if isinstance(path[0], int) and path[0] < len(roots) else None
    for step in path[1:]:
        if node is not None:
            node = dict(enumerate(node.items)).get(step) if isinstance(step, int) else node.get(step)
    return node


def proved_layout(stretch: Stretch, lines: Lines, wish: Wish, canonical: bool) -> tuple[Layout, Roots]:
    """The cheapest layout that can be proved, and the documents as they then are.

    If `canonical`, the target list comes before the source.

    Raises `Refused` with the reason where none can.
    """
    options = layouts(stretch.text, lines, wish.mapping, wish.transfer)
    if canonical:
        options.sort(key=lambda layout: layout.name == "source-first")
    reason = Refused("no layout can be written")
    for layout in options:
        try:
            return layout, prove(stretch, [wish], layout.edits)
        except Refused as refusal:
            reason = refusal
    raise reason


def prove(stretch: Stretch, wishes: Sequence[Wish], edits: Sequence[Edit]) -> Roots:
    """The documents after `edits`. Raises `Refused` unless they fulfil exactly the wishes and change nothing else."""
    before, after, roots = stretch.edited(edits)
    try:
        proof.prove(stretch.roots, roots, {wish.path: wish.transfer for wish in wishes})
    except Refused as refusal:
        raise Refused(f"{refusal}{_named(stretch.roots, roots, wishes)}") from None
    proof.prove_comments(before, stretch.roots, after, roots, stretch.start)
    if all(_whole_lines(wish) for wish in wishes):
        dropped = [line for wish in wishes for line in _dropped_lines(stretch.text, wish)]
        proof.prove_lines(before, after, [line for wish in wishes for line in _new_lines(stretch.text, wish)], dropped)
    proof.prove_json(before, after)
    return roots


def _named(before: Roots, after: Roots, wishes: Sequence[Wish]) -> str:
    """What differs between the documents as planned and as they would be, in deepdiff's words."""
    from migrator.text.differ import differences, planned

    try:
        differing = [
            difference
            for n, (old, new) in enumerate(zip(before, after, strict=False))
            if old is not None and new is not None
            for difference in differences(planned(data(old), [w for w in wishes if w.path[0] == n]), data(new))
        ]
    except TooLarge:
        return ""
    return f": {', '.join(differing[:3])}" if differing else ""


def _moved(wish: Wish) -> list[Node]:
    source = wish.mapping.get(wish.transfer.source)
    return [source.items[n] for n in wish.transfer.chosen] if source else []


def _whole_lines(wish: Wish) -> bool:
    """Whether the transfer moves whole lines only, and changes none in place."""
    source, target = wish.mapping.get(wish.transfer.source), wish.mapping.get(wish.transfer.target)
    into_block = target is None or bool(target.items and not target.flow)
    return source is not None and not source.flow and into_block and not any(item.flow for item in _moved(wish))


def _new_lines(text: str, wish: Wish) -> list[str]:
    """The lines that the transfer adds, bare of indentation."""
    asked = wish.transfer
    source = wish.mapping.get(asked.source)
    gets = [source.items[n] for n in asked.chosen if n not in asked.bare] if source else []
    marks = [": ".join(asked.mark) for item in gets if item.get(asked.mark[0]) is None]
    dropped = _dropped_lines(text, wish)
    if wish.mapping.get(asked.target) is not None:
        return [*marks, *("#" + line.partition("#")[2] for line in dropped if "#" in line)]
    return [*marks, *([line.replace(asked.source, asked.target, 1) for line in dropped] or [f"{asked.target}:"])]


def _dropped_lines(text: str, wish: Wish) -> list[str]:
    """The line of the source list's key, where nothing is left below it."""
    source, key = wish.mapping.get(wish.transfer.source), wish.mapping.key(wish.transfer.source)
    if source is None or key is None or len(source.items) > len(wish.transfer.chosen):
        return []
    end = text.find("\n", key.end)
    return [text[key.start : end if end >= 0 else None]]
