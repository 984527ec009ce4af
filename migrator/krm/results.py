"""What a run found, as the results of a KRM function."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from migrator.model import Decision, FileResult, PodResult, Workload

_PATH = ("internal.config.kubernetes.io/path", "config.kubernetes.io/path")
_INDEX = ("internal.config.kubernetes.io/index", "config.kubernetes.io/index")


def results(result: FileResult) -> Iterator[dict[str, Any]]:
    """One for each container that moves or waits for review, and for each warning on one that moves; what is wrong first."""
    for problem in result.problems:
        yield {"message": f"line {problem.line}: {problem.message}", "severity": "error"}
    if result.status in ("failed", "skipped") and not result.problems:
        yield {"message": result.reason or result.status, "severity": "error" if result.status == "failed" else "warning"}
    for pod in result.pods:
        for decision in pod.decisions:
            yield from _of_container(pod, decision)


def _of_container(pod: PodResult, decision: Decision) -> Iterator[dict[str, Any]]:
    name, where = decision.container.name, _where(pod, decision)
    if decision.position is not None:
        yield {"message": f"`{name}` is a native sidecar now", "severity": "info", **where}
        for hazard in decision.hazards:
            if hazard.severity != "info":
                yield {"message": hazard.message, "severity": "warning", **where, "tags": {"hazard": hazard.id}}
    elif decision.action == "review":
        yield {"message": f"`{name}` may be a sidecar, but stays: {decision.reason}", "severity": "warning", **where}


def _where(pod: PodResult, decision: Decision) -> dict[str, Any]:
    workload = pod.site.workload
    path, index = _said(workload.annotations, _PATH), _said(workload.annotations, _INDEX)
    # The object's own part of the pointer into the ResourceList begins behind `items` and its number.
    steps = [str(step) for step in pod.site.pointer[2:]]
    there = "initContainers" if decision.position is not None else "containers"
    place = decision.position if decision.position is not None else decision.container.index
    return {
        "resourceRef": _reference(workload),
        "field": {"path": f"{'.'.join([*steps, there])}[{place}]"},
        **({"file": {"path": path, **({"index": int(index)} if index.isdecimal() else {})}} if path else {}),
    }


def _reference(workload: Workload) -> dict[str, str]:
    said = {
        "apiVersion": workload.api_version,
        "kind": workload.kind,
        "name": workload.name,
        "namespace": workload.namespace or "",
    }
    return {key: value for key, value in said.items() if value}


def _said(annotations: Mapping[str, str], keys: tuple[str, ...]) -> str:
    return next((annotations[key] for key in keys if key in annotations), "")
