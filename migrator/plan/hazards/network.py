"""Network: who still finds the container's ports once it is an init container."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from migrator.judge.view import View
from migrator.plan.case import Case
from migrator.plan.fields import at, mappings, number
from migrator.plan.hazards.check import Found, hazard
from migrator.plan.targets import targets
from migrator.plan.told import places, told
from migrator.versions import version_text


@hazard("block", "<1.33")
def service_named_target_port(case: Case) -> Iterator[Found]:
    """Before 1.33 an EndpointSlice does not resolve a named targetPort of an init container (kubernetes#128850).

    Where the number can be written in every Service that finds the port, it is, in the same change.
    """
    for target in targets(case.view.container, [view.container for view in case.staying], case.workload, case.links):
        seen = [(f"the Service `{service.name}`", service.place) for service in target.services]
        found = f"{told(seen, 'finds', 'find')} `{case.name}` by the port name `{target.name}`"
        if target.refusal:
            yield Found(
                f"{found}; Kubernetes {version_text(case.target)} does not look for it in init containers, and no number can "
                f"take its place: {target.refusal}",
                case.line("ports"),
                f"write `targetPort: {target.number or '<number>'}` in the Service, or target 1.33",
                certain=True,
                places=places(seen),
            )
        else:
            yield Found(
                f"{found}, which becomes the number {target.number} in the same change: Kubernetes {version_text(case.target)} "
                "does not look for names in init containers",
                case.line("ports"),
                severity="info",
                places=places(seen),
            )


@hazard("block")
def port_name_shadowing(case: Case) -> Iterator[Found]:
    """Two containers name a port alike: a Service finds the regular containers' first, then the sidecars' (FindPort).

    It sends elsewhere only where this container was found first so far. Which of two sidecars comes first is theirs.
    """
    regular, native = case.pod.views, case.pod.native
    moved = [entry.name for entry in case.order if entry.sidecar]
    sidecars = sorted((v for v in (*regular, *native) if v.name in moved), key=lambda view: moved.index(view.name))
    for port in _named_ports(case.view):
        before = _first(port, (*regular, *native))
        after = _first(port, (*case.staying, *sidecars))
        if before is None or after is None or before[0] is not case.view or after[1] == port.number:
            continue
        other, answers = after
        service = case.links.service_for(case.workload, port.name)
        who = f"the Service `{service.name}` ({service.path}:{service.line})" if service else "a Service"
        stays = other in case.staying
        yield Found(
            f"{who} that sends to the port called `{port.name}` now reaches {port.number} of `{case.name}`; once that is an "
            f"init container, {answers} of `{other.name}`, which is called the same",
            case.line("ports"),
            f"write `targetPort: {port.number}` in the Service" if service else "give the two ports names of their own",
            severity=("block" if stays else "warn") if service else "info",
            certain=bool(service) and stays,
        )


class _NamedPort(NamedTuple):
    """A port that a Service can find by its name."""

    name: str
    protocol: str
    number: int


def _named_ports(view: View) -> list[_NamedPort]:
    ports = mappings(view.container.raw.get("ports"))
    held = [(p.get("name"), str(p.get("protocol") or "TCP"), number(p.get("containerPort"), 0)) for p in ports]
    return [_NamedPort(name, protocol, port) for name, protocol, port in held if isinstance(name, str) and port]


def _first(wanted: _NamedPort, views: Iterable[View]) -> tuple[View, int] | None:
    """The container that is found first by the name of a port, and its number."""
    for view in views:
        for port in _named_ports(view):
            if port[:2] == wanted[:2]:
                return view, port.number
    return None


@hazard("warn")
def netpol_named_port(case: Case) -> Iterator[Found]:
    """Each network plugin looks up a policy's named port by itself, many in `containers` only (calico#8881, kube-ovn#4994)."""
    elsewhere = {port.name for view in case.staying for port in view.container.ports}
    own = {port.name for port in case.view.container.ports if port.name} - elsewhere
    held = [ref for ref in case.links.references.about(case.workload, "network-policy") if ref.port in own]
    if seen := [(reference.what, reference.place) for reference in held]:
        yield Found(
            f"{told(seen, 'names', 'name')} the port `{held[0].port}` of `{case.name}`; not every network plugin looks for it in "
            "init containers",
            case.line("ports"),
            "write the number of the port in the policy",
            places=places(seen),
        )


@hazard("block", "<1.33.6")
def hostport_scheduler_blind(case: Case) -> Iterator[Found]:
    """Before 1.33.6 and 1.34 the scheduler does not see hostPorts of init containers (kubernetes#132037).

    It cannot happen where never two of these pods look for a node, or where a port of a container that stays keeps
    them apart as it did.
    """
    own = _host_ports(case.view)
    if own and not _never_two(case) and not any(_takes_host_port(view) for view in case.staying):
        yield Found(
            f"`{case.name}` takes port {own[0].number} of the node; the scheduler of Kubernetes {version_text(case.target)} "
            "would not see it and may put two such pods on one node",
            case.line("ports"),
            "target 1.33.6, or run one pod per node",
        )


@hazard("block")
def hostport_dup_unchecked(case: Case) -> Iterator[Found]:
    """The API server compares hostPorts among `containers`, but of init containers each alone (checkHostPortConflicts)."""
    for port in _host_ports(case.view):
        for other in case.others:
            if port in _host_ports(other):
                yield Found(
                    f"`{case.name}` and `{other.name}` both take port {port.number}/{port.protocol} of the node, which only one "
                    "can have; across the two lists the API server does not refuse that any more",
                    case.line("ports"),
                    "give them different ports",
                    certain=True,
                )


class _HostPort(NamedTuple):
    """A port of the node: validation compares all three (AccumulateUniqueHostPorts)."""

    protocol: str
    host_ip: str
    number: int


def _host_ports(view: View) -> list[_HostPort]:
    """The ports of the node that a container takes; with hostNetwork every port is one (SetDefaults_PodSpec)."""
    found = []
    for port in mappings(view.container.raw.get("ports")):
        held = number(port.get("hostPort") or (port.get("containerPort") if _host_network(view) else None), 0)
        if held > 0:
            found.append(_HostPort(str(port.get("protocol") or "TCP"), str(port.get("hostIP") or ""), held))
    return found


def _takes_host_port(view: View) -> bool:
    """Whether a container takes a port of the node, also one whose number is not known."""
    return any(port.get("hostPort") or _host_network(view) for port in mappings(view.container.raw.get("ports")))


def _host_network(view: View) -> bool:
    return view.pod.raw.get("hostNetwork") is True


def _never_two(case: Case) -> bool:
    """Whether no two pods of the workload are ever scheduled at once: a DaemonSet, a Pod, or one replica without surge."""
    kind, spec = case.workload.kind, case.workload.spec
    if kind in ("DaemonSet", "Pod"):
        return True
    if number(spec.get("replicas"), 1) > 1:
        return False
    if kind == "Deployment":
        surge = at(spec, "strategy", "rollingUpdate", "maxSurge")
        return at(spec, "strategy", "type") == "Recreate" or surge in (0, "0", "0%")
    return kind == "StatefulSet"
