"""A list of operations (RFC 6902) with other paths, and values that become lists, items of lists, or several operations.

Values are not written anew: their lines are cut and put down, a dash is set or taken away, flow items keep their text.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from migrator.text import blocklist, flowlist
from migrator.text.asked import Path
from migrator.text.blocklist import Piece
from migrator.text.edits import Edit, apply
from migrator.text.errors import Refused, TextError
from migrator.text.lines import Lines
from migrator.text.mark import marked
from migrator.text.operationsproof import prove_operations
from migrator.text.rewrite import Roots, found
from migrator.text.scalars import replaced
from migrator.text.tree import Node, after_dash, parse


@dataclass(frozen=True)
class Part:
    """An operation to be written in the place of an old one, at `path`.

    Its value is the old one, or, where `items` are given, those of the list that it is. As a `list` the value is a list of
    just that, as an `item` the one item itself. With `marked` each mapping that is so moved gets the mark.
    """

    path: str
    items: tuple[int, ...] | None = None
    form: Literal["same", "list", "item"] = "same"
    marked: bool = False


@dataclass(frozen=True)
class Mark:
    """The pair that marked mappings get, behind the first of the keys `after` that they have."""

    pair: tuple[str, str]
    after: tuple[str, ...]


def proved_operations(text: str, roots: Roots, path: Path, parts: Sequence[Sequence[Part]], mark: Mark) -> str:
    """`text` with each operation of the list at `path` written as its parts say.

    The first part is the operation itself; those behind it are new ones, which add. `path` has the document's number, then
    keys and item numbers. Raises `Refused` with the reason where that cannot be written, or not be proved.
    """
    whole = text if text.endswith("\n") else text + Lines(text).ending(0)
    if whole is not text:
        roots = _parsed(whole)
    sequence = found(roots, path)
    if sequence is None or sequence.kind != "seq":
        raise Refused("no list of operations")
    writer = _Writer(whole, sequence, mark)
    after = apply(whole, [edit for op, wanted in zip(sequence.items, parts, strict=True) for edit in writer.edits(op, wanted)])
    if whole is not text:
        after = after.removesuffix("\n").removesuffix("\r")
    before = _parsed(text)
    prove_operations(text, before, after, _parsed(after), path, parts, mark.pair)
    return after


def _parsed(text: str) -> Roots:
    try:
        return tuple(parse(text))
    except TextError as error:
        raise Refused(f"the text would not parse any more ({error.message})") from None


class _Writer:
    """Writes on a text that ends with a line break."""

    def __init__(self, text: str, sequence: Node, mark: Mark) -> None:
        self.text = text
        self.lines = Lines(text)
        self.sequence = sequence
        self.mark = mark
        self.eol = self.lines.ending(0)

    def edits(self, op: Node, parts: Sequence[Part]) -> Iterator[Edit]:
        first, more = parts[0], parts[1:]
        where, value = op.get("path"), op.get("value")
        if where is None or where.resolved.value != first.path:
            if where is None:
                raise Refused("an operation without a path")
            yield from replaced(self.text, self.lines, where, first.path)
        if first.items is None and (first.marked or first.form == "list"):
            yield self._mapping(op, value, first)
        elif first.items is not None:
            yield self._cut(op, value, first)
        if more:
            yield self._more(op, value, more)

    def _mapping(self, op: Node, value: Node | None, part: Part) -> Edit:
        """The one mapping, marked, or a list of it: in block style with a dash in the indentation that there is."""
        key = op.key("value")
        if key is None or value is None or value.kind != "map" or value.anchor or value.tag:
            raise Refused("a value that is no mapping of its own")
        if value.flow:
            new = self._marked(value, value.start, self.text[value.start : value.end], part)
            return Edit(value.start, value.end, f"[{new}]" if part.form == "list" else new)
        start = self.lines.start(self.lines.of(value.start))
        end = self.lines.end(self.lines.of(value.end))
        new = self._marked(value, start, self.text[start:end], part)
        if part.form == "list":
            column = value.start - start
            if not self.lines.first_on_line(value.start) or column < self.lines.column(key.start) + 2:
                raise Refused("a mapping before which there is no room for a dash")
            new = new[: column - 2] + "- " + new[column:]
        return Edit(start, end, new)

    def _cut(self, op: Node, value: Node | None, part: Part) -> Edit:
        """The list with some of its items only, or the one that is left in its place."""
        key, value = self._list(op, value)
        if value.flow:
            taken = flowlist.take_apart(self.text, value)
            return Edit(value.start, value.end, self._flow(value, part, taken))
        pieces = blocklist.take_apart(self.text, self.lines, key, value)
        written = ""
        for number, piece in enumerate(pieces.pieces):
            written += piece.loose
            if number in (part.items or ()):
                written += (piece.gap if number == 0 or written else "") + self._block(piece, part)
        return Edit(pieces.start, pieces.end, written)

    def _list(self, op: Node, value: Node | None) -> tuple[Node, Node]:
        key = op.key("value")
        if key is None or value is None or value.kind != "seq" or value.anchor or value.tag:
            raise Refused("a value that is no list of its own")
        return key, value

    def _block(self, piece: Piece, part: Part) -> str:
        """The lines of an item; its dash becomes a blank where it is to be the value itself."""
        body = self._marked(piece.node, piece.body_start, piece.body, part)
        if part.form == "item":
            dash = after_dash(self.text, piece.body_start) - 1 - piece.body_start
            body = f"{body[:dash]} {body[dash + 1 :]}"
        return body

    def _flow(self, value: Node, part: Part, taken: flowlist.FlowList) -> str:
        items = [self._marked(value.items[n], value.items[n].start, taken.items[n], part) for n in part.items or ()]
        return items[0] if part.form == "item" else taken.written(items)

    def _marked(self, node: Node, start: int, body: str, part: Part) -> str:
        if not part.marked:
            return body
        return marked(self.text, self.lines, node, start, body, self.mark.pair, self.mark.after, self.eol)

    def _more(self, op: Node, value: Node | None, parts: Sequence[Part]) -> Edit:
        """New operations behind one."""
        key, value = self._list(op, value)
        if self.sequence.flow:
            separator = flowlist.take_apart(self.text, self.sequence).separator
            return Edit(op.end, op.end, "".join(separator + self._flow_operation(op, value, part) for part in parts))
        dash = self.lines.column(self._dash(op))
        end = self._behind(op, key, value, dash)
        if op.flow:
            new = [f"- {self._flow_operation(op, value, part)}{self.eol}" for part in parts]
        else:
            new = [self._block_operation(op, key, value, part, dash) for part in parts]
        return Edit(end, end, "".join(" " * dash + operation for operation in new))

    def _dash(self, op: Node) -> int:
        """The offset of an operation's dash."""
        before = [item.end for item in self.sequence.items if item.end <= op.start]
        return after_dash(self.text, before[-1] if before else self.sequence.start) - 1

    def _behind(self, op: Node, key: Node, value: Node, dash: int) -> int:
        """The end of the operation's lines, comments below it that are deeper than its dash included."""
        end = self.lines.end(self.lines.of(op.end))
        if not value.flow:
            end = max(end, blocklist.take_apart(self.text, self.lines, key, value).end)
        line = self.lines.of(end)
        while end < len(self.text) and self.lines.comment(line) and self.lines.depth(line) > dash:
            line += 1
            end = self.lines.start(line)
        return end

    def _block_operation(self, op: Node, key: Node, value: Node, part: Part, dash: int) -> str:
        """The lines of an operation, the first one without its indentation."""
        column = self.lines.column(op.pairs[0][0].start)
        where = op.get("path")
        quote = where.style if where is not None and where.style in ("'", '"') else ""
        head = [f"{'-'.ljust(column - dash)}op: add", f"{' ' * column}path: {quote}{part.path}{quote}"]
        if value.flow:
            taken = flowlist.take_apart(self.text, value)
            return self.eol.join([*head, f"{' ' * column}value: {self._flow(value, part, taken)}"]) + self.eol
        pieces = blocklist.take_apart(self.text, self.lines, key, value).pieces
        return self.eol.join([*head, f"{' ' * column}value:", "".join(self._block(pieces[n], part) for n in part.items or ())])

    def _flow_operation(self, op: Node, value: Node, part: Part) -> str:
        """An operation with the quotes, colons and dividers of its neighbour."""
        name, where = op.key("path"), op.get("path")
        if name is None or where is None:
            raise Refused("an operation without a path")
        colon, divider = self.text[name.end : where.start], self.text[op.pairs[0][1].end : op.pairs[1][0].start]
        head, tail = self.text[op.start : op.pairs[0][0].start], self.text[op.pairs[-1][1].end : op.end]
        if "#" in head + colon + divider + tail:
            raise Refused("a comment in an operation in flow style")
        written = self._flow(value, part, flowlist.take_apart(self.text, value))
        key, text = name.style, where.style
        pairs = (
            f"{key}op{key}{colon}{text}add{text}",
            f"{key}path{key}{colon}{text}{part.path}{text}",
            f"{key}value{key}{colon}{written}",
        )
        return head + divider.join(pairs) + tail
