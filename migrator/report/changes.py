"""What a rewrite does to a file, as replacements of whole lines: one for each YAML document, for half a move breaks a pod."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import accumulate

from migrator.model import FileResult
from migrator.report.positions import Region, Unit, text_of
from migrator.text.edits import lines_of, opcodes
from migrator.text.source import chunks


@dataclass(frozen=True)
class Change:
    """`text` takes the place of what stands from the start of line `start` to the end of `replaced` in line `end`.

    `first` and `last` are the lines of the document it belongs to; lines are 1-based.
    """

    start: int
    end: int
    replaced: str
    text: str
    first: int
    last: int

    def behind(self, mark: str) -> Change:
        """The change as it is where the text begins with a byte order mark."""
        if self.start > 1:
            return self
        return replace(self, text=mark + self.text, replaced=mark + self.replaced if self.end == 1 else self.replaced)

    def region(self, unit: Unit) -> Region:
        """The place of what is replaced."""
        return Region(self.start, 1, self.end, unit(self.replaced) + 1)


def changes(result: FileResult) -> list[Change]:
    """The changes of a file, from top to bottom and apart from each other; made together, they give what is written."""
    if result.before is None or result.after is None:
        return []
    text = text_of(result.before)
    old, new = lines_of(text), lines_of(text_of(result.after))
    spans = chunks(text) if result.source != "python" else [(0, len(text))]
    # How many lines there are up to the end of each document.
    ends = list(accumulate(text.count("\n", start, end) for start, end in spans))
    ends[-1] = len(old)
    starts = [0, *ends[:-1]]
    return [_change(old, new, step, (starts[n], ends[n])) for n, step in _by_document(old, new, starts)]


Step = tuple[int, int, int, int]


def _by_document(old: list[str], new: list[str], starts: list[int]) -> Iterator[tuple[int, Step]]:
    """What differs in each document, from its first difference to its last: lines `a` to `b` become `c` to `d`."""
    held: tuple[int, Step] | None = None
    for tag, a, b, c, d in opcodes(old, new):
        if tag == "equal":
            continue
        # What is added stands behind a line of its own document.
        at = bisect_right(starts, a if b > a else max(a - 1, 0)) - 1
        if held is not None and held[0] == at:
            held = (at, (held[1][0], b, held[1][2], d))
        else:
            if held is not None:
                yield held
            held = (at, (a, b, c, d))
    if held is not None:
        yield held


def _change(old: list[str], new: list[str], step: Step, document: tuple[int, int]) -> Change:
    a, b, c, d = step
    # Without a line on each side, one beside them is taken in: places between lines are told in many ways.
    if a == b or c == d:
        if a > document[0]:
            a, c = a - 1, c - 1
        elif b < document[1]:
            b, d = b + 1, d + 1
    text = "".join(new[c:d])
    first, last = document[0] + 1, document[1]
    ends = ("\r\n", "\n", "") if a < b and c < d else ()
    shared = next((end for end in ends if old[b - 1].endswith(end) and text.endswith(end)), "")
    if a == b or (old[b - 1].endswith("\n") and not shared):
        return Change(a + 1, b + 1, "", text, first, last)
    return Change(a + 1, b, old[b - 1].removesuffix(shared), text.removesuffix(shared), first, last)
