"""Decide until nothing changes, so that a second run has nothing left to do.

What moves is a neighbour of another kind to those that stay, and may change what is said of them. So the pod is
judged again as it will be, and what then moves is added, until nobody does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from migrator.links import Links
from migrator.model import Container, Decision, PodSpec, Site, Verdict
from migrator.plan.decide import decide
from migrator.settings import Settings

Judge = Callable[[Site], Sequence[Verdict]]


def settle(site: Site, judge: Judge, settings: Settings, links: Links) -> tuple[Decision, ...]:
    """A decision for each container of the site, in the order of `containers`."""
    decisions = {d.container.name: d for d in decide(site, judge(site), settings, links)}
    then = site
    moved = [d for d in decisions.values() if d.position is not None]
    while moved:
        then = replace(then, pod=_after(then.pod, moved))
        again = decide(then, judge(then), settings, links)
        moved = [replace(d, container=decisions[d.container.name].container) for d in again if d.position is not None]
        decisions |= {d.container.name: d for d in moved}
    return tuple(decisions[container.name] for container in site.pod.containers)


def _after(pod: PodSpec, moved: Sequence[Decision]) -> PodSpec:
    """The pod once these have moved, as the next run will read it."""
    gone = {decision.container.name for decision in moved}
    last = sorted(moved, key=lambda d: d.position or 0)
    added = [replace(d.container, raw={**d.container.raw, "restartPolicy": "Always"}) for d in last]
    return replace(
        pod,
        containers=_numbered(c for c in pod.containers if c.name not in gone),
        init_containers=_numbered((*pod.init_containers, *added)),
    )


def _numbered(containers: Iterable[Container]) -> tuple[Container, ...]:
    return tuple(replace(container, index=n) for n, container in enumerate(containers))
