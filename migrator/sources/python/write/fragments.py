"""The edits so far, and parts of the text as these edits leave them: what moves takes the edits inside it along."""

from __future__ import annotations

from itertools import pairwise

from migrator.sources.python.write.layout import Layout
from migrator.sources.python.write.lists import Listing
from migrator.sources.python.write.pieces import Piece, shifted
from migrator.text.edits import Edit, apply
from migrator.text.errors import Refused


class Fragments:
    """Edits in the order they were made, so that two at one place stay in order."""

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        self.edits: list[Edit] = []

    def add(self, edits: list[Edit]) -> None:
        """More edits."""
        self.edits += [edit for edit in edits if edit.text or edit.start < edit.end]

    def text(self, start: int, end: int) -> str:
        """The text of `[start, end)` after the edits in it."""
        inside = [e for e in self.edits if _inside(e, start, end)]
        moved = [Edit(e.start - start, e.end - start, e.text) for e in _joined(inside)]
        return apply(self.layout.text[start:end], moved)

    def cut(self, start: int, end: int) -> str:
        """The same, of a text that another edit is to hold; the edits in it are then done with."""
        text = self.text(start, end)
        self.edits = [e for e in self.edits if not _inside(e, start, end)]
        return text

    def piece(self, there: Listing, number: int) -> Piece:
        """The entry with its comments, to be written elsewhere."""
        layout, item = there.layout, there.items[number]
        text = self.cut(item.start, item.end)
        above = tuple(token.text for token in there.leading(number))
        behind = "".join(token.text for token in there.trailing(number))
        old = (layout.indent(item.start), item.start - layout.line_start(item.start))
        own = there.rows and there.own(number)
        return Piece(
            lambda indent, column: shifted(text, old, (indent, column)),
            above,
            behind,
            bool(above or behind) or (own and "\n" in text),
        )

    def all(self) -> list[Edit]:
        """The edits, those at one place as one. Raises `Refused` where two overlap."""
        edits = sorted(_joined(self.edits))
        if any(a.end > b.start for a, b in pairwise(edits)):
            raise Refused("two edits want the same lines")
        return edits


def _inside(edit: Edit, start: int, end: int) -> bool:
    """Whether the edit changes what stands in `[start, end)`; what is put at its edges is put beside it."""
    if edit.start == edit.end:
        return start < edit.start < end
    return start <= edit.start and edit.end <= end


def _joined(edits: list[Edit]) -> list[Edit]:
    """Edits that put something at the same place as one, in their order."""
    at: dict[tuple[int, int], str] = {}
    for edit in edits:
        place = (edit.start, edit.end)
        at[place] = at.get(place, "") + edit.text if edit.start == edit.end else edit.text
    return [Edit(start, end, text) for (start, end), text in at.items()]
