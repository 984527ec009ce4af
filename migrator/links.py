"""Who refers to a container from elsewhere in the repository: the facts of all files, merged.

A file's `Facts` are plain data; `Links` is made of all of them, in any order, and handed to every worker.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from migrator.model import Workload


@dataclass(frozen=True)
class Service:
    """A Service that targets a port by name. `line` is that of the `targetPort`."""

    path: str
    line: int
    name: str
    namespace: str | None
    selector: tuple[tuple[str, str], ...]
    target_port: str


@dataclass(frozen=True)
class Patch:
    """A strategic-merge patch of a workload that names a container under `containers`."""

    path: str
    line: int
    kind: str
    name: str
    container: str


@dataclass(frozen=True)
class Facts:
    """What one file says of containers elsewhere."""

    services: tuple[Service, ...] = ()
    patches: tuple[Patch, ...] = ()


@dataclass(frozen=True)
class Links:
    """What the repository says of a workload's containers."""

    services: tuple[Service, ...] = ()
    patches: dict[tuple[str, str], tuple[Patch, ...]] = field(default_factory=dict)

    def service_for(self, workload: Workload, port: str) -> Service | None:
        """A Service that finds the port by its name in pods with the workload's labels."""
        for service in self.services:
            if service.target_port != port or (
                service.namespace and workload.namespace and service.namespace != workload.namespace
            ):
                continue
            if service.selector and all(workload.labels.get(key) == value for key, value in service.selector):
                return service
        return None

    def patch_for(self, workload: Workload, container: str) -> Patch | None:
        """A patch of this workload that names the container."""
        found = self.patches.get((workload.kind, workload.name), ())
        return next((patch for patch in found if patch.container == container), None)


def linked(facts: Iterable[Facts]) -> Links:
    """All facts as one; the same whatever their order."""
    held = list(facts)
    services = sorted((s for f in held for s in f.services), key=lambda s: (s.path, s.line))
    patches: dict[tuple[str, str], list[Patch]] = {}
    for patch in sorted((p for f in held for p in f.patches), key=lambda p: (p.path, p.line)):
        patches.setdefault((patch.kind, patch.name), []).append(patch)
    return Links(tuple(services), {key: tuple(found) for key, found in patches.items()})
