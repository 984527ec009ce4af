"""What stays, and why."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from migrator.model import Decision, PodResult
from migrator.report.body.lists import Shown, code, places, prose
from migrator.report.body.moved import Held, containers
from migrator.report.summary import newer
from migrator.report.words import called
from migrator.run import Report


def section(report: Report, shown: Shown) -> list[str]:
    """What awaits a review first, then what could not be read, then what is right where it is."""
    review = [held for held in containers(report) if not held.moves and held.decision.action != "keep"]
    parts = [
        *shown.list("<b>For review</b>: probably sidecars, left as they are", review, _review),
        *([f"{newer(report)}\n"] if newer(report) else []),
        *shown.list("<b>Could not be read, or not be proved</b>", list(_unread(report)), str),
        *shown.list("<b>Passed over, or left to people</b>", _passed_over(report), _skipped, minor=True),
        *shown.list("<b>Pods in which containers stay</b>", list(_kept(report)), _stays, minor=True),
    ]
    return ["## What stays, and why", "", *parts] if parts else []


def _review(held: Held) -> str:
    decision = held.decision
    blocks = [hazard for hazard in decision.hazards if hazard.severity == "block"]
    more = [prose(hazard.message) for hazard in blocks if hazard.message != decision.reason]
    remedies = [f"*to do:* {prose(hazard.remedy)}" for hazard in blocks if hazard.remedy]
    newer_target = [f"moves with `--target-version {decision.settled_by}`"] if decision.settled_by else []
    return f"{held.where}: " + "; ".join([prose(decision.reason or ""), *more, *remedies, *newer_target])


def _unread(report: Report) -> Iterator[str]:
    for result in report.results:
        for problem in result.problems:
            yield f"{code(f'{result.path}:{problem.line}')}: {prose(problem.message)}"
        if result.status == "failed" and not result.problems:
            where = f"{result.path}:{result.line}" if result.line else result.path
            yield f"{code(where)}: {prose(result.reason or '')}"


def _passed_over(report: Report) -> list[tuple[str, list[str]]]:
    """The reasons, with the places of each."""
    found: dict[str, list[str]] = defaultdict(list)
    for result in report.results:
        if result.status == "skipped":
            found[result.reason or ""].append(result.path)
        for note in result.notes:
            found[note.message].append(f"{result.path}:{note.line}")
    return list(found.items())


def _skipped(held: tuple[str, list[str]]) -> str:
    reason, where = held
    return f"{prose(reason)} ({places(where)})"


Kept = tuple[str, PodResult, list[Decision]]


def _kept(report: Report) -> Iterator[Kept]:
    for result in report.results:
        for pod in result.pods:
            if kept := [decision for decision in pod.decisions if decision.action == "keep"]:
                yield result.path, pod, kept


def _stays(held: Kept) -> str:
    path, pod, kept = held
    if not pod.site.supported and len(kept) == len(pod.decisions):
        why = prose(pod.site.refusal or "")
    else:
        why = "; ".join(f"{code(d.container.name)}: {prose(d.reason or '')}" for d in kept)
    return f"{prose(called(pod))}, {code(f'{path}:{pod.site.line}')}: {why}"
