"""A hazard as a function: `@hazard` gives it its id, usual severity and the versions in which it can happen.

The id is the function's name with dashes. What it is, why, and what to do stands in `rules/hazards/<id>.yaml`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from migrator.model import Hazard, Place, Severity
from migrator.plan.case import Case
from migrator.versions import Versions, version_text, versions


@dataclass(frozen=True)
class Found:
    """What a check found. `line` is 1-based; `severity` where it is not the hazard's usual one.

    `certain` says that a `block` breaks the pod for sure: `--unsafe` does not overrule it. `places` are those in other
    files that it was found in.
    """

    message: str
    line: int
    remedy: str = ""
    severity: Severity | None = None
    certain: bool = False
    places: tuple[Place, ...] = ()


Look = Callable[[Case], Iterator[Found]]


@dataclass(frozen=True)
class Check:
    """One hazard: `look` is asked only about clusters of its `versions`."""

    id: str
    severity: Severity
    versions: Versions
    look: Look

    def hazards(self, case: Case) -> Iterator[Hazard]:
        """What it finds in a case."""
        if case.target not in self.versions:
            return
        lifted = self.versions.lifted(case.target)
        for found in self.look(case):
            yield Hazard(
                self.id,
                found.severity or self.severity,
                found.message,
                found.line,
                found.remedy,
                found.certain,
                version_text(lifted) if lifted else None,
                found.places,
            )


def hazard(severity: Severity, in_versions: str = "") -> Callable[[Look], Check]:
    """Make a function a hazard that can happen in these versions (see `versions`); without any, in all."""

    def made(look: Look) -> Check:
        return Check(look.__name__.replace("_", "-"), severity, versions(in_versions), look)

    return made
