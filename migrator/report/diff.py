"""A git patch that `git apply` takes: line ends kept, missing final line breaks marked, odd file names quoted."""

from __future__ import annotations

from collections.abc import Iterator

from migrator.model import FileResult
from migrator.run import Report
from migrator.text.edits import lines_of, opcodes
from migrator.text.errors import TextError
from migrator.text.source import Source, decode

CONTEXT = 3


def render(report: Report) -> str:
    """The patch of everything that is rewritten, by path; empty where nothing is."""
    return "".join(patch(result) for result in report.results if result.after is not None)


def patch(result: FileResult) -> str:
    """The patch of one file."""
    assert result.before is not None
    assert result.after is not None
    # What UTF-8 cannot spell (a UTF-16 file) is shown as text; such a patch is for reading.
    old, new = (_decoded(data) for data in (result.before, result.after))
    first, second = (
        lines_of(side.bom.decode("utf-8", "replace") + side.text if side.encoding == "utf-8" else side.text)
        for side in (old, new)
    )
    ours, theirs = _quoted(f"a/{result.path}"), _quoted(f"b/{result.path}")
    tab = "\t" if " " in result.path else ""
    head = f"diff --git {ours} {theirs}\n--- {ours}{tab}\n+++ {theirs}{tab}\n"
    return head + "".join(_hunks(first, second))


def _decoded(data: bytes) -> Source:
    """The text; bytes that are no text of Unicode (Python in Latin-1) go through the patch as they are."""
    try:
        return decode(data)
    except TextError:
        return Source(data.decode("utf-8", "surrogateescape"), b"", "utf-8")


def _quoted(path: str) -> str:
    """The path as git writes it: in quotes with escapes where it holds a quote, backslash or control character."""
    if not any(c in '"\\' or ord(c) < 32 for c in path):
        return path
    escaped = "".join("\\" + c if c in '"\\' else f"\\{ord(c):03o}" if ord(c) < 32 else c for c in path)
    return f'"{escaped}"'


def _hunks(old: list[str], new: list[str]) -> Iterator[str]:
    steps = [step for step in opcodes(old, new) if step[0] != "equal"]
    group: list[tuple[str, int, int, int, int]] = []
    for step in steps:
        if group and step[1] - group[-1][2] > 2 * CONTEXT:
            yield _hunk(group, old, new)
            group = []
        group.append(step)
    if group:
        yield _hunk(group, old, new)


def _hunk(steps: list[tuple[str, int, int, int, int]], old: list[str], new: list[str]) -> str:
    top, bottom = max(0, steps[0][1] - CONTEXT), min(len(old), steps[-1][2] + CONTEXT)
    new_top, new_bottom = steps[0][3] - (steps[0][1] - top), steps[-1][4] + (bottom - steps[-1][2])
    parts = [f"@@ -{_range(top, bottom)} +{_range(new_top, new_bottom)} @@\n"]
    at = top
    for _, a, b, c, d in steps:
        parts += [_line(" ", line) for line in old[at:a]]
        parts += [_line("-", line) for line in old[a:b]]
        parts += [_line("+", line) for line in new[c:d]]
        at = b
    parts += [_line(" ", line) for line in old[at:bottom]]
    return "".join(parts)


def _range(start: int, end: int) -> str:
    length = end - start
    return str(start + 1) if length == 1 else f"{start + 1 if length else start},{length}"


def _line(mark: str, line: str) -> str:
    return mark + line if line.endswith("\n") else f"{mark}{line}\n\\ No newline at end of file\n"
