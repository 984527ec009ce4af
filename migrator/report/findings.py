"""What is worth a line in a list of findings: what moves, what awaits a review, what a move puts at risk, what was not read."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from migrator.model import Decision, FileResult, Hazard, Place, PodResult
from migrator.report.changes import Change, changes
from migrator.report.words import confidence, strongest, subject_of
from migrator.run import Report

Level = Literal["error", "warning", "note"]

#: The rules that are no hazards.
PSEUDO, REVIEW, UNREADABLE, SKIPPED = "pseudo-sidecar", "needs-review", "unreadable", "skipped"

LEVELS: tuple[Level, ...] = ("error", "warning", "note")
_LEVEL: dict[str, Level] = {"block": "error", "warn": "warning", "info": "note"}


@dataclass(frozen=True)
class Finding:
    """One finding: `rule` is an id of `guide`, `line` 1-based, and `subject` says what it is about without any line.

    `change` is what would put it right, in a preview; of several findings that one change settles, the first has it.
    """

    rule: str
    level: Level
    message: str
    path: str
    line: int
    subject: str
    places: tuple[Place, ...] = ()
    change: Change | None = None


def findings(report: Report) -> list[Finding]:
    """All findings, by path and line."""
    return [finding for result in report.results for finding in findings_of(result, report.dry_run)]


def findings_of(result: FileResult, dry_run: bool) -> list[Finding]:
    """The findings of one file, by line."""
    found = sorted((*_unread(result), *(f for pod in result.pods for f in _pod(result, pod, dry_run))), key=lambda f: f.line)
    lines, following = [finding.line for finding in found], []
    for change in changes(result) if dry_run else ():
        own = range(bisect_left(lines, change.first), bisect_right(lines, change.last))
        at = next((n for n in own if found[n].rule == PSEUDO), None)
        if at is None:
            message = "changes together with containers that move elsewhere"
            subject = f"follows/{result.path}"
            following.append(Finding(PSEUDO, "note", message, result.path, change.start, subject, (), change))
        else:
            found[at] = replace(found[at], change=change)
    return sorted((*found, *following), key=lambda finding: finding.line)


def _unread(result: FileResult) -> Iterator[Finding]:
    if result.status == "skipped":
        yield Finding(SKIPPED, "note", f"skipped: {result.reason}", result.path, result.line or 1, result.path)
    elif result.status == "failed" and not result.problems:
        yield Finding(UNREADABLE, "error", f"{result.reason}", result.path, result.line or 1, result.path)
    for note in result.notes:
        yield Finding(SKIPPED, "note", note.message, result.path, note.line, result.path)
    for problem in result.problems:
        yield Finding(UNREADABLE, "error", problem.message, result.path, problem.line, result.path)


def _pod(result: FileResult, pod: PodResult, dry_run: bool) -> Iterator[Finding]:
    for decision in pod.decisions:
        subject = subject_of(pod, decision.container)
        if decision.position is not None:
            verb = "would move" if dry_run else "moved"
            message = f"`{decision.container.name}` {verb} to initContainers as a sidecar: {_taken_for(decision)}"
            level: Level = "warning" if dry_run else "note"
            yield Finding(PSEUDO, level, message, result.path, decision.container.line, subject)
            for hazard in decision.hazards:
                yield _risk(result, hazard, subject)
        elif decision.action != "keep":
            message = f"`{decision.container.name}` is left for review: {decision.reason}{_way_out(decision)}"
            yield Finding(REVIEW, "warning", message, result.path, decision.container.line, subject)


def _risk(result: FileResult, hazard: Hazard, subject: str) -> Finding:
    message = hazard.message + (f"; {hazard.remedy}" if hazard.remedy else "")
    return Finding(hazard.id, _LEVEL[hazard.severity], message, result.path, hazard.line, subject, hazard.places)


def _taken_for(decision: Decision) -> str:
    verdict = decision.verdict
    reasons = "; ".join(item.message for item in strongest(verdict.evidence) if item.weight > 0)
    return f"{verdict.purpose or verdict.role} ({confidence(verdict)})" + (f", {reasons}" if reasons else "")


def _way_out(decision: Decision) -> str:
    """What would settle a review."""
    remedies = [hazard.remedy for hazard in decision.hazards if hazard.remedy and hazard.severity == "block"]
    newer = [f"it moves with --target-version {decision.settled_by}"] if decision.settled_by else []
    return "".join(f"; {text}" for text in (*remedies, *newer))
