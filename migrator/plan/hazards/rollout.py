"""Ownership and tools: how the change reaches the cluster, and who looks for the container in `containers`."""

from __future__ import annotations

from collections.abc import Iterator

from migrator.plan.case import Case
from migrator.plan.fields import at, number
from migrator.plan.hazards.check import Found, hazard
from migrator.plan.hazards.completion import first_to_move
from migrator.workloads import group_of

_DEFAULT = "kubectl.kubernetes.io/default-container"
_BUILT_IN = ("", "apps", "batch", "extensions")


@hazard("info")
def rollout_effect(case: Case) -> Iterator[Found]:
    """The pod template changes, and with it the pods, in the way of each controller (Deployment, StatefulSet, DaemonSet,
    CronJob); where the controller leaves the pods alone, applying the change does nothing by itself.
    """
    built_in = group_of(case.workload.api_version) in _BUILT_IN
    if not built_in or number(case.workload.spec.get("replicas"), 1) == 0 or not first_to_move(case):
        return
    if held := _held(case):
        what, remedy = held
        yield Found(f"applying this {what}", case.line(), remedy, severity="warn")
    elif replaced := _replaced(case):
        yield Found(f"applying this {replaced}", case.line())


def _held(case: Case) -> tuple[str, str] | None:
    """Why running pods stay as they are, and how they are renewed."""
    kind, spec = case.workload.kind, case.workload.spec
    if kind == "Deployment" and spec.get("paused") is True:
        return "changes no pod: the Deployment is paused", "resume it with `kubectl rollout resume`"
    if kind in ("StatefulSet", "DaemonSet") and at(spec, "updateStrategy", "type") == "OnDelete":
        return "changes no pod until it is deleted (updateStrategy OnDelete)", "delete the pods one by one"
    if kind in ("ReplicaSet", "ReplicationController"):
        return f"changes no pod that runs: a {kind} uses its template for new pods only", "delete the pods one by one"
    partition = number(at(spec, "updateStrategy", "rollingUpdate", "partition"), 0)
    if kind == "StatefulSet" and partition > 0:
        return f"leaves the pods below number {partition} as they are (partition)", "lower the partition step by step"
    return None


def _replaced(case: Case) -> str:
    """Which pods are replaced and how, or nothing where it is not known."""
    kind = case.workload.kind
    if kind == "Deployment" and at(case.workload.spec, "strategy", "type") == "Recreate":
        return "stops all pods before new ones start (strategy Recreate)"
    return {
        "Deployment": "replaces all pods, some at a time",
        "StatefulSet": "replaces all pods one by one, the last first",
        "DaemonSet": "replaces the pods of all nodes, node by node",
        "CronJob": "counts for the Jobs that start from then on; those that run go on as they are",
    }.get(kind, "")


@hazard("info")
def default_container_shift(case: Case) -> Iterator[Found]:
    """kubectl takes the first of `containers` where none is named (podcmd.go, FindOrDefaultContainerByName)."""
    named = _DEFAULT in case.workload.annotations
    if case.view.container.index or named or not case.staying or not case.supported:
        return
    yield Found(
        f"`kubectl logs`, `exec`, `attach` and `cp` without `-c` take `{case.staying[0].name}` from then on; "
        f"up to now they took `{case.name}`, the first of `containers`",
        case.line(),
        f"the annotation {_DEFAULT}: {case.name} keeps it as it was",
    )


@hazard("info")
def api_default_container(case: Case) -> Iterator[Found]:
    """The API takes logs and exec without a container's name where `containers` has just one (pod/strategy.go)."""
    if len(case.staying) == 1 and case.supported and first_to_move(case):
        only = case.staying[0].name
        yield Found(
            f"`{only}` is the only one left in `containers`: API clients that name no container for logs or exec get it, "
            "where they used to get an error",
            case.line(),
        )
