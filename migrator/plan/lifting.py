"""Which reviews a newer target version would settle: the pod is decided again as if it ran there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from migrator.model import Decision
from migrator.settings import Settings
from migrator.versions import Version, version, version_text

Decide = Callable[[Settings], Sequence[Decision]]


def with_settling(decisions: Sequence[Decision], settings: Settings, decide: Decide) -> tuple[Decision, ...]:
    """The decisions, each review with the first version from which on the container would move.

    Tried are the versions that lift a hazard found now; `decide` gives the decisions of the pod under other settings.
    """
    settled: dict[str, str] = {}
    for target in _worth_trying(decisions):
        for decision in decide(replace(settings, target=target)):
            if decision.action == "migrate":
                settled.setdefault(decision.container.name, version_text(target))
    return tuple(replace(d, settled_by=settled.get(d.container.name)) if _waits(d) else d for d in decisions)


def _waits(decision: Decision) -> bool:
    return decision.action == "review" and decision.position is None


def _worth_trying(decisions: Sequence[Decision]) -> list[Version]:
    """The versions that lift a block of some waiting container. Other blocks of it may go with that one."""
    blocks = [hazard for d in decisions if _waits(d) for hazard in d.hazards if hazard.severity == "block"]
    return sorted({version(hazard.lifted) for hazard in blocks if hazard.lifted})
