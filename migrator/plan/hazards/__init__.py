"""What a move can break, by family. A hazard is one function of a `Case` that yields what it finds.

A family is a module of this package, named in `_FAMILIES`; a new hazard is a function with `@hazard` in one of them
and its page in `rules/hazards/`.
"""

from __future__ import annotations

from migrator.model import Hazard
from migrator.plan.case import Case
from migrator.plan.hazards import (
    admission,
    completion,
    elsewhere,
    gates,
    jobs,
    mesh,
    monitoring,
    network,
    order,
    quits,
    rollout,
    scheduling,
    startup,
    termination,
)
from migrator.plan.hazards.check import Check

_FAMILIES = (
    *(startup, gates, order, completion, jobs, quits, termination, network, mesh, scheduling, admission, monitoring),
    *(elsewhere, rollout),
)
CHECKS: tuple[Check, ...] = tuple(held for family in _FAMILIES for held in vars(family).values() if isinstance(held, Check))

_ORDER = {"block": 0, "warn": 1, "info": 2}


def hazards(case: Case) -> tuple[Hazard, ...]:
    """The hazards of moving this container, the worst first, each id once: what is certain needs no doubt beside it."""
    found = [hazard for check in CHECKS for hazard in check.hazards(case)]
    worst: dict[str, Hazard] = {}
    for hazard in sorted(found, key=lambda h: (_ORDER[h.severity], not h.certain)):
        worst.setdefault(hazard.id, hazard)
    return tuple(worst.values())
