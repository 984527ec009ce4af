"""What changes at run time, and how to go back."""

from __future__ import annotations

from migrator import __version__
from migrator.model import Hazard
from migrator.report.body.lists import Shown, html, places, prose
from migrator.report.body.moved import Held, containers
from migrator.report.body.risks import Found, by_hazard
from migrator.report.guide import HOME, guide
from migrator.run import Report


def section(report: Report, shown: Shown) -> list[str]:
    """The rules of the lifecycle that are new for what moves, what else was noticed, and the way back."""
    moved = [held for held in containers(report) if held.moves]
    if not moved:
        return _END
    completing = any(held.pod.site.workload.runs_to_completion for held in moved)
    notes = by_hazard(report, "info")
    parts = [
        "## What changes at run time",
        "",
        "- What moves starts before the main containers, one after the other. A main container no longer starts while one of "
        "them cannot: its image is not there, a Secret is missing, its startupProbe fails.",
        "- It gets SIGTERM when the main containers have ended, in reverse order, and within the same "
        "`terminationGracePeriodSeconds`. Its preStop hook still runs at the beginning of the end.",
        *(["- Jobs complete when their main containers have ended; what moves no longer keeps them from it."] * completing),
        "- If it exits, it is restarted, whatever `restartPolicy` the pod has.",
        "",
    ]
    titles = guide()
    for identity, found in notes.items():
        title = f"<b>{html(titles[identity].title)}</b> (<code>{identity}</code>)"
        parts += shown.list(title, _by_message(found), _told, minor=True)
    return [*parts, *_BACK, *_END]


_BACK = [
    "## How to roll back",
    "",
    "Revert the commit and apply the manifests again: the containers are then where they were. Pods are replaced once more, as "
    "with any change of their template; Jobs and bare Pods that exist cannot be changed: delete and create them.",
    "",
    "Do so before a cluster goes back to a Kubernetes older than 1.29: there, what moved is an init container like any other, "
    "and a pod waits for ever for it to end.",
    "",
]
_END = [f"Made by [sidecar-migrate]({HOME}) {__version__}; `sidecar-migrate explain ID` says more of each id.", ""]


def _by_message(found: list[Found]) -> list[tuple[Hazard, list[Held]]]:
    """What is said of several containers in the same words, once."""
    told: dict[tuple[str, str], tuple[Hazard, list[Held]]] = {}
    for held, hazard in found:
        told.setdefault((hazard.message, hazard.remedy), (hazard, []))[1].append(held)
    return list(told.values())


def _told(said: tuple[Hazard, list[Held]]) -> str:
    hazard, own = said
    remedy = f"; *to do:* {prose(hazard.remedy)}" if hazard.remedy else ""
    return f"{prose(hazard.message)}{remedy} ({places([f'{h.result.path}:{h.decision.container.line}' for h in own])})"
