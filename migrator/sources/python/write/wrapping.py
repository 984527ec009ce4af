"""Calls and dicts in one line that a new argument or key makes too long: laid out as black does it."""

from __future__ import annotations

from migrator.sources.python.write.fragments import Fragments
from migrator.sources.python.write.lists import Listing
from migrator.sources.python.write.pieces import Piece
from migrator.text.edits import Edit


def wrapped(fragments: Fragments, there: Listing, position: int, piece: Piece) -> Edit | None:
    """The edit with the piece on a line of its own, or None where the line can take it, or holds other open brackets.

    As black does: all arguments on the next line if they fit there, else each on its own, with a comma at the end.
    """
    if there.items and there.alone:
        return _one_line(fragments, there, position, piece)
    if len(there.items) > 1 and _below(there):
        return _next_line(fragments, there, position, piece)
    return None


def _one_line(fragments: Fragments, there: Listing, position: int, piece: Piece) -> Edit | None:
    layout = there.layout
    indent, eol = layout.indent(there.opened), layout.eol(there.opened)
    deep = indent + layout.unit
    texts = _texts(fragments, there, position, piece.write(deep, len(deep)))
    joined = ", ".join(texts)
    width = there.opened + 1 - layout.line_start(there.opened) + len(joined) + len(layout.rest(there.closed))
    if (width <= layout.limit and "\n" not in joined) or any("\n" in t and not t.endswith(f"\n{deep}]") for t in texts):
        return None
    for item in there.items:
        fragments.cut(item.start, item.end)
    fits = layout.text[there.opened] == "(" and not there.comma and len(deep) + len(joined) <= layout.limit and "\n" not in joined
    body = [f"{deep}{joined}"] if fits else [f"{deep}{text}," for text in texts]
    return Edit(there.opened + 1, there.closed, eol + "".join(line + eol for line in body) + indent)


def _below(there: Listing) -> bool:
    """Whether all entries are on one line below the bracket, as black writes them if they fit there."""
    layout, items = there.layout, there.items
    one_line = layout.line_start(items[0].start) == layout.line_start(items[-1].end)
    return one_line and there.starts_line(0) and layout.starts_line(there.closed) and not there.comma and not there.comments


def _next_line(fragments: Fragments, there: Listing, position: int, piece: Piece) -> Edit | None:
    indent, eol = there.indent(0), there.layout.eol(there.opened)
    texts = _texts(fragments, there, position, piece.write(indent, len(indent)))
    if (
        any("\n" in t and not t.endswith(f"\n{indent}]") for t in texts)
        or len(indent) + len(", ".join(texts)) <= there.layout.limit
    ):
        return None
    for item in there.items:
        fragments.cut(item.start, item.end)
    return Edit(there.items[0].start, there.items[-1].end, f",{eol}{indent}".join(texts) + ",")


def _texts(fragments: Fragments, there: Listing, position: int, new: str) -> list[str]:
    texts = [fragments.text(item.start, item.end) for item in there.items]
    texts.insert(position, new)
    return texts
