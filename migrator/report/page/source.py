"""The lines of a file that a reader wants beside a verdict: what changes, and what the report names."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import zip_longest

from migrator.model import FileResult, PodResult
from migrator.report.page.view import Excerpt, Row
from migrator.report.positions import text_of
from migrator.text.edits import lines_of, opcodes
from migrator.text.source import chunks

#: Lines around a change; a gap that is not longer than `_GAP` is shown.
_AROUND, _GAP = 3, 2


class Source:
    """A file before and after, line by line, in parts: its documents, and in each the pods behind the first."""

    def __init__(self, result: FileResult) -> None:
        self._result = result
        text = text_of(result.before) if result.before is not None else ""
        old = lines_of(text)
        self._rows = list(_rows(old, lines_of(text_of(result.after)) if result.after is not None else old))
        #: The row of each line of the old text.
        self._at = [n for n, row in enumerate(self._rows) if row.old is not None]
        begins = [_begin(pod) for pod in result.pods]
        self._starts = _starts([(0, len(text))] if result.source == "python" else chunks(text), text, begins)
        #: What is added before the first line of a part goes with the part before it.
        self._edges = [0, *(self._row(line) for line in self._starts[1:]), len(self._rows)]
        self._pods = {self._part_of(line) for line in begins}

    def pod(self, pod: PodResult) -> Excerpt | None:
        """What is worth seeing of a pod: the changes in its part of the file, and the lines that its report names."""
        return self._excerpt([self._part(self._part_of(_begin(pod)))], _named(pod))

    def rest(self) -> Excerpt | None:
        """The changes that belong to no pod; None where there are none."""
        own = [self._part(k) for k in range(len(self._starts)) if k not in self._pods]
        return found if (found := self._excerpt(own, ())) and found.two_sided else None

    def _part_of(self, line: int) -> int:
        return max(0, bisect_right(self._starts, line) - 1)

    def _part(self, k: int) -> range:
        return range(self._edges[k], self._edges[k + 1])

    def _row(self, line: int) -> int:
        return self._at[line - 1] if line <= len(self._at) else len(self._rows)

    def _excerpt(self, parts: Iterable[range], named: Collection[int]) -> Excerpt | None:
        rows = self._rows
        stretches: list[list[Row]] = []
        for part in parts:
            wanted: set[int] = set()
            for n in part:
                if rows[n].changed:
                    wanted.update(range(max(part.start, n - _AROUND), min(part.stop, n + _AROUND + 1)))
                elif rows[n].old in named:
                    wanted.add(n)
            last = None
            for n in sorted(wanted):
                if last is not None and n - last <= _GAP + 1:
                    stretches[-1] += rows[last + 1 : n + 1]
                else:
                    stretches.append([rows[n]])
                last = n
        if not stretches:
            return None
        changed = any(row.changed for stretch in stretches for row in stretch)
        return Excerpt(tuple(map(tuple, stretches)), changed, "python" if self._result.source == "python" else "yaml")


def _rows(old: list[str], new: list[str]) -> Iterator[Row]:
    for tag, a, b, c, d in opcodes(old, new):
        for x, y in zip_longest(range(a, b), range(c, d)):
            left, right = "" if x is None else old[x].rstrip("\r\n"), "" if y is None else new[y].rstrip("\r\n")
            yield Row(None if x is None else x + 1, None if y is None else y + 1, left, right, tag != "equal")


def _starts(spans: Sequence[tuple[int, int]], text: str, begins: Sequence[int]) -> list[int]:
    """The first lines of the parts."""
    starts, line, at = [], 1, 0
    for start, _ in spans:
        line += text.count("\n", at, start)
        at = start
        starts.append(line)
    # Of several pods in a document each has the lines up to the next.
    seen: set[int] = set()
    inner = []
    for begin in sorted(begins):
        part = bisect_right(starts, begin)
        if part in seen:
            inner.append(begin)
        seen.add(part)
    return sorted({*starts, *inner})


def _begin(pod: PodResult) -> int:
    """The first line that is known to be of a pod."""
    containers = (*pod.site.pod.init_containers, *pod.site.pod.containers)
    return max(1, min([pod.site.line, *(container.line for container in containers)]))


def _named(pod: PodResult) -> set[int]:
    """The lines that the report of a pod names."""
    lines = {container.line for container in pod.site.pod.init_containers}
    for decision in pod.decisions:
        lines.add(decision.container.line)
        lines.update(item.line for item in decision.verdict.evidence)
        lines.update(hazard.line for hazard in decision.hazards)
    return lines
