"""Take one statement out of a script's text, with the line, the separator and the comment that are its own."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from migrator.judge.shell.syntax import Source

if TYPE_CHECKING:
    from tree_sitter import Node

_ENDS_LINE = re.compile(r"[ \t]*;?[ \t]*(?:#[^\n]*)?\r?\Z")


def without_statement(text: str, source: Source, sequence: Sequence[Node], at: int) -> str:
    """The text without statement number `at` of a sequence that has others."""
    start, end = (source.origin(place) for place in (sequence[at].start_byte, sequence[at].end_byte))
    line = text.rfind("\n", 0, start) + 1
    stop = text.find("\n", end)
    stop = len(text) if stop < 0 else stop
    whole = not text[line:start].strip() and _ENDS_LINE.match(text[end:stop])
    if whole and not re.search(r"\\\r?\n\Z", text[:line]):
        return _without_lines(text, line, stop)
    if at + 1 < len(sequence):
        behind = source.origin(sequence[at + 1].start_byte)
        if "\n" not in text[end:behind] or at == 0:
            return text[:start] + text[behind:]
    return text[: source.origin(sequence[at - 1].end_byte)] + text[end:]


def _without_lines(text: str, start: int, stop: int) -> str:
    """The text without the lines from `start` up to the break at `stop`, and without comments that were about them alone."""
    before = text[:start].split("\n")[:-1]
    rest = text[stop + 1 :]
    following = rest.split("\n")[0].strip()
    if not following or following.startswith("#") or following in ("}", "fi", ")", "else", ";;"):
        while before and re.match(r"[ \t]*#(?!!)", before[-1]):
            before.pop()
    if before and not before[-1].strip() and (not following or not rest):
        # One of two blank lines, and the blank lines that would end the script.
        before.pop()
    while not rest.strip() and before and not before[-1].strip():
        before.pop()
    kept = "".join(f"{line}\n" for line in before)
    if not rest.strip():
        ended = "\n" if stop < len(text) else ""
        return kept.rstrip("\r\n") + ("\r" if kept.endswith("\r\n") and ended else "") + ended + rest if kept else rest
    return kept + rest
