"""A block sequence taken apart into whole lines: which comments and blank lines belong to which item.

What belongs to an item: comment lines below it that are deeper than its dash, and comment lines right above
its dash that the item before does not own. A commented-out item is nobody's: it stays where it is, as do comments that
a blank line separates.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from migrator.text.errors import Refused
from migrator.text.lines import Lines
from migrator.text.tree import Node, after_dash, behind_properties

_COMMENTED_ITEM = re.compile(r"\s*#+\s*-(\s|$)")


@dataclass(frozen=True)
class Piece:
    """One item in whole lines: `loose` lines above it that stay, `gap` of blank lines, then its own `body`."""

    node: Node
    loose: str
    gap: str
    body: str
    body_start: int


@dataclass(frozen=True)
class BlockList:
    """A block sequence as lines. `dash` is the column of its dashes, `end` the offset behind its last line."""

    pieces: tuple[Piece, ...]
    dash: int
    start: int
    end: int

    @property
    def spaced(self) -> str:
        """The blank lines that this list puts between items, empty where it puts none."""
        gaps = [piece.gap for piece in self.pieces[1:]]
        return gaps[0] if gaps and all(gaps) else ""


def take_apart(text: str, lines: Lines, key: Node, sequence: Node) -> BlockList:
    """The block list that is the value of `key`. Raises `Refused` where its items do not stand on lines of their own."""
    dashes: list[int] = []
    at = behind_properties(text, sequence)
    for item in sequence.items:
        dash = after_dash(text, at) - 1
        if not lines.first_on_line(dash):
            raise Refused("a list item that does not begin its line")
        dashes.append(dash)
        at = max(item.end, dash + 1)
    column = lines.column(dashes[0])
    first = lines.of(sequence.start if sequence.anchor or sequence.tag else key.end) + 1
    spans: list[tuple[int, int]] = []
    for dash, item in zip(dashes, sequence.items, strict=True):
        last = lines.of(max(item.end, dash + 1))
        spans.append((lines.of(dash), last + 1))
    pieces: list[Piece] = []
    above = first
    for number, (top, bottom) in enumerate(spans):
        limit = spans[number + 1][0] if number + 1 < len(spans) else _gap_end(lines, bottom)
        tail = _tail(lines, bottom, limit, column)
        lead = _lead(lines, above, top)
        gap = lead
        while gap > above and lines.blank(gap - 1):
            gap -= 1
        pieces.append(
            Piece(
                sequence.items[number],
                text[lines.start(above) : lines.start(gap)],
                text[lines.start(gap) : lines.start(lead)],
                text[lines.start(lead) : lines.start(tail)],
                lines.start(lead),
            )
        )
        above = tail
    return BlockList(tuple(pieces), column, lines.start(first), lines.start(above))


def _gap_end(lines: Lines, line: int) -> int:
    """The first line from `line` on that holds data, or the end of the text."""
    total = len(lines.starts)
    while line < total and lines.start(line) < len(lines.text) and (lines.blank(line) or lines.comment(line)):
        line += 1
    return line


def _tail(lines: Lines, line: int, limit: int, dash: int) -> int:
    """Behind the last comment line that is deeper than the dash, blank lines between them included."""
    end = line
    while line < limit:
        if lines.comment(line) and lines.depth(line) > dash:
            end = line + 1
        elif not lines.blank(line):
            break
        line += 1
    return end


def _lead(lines: Lines, above: int, top: int) -> int:
    """The first of the comment lines right above the item; what the item before owns is not among them."""
    line = top
    while line > above and lines.comment(line - 1):
        line -= 1
    return top if any(_COMMENTED_ITEM.match(lines.body(number)) for number in range(line, top)) else line
