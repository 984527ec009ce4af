"""The baseline: findings that a team knows and lives with, so that only new ones count.

A file of JSON with one finding a line, sorted, without line numbers: edits elsewhere change nothing in it, and two
branches that add to it merge. Paths start from its own folder. `what` is `migrate` for a container that could move
and is not to, `review` for one that awaits a review; one that could move after all is new again.
"""

from __future__ import annotations

import json
import os
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any, Literal

import click

from migrator.left import Subject, subject
from migrator.model import Decision, FileResult, PodResult
from migrator.run import Report

WHY = "in the baseline"
VERSION = 1
What = Literal["migrate", "review"]
_WHATS: tuple[What, ...] = ("migrate", "review")


class BaselineError(click.ClickException):
    """A baseline that cannot be read or written."""

    exit_code = 2

    def __init__(self, path: str, message: str) -> None:
        super().__init__(f"{path}: {message}")


@dataclass(frozen=True, order=True)
class Entry:
    """A finding: the file by its absolute path, the container by names, and what was found."""

    path: str
    subject: Subject
    what: What

    @property
    def subject_in_file(self) -> tuple[str, Subject]:
        """What the finding is about."""
        return self.path, self.subject

    def __str__(self) -> str:
        return f"{os.path.relpath(self.path)}: {self.subject} ({self.what})"


@dataclass(frozen=True)
class Baseline:
    """What the file `path` holds."""

    path: str
    entries: frozenset[Entry] = frozenset()

    def left(self, files: Iterable[str]) -> dict[str, dict[Subject, str]]:
        """The containers of these files that could move and are not to."""
        held: dict[str, dict[Subject, str]] = {}
        for entry in self.entries:
            if entry.what == "migrate":
                held.setdefault(entry.path, {})[entry.subject] = WHY
        return {path: held[whole] for path in files if (whole := os.path.abspath(path)) in held}

    def applied(self, report: Report) -> Report:
        """The report in which reviews of the baseline are no findings any more."""
        known = {entry.subject_in_file for entry in self.entries if entry.what == "review"}

        def decided(result: FileResult, pod: PodResult, decision: Decision) -> Decision:
            if (
                decision.action != "review"
                or (os.path.abspath(result.path), subject(pod.site.workload, decision.container.name)) not in known
            ):
                return decision
            return replace(
                decision, action="keep", hazards=(), position=None, settled_by=None, reason=f"{WHY}: {decision.reason}"
            )

        def known_pod(result: FileResult, pod: PodResult) -> PodResult:
            return replace(pod, decisions=tuple(decided(result, pod, decision) for decision in pod.decisions))

        results = tuple(
            replace(result, pods=tuple(known_pod(result, pod) for pod in result.pods)) if result.pods else result
            for result in report.results
        )
        return replace(report, results=results)

    def stale(self, report: Report, looked_at: Collection[str]) -> list[Entry]:
        """The entries that nothing corresponds to any more, as far as their files were looked at or are gone."""
        seen = set(map(os.path.abspath, looked_at))
        there = set(_still(report))
        return sorted(
            entry for entry in self.entries if entry not in there and (entry.path in seen or not os.path.exists(entry.path))
        )


def found(report: Report) -> Iterator[Entry]:
    """The findings of a run without a baseline."""
    for result in report.results:
        for pod in result.pods:
            yield from entries_of(result.path, pod)


def entries_of(path: str, pod: PodResult) -> Iterator[Entry]:
    """The findings in one pod."""
    for decision in pod.decisions:
        if decision.action != "keep":
            what: What = "review" if decision.position is None else "migrate"
            yield Entry(os.path.abspath(path), subject(pod.site.workload, decision.container.name), what)


def _still(report: Report) -> Iterator[Entry]:
    """The findings that an applied baseline took out of a report."""
    for result in report.results:
        for pod in result.pods:
            for decision in pod.decisions:
                if decision.action == "keep" and decision.reason and decision.reason.startswith(WHY):
                    what: What = "migrate" if decision.reason == WHY else "review"
                    yield Entry(os.path.abspath(result.path), subject(pod.site.workload, decision.container.name), what)


def load(path: str) -> Baseline:
    """The baseline in a file. Raises `BaselineError` where it cannot be read."""
    try:
        with open(path, encoding="utf-8") as stream:
            document = json.load(stream)
    except OSError as error:
        raise BaselineError(path, f"cannot be read: {error.strerror or error}") from None
    except json.JSONDecodeError as error:
        raise BaselineError(f"{path}:{error.lineno}", f"not JSON: {error.msg}") from None
    except (ValueError, RecursionError) as error:
        raise BaselineError(path, f"not JSON: {error}") from None
    held = document.get("findings") if isinstance(document, dict) else None
    if not isinstance(held, list) or document.get("version") != VERSION:
        raise BaselineError(path, f"no baseline of version {VERSION}; --write-baseline writes one")
    return Baseline(path, frozenset(_entry(path, number, item) for number, item in enumerate(held, 1)))


def write(path: str, entries: Iterable[Entry]) -> int:
    """Write the entries, sorted; gives their number. Raises `BaselineError` where that cannot be done."""
    folder = os.path.dirname(path) or "."
    held = set(entries)
    # Of pods that bear the same name in one file, one that is left leaves all.
    left = {entry.subject_in_file for entry in held if entry.what == "migrate"}
    lines = sorted(_line(folder, e) for e in held if e.what == "migrate" or e.subject_in_file not in left)
    joined = ",\n".join(lines)
    text = f'{{"version": {VERSION}, "findings": [\n{joined}\n]}}\n' if lines else f'{{"version": {VERSION}, "findings": []}}\n'
    try:
        with open(path, "w", encoding="utf-8", newline="\n") as stream:
            stream.write(text)
    except OSError as error:
        raise BaselineError(path, f"cannot be written: {error.strerror or error}") from None
    return len(lines)


def kept(baseline: Baseline, looked_at: Collection[str]) -> Iterator[Entry]:
    """The entries that a new baseline keeps: of files that are there and were not looked at."""
    seen = set(map(os.path.abspath, looked_at))
    return (entry for entry in baseline.entries if entry.path not in seen and os.path.exists(entry.path))


def _line(folder: str, entry: Entry) -> str:
    path = os.path.relpath(entry.path, folder).replace(os.sep, "/")
    names = {key: value for key, value in entry.subject._asdict().items() if value}
    return json.dumps({"path": path, **names, "what": entry.what}, ensure_ascii=False)


def _entry(path: str, number: int, item: Any) -> Entry:
    if not isinstance(item, dict) or not all(isinstance(value, str) for value in item.values()):
        raise BaselineError(path, f"finding {number} is no mapping of texts")
    names = Subject(*(item.get(field, "") for field in Subject._fields))
    what = next((word for word in _WHATS if word == item.get("what")), None)
    if what is None or not item.get("path") or not names.container:
        raise BaselineError(path, f"finding {number} wants path, kind, name, container, and migrate or review as what")
    return Entry(os.path.abspath(os.path.join(os.path.dirname(path), item["path"])), names, what)
