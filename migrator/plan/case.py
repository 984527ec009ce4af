"""One container that would move, with everything a hazard may ask about it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from migrator.judge.view import PodView, View
from migrator.links import Links
from migrator.model import Role, Verdict, Workload
from migrator.plan.fields import number
from migrator.plan.placement import Placed
from migrator.plan.quits import QuitHack
from migrator.settings import Settings
from migrator.versions import Version


@dataclass(frozen=True)
class Case:
    """`staying` are the containers that stay in `containers`, `others` all that run beside this one, wherever they are.

    What needs another container to start is judged by `others`: also a sidecar that starts first may be there
    because an earlier run moved it, and a second run must say the same. `placed` is where this one would stand,
    `order` the init containers of the pod as they would then be; `roles` is what each container is taken for.
    `supported` is false where nobody vouches that a pod of this kind of object may be rewritten.
    """

    view: View
    verdict: Verdict
    staying: tuple[View, ...]
    others: tuple[View, ...]
    placed: Placed
    order: tuple[Placed, ...]
    hacks: tuple[QuitHack, ...]
    roles: dict[str, Role]
    settings: Settings
    links: Links
    supported: bool = True

    @property
    def name(self) -> str:
        """The container's name."""
        return self.view.name

    @property
    def target(self) -> Version:
        """The oldest cluster that the manifest must run on."""
        return self.settings.target

    @property
    def workload(self) -> Workload:
        """The object that holds the pod."""
        return self.view.workload

    @property
    def pod(self) -> PodView:
        """The pod as it is."""
        return self.view.of

    @property
    def is_job(self) -> bool:
        """Whether the pod belongs to a Job, also one that a CronJob makes."""
        return self.workload.kind in ("Job", "CronJob")

    @property
    def restart_policy(self) -> str:
        """The pod's restartPolicy; `Always` where it says nothing (PodSpec defaults)."""
        return self.view.pod.restart_policy or "Always"

    @property
    def grace(self) -> int:
        """`terminationGracePeriodSeconds`, 30 where the pod says nothing."""
        return max(0, number(self.view.pod.raw.get("terminationGracePeriodSeconds"), 30))

    @cached_property
    def told_to_quit(self) -> tuple[QuitHack, ...]:
        """How others make this container quit."""
        return tuple(hack for hack in self.hacks if hack.sidecar == self.name)

    @property
    def raw(self) -> dict[str, Any]:
        """The container as plain data."""
        return self.view.container.raw

    def line(self, *fields: str) -> int:
        """The line of the first of these fields that is written, else the container's."""
        return self.view.container.line_of(*fields)
