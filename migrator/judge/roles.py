"""From what each container looks like alone to roles in the pod: who is the main one, who helps, who is an equal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from migrator.judge.rules import Rule
from migrator.judge.weights import ECHO, PRIOR, REVIEW, WEIGHTS, probability
from migrator.model import Evidence, Role, Verdict

#: By how much the least helper-like of several helpers must differ from the next to be the main one.
_MARGIN = WEIGHTS["fair"]

#: What watches or feeds a neighbour is never what a pod is for while there is somebody else.
_OBSERVERS = frozenset(
    {"adapter", "backup", "config-reloader", "csi-helper", "dev", "health", "lifecycle", "log-shipper"}
    | {"metrics-exporter", "placeholder", "sync"}
)

#: What carries traffic to or from an application; beside nothing but data stores it is the application itself.
_TRAFFIC = frozenset({"auth-proxy", "proxy"})


class Lone:
    """What a container looks like before its neighbours have had their say."""

    def __init__(self, found: list[tuple[Rule, Evidence]]) -> None:
        self.found = [(rule, replace(item, weight=weight)) for (rule, item), weight in zip(found, _weights(found), strict=True)]
        self.score = PRIOR + sum(item.weight for _, item in self.found)
        self.purpose = next((r.purpose for r, e in self.found if e.weight > 0 and r.purpose), None)

    def weight(self, role: str) -> float:
        """How much speaks for a role other than sidecar."""
        return -sum(item.weight for rule, item in self.found if rule.role == role)

    @property
    def rank(self) -> tuple[float, bool]:
        """How little it looks like the main one; of two that look it alike, the workload's namesake does more."""
        namesake = any(rule.id == "named-like-workload" for rule, _ in self.found)
        return self.weight("peer") - self.weight("main"), not namesake

    @property
    def store(self) -> bool:
        """Whether it is a data store or broker by its product, and not what the workload is named for."""
        known = any(rule.purpose == "applications" and rule.role == "peer" for rule, _ in self.found)
        return known and self.weight("main") < WEIGHTS["fair"]

    @property
    def observes(self) -> bool:
        """Whether it is known to watch or feed others, by more than a name that anything could have."""
        return self.purpose in _OBSERVERS and any(item.weight >= WEIGHTS["strong"] for _, item in self.found)

    @property
    def helps(self) -> bool:
        """Likelier a sidecar than not, and not by mere hints."""
        return probability(self.score) >= REVIEW and any(item.weight >= WEIGHTS["fair"] for _, item in self.found)


def _weights(found: list[tuple[Rule, Evidence]]) -> list[float]:
    """Each weight, lessened where a stronger rule of the same purpose has said it already."""
    said: set[str] = set()
    weights = []
    for rule, item in found:
        weights.append(round(item.weight * ECHO, 2) if rule.purpose in said else item.weight)
        if rule.purpose:
            said.add(rule.purpose)
    return weights


def as_a_pod(lone: Sequence[Lone]) -> tuple[Verdict, ...]:
    """A verdict for each container; where the main one cannot be told, nobody is taken for a helper."""
    helpers = [n for n, one in enumerate(lone) if one.helps]
    doubt = False
    if len(helpers) == len(lone):
        main = _main_of(lone, helpers)
        doubt = main is None
        helpers = [] if doubt else [n for n in helpers if n != main]
    elif all(lone[n].store for n in range(len(lone)) if n not in helpers):
        helpers = [n for n in helpers if lone[n].purpose not in _TRAFFIC]
    roles = _roles(lone, helpers, doubt)
    return tuple(_verdict(one, role) for one, role in zip(lone, roles, strict=True))


def _main_of(lone: Sequence[Lone], helpers: Sequence[int]) -> int | None:
    """The main one of containers that all look like helpers: the only one that carries, or by far the least helper-like."""
    carriers = [n for n in helpers if not lone[n].observes] or list(helpers)
    if len(carriers) == 1:
        return carriers[0]
    ranked = sorted(carriers, key=lambda n: lone[n].score)
    return ranked[0] if lone[ranked[1]].score - lone[ranked[0]].score >= _MARGIN else None


def _verdict(one: Lone, role: Role) -> Verdict:
    confidence = probability(one.score)
    if role != "sidecar":
        confidence = min(confidence, REVIEW - 0.01)
    items = tuple(item for _, item in one.found)
    return Verdict(role, one.purpose if role == "sidecar" else None, round(confidence, 4), items)


def _roles(lone: Sequence[Lone], helpers: Sequence[int], doubt: bool) -> list[Role]:
    roles: list[Role] = ["sidecar" if n in helpers else "unknown" for n in range(len(lone))]
    if doubt:
        return roles
    others = [n for n in range(len(lone)) if n not in helpers]
    for n in others:
        if lone[n].weight("one-shot") >= WEIGHTS["fair"] and len(others) > 1:
            roles[n] = "one-shot"
    left = [n for n in others if roles[n] == "unknown"]
    ranked = sorted(left, key=lambda n: lone[n].rank)
    equal = len(ranked) > 1 and lone[ranked[0]].rank == lone[ranked[1]].rank
    for place, n in enumerate(ranked):
        roles[n] = "main" if place == 0 and not equal else "peer"
    return roles
