"""Where something stands in a text, in the unit that a format counts in. Lines and columns are 1-based, ends exclusive."""

from __future__ import annotations

import io
import tokenize
from collections.abc import Callable
from dataclasses import dataclass

from migrator.model import FileResult
from migrator.text.edits import lines_of
from migrator.text.errors import TextError
from migrator.text.source import decode

#: A byte order mark stands before the text of the first line.
_BLANK = " \t\r\n\ufeff"

Unit = Callable[[str], int]


def utf16(text: str) -> int:
    """UTF-16 code units: what SARIF counts where it is told nothing else."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def utf8(text: str) -> int:
    """Bytes of UTF-8: what reviewdog counts."""
    return len(text.encode("utf-8", "surrogatepass"))


@dataclass(frozen=True)
class Region:
    """A stretch of a text."""

    start_line: int
    start_column: int
    end_line: int
    end_column: int


class Lines:
    """The lines of a file as it was before the run; of a file that could not be read, none."""

    def __init__(self, result: FileResult, with_bom: bool = False) -> None:
        self._lines = lines_of(text_of(result.before, with_bom)) if result.before is not None else []

    def region(self, line: int, unit: Unit) -> Region:
        """What is written in this line, without the blanks around it. A line that is not there is taken for the nearest."""
        if not self._lines:
            return Region(max(line, 1), 1, max(line, 1), 1)
        line = min(max(line, 1), len(self._lines))
        content = self._lines[line - 1].rstrip(_BLANK)
        start = len(content) - len(content.lstrip(_BLANK))
        return Region(line, unit(content[:start]) + 1, line, unit(content) + 1)

    def content(self, line: int) -> str:
        """What is written in this line; nothing in one that is not there."""
        return self._lines[line - 1].strip(_BLANK) if 0 < line <= len(self._lines) else ""


def text_of(data: bytes, with_bom: bool = False) -> str:
    """The text of a file, for counting: Python may name an encoding (PEP 263), and in what is no text a byte is a character."""
    try:
        source = decode(data)
        return ("\ufeff" if with_bom and source.bom else "") + source.text
    except TextError:
        pass
    try:
        return data.decode(tokenize.detect_encoding(io.BytesIO(data).readline)[0])
    except (SyntaxError, UnicodeDecodeError):
        return data.decode("latin-1")
