"""What a move can break, by family. A hazard is one function of a `Case` that yields what it finds.

A family is a module with a `CHECKS` tuple; a new hazard is a function in it and an entry there.
"""

from __future__ import annotations

from migrator.model import Hazard
from migrator.plan.case import Case, Check
from migrator.plan.hazards import admission, completion, network, startup

CHECKS: tuple[Check, ...] = (*startup.CHECKS, *completion.CHECKS, *network.CHECKS, *admission.CHECKS)

_ORDER = {"block": 0, "warn": 1, "info": 2}


def hazards(case: Case) -> tuple[Hazard, ...]:
    """The hazards of moving this container, the worst first, each id once: what is certain needs no doubt beside it."""
    found = [hazard for check in CHECKS for hazard in check(case)]
    worst: dict[str, Hazard] = {}
    for hazard in sorted(found, key=lambda h: (_ORDER[h.severity], not h.certain)):
        worst.setdefault(hazard.id, hazard)
    return tuple(worst.values())
