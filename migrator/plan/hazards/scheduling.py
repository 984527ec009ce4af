"""Scheduling: what the pod asks of a node, and who reckons it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from migrator.plan.case import Case
from migrator.plan.fields import at, mapping, mappings
from migrator.plan.hazards.check import Found, hazard
from migrator.plan.resources import difference, effective

#: Schedulers that reckon by themselves what a pod asks for, and which of them leave sidecars out.
_SCHEDULERS = {"yunikorn": "YuniKorn before YUNIKORN-2475", "volcano": "Volcano before 1.10", "fluence": "Fluence"}
_FARGATE = "eks.amazonaws.com/fargate-profile"
_VIRTUAL_KUBELET = "virtual-kubelet.io/provider"
_OS_LABELS = ("kubernetes.io/os", "beta.kubernetes.io/os")


@hazard("warn")
def resources_increase(case: Case) -> Iterator[Found]:
    """A plain init container that starts after a sidecar adds to it (KEP-753, "Resources calculation for scheduling")."""
    plain = [entry.name for entry in case.order[case.placed.position :] if not entry.sidecar]
    moved = {entry.name for entry in case.order if entry.moved}
    # What the others change is theirs to tell.
    if not plain or not difference(effective(_after(case, moved - {case.name})), effective(_after(case, moved))):
        return
    changes = difference(effective(case.view.pod.raw), effective(_after(case, moved)))
    if changes:
        told = ", ".join(f"{change.resource} {change.what} {change.before} -> {change.after}" for change in changes)
        yield Found(
            f"`{case.name}` runs beside `{'`, `'.join(plain)}` while the pod starts, so that it asks its node for more: {told}",
            case.line("resources"),
            "place it last, or see that nodes and quotas have room for that",
        )


def _after(case: Case, moved: set[str]) -> dict[str, Any]:
    """The pod with these containers moved to their places among the init containers."""
    pod = case.view.pod
    regular = {container.name: container.raw for container in pod.containers}
    plain = {container.name: container.raw for container in pod.init_containers}
    inits = [
        {**regular[entry.name], "restartPolicy": "Always"} if entry.moved else plain[entry.name]
        for entry in case.order
        if not entry.moved or entry.name in moved
    ]
    return {**pod.raw, "containers": [c for name, c in regular.items() if name not in moved], "initContainers": inits}


@hazard("warn")
def other_schedulers(case: Case) -> Iterator[Found]:
    """Who is neither kube-scheduler nor kubelet may take it for an init container that ends, where the pod names such."""
    pod, workload = case.view.pod.raw, case.workload
    name = pod.get("schedulerName")
    asks = any(mapping(case.raw.get("resources")).get(what) for what in ("requests", "limits"))
    line = case.line("resources")
    if asks and isinstance(name, str) and name in _SCHEDULERS:
        yield Found(
            f"the scheduler `{name}` places the pod, and {_SCHEDULERS[name]} does not add what a sidecar asks for: there may be "
            f"no room for `{case.name}` on the node",
            line,
            "see that your version counts sidecars",
        )
    if asks and (_FARGATE in workload.labels or _FARGATE in workload.annotations):
        yield Found(
            "the pod runs on Fargate, which sizes it by the largest of its init containers and the sum of the others: what "
            f"`{case.name}` asks for may be missing in the sum",
            line,
            "try it, and compare the size that Fargate gives (the annotation `CapacityProvisioned`)",
        )
    if where := _virtual(pod):
        yield Found(
            f"the pod may run on a virtual node ({where}), which has no kubelet: as an init container `{case.name}` may not be "
            "run there, or the others may wait until it ends",
            case.view.container.line,
            "ask the provider whether it runs sidecars in `initContainers`",
        )


def _virtual(pod: Mapping[str, Any]) -> str | None:
    """What lets the pod onto a node of virtual-kubelet."""
    if mapping(pod.get("nodeSelector")).get("type") == "virtual-kubelet":
        return "nodeSelector `type: virtual-kubelet`"
    if any(toleration.get("key") == _VIRTUAL_KUBELET for toleration in mappings(pod.get("tolerations"))):
        return f"it tolerates `{_VIRTUAL_KUBELET}`"
    return None


@hazard("warn")
def windows_node(case: Case) -> Iterator[Found]:
    """Windows nodes: nothing in KEP-753 or the documentation says that sidecars were tried there."""
    pod = case.view.pod.raw
    selected = [mapping(pod.get("nodeSelector")).get(label) for label in _OS_LABELS]
    if "windows" in (at(pod, "os", "name"), *selected):
        yield Found(
            f"the pod runs on Windows, where nobody vouches that a sidecar, as `{case.name}` would be, runs as described",
            case.view.container.line,
            "try it on a Windows node before you roll it out",
        )
