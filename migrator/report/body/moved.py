"""The containers of a report, each with the file and the pod that it stands in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from migrator.model import Decision, FileResult, PodResult
from migrator.report.body.lists import code, prose
from migrator.report.words import called
from migrator.run import Report


@dataclass(frozen=True)
class Held:
    """A decision with where it stands."""

    result: FileResult
    pod: PodResult
    decision: Decision

    @property
    def moves(self) -> bool:
        """Whether it moves."""
        return self.decision.position is not None

    @property
    def where(self) -> str:
        """`log` of Deployment/web, `k8s/web.yaml:31`."""
        container = self.decision.container
        at = code(f"{self.result.path}:{container.line}")
        return f"{code(container.name)} of {prose(called(self.pod))}, {at}"


def containers(report: Report) -> Iterator[Held]:
    """All of them, by file."""
    for result in report.results:
        for pod in result.pods:
            for decision in pod.decisions:
                yield Held(result, pod, decision)
