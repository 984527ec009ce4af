"""From bytes to text and back without losing one: BOM, encoding, line ends."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from itertools import pairwise

from migrator.text.errors import TextError

_MARKER = re.compile(r"(?m)^---(?=[ \t\r\n]|\Z)")
_DIRECTIVE = re.compile(r"(?m)^%")
_LONE_CR = re.compile(r"\r(?!\n)")


@dataclass(frozen=True)
class Source:
    """A file's text apart from how its bytes spell it. `encode(text)` gives the bytes back."""

    text: str
    bom: bytes
    encoding: str

    def encode(self, text: str) -> bytes:
        """The bytes of `text` as this file spells them."""
        return self.bom + text.encode(self.encoding)


def decode(data: bytes) -> Source:
    """The text of `data`, byte order mark apart. Raises `TextError` where it is not UTF-8 or UTF-16 with BOM."""
    bom, encoding = b"", "utf-8"
    for mark, name in ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be")):
        if data.startswith(mark):
            bom, encoding = mark, name
            break
    try:
        text = data[len(bom) :].decode(encoding)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, len(bom) + error.start) + 1
        raise TextError(f"not {encoding.upper()}: byte 0x{data[len(bom) + error.start]:02x}", line) from None
    return Source(text, bom, encoding)


def check_line_ends(text: str) -> None:
    """Raise `TextError` on a carriage return of its own: editors and diffs disagree on what a line is then."""
    if lone := _LONE_CR.search(text):
        raise TextError("a lone carriage return", text.count("\n", 0, lone.start()) + 1)


def chunks(text: str) -> list[tuple[int, int]]:
    """Spans that can be parsed on their own: the documents, cut at `---`.

    A document that is broken, or far too large, then costs its neighbours nothing. One span where a
    `%` directive stands, for it belongs to the marker that follows.
    """
    if _DIRECTIVE.search(text):
        return [(0, len(text))]
    cuts = [m.start() for m in _MARKER.finditer(text)]
    edges = [*([] if cuts[:1] == [0] else [0]), *cuts, len(text)]
    return list(pairwise(edges)) or [(0, len(text))]
