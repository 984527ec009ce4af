"""Who refers to a container from elsewhere in the repository: the facts of all files, merged.

A file's `Facts` are plain data; `Links` is made of all of them, in any order, and handed to every worker.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from migrator.left import Subject, subject
from migrator.model import Place, Workload
from migrator.references import Delivery, Mention, Names, Reference, References, Requirement, gathered


@dataclass(frozen=True)
class Service:
    """A Service and one port it targets, a number or a name. `line` is that of the `targetPort`, `port` its own name for
    the port; `labels` are the Service's.

    `at` leads to the `targetPort`: the number of the piece of the file (`chunks`), then the path in it. `fixed` says why a
    number cannot be written there, empty where it can.
    """

    path: str
    line: int
    name: str
    namespace: str | None
    selector: tuple[tuple[str, str], ...]
    target_port: str
    labels: tuple[tuple[str, str], ...] = ()
    port: str = ""
    protocol: str = "TCP"
    at: tuple[int | str, ...] = ()
    fixed: str = ""

    @property
    def place(self) -> Place:
        """Where the `targetPort` stands."""
        return Place(self.path, self.line)

    def may_select(self, namespace: str | None, labels: Mapping[str, str]) -> bool:
        """Whether pods of these labels may be among those it sends to; what a template hides may be anything."""
        if self.namespace and namespace and self.namespace != namespace:
            return False
        return bool(self.selector) and all(Requirement(key, "In", (value,)).holds(labels) for key, value in self.selector)


@dataclass(frozen=True)
class Patch:
    """A strategic-merge patch of a workload that names a container under `containers`."""

    path: str
    line: int
    kind: str
    name: str
    container: str


@dataclass(frozen=True)
class PodPorts:
    """A pod (template) and its named ports, each with name, protocol and number (0 where that is not known).

    `line` is that of the object, `labels` are those of its pods.
    """

    path: str
    line: int
    kind: str
    name: str
    namespace: str | None
    labels: tuple[tuple[str, str], ...]
    ports: tuple[tuple[str, str, int], ...]

    @property
    def place(self) -> Place:
        """Where the object begins."""
        return Place(self.path, self.line)


@dataclass(frozen=True)
class Company:
    """The images of one pod, by repository without tag, one for each container."""

    images: tuple[str, ...]


@dataclass(frozen=True)
class Facts:
    """What one file says of containers elsewhere."""

    services: tuple[Service, ...] = ()
    patches: tuple[Patch, ...] = ()
    companies: tuple[Company, ...] = ()
    references: tuple[Reference, ...] = ()
    mentions: tuple[Mention, ...] = ()
    names: tuple[Names, ...] = ()
    deliveries: tuple[Delivery, ...] = ()


@dataclass(frozen=True)
class Links:
    """What the repository says of a workload's containers."""

    services: tuple[Service, ...] = ()
    patches: dict[tuple[str, str], tuple[Patch, ...]] = field(default_factory=dict)
    beside: dict[str, frozenset[frozenset[str]]] = field(default_factory=dict)
    alone: frozenset[str] = frozenset()
    patched_as_sidecar: dict[str, str] = field(default_factory=dict)
    #: Why a container stays whatever else is said of it, by kind and name of its workload and its own name.
    held_back: dict[tuple[str, str, str], str] = field(default_factory=dict)
    #: Why containers of the file that is asked about are not to be moved now.
    left: Mapping[Subject, str] = field(default_factory=dict)
    references: References = field(default_factory=References)
    #: Monitors that select Services, and which.
    monitors: tuple[tuple[Reference, tuple[Service, ...]], ...] = ()
    #: Services with a named targetPort in files that were not given.
    outside: tuple[Service, ...] = ()
    #: The pods that Services with a named targetPort may select; empty where nobody asked.
    pods: tuple[PodPorts, ...] = ()
    #: The Python file in which the pod is built that is asked about; empty for one in a manifest.
    program: str = ""

    def leaves(self, workload: Workload, container: str) -> str | None:
        """Why this container is not to be moved now, or None."""
        return self.left.get(subject(workload, container)) if self.left else None

    def service_for(self, workload: Workload, port: str) -> Service | None:
        """A Service that finds the port by its name in pods with the workload's labels."""
        return next(self.services_for(workload, port), None)

    def services_for(self, workload: Workload, port: str) -> Iterator[Service]:
        """All Services that do so, each once for every port of its own."""
        for service in (*self.services, *self.outside):
            if service.target_port == port and _selects(service, workload):
                yield service

    def monitored(self, workload: Workload) -> Iterator[tuple[Reference, str]]:
        """The monitors of the workload's pods, each with the container's port that it means, by name or number.

        A ServiceMonitor selects Services. Where the repository has none that it selects, the labels of the pods must do.
        """
        for monitor in self.references.about(workload, "pod-monitor"):
            yield monitor, monitor.port
        for monitor, chosen in self.monitors:
            serving = [service for service in chosen if _selects(service, workload)]
            if monitor.kind == "monitor-target-port":
                if serving or (not chosen and monitor.pods.include(workload)):
                    yield monitor, monitor.port
            elif found := next((service for service in serving if service.port == monitor.port), None):
                yield monitor, found.target_port

    def ports_served(self, workload: Workload) -> frozenset[str]:
        """The target ports, by number or name, of all Services that select pods with the workload's labels."""
        return frozenset(service.target_port for service in self.services if _selects(service, workload))

    def without_patches(self, paths: Collection[str]) -> Links:
        """The same without the patches in these files, which are taken care of in another way."""
        left = {key: tuple(patch for patch in found if patch.path not in paths) for key, found in self.patches.items()}
        return replace(self, patches=left)

    def fixing(self, whys: Mapping[Service, str]) -> Links:
        """The same where no number can be written into these Services, for the reasons given."""
        held = tuple(replace(s, fixed=whys[s]) if s in whys else s for s in self.services)
        monitors = tuple((m, tuple(replace(s, fixed=whys[s]) if s in whys else s for s in chosen)) for m, chosen in self.monitors)
        return replace(self, services=held, monitors=monitors)

    def without_tests(self, handled: Collection[tuple[str, int, str]]) -> Links:
        """The same without what tests say at these paths and lines of these containers (empty: of any), which changes with it."""
        of = dict(self.references.of)
        of["assertion"] = tuple(r for r in of.get("assertion", ()) if (r.path, r.line, r.container) not in handled)
        mentions = tuple(m for m in self.references.mentions if (m.path, m.line, "") not in handled)
        return replace(self, references=replace(self.references, of=of, mentions=mentions))

    def patch_for(self, workload: Workload, container: str) -> Patch | None:
        """A patch of this workload that names the container."""
        found = self.patches.get((workload.kind, workload.name), ())
        return next((patch for patch in found if patch.container == container), None)


