"""Which objects hold a pod spec, and where.

Built-in kinds are known by API group and kind, whatever the version: retired ones (`extensions/v1beta1`,
`apps/v1beta2`, `batch/v2alpha1`) still lie in repositories and have the same shape. Custom resources are
taken from the allow-list in `rules/workloads/`; each entry there says why a rewrite is safe.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from migrator.datafile import DataFile, bundled, folder

Steps = tuple[str, ...]

_TEMPLATE: Steps = ("spec", "template", "spec")
_BUILT_IN: dict[str, tuple[frozenset[str], Steps, bool]] = {
    "Pod": (frozenset({""}), ("spec",), False),
    "PodTemplate": (frozenset({""}), ("template", "spec"), False),
    "ReplicationController": (frozenset({""}), _TEMPLATE, False),
    "Deployment": (frozenset({"apps", "extensions"}), _TEMPLATE, False),
    "DaemonSet": (frozenset({"apps", "extensions"}), _TEMPLATE, False),
    "ReplicaSet": (frozenset({"apps", "extensions"}), _TEMPLATE, False),
    "StatefulSet": (frozenset({"apps"}), _TEMPLATE, False),
    "Job": (frozenset({"batch", "extensions"}), _TEMPLATE, True),
    "CronJob": (frozenset({"batch"}), ("spec", "jobTemplate", *_TEMPLATE), True),
    "ScheduledJob": (frozenset({"batch"}), ("spec", "jobTemplate", *_TEMPLATE), True),
}


@dataclass(frozen=True)
class PodPath:
    """Where a kind keeps a pod spec: keys, with `*` for every item of a list or every value of a mapping."""

    steps: Steps
    completes: bool


def group_of(api_version: str) -> str:
    """The API group: `apps` of `apps/v1`, the empty one of `v1`."""
    return api_version.rpartition("/")[0]


def paths_of(api_version: str, kind: str) -> tuple[PodPath, ...]:
    """The pod specs of a kind; empty where the kind is not known to hold one."""
    group = group_of(api_version)
    if kind in _BUILT_IN and group in _BUILT_IN[kind][0]:
        _, steps, completes = _BUILT_IN[kind]
        return (PodPath(steps, completes),)
    return custom_resources().get((group, kind), ())


def is_list(kind: str) -> bool:
    """Whether the kind is `List` or one of the typed lists (`DeploymentList`), which hold objects in `items`."""
    return kind.endswith("List")


@lru_cache(maxsize=1)
def custom_resources() -> dict[tuple[str, str], tuple[PodPath, ...]]:
    """The allow-list by (group, kind). Raises `DataError`."""
    return dict(entry for file in folder(bundled() / "workloads", "workloads/") for entry in read_entry(file))


def read_entry(file: DataFile) -> list[tuple[tuple[str, str], tuple[PodPath, ...]]]:
    """The kinds of one allow-list file. Raises `DataError`."""
    root = file.mapping()
    file.keys(root, ("group", "kinds", "why", "sources"))
    group, kinds = file.text(root, "group"), root.get("kinds")
    assert kinds is not None
    found = []
    for kind, node in kinds.pairs:
        file.keys(node, ("pods",), ("completes",))
        completes = node.get("completes") is not None and file.one_of(node, "completes", ("true", "false")) == "true"
        paths = file.compiled(file.items(node, "pods"), "pods", _steps)
        found.append(((group, kind.value), tuple(PodPath(steps, completes) for steps in paths)))
    return found


def _steps(paths: list[Any]) -> list[Steps]:
    for path in paths:
        if not isinstance(path, str) or not path.startswith("/"):
            raise ValueError(f"`{path}` is no path such as /spec/template/spec")
    return [tuple(path.strip("/").split("/")) for path in paths]
