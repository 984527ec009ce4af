"""What a pod asks of its node, sidecars included, and what a move changes in it.

For each resource (KEP-753, "Resources calculation for scheduling and pod admission"; component-helpers/resource
`AggregateContainerRequests`) the larger of: all that run together (containers and sidecars), and the dearest moment of
the start, an init container with the sidecars before it. A move changes the second alone, and only makes it dearer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal

from migrator.judge.quantity import exact, notation

#: An amount (cpu in cores, memory in bytes), or why there is none.
Quantity = Fraction | Literal["no limit", "unknown"]
What = Literal["requests", "limits"]
#: What a list of resources says; None is an amount that cannot be read.
_Amounts = Mapping[str, Fraction | None]

#: Resources of which a container without a limit may take all there is. Of the others (hugepages, devices) it gets none.
_BOUNDLESS = ("cpu", "memory", "ephemeral-storage")
_HUGE = "hugepages-"


@dataclass(frozen=True)
class Effective:
    """The pod's own requests and limits by resource, those of all its containers taken together.

    Both have every resource that anything in the pod names. Where the pod is not `complete`, a part of it could not be
    read, which may ask for anything: all amounts are unknown, and so is what resources there are.
    """

    requests: dict[str, Quantity]
    limits: dict[str, Quantity]
    complete: bool = True


@dataclass(frozen=True)
class Change:
    """One resource whose effective amount differs; `before` and `after` are written as in a manifest, or `no limit`."""

    resource: str
    what: What
    before: str
    after: str


@dataclass(frozen=True)
class _Asking:
    """The requests and limits of one container, or of the pod as a whole."""

    requests: _Amounts
    limits: _Amounts

    def request(self, resource: str) -> Fraction | None:
        """What is asked for; where it is not said, the limit (`SetDefaults_Pod`)."""
        return self.requests[resource] if resource in self.requests else self.limits.get(resource, Fraction(0))

    def limit(self, resource: str) -> Quantity:
        """The limit; one of nothing is none (kubelet: `ResourceConfigForPod`)."""
        amount = self.limits.get(resource, Fraction(0))
        if amount is None:
            return "unknown"
        return amount if amount or resource not in _BOUNDLESS else "no limit"


@dataclass(frozen=True)
class _Pod:
    """A pod spec's parts that ask for something; `lasting` says which init containers are sidecars."""

    level: _Asking
    regular: Sequence[_Asking]
    inits: Sequence[_Asking]
    lasting: Sequence[bool]
    overhead: _Amounts

    def request(self, name: str) -> Quantity:
        """The effective request of a resource."""
        asked = _summed([c.request(name) for c in self.regular], [c.request(name) for c in self.inits], self.lasting)
        if _on_pods(name):
            # With a limit alone, it is what the containers ask for, else the limit (`defaultPodRequests`).
            named = any(name in (*c.requests, *c.limits) for c in (*self.regular, *self.inits))
            if name in self.level.requests or (name in self.level.limits and (not named or name.startswith(_HUGE))):
                asked = self.level.request(name)
        return self._with_overhead(name, "unknown" if asked is None else asked)

    def limit(self, name: str) -> Quantity:
        """The effective limit of a resource: none where one of the containers has none."""
        if _on_pods(name) and name in self.level.limits:
            return self._with_overhead(name, self.level.limit(name))
        regular, inits = [c.limit(name) for c in self.regular], [c.limit(name) for c in self.inits]
        if "no limit" in (*regular, *inits):
            return "no limit"
        bound = _summed([_known(amount) for amount in regular], [_known(amount) for amount in inits], self.lasting)
        return self._with_overhead(name, "unknown" if bound is None else bound)

    def _with_overhead(self, name: str, amount: Quantity) -> Quantity:
        more = self.overhead.get(name, Fraction(0))
        if isinstance(amount, str):
            return amount
        return "unknown" if more is None else amount + more


