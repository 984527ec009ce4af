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
    """`later` are the containers that start after this one once it has moved: all that stay, and what moves behind it."""

    view: View
    verdict: Verdict
    staying: tuple[View, ...]
    later: tuple[View, ...]
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
