"""Scalar items of a list written once more, right behind themselves, with other values and in their own style."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from migrator.text.asked import Path
from migrator.text.edits import Edit, apply
from migrator.text.errors import Refused, TextError
from migrator.text.lines import Lines
from migrator.text.proof import prove_comments
from migrator.text.rewrite import Roots, found
from migrator.text.scalars import replaced
from migrator.text.tree import Node, parse
from migrator.text.values import data

#: What needs no quotes, in a flow sequence and elsewhere; that it is a text is proved.
_BARE = re.compile(r"[A-Za-z][A-Za-z0-9.*^$=-]*\Z")
_WORD = re.compile(r"[A-Za-z][A-Za-z0-9.*^$=\[\]-]*\Z")
_DASH = re.compile(r"[ ]*-[ ]+\Z")


def with_twins(text: str, twins: Mapping[Path, Sequence[str]]) -> str:
    """The text in which each item at these paths is followed by items with these values.

    A path has the document's number, then keys and item numbers. Raises `Refused` where that cannot be written, or not be
    proved.
    """
    try:
        roots, lines = tuple(parse(text)), Lines(text)
        edits = [_edit(lines, roots, path, values) for path, values in twins.items()]
        after = apply(text, sorted(edits, key=lambda edit: edit.start))
        then = tuple(parse(after))
        said = [data(root) if root is not None else None for root in roots]
        for path in sorted(twins, key=_later_first):
            _grow(said, path, twins[path])
        if said != [data(root) if root is not None else None for root in then]:
            raise Refused("the text would say something else than planned")
        prove_comments(text, roots, after, then)
    except TextError as error:
        raise Refused(f"the text would not parse any more ({error.message})") from None
    return after


def _edit(lines: Lines, roots: Roots, path: Path, values: Sequence[str]) -> Edit:
    sequence, item = found(roots, path[:-1]), found(roots, path)
    if sequence is None or sequence.kind != "seq" or item is None:
        raise Refused("an item of a list that is not there")
    written = list(_written(lines, item, values, sequence.flow))
    if sequence.flow:
        return Edit(item.end, item.end, "".join(f", {value}" for value in written))
    line = lines.of(item.start)
    head = lines.text[lines.start(line) : item.start]
    if not _DASH.match(head):
        raise Refused("an item that does not begin its line")
    at = lines.start(line) + len(lines.body(line))
    return Edit(at, at, "".join(f"{lines.ending(line)}{head}{value}" for value in written))


def _written(lines: Lines, item: Node, values: Sequence[str], flow: bool) -> Iterator[str]:
    """The values as the item would be written with them; quoted where a flow sequence would take them for more."""
    if item.kind != "scalar" or item.style == "|" or item.anchor is not None or item.tag is not None:
        raise Refused("an item over several lines, or not one of its own")
    for value in values:
        if not item.style and _WORD.match(value):
            yield json.dumps(value) if flow and not _BARE.match(value) else value
            continue
        edits = [Edit(e.start - item.start, e.end - item.start, e.text) for e in replaced(lines.text, lines, item, value)]
        yield apply(lines.text[item.start : item.end], edits)


def _later_first(path: Path) -> tuple[Any, ...]:
    """Items of one list from its end on, so that none is counted twice."""
    last = path[-1]
    return (*map(str, path[:-1]), -last if isinstance(last, int) else 0)


def _grow(said: Sequence[Any], path: Path, values: Sequence[str]) -> None:
    held: Any = said
    for step in path[:-1]:
        held = held[step]
    at = path[-1]
    if not isinstance(at, int) or not isinstance(held, list):
        raise Refused("an item of a list that is not there")
    held[at + 1 : at + 1] = values
