"""The layouts of a transfer out of a block list: whole lines are cut and put down elsewhere, nothing is re-emitted."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from migrator.text import blocklist
from migrator.text.blocklist import BlockList, Piece
from migrator.text.edits import Edit, unended
from migrator.text.errors import Refused
from migrator.text.lines import Lines
from migrator.text.mark import marked
from migrator.text.tree import Node, behind_properties

if TYPE_CHECKING:
    from migrator.text.asked import Transfer

_HEADER = re.compile(r"(?P<style>[|>])(?P<indent>[0-9]?)[+-]?(?P<late>[0-9]?)")


def options(text: str, lines: Lines, mapping: Node, asked: Transfer) -> list[tuple[str, list[Edit]]]:
    """The layouts, as in `transfer.layouts`."""
    move = _Move(text, lines, mapping, asked)
    if move.target is not None:
        edits = [move.removal() if move.kept else move.emptied(), *move.added()]
        return [("append", edits if move.kept or not move.unended else unended(text, edits))]
    if not move.kept:
        return [("renamed", [*move.renamed()])]
    return [("target-first", [move.target_first()]), ("source-first", [move.source_first()])]


class _Move:
    """One transfer on one text. What is kept and what moves are lines with line breaks, whatever the file's last line has."""

    def __init__(self, text: str, lines: Lines, mapping: Node, asked: Transfer) -> None:
        key, source = mapping.key(asked.source), mapping.get(asked.source)
        assert key is not None
        assert source is not None
        self.text = text
        self.lines = lines
        self.asked = asked
        self.key = key
        self.target_key, self.target = mapping.key(asked.target), mapping.get(asked.target)
        self.eol = lines.ending(lines.of(key.start))
        self.taken = blocklist.take_apart(text, lines, key, source)
        self.kept = [n for n in range(len(self.taken.pieces)) if n not in asked.chosen]
        if not self.kept and not asked.emptying:
            raise Refused(f"nothing would be left in `{asked.source}`")

    @property
    def unended(self) -> bool:
        """Whether the list ends with the text, in a line without a line break."""
        return self.taken.end == len(self.text) and not self.text.endswith("\n")

    def body(self, number: int, last: bool) -> str:
        """The lines of an item; `last` where they will end the list that ends the text."""
        piece = self.taken.pieces[number]
        body = piece.body if piece.body.endswith("\n") else piece.body + self.eol
        if self.unended and not last and number == len(self.taken.pieces) - 1:
            body = _stripped(self.text, piece, body)
        return body

    def moved(self, number: int, last: bool) -> str:
        """The lines of an item with the mark in them, where it gets one."""
        piece = self.taken.pieces[number]
        if number in self.asked.bare:
            return self.body(number, last)
        return marked(
            self.text,
            self.lines,
            piece.node,
            piece.body_start,
            self.body(number, last),
            self.asked.mark,
            self.asked.after,
            self.eol,
        )

    def moving(self, gap: str, last: bool = False, chosen: Sequence[int] | None = None) -> str:
        """The moved items, or those of them that are `chosen`, one below the other."""
        chosen = self.asked.chosen if chosen is None else chosen
        return _joined([self.moved(n, last and n == chosen[-1]) for n in chosen], gap)

    def staying(self, last: bool) -> str:
        """The source list's lines without the chosen items; comments that belong to nobody stay."""
        written = ""
        begun = False
        for number, piece in enumerate(self.taken.pieces):
            written += piece.loose
            if number in self.asked.chosen:
                continue
            # A gap divides two items: without one above it, there is nothing to divide.
            written += piece.gap if begun or number == 0 or piece.loose else ""
            written += self.body(number, last and number == self.kept[-1])
            begun = True
        return written

    def ended(self, new: str, final: int) -> str:
        """`new` without its last line break where the text had none, unless the final item's value would lose one."""
        if not self.unended:
            return new
        piece = self.taken.pieces[final]
        leaf = _last_leaf(piece.node)
        below = self.text[leaf.end : piece.body_start + len(piece.body)]
        if final != len(self.taken.pieces) - 1 and leaf.style in ("|", ">") and leaf.value.endswith("\n") and not below.strip():
            return new
        return new.removesuffix("\n").removesuffix("\r")

    def target_first(self) -> Edit:
        """The new list above the old one's key and the comments that belong to it."""
        indent = " " * self.lines.column(self.key.start)
        begin = _with_comments(self.lines, self.key) if self.lines.first_on_line(self.key.start) else self.key.start
        # Behind a dash (`- containers:`) the new key takes the place of the old one, which gets a line of its own.
        before, head = (indent, "") if begin != self.key.start else ("", indent)
        first = self.taken.pieces[self.kept[0]]
        gap = self.taken.spaced if self.kept[0] == 0 else "" if first.loose else first.gap
        above = f"{before}{self.asked.target}:{self.eol}{self.moving(self.taken.spaced)}"
        below = head + self.text[begin : self.taken.start] + self.staying(True)
        return Edit(begin, self.taken.end, self.ended(_joined([above, below], gap), self.kept[-1]))

    def source_first(self) -> Edit:
        """The new list right below the old one."""
        indent = " " * self.lines.column(self.key.start)
        first = self.asked.chosen[0]
        gap = self.taken.pieces[first].gap if first else self.taken.spaced
        below = f"{indent}{self.asked.target}:{self.eol}{self.moving(self.taken.spaced, last=True)}"
        return Edit(
            self.taken.start, self.taken.end, self.ended(_joined([self.staying(False), below], gap), self.asked.chosen[-1])
        )

    def removal(self) -> Edit:
        """The source list without the chosen items."""
        return Edit(self.taken.start, self.taken.end, self.ended(self.staying(True), self.kept[-1]))

    def renamed(self) -> Iterator[Edit]:
        """The old list with the new one's key; comments that belong to nobody, and blank lines, keep their places."""
        yield Edit(self.key.start, self.key.end, f"{self.key.style}{self.asked.target}{self.key.style}")
        final = self.asked.chosen[-1]
        written = "".join(
            piece.loose + piece.gap + self.moved(number, number == final)
            for piece, number in zip(self.taken.pieces, self.asked.chosen, strict=True)
        )
        yield Edit(self.taken.start, self.taken.end, self.ended(written, final))

    def emptied(self) -> Edit:
        """The source list gone with its key; comments that belong to nobody stay, that of the key on a line of its own."""
        if not self.lines.first_on_line(self.key.start):
            raise Refused(f"`{self.asked.source}` does not begin its line")
        colon, mark, note = self.text[self.key.end : self.taken.start].partition("#")
        if colon.strip() != ":" or "\n" in note.rstrip("\n"):
            raise Refused(f"something stands behind `{self.asked.source}:`, of which nothing would be left")
        start = self.lines.start(self.lines.of(self.key.start))
        kept = self.text[start : self.key.start] + mark + note if mark else ""
        return Edit(start, self.taken.end, kept + "".join(piece.loose for piece in self.taken.pieces))

    def added(self) -> Iterator[Edit]:
        """The chosen items in the list that is there already, or in the place of an empty one."""
        key, target = self.target_key, self.target
        assert key is not None
        assert target is not None
        if not target.items:
            yield self._filled(key, target)
            return
        if target.flow:
            raise Refused(f"`{self.asked.target}` is a flow list with items, `{self.asked.source}` a block list")
        there = blocklist.take_apart(self.text, self.lines, key, target)
        gap = there.spaced or (self.taken.spaced if len(there.pieces) == 1 else "")
        gaps = self.asked.gaps or (len(there.pieces),) * len(self.asked.chosen)
        for at in dict.fromkeys(gaps):
            chosen = [number for number, wanted in zip(self.asked.chosen, gaps, strict=True) if wanted == at]
            yield self._inserted(there, at, _shifted(self.moving(gap, chosen=chosen), there.dash - self.taken.dash), gap)

    def _inserted(self, there: BlockList, at: int, block: str, gap: str) -> Edit:
        """The block before item number `at` of the list, or behind its last one."""
        if at < len(there.pieces):
            start = there.pieces[at].body_start
            return Edit(start, start, block + _gap(block, gap))
        above = there.pieces[-1].body
        if not above.endswith("\n"):
            return Edit(there.end, there.end, (self.eol + gap + block).removesuffix("\n").removesuffix("\r"))
        return Edit(there.end, there.end, _gap(above, gap) + block)

    def _filled(self, key: Node, target: Node) -> Edit:
        """An empty list becomes one with items; what comments there are on its line or above it stay."""
        end = self.lines.end(self.lines.of(target.end))
        head, rest = self.text[key.end : target.start], self.text[target.end : end]
        kept = head.rstrip(" ") + (rest if head.strip(" ") == ":" or rest.strip() else "")
        new = (kept if kept.endswith("\n") else kept + self.eol) + self.moving(self.taken.spaced)
        leaf = _last_leaf(self.taken.pieces[self.asked.chosen[-1]].node)
        needs = leaf.style in ("|", ">") and leaf.value.endswith("\n")
        if end == len(self.text) and not self.text.endswith("\n") and not needs:
            new = new.removesuffix("\n").removesuffix("\r")
        return Edit(key.end, end, new)


