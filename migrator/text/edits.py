"""Edits on a text, and how many lines a reader of the diff will see changed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher

from migrator.text.errors import Refused

_LONG = 2_000


@dataclass(frozen=True, order=True)
class Edit:
    """Put `text` where `[start, end)` was; offsets in characters of the original text."""

    start: int
    end: int
    text: str


def apply(text: str, edits: Iterable[Edit]) -> str:
    """The text after all edits, each of which names a place in the original. Raises `Refused` on an overlap."""
    parts: list[str] = []
    at = 0
    for edit in sorted(edits):
        if edit.start < at:
            raise Refused("two edits want the same lines")
        parts += (text[at : edit.start], edit.text)
        at = edit.end
    parts.append(text[at:])
    return "".join(parts)


def unended(text: str, edits: Iterable[Edit]) -> list[Edit]:
    """The edits as one that reaches to the end of a text without a last line break, and gives it none."""
    edits = list(edits)
    start = min(edit.start for edit in edits)
    return [Edit(start, len(text), apply(text, edits)[start:].removesuffix("\n").removesuffix("\r"))]


def lines_of(text: str) -> list[str]:
    """The lines with their ends, cut at LF alone (str.splitlines also cuts at form feeds, NEL and kin)."""
    lines = text.split("\n")
    last = lines.pop()
    return [line + "\n" for line in lines] + ([last] if last else [])


def opcodes(old: list[str], new: list[str]) -> list[tuple[str, int, int, int, int]]:
    """How `old` becomes `new`; what is equal at both ends is set aside first, which keeps large files cheap."""
    head = 0
    while head < min(len(old), len(new)) and old[head] == new[head]:
        head += 1
    tail = 0
    while tail < min(len(old), len(new)) - head and old[-1 - tail] == new[-1 - tail]:
        tail += 1
    first, second = old[head : len(old) - tail], new[head : len(new) - tail]
    # Exact for what a person writes; in a very long stretch, lines that recur everywhere are no landmarks.
    matcher = SequenceMatcher(None, first, second, autojunk=len(first) > _LONG)
    middle = [(tag, a + head, b + head, c + head, d + head) for tag, a, b, c, d in matcher.get_opcodes()]
    ends = [("equal", len(old) - tail, len(old), len(new) - tail, len(new))] if tail else []
    return [*([("equal", 0, head, 0, head)] if head else []), *middle, *ends]


def changed_lines(old: str, new: str) -> int:
    """How many lines the diff removes and adds, together."""
    steps = opcodes(lines_of(old), lines_of(new))
    return sum(b - a + d - c for tag, a, b, c, d in steps if tag != "equal")
