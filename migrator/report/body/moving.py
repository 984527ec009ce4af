"""What moves, and why."""

from __future__ import annotations

from collections import defaultdict

from migrator.model import Evidence
from migrator.report.body.lists import Shown, code, html, prose
from migrator.report.body.moved import Held, containers
from migrator.report.words import confidence, notable, strongest
from migrator.run import Report

#: So many are listed as they come; more are put together by purpose.
_FEW = 5


def section(report: Report, shown: Shown) -> list[str]:
    """Each container with what it is taken for, what speaks for it, and what changes with it."""
    moved = [held for held in containers(report) if held.moves]
    if not moved:
        return []
    parts = ["## What moves, and why", ""]
    if len(moved) <= _FEW:
        parts += shown.list("", moved, _in_full)
    else:
        by_purpose: dict[str, list[Held]] = defaultdict(list)
        for held in moved:
            by_purpose[_purpose(held)].append(held)
        for purpose, own in sorted(by_purpose.items(), key=lambda pair: -len(pair[1])):
            parts += shown.list(f"<b>{html(purpose)}</b>", own, _in_short)
    return parts + shown.list("<b>Changed as well</b>", _also(report), str)


def _purpose(held: Held) -> str:
    return held.decision.verdict.purpose or held.decision.verdict.role


def _in_full(held: Held) -> str:
    evidence = strongest(held.decision.verdict.evidence)
    return f"{held.where}: {prose(_purpose(held))}, {_said(held, evidence)}"


def _in_short(held: Held) -> str:
    return f"{held.where}: {_said(held, strongest(held.decision.verdict.evidence)[:1])}"


def _said(held: Held, evidence: list[Evidence]) -> str:
    decision = held.decision
    reasons = [prose(item.message) for item in evidence if item.weight > 0]
    placed = [f"placed {prose(decision.placement)}"] if decision.placement and notable(decision.placement) else []
    follows = ", ".join(f"{code(str(follow.place))} {prose(follow.what)}" for follow in decision.follows)
    return "; ".join([confidence(decision.verdict), *reasons, *placed, *([f"with it changes {follows}"] if follows else [])])


def _also(report: Report) -> list[str]:
    """What is changed beside the moves: because it was asked for, or because it follows what moves in another file."""
    asked = [f"{code(result.path)}: {prose(extra)}" for result in report.results for pod in result.pods for extra in pod.extras]
    following = [
        f"{code(result.path)}, which names or counts what moves elsewhere"
        for result in report.results
        if result.after is not None and not any(pod.moved for pod in result.pods)
    ]
    return [*asked, *following]