def _joined(parts: list[str], gap: str) -> str:
    """The parts with the gap between them."""
    written = parts[0]
    for part in parts[1:]:
        written += _gap(written, gap) + part
    return written


def _gap(above: str, gap: str) -> str:
    """The gap, or nothing where what stands above ends in a blank line: that may be content (`|+`)."""
    return "" if above.endswith(("\n\n", "\n\r\n")) else gap


def _last_leaf(node: Node) -> Node:
    """The node that ends a tree."""
    while node.pairs or node.items:
        node = node.pairs[-1][1] if node.pairs else node.items[-1]
    return node


def _stripped(text: str, piece: Piece, body: str) -> str:
    """`body` where a block scalar at the end of a text without a last line break shall not gain one: with the `-` indicator."""
    leaf = _last_leaf(piece.node)
    if leaf.style not in ("|", ">"):
        return body
    at = behind_properties(text, leaf)
    found = _HEADER.search(text, at)
    if found is None or ("+" not in found.group() and leaf.value.endswith("\n")):
        # Below a comment that ends the text the scalar has its line break.
        return body
    start, end = (found.start() - piece.body_start, found.end() - piece.body_start)
    return body[:start] + found["style"] + found["indent"] + found["late"] + "-" + body[end:]


def _with_comments(lines: Lines, key: Node) -> int:
    """Where the comment lines begin that stand right above a key, at its column."""
    top = lines.of(key.start)
    while top and lines.comment(top - 1) and lines.depth(top - 1) == lines.column(key.start):
        top -= 1
    return lines.start(top)


def _shifted(block: str, by: int) -> str:
    """All lines moved sideways by the same number of columns, which keeps block scalars valid.

    Comments at the margin stay there; a line with less indentation than is to go loses what it has.
    """
    if not by:
        return block
    parts = []
    for line in block.split("\n"):
        blanks = len(line) - len(line.lstrip(" "))
        if line in ("", "\r") or line.startswith("#"):
            parts.append(line)
        elif by > 0:
            parts.append(" " * by + line)
        else:
            parts.append(line[min(-by, blanks) :])
    return "\n".join(parts)
