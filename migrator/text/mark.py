"""Write one `key: value` into a mapping that is a list item, on the text of that item alone."""

from __future__ import annotations

from migrator.text.errors import Refused
from migrator.text.lines import Lines
from migrator.text.tree import Node


def marked(
    text: str, lines: Lines, item: Node, start: int, body: str, mark: tuple[str, str], after: tuple[str, ...], eol: str
) -> str:
    """`body` (the text of `item`'s lines, or of a flow item, from offset `start`) with `mark` written into it.

    The pair goes behind the first key of `after` that the mapping has, else behind its first pair; on a line
    of its own in a block mapping, with the neighbours' separator and quotes in a flow mapping. A mapping that
    says the same already is left as it is.
    """
    if item.kind != "map" or not item.pairs:
        raise Refused("a list item that is no mapping")
    key, value = mark
    there = item.get(key)
    if there is not None:
        if there.kind == "scalar" and there.value == value:
            return body
        raise Refused(f"{key} is set to something else already")
    at, neighbour = _neighbour(item, after)
    if item.flow:
        place, addition = _flow_pair(text, item, at, neighbour, mark)
        offset = place - start
    else:
        place = lines.end(lines.of(max(neighbour[0].end, neighbour[1].end)))
        # The body ends with a line break even where the file's last line has none.
        offset = len(body) if place == len(text) else place - start
        addition = " " * lines.column(item.pairs[0][0].start) + f"{key}: {value}{eol}"
    return body[:offset] + addition + body[offset:]


def _neighbour(item: Node, after: tuple[str, ...]) -> tuple[int, tuple[Node, Node]]:
    for wanted in after:
        for number, pair in enumerate(item.pairs):
            if pair[0].kind == "scalar" and pair[0].value == wanted:
                return number, pair
    return 0, item.pairs[0]


def _flow_pair(text: str, item: Node, at: int, neighbour: tuple[Node, Node], mark: tuple[str, str]) -> tuple[int, str]:
    key, value = mark
    name, behind = neighbour
    quote = name.style
    if at + 1 < len(item.pairs):
        separator = text[behind.end : item.pairs[at + 1][0].start]
    elif at:
        separator = text[item.pairs[at - 1][1].end : name.start]
    else:
        separator = ", "
    colon = text[name.end : behind.start]
    if "#" in separator + colon or not separator.strip(" \t\r\n") == ",":
        raise Refused("a comment between the pairs of a flow mapping")
    return behind.end, f"{separator}{quote}{key}{quote}{colon}{quote}{value}{quote}"
