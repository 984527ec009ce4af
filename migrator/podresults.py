"""What is said of the sites of one manifest once they are decided and written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from migrator.change import Changed
from migrator.model import Decision, PodResult, Problem, Site
from migrator.text import differ


def pod_results(sites: Sequence[Site], changes: Sequence[Changed]) -> tuple[list[PodResult], list[Problem]]:
    """A result for each site, and a problem for each whose moves could not be written."""
    pods, problems = [], []
    for site, (decisions, outcome, extras) in zip(sites, changes, strict=True):
        if outcome.refusal:
            problems.append(Problem(site.line, f"cannot be rewritten safely: {outcome.refusal}"))
            pods.append(PodResult(site, unmoved(decisions, outcome.refusal), extras=extras))
        else:
            differences = _differences(site.pod.raw, outcome.after) if outcome.layout else ()
            pods.append(PodResult(site, decisions, outcome.layout, differences, extras))
    return pods, problems


def _differences(before: Any, after: Any) -> tuple[str, ...]:
    """What the moves changed in the pod's plain data, containers told by their names."""
    lists = ("containers", "initContainers")
    return differ.differences({"initContainers": {}, **differ.by_name(before, *lists)}, differ.by_name(after, *lists))


def unmoved(decisions: Sequence[Decision], why: str) -> tuple[Decision, ...]:
    """The decisions where the text could not be rewritten: what was to move waits for a human, who is told why."""
    return tuple(replace(d, action="review", position=None, reason=why) if d.position is not None else d for d in decisions)