def effective(pod: Mapping[str, Any]) -> Effective:
    """What the pod with this spec, as plain data, asks for. Pod-level `resources` (1.34) come before its containers'."""
    level, overhead = _asking(pod), _amounts(pod.get("overhead"))
    regular, inits = (_containers(pod.get(key)) for key in ("containers", "initContainers"))
    lasting = _sidecars(pod.get("initContainers"))
    every = [*([level] if level else []), *(regular or ()), *(inits or ())]
    names = {name for asking in every for name in (*asking.requests, *asking.limits)} | set(overhead or ())
    if level is None or overhead is None or regular is None or inits is None or lasting is None:
        unknown: dict[str, Quantity] = dict.fromkeys(sorted({"cpu", "memory", *names}), "unknown")
        return Effective(unknown, dict(unknown), complete=False)
    parts = _Pod(level, regular, inits, lasting, overhead)
    return Effective({name: parts.request(name) for name in sorted(names)}, {name: parts.limit(name) for name in sorted(names)})


def difference(before: Effective, after: Effective) -> tuple[Change, ...]:
    """What differs, by resource. Where one of the two is unknown, nothing is claimed."""
    if not (before.complete and after.complete):
        return ()
    found = []
    for name in sorted({*before.requests, *after.requests}):
        none: Quantity = "no limit" if name in _BOUNDLESS else Fraction(0)
        pairs: tuple[tuple[What, Quantity, Quantity], ...] = (
            ("requests", before.requests.get(name, Fraction(0)), after.requests.get(name, Fraction(0))),
            ("limits", before.limits.get(name, none), after.limits.get(name, none)),
        )
        for what, was, now in pairs:
            if was != now and "unknown" not in (was, now):
                found.append(Change(name, what, rendered(name, was), rendered(name, now)))
    return tuple(found)


def rendered(resource: str, amount: Quantity) -> str:
    """An amount in Kubernetes' notation: `1100m` of cpu, `512Mi` of memory."""
    if isinstance(amount, str):
        return amount
    return notation(amount, of_bytes=resource in ("memory", "ephemeral-storage") or resource.startswith(_HUGE))


def _summed(regular: Sequence[Fraction | None], inits: Sequence[Fraction | None], lasting: Sequence[bool]) -> Fraction | None:
    """The formula for one resource; None where one of the amounts cannot be read."""
    running = dearest = Fraction(0)
    for amount, stays in zip(inits, lasting, strict=True):
        if amount is None:
            return None
        dearest = max(dearest, running + amount)
        running += amount if stays else 0
    for amount in regular:
        if amount is None:
            return None
        running += amount
    return max(running, dearest)


def _known(amount: Quantity) -> Fraction | None:
    """The amount where there is one."""
    return None if isinstance(amount, str) else amount


def _on_pods(resource: str) -> bool:
    """Whether pod-level resources may name it (`IsSupportedPodLevelResource`)."""
    return resource in ("cpu", "memory") or resource.startswith(_HUGE)


def _containers(value: Any) -> list[_Asking] | None:
    """What each container asks for; None where one of them cannot be read."""
    if value is None:
        return []
    found = [_asking(item) for item in value] if isinstance(value, list) else [None]
    readable = [asking for asking in found if asking is not None]
    return readable if len(readable) == len(found) else None


def _sidecars(value: Any) -> list[bool] | None:
    """Which init containers are sidecars; None where it cannot be told."""
    policies = [item.get("restartPolicy") if isinstance(item, dict) else "" for item in value] if isinstance(value, list) else []
    if any(policy not in (None, "Always", "Never", "OnFailure") for policy in policies):
        return None
    return [policy == "Always" for policy in policies]


def _asking(holder: Any) -> _Asking | None:
    """The `resources` of a container or a pod; None where they cannot be read."""
    held = holder.get("resources") if isinstance(holder, Mapping) else ""
    if held is None:
        return _Asking({}, {})
    if not isinstance(held, Mapping):
        return None
    requests, limits = _amounts(held.get("requests")), _amounts(held.get("limits"))
    return None if requests is None or limits is None else _Asking(requests, limits)


def _amounts(value: Any) -> dict[str, Fraction | None] | None:
    """A list of resources; None where it is none, or where a templated name may be any resource's."""
    if value is None:
        return {}
    if not isinstance(value, Mapping) or not all(isinstance(name, str) and "{" not in name for name in value):
        return None
    return {name: exact(amount) for name, amount in value.items()}
