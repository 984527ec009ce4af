"""Where lines begin and end, and what a line that holds no data says of its place."""

from __future__ import annotations

from bisect import bisect_right


class Lines:
    """The lines of a text by number (0-based here; reports count from 1)."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.starts = [0]
        at = text.find("\n")
        while at >= 0:
            self.starts.append(at + 1)
            at = text.find("\n", at + 1)

    def of(self, offset: int) -> int:
        """The line that holds `offset`; the line break belongs to the line it ends."""
        return bisect_right(self.starts, offset) - 1

    def start(self, line: int) -> int:
        """The offset of the line's first character; past the last line, the end of the text."""
        return self.starts[line] if line < len(self.starts) else len(self.text)

    def end(self, line: int) -> int:
        """The offset behind the line's break."""
        return self.start(line + 1)

    def ending(self, line: int) -> str:
        """The line break that ends the line; LF where the text ends first."""
        return "\r\n" if self.text[self.start(line) : self.end(line)].endswith("\r\n") else "\n"

    def body(self, line: int) -> str:
        """The line without its break."""
        return self.text[self.start(line) : self.end(line)].rstrip("\r\n")

    def column(self, offset: int) -> int:
        """How many characters stand before `offset` on its line."""
        return offset - self.start(self.of(offset))

    def first_on_line(self, offset: int) -> bool:
        """Whether only blanks stand before `offset` on its line."""
        return not self.text[self.start(self.of(offset)) : offset].strip(" ")

    def blank(self, line: int) -> bool:
        """Whether the line holds nothing but white space."""
        return not self.body(line).strip()

    def comment(self, line: int) -> bool:
        """Whether the line holds a comment and nothing else."""
        return self.body(line).lstrip(" \t").startswith("#")

    def depth(self, line: int) -> int:
        """The column a comment line speaks for: that of its `#`, at the margin that of its text.

        Editors comment code out at the margin; what such a line says about belonging is its text's column.
        """
        body = self.body(line)
        at = len(body) - len(body.lstrip(" \t"))
        if at:
            return at
        words = body[1:].lstrip(" \t#")
        return len(body) - len(words) if len(body) - len(words) > 2 else 0
