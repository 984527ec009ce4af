"""A run in which only some moves are agreed to: what must not move is left, and all is decided again without it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from migrator.left import Subject, merged, subject
from migrator.model import PodResult
from migrator.run import Report
from migrator.settings import Settings

Look = Callable[[Settings], Report]
#: Why a pod of a file that would change is left, None where it may.
Objection = Callable[[str, PodResult], str | None]


def changes(pod: PodResult) -> bool:
    """Whether a run writes something for a pod."""
    return bool(pod.moved or pod.extras)


def agreed(look: Look, settings: Settings, objection: Objection, first: Report | None = None) -> Report:
    """The report of a run in which nothing moves that there is an objection to. `first` is a run that was made already.

    What belongs together may move in another way when a part of it is left: so look again until nobody objects.
    """
    report = first or look(settings)
    while True:
        refused: dict[str, dict[Subject, str]] = {}
        for result in report.results:
            for pod in filter(changes, result.pods):
                if why := objection(result.path, pod):
                    refused.setdefault(result.path, {}).update(left_alone(pod, why))
        new = {path: held for path, held in refused.items() if held.keys() - settings.left.get(path, {}).keys()}
        if not new:
            return report
        settings = replace(settings, left=merged(settings.left, new))
        report = look(settings)


def left_alone(pod: PodResult, why: str) -> dict[Subject, str]:
    """All containers of a pod, to be left for one reason."""
    return {subject(pod.site.workload, decision.container.name): why for decision in pod.decisions}
