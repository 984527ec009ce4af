"""Statements put into a text, and taken out of it."""

from __future__ import annotations

import re

from migrator.sources.python.write.layout import Layout
from migrator.sources.python.write.operations import Span
from migrator.text.edits import Edit
from migrator.text.errors import Refused

# PEP 263: in the first two lines only. The first may be one for the kernel.
_BLANK = " \t\f\r\n"
_HEADER = re.compile(r"[ \t\f]*#(?:!|.*?coding[:=][ \t]*[-\w.]+)")


def inserted(layout: Layout, before: Span, source: str) -> Edit:
    """The statement on a line of its own, above the comments and decorators of the one at `before`."""
    at = _decorated(layout, before.start)
    if not layout.starts_line(at) or not _logical(layout, at):
        return Edit(at, at, f"{source}; ")
    indent = layout.indent(at)
    start = layout.above(at, indent)
    while start < layout.line_start(at) and layout.lines.of(start) < 2 and _HEADER.match(layout.text, start):
        start = layout.line_end(start)
    return Edit(start, start, indent.replace("\f", "") + source + layout.eol(at))


def _logical(layout: Layout, at: int) -> bool:
    """Whether a statement may start at `at`: nothing before it but the end of another."""
    number = layout.index(at) - 1
    while number >= 0 and layout.tokens[number].kind == "COMMENT":
        number -= 1
    return number < 0 or layout.tokens[number].kind == "NEWLINE"


def _decorated(layout: Layout, at: int) -> int:
    """Where the statement starts, or the first of its decorators."""
    number = layout.index(at)
    while number and layout.tokens[number - 1].kind in ("NEWLINE", "COMMENT"):
        end = number - 1
        while end and layout.tokens[end].kind in ("NEWLINE", "COMMENT"):
            end -= 1
        first = end
        while first and layout.tokens[first - 1].kind != "NEWLINE":
            first -= 1
        while layout.tokens[first].kind == "COMMENT":
            first += 1
        if layout.tokens[first].text != "@":
            break
        number, at = first, layout.tokens[first].start
    return at


def dropped(layout: Layout, statement: Span) -> Edit:
    """The lines of the statement, with its comments. Raises `Refused` where it shares a line with another."""
    at = _decorated(layout, statement.start)
    rest = layout.rest(statement.end).strip()
    if not layout.starts_line(at) or not _logical(layout, at) or rest[:1] not in ("", "#"):
        raise Refused("a statement that shares its line with another")
    if _sole(layout, at, statement.end):
        raise Refused("the only statement of its block")
    start, end = layout.above(at, layout.indent(at)), layout.line_end(statement.end)
    while start < layout.line_start(at) and layout.lines.of(start) < 2 and _HEADER.match(layout.text, start):
        start = layout.line_end(start)
    line, below = layout.lines.of(start), layout.lines.of(end)
    if end == len(layout.text) and not layout.text.endswith("\n"):
        # The line break that ends the statement before becomes the one that the text does not have.
        return Edit(len(layout.text[:start].rstrip(_BLANK)), end, "")
    first = line
    while first and layout.lines.blank(first - 1):
        first -= 1
    last = below
    while last < len(layout.lines.starts) - 1 and layout.lines.blank(last):
        last += 1
    opens = not first or layout.lines.body(first - 1).rstrip().endswith(":")
    # Of the blank lines above and below, those that are more stay; none stay where a block opens.
    extra = last - below if opens else min(line - first, last - below)
    return Edit(start, layout.lines.start(below + extra), "")


def _sole(layout: Layout, at: int, end: int) -> bool:
    """Whether nothing else is in the block that the statement is in."""
    words = [token for token in layout.tokens[: layout.index(at)] if token.kind not in ("COMMENT", "NEWLINE")]
    behind = next((t for t in layout.tokens[layout.index(end) :] if t.kind not in ("COMMENT", "NEWLINE")), None)
    opens = bool(words) and words[-1].text == ":" and layout.indent(words[-1].start) != layout.indent(at)
    return opens and (behind is None or layout.indent(behind.start) != layout.indent(at))
