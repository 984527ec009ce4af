"""One container that would move, with everything a hazard may ask about it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from migrator.judge.view import View
from migrator.links import Links
from migrator.model import Hazard, Verdict, Workload
from migrator.settings import Version


@dataclass(frozen=True)
class Case:
    """`staying` are the containers that stay in `containers`, `others` all that run beside this one, wherever they are.

    What needs another container to start is judged by `others`: also a sidecar that starts first may be there
    because an earlier run moved it, and a second run must say the same.
    """

    view: View
    verdict: Verdict
    staying: tuple[View, ...]
    others: tuple[View, ...]
    workload: Workload
    target: Version
    links: Links

    @property
    def name(self) -> str:
        """The container's name."""
        return self.view.name

    def line(self, *fields: str) -> int:
        """The line of the first of these fields that is written, else the container's."""
        return self.view.container.line_of(*fields)


Check = Callable[[Case], Iterator[Hazard]]
