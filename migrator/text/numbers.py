"""A whole number in the place of a text: the scalar is written anew, without quotes, and all else stays as it is."""

from __future__ import annotations

from collections.abc import Mapping

from migrator.text.asked import Path
from migrator.text.edits import Edit
from migrator.text.errors import Refused
from migrator.text.proof import prove_json
from migrator.text.rewrite import Stretch, found
from migrator.text.scalars import prove_replaced


def proved_numbers(stretch: Stretch, values: Mapping[Path, int]) -> tuple[Edit, ...]:
    """The edits on the whole text that put these numbers where the scalars at these paths stand.

    Raises `Refused` with the reason where that cannot be written, or not be proved: then nothing is.
    """
    edits = tuple(numbered(stretch, path, number) for path, number in values.items())
    before, after, roots = stretch.edited(edits)
    written = {path: str(number) for path, number in values.items()}
    prove_replaced(before, stretch.roots, after, roots, written, stretch.start, plain=True)
    prove_json(before, after)
    return edits


def numbered(stretch: Stretch, path: Path, number: int) -> Edit:
    """The edit for one scalar, not proved yet. Raises `Refused`."""
    node = found(stretch.roots, path)
    if node is None or node.kind != "scalar" or node.anchor is not None or node.tag is not None:
        raise Refused("not a scalar of its own: an alias, or one with an anchor or a tag")
    if node.empty or node.style in ("|", ">") or "\n" in stretch.text[node.start : node.end]:
        raise Refused("a scalar over several lines, or not written at all")
    return Edit(node.start, node.end, str(number))