def _as_workload(service: Service) -> Workload:
    """A Service as what selectors look at."""
    return Workload("v1", "Service", service.name, service.namespace, labels=dict(service.labels))


def _selects(service: Service, workload: Workload) -> bool:
    if service.namespace and workload.namespace and service.namespace != workload.namespace:
        return False
    return bool(service.selector) and all(workload.labels.get(key) == value for key, value in service.selector)


def linked(facts: Iterable[Facts]) -> Links:
    """All facts as one; the same whatever their order."""
    held = list(facts)
    services = sorted((s for f in held for s in f.services), key=lambda s: (s.path, s.line))
    patches: dict[tuple[str, str], list[Patch]] = {}
    for patch in sorted((p for f in held for p in f.patches), key=lambda p: (p.path, p.line)):
        patches.setdefault((patch.kind, patch.name), []).append(patch)
    beside: dict[str, set[frozenset[str]]] = {}
    alone: set[str] = set()
    for company in (c for f in held for c in f.companies):
        if len(company.images) == 1:
            alone.update(company.images)
        for image in company.images if len(company.images) > 1 else ():
            beside.setdefault(image, set()).add(frozenset(company.images) - {image})
    references = gathered(
        (r for f in held for r in f.references),
        (m for f in held for m in f.mentions),
        (n for f in held for n in f.names),
    )
    monitors = (*references.of.get("service-monitor", ()), *references.of.get("monitor-target-port", ()))
    as_workloads = [(service, _as_workload(service)) for service in services] if monitors else []
    return Links(
        tuple(services),
        {key: tuple(found) for key, found in patches.items()},
        {image: frozenset(companies) for image, companies in beside.items()},
        frozenset(alone),
        {patch.container: patch.path for found in patches.values() for patch in found if "sidecar" in patch.path.lower()},
        references=references,
        monitors=tuple((m, tuple(s for s, as_one in as_workloads if m.pods.include(as_one))) for m in monitors),
    )
