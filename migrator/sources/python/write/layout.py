"""A Python text as tokens at their offsets, with its brackets paired: what edits on the text look at.

Strings, f-strings too, are one token each. Nothing here knows what an expression means.
"""

from __future__ import annotations

import io
import re
import tokenize
from bisect import bisect_left
from collections.abc import Iterator
from typing import NamedTuple

from migrator.text.errors import Refused
from migrator.text.lines import Lines

_OPEN = {"(": ")", "[": "]", "{": "}"}
_SILENT = {tokenize.NL, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER, tokenize.ENCODING}
_BLANK = " \t\f"
_LEAD = re.compile(r"[ \t\f]*")
_END = re.compile(r"[ \t\f]*(?:#|\r?\n|\Z)")


class Token(NamedTuple):
    """`[start, end)` in characters; `kind` as in `token.tok_name`."""

    kind: str
    text: str
    start: int
    end: int


class Layout:
    """The tokens of a text, and where they stand on its lines. Raises `Refused` on a text that has no tokens."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.lines = Lines(text)
        self.unit = "    "
        self.tokens = list(self._tokens())
        self.starts = [token.start for token in self.tokens]
        self.closes = self._paired()
        self.opens = {close: opened for opened, close in self.closes.items()}
        self.limit = max(88, *(len(self.lines.body(n)) for n in range(len(self.lines.starts))))

    def _tokens(self) -> Iterator[Token]:
        # Nested f-strings are tokens from Python 3.12 on; before, a string is a string.
        depth, begin, seen = 0, 0, False
        try:
            for kind, text, start, end, _ in tokenize.generate_tokens(io.StringIO(self.text, newline="\n").readline):
                name = tokenize.tok_name[kind]
                first, behind = self.lines.start(start[0] - 1) + start[1], self.lines.start(end[0] - 1) + end[1]
                if kind == tokenize.INDENT and not seen:
                    self.unit, seen = text.lstrip("\f"), True
                if name.endswith("STRING_START"):
                    begin = begin if depth else first
                    depth += 1
                elif name.endswith("STRING_END"):
                    depth -= 1
                    if not depth:
                        yield Token("STRING", self.text[begin:behind], begin, behind)
                elif not depth and kind not in _SILENT:
                    yield Token(name, text, first, behind)
        except (tokenize.TokenError, SyntaxError, RecursionError) as error:
            raise Refused(f"not Python that can be cut into tokens: {error}") from None

    def _paired(self) -> dict[int, int]:
        pairs: dict[int, int] = {}
        waiting: list[Token] = []
        for token in self.tokens:
            if token.kind != "OP":
                continue
            if token.text in _OPEN:
                waiting.append(token)
            elif token.text in _OPEN.values():
                if not waiting or _OPEN[waiting[-1].text] != token.text:
                    raise Refused("brackets that do not match")
                pairs[waiting.pop().start] = token.start
        return pairs

    def index(self, offset: int) -> int:
        """The number of the first token that starts at `offset` or behind it."""
        return bisect_left(self.starts, offset)

    def within(self, start: int, end: int) -> list[Token]:
        """The tokens that start in `[start, end)`."""
        return self.tokens[self.index(start) : self.index(end)]

    def comments(self, start: int, end: int) -> list[Token]:
        """The comments that start in `[start, end)`."""
        return [token for token in self.within(start, end) if token.kind == "COMMENT"]

    def indent(self, offset: int) -> str:
        """The white space that begins the line of `offset`."""
        lead = _LEAD.match(self.text, self.line_start(offset))
        return lead.group() if lead else ""

    def pad(self, offset: int) -> str:
        """White space as wide as what stands before `offset` on its line; tabs stay tabs."""
        start = self.lines.start(self.lines.of(offset))
        return "".join(char if char in "\t\f" else " " for char in self.text[start:offset])

    def starts_line(self, offset: int) -> bool:
        """Whether only white space stands before `offset` on its line."""
        while offset and self.text[offset - 1] in _BLANK:
            offset -= 1
        return not offset or self.text[offset - 1] == "\n"

    def ends_line(self, offset: int) -> bool:
        """Whether nothing but a comment stands behind `offset` on its line."""
        return _END.match(self.text, offset) is not None

    def line_start(self, offset: int) -> int:
        """Where the line of `offset` starts."""
        return self.lines.start(self.lines.of(offset))

    def line_end(self, offset: int) -> int:
        """The offset behind the break of the line of `offset`."""
        return self.lines.end(self.lines.of(offset))

    def rest(self, offset: int) -> str:
        """What stands behind `offset` on its line, without the break."""
        return self.text[offset : self.line_end(offset)].rstrip("\r\n")

    def eol(self, offset: int) -> str:
        """The break of the line of `offset`; that of the first line where the text ends without one."""
        line = self.lines.of(offset)
        return self.lines.ending(line if self.lines.end(line) < len(self.text) else 0)

    def above(self, offset: int, indent: str | None = None) -> int:
        """Where the comment lines right above the line of `offset` start; only those indented by `indent`, if given."""
        line = self.lines.of(offset)
        while line > 0 and self.lines.comment(line - 1):
            body = self.lines.body(line - 1)
            if indent is not None and body[: len(body) - len(body.lstrip(_BLANK))] != indent:
                break
            at = self.lines.start(line - 1) + len(body) - len(body.lstrip(_BLANK))
            number = self.index(at)
            if number >= len(self.tokens) or self.tokens[number].start != at or self.tokens[number].kind != "COMMENT":
                break  # a line in a string
            line -= 1
        return self.lines.start(line)
