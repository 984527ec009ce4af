"""The containers that a patch names or adds, as the pod that it would be for: all that is known where its base is not here."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from migrator.sources.kustomize.model import Target
from migrator.sources.kustomize.objects import pod_of
from migrator.workloads import paths_of

#: Where a JSON patch says no kind: what has its pod spec there.
_KINDS = {
    ("spec", "template", "spec"): ("apps/v1", "Deployment"),
    ("spec", "jobTemplate", "spec", "template", "spec"): ("batch/v1", "CronJob"),
    ("spec",): ("v1", "Pod"),
}
_VERSIONS = ("apps/v1", "batch/v1", "v1")


def brought(form: str, said: Any, target: Target | None) -> dict[str, Any] | None:
    """The object that a document of a patch speaks of, with the containers that it names or adds; None where it has none."""
    if form == "merge":
        return _merged(said, target) if isinstance(said, dict) else None
    return _added(said, target) if isinstance(said, list) else None


def _merged(said: dict[str, Any], target: Target | None) -> dict[str, Any] | None:
    version, kind = said.get("apiVersion"), said.get("kind")
    if not isinstance(version, str) or not isinstance(kind, str):
        return None
    name = target.name if target and target.name else _name(said)
    for path in paths_of(version, kind):
        spec = pod_of(said, path.steps)
        items = spec.get("containers") if spec else None
        held = [one for one in items if _named(one) and "$patch" not in one] if isinstance(items, list) else []
        if held:
            return _object(version, kind, name, path.steps, held)
    return None


def _added(said: list[Any], target: Target | None) -> dict[str, Any] | None:
    for pod, (version, kind) in _KINDS.items():
        held = list(_values(said, f"/{'/'.join(pod)}/containers"))
        if held and target is not None and target.kind:
            kind = target.kind
            version = next((one for one in _VERSIONS if pod in [path.steps for path in paths_of(one, kind)]), "")
        if held and version:
            return _object(version, kind, (target.name if target else None) or "", pod, held)
    return None


def _values(ops: list[Any], place: str) -> Iterator[dict[str, Any]]:
    """The containers that operations add to the list, or put in the place of others."""
    for op in ops:
        path = op.get("path") if isinstance(op, dict) and op.get("op") in ("add", "replace") else None
        if isinstance(path, str) and place in (path, path.rpartition("/")[0]):
            value = op.get("value")
            yield from (one for one in (value if isinstance(value, list) else [value]) if _named(one))


def _object(version: str, kind: str, name: str, pod: tuple[str, ...], held: list[dict[str, Any]]) -> dict[str, Any]:
    """The object. Where nobody in it can be what the workload is for, somebody else is."""
    if name not in [one["name"] for one in held] and all("image" in one for one in held):
        held = [{"name": name or "application"}, *held]
    spec: Any = {"containers": held}
    for step in reversed(pod):
        spec = {step: spec}
    return {"apiVersion": version, "kind": kind, "metadata": {"name": name}, **spec}


def _named(one: Any) -> bool:
    return isinstance(one, dict) and isinstance(one.get("name"), str)


def _name(said: dict[str, Any]) -> str:
    meta = said.get("metadata")
    name = meta.get("name") if isinstance(meta, dict) else None
    return name if isinstance(name, str) else ""
