"""Pieces put between the entries of a list, an argument list or a dict, in the layout that is there."""

from __future__ import annotations

from dataclasses import replace

from migrator.sources.python.write.lists import Listing
from migrator.sources.python.write.pieces import Piece, column_behind, row
from migrator.text.edits import Edit


def placed(there: Listing, position: int, pieces: list[Piece]) -> list[Edit]:
    """The pieces before the entry that has number `position`, behind all at the number of entries (at least one)."""
    if _by_lines(there, pieces):
        return _between_lines(there, position, pieces)
    return [_inline(there, position, pieces)]


def comma_habit(there: Listing) -> bool:
    """Whether the last entry has a comma, or is to get one when it has company.

    A sole entry without a comma shows no habit: black gives it one with the second. Brackets at its end may show one.
    """
    if there.comma or len(there.items) != 1:
        return there.comma
    layout, item = there.layout, there.items[0]
    inner = layout.opens.get(item.end - 1)
    if inner is None or layout.lines.of(inner) == layout.lines.of(item.end - 1):
        return there.own(0)
    return layout.tokens[layout.index(item.end - 1) - 1].text == ","


def _by_lines(there: Listing, pieces: list[Piece]) -> bool:
    layout = there.layout
    if not there.lined:
        return False
    if len(there.items) > 1 or there.comma or not there.own(0) or there.leading(0) or there.trailing(0):
        return True
    # The one entry has a line because it was too long for the bracket's: black then joins what fits.
    item, indent = there.items[0], there.indent(0)
    texts = [piece.write(indent, len(indent)) for piece in pieces]
    width = len(indent) + sum(len(text) + 2 for text in texts) + item.end - item.start
    return any(p.rows for p in pieces) or "\n" in "".join((*texts, layout.text[item.start : item.end])) or width > layout.limit


def _between_lines(there: Listing, position: int, pieces: list[Piece]) -> list[Edit]:
    layout, items = there.layout, there.items
    habit = comma_habit(there)
    if position < len(items):
        item = items[position]
        eol = layout.eol(item.start)
        fix = [Edit(items[-1].end, items[-1].end, ",")] if habit and not there.comma else []
        if there.starts_line(position):
            at = there.above(position)
            return [Edit(at, at, "".join(row(p, layout.indent(item.start), ",", eol) for p in pieces)), *fix]
        # Behind the bracket: the entry that stands there goes to the next line, below the first of the pieces.
        pad = layout.pad(item.start)
        rows = "".join(row(p, pad, ",", eol) for p in pieces)
        head = f"  {rows.lstrip()}" if pieces[0].above else rows[len(pad) :]
        return [Edit(item.start, item.start, head + pad), *fix]
    last, indent = items[-1], there.indent(len(items) - 1)
    eol = layout.eol(last.start)
    if there.ends_line(len(items) - 1):
        at = layout.line_end(last.tail)
        commas = [","] * (len(pieces) - 1) + ["," if habit else ""]
        rows = "".join(row(p, indent, comma, eol) for p, comma in zip(pieces, commas, strict=True))
        return [*([] if there.comma else [Edit(last.end, last.end, ",")]), Edit(at, at, rows)]
    # The closing bracket stands on the line: a comment behind the last piece would swallow it.
    final = pieces[-1]
    moved = [*pieces[:-1], replace(final, above=(*final.above, final.behind) if final.behind else final.above, behind="")]
    rows = "".join(row(p, indent, "," if p is not moved[-1] else "", eol) for p in moved)
    return [Edit(last.end, last.end, f",{eol}{rows.removesuffix(eol)}")]


def _inline(there: Listing, position: int, pieces: list[Piece]) -> Edit:
    layout, items = there.layout, there.items
    at = items[position].start if position < len(items) else items[-1].end if items else there.opened + 1
    column = at - layout.line_start(at)
    text = ""
    for number, piece in enumerate(pieces):
        if number or (items and position == len(items)):
            text += ", "
        text += piece.write(layout.indent(at), column_behind(text, column))
    if items and position < len(items):
        text += ", "
    return Edit(at, at, text)
