"""Lines that are longer than the terminal is wide, broken between words and indented as what they go on with."""

from __future__ import annotations

import re
import unicodedata

_WORDS = re.compile(r"( *)([^ ]+)")
_ANSI = re.compile(r"\x1b\[[0-9;]*m")
#: Columns that a continued line stands deeper than its first, and the narrowest terminal that lines are broken for.
_STEP, _NARROWEST = 2, 40


def wrapped(line: str, width: int | None) -> str:
    """The line in pieces of at most `width` columns; a longer word keeps a line of its own, so that it can be copied."""
    if width is None or columns(line) <= width:
        return line
    width = max(width, _NARROWEST)
    indent = " " * min(len(line) - len(line.lstrip(" ")) + _STEP, width // 2)
    pieces, room = [""], width
    for blanks, word in _WORDS.findall(line):
        needed = columns(blanks) + columns(word)
        if needed > room and pieces[-1].strip():
            pieces.append(indent + word)
            room = width - len(indent) - columns(word)
        else:
            pieces[-1] += blanks + word
            room -= needed
    return "\n".join(pieces)


def columns(text: str) -> int:
    """How wide a text is on a terminal: colours have no width, East Asian characters two columns."""
    plain = _ANSI.sub("", text)
    if plain.isascii():
        return len(plain)
    return sum(0 if unicodedata.combining(char) else 2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in plain)
