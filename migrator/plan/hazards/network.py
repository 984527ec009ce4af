"""Network: who still finds the container's ports once it is an init container."""

from __future__ import annotations

from collections.abc import Iterator

from migrator.judge.view import View
from migrator.plan.case import Case
from migrator.plan.fields import at, number
from migrator.plan.hazards.check import Found, hazard
from migrator.versions import version_text


@hazard("block", "<1.33")
def service_named_target_port(case: Case) -> Iterator[Found]:
    """Before 1.33 an EndpointSlice does not resolve a named targetPort of an init container (kubernetes#128850)."""
    elsewhere = {p.name for view in case.staying for p in view.container.ports}
    for port in case.view.container.ports:
        if port.name and port.name not in elsewhere and (service := case.links.service_for(case.workload, port.name)):
            yield Found(
                f"the Service `{service.name}` ({service.path}:{service.line}) finds `{case.name}` by the port name "
                f"`{port.name}`; Kubernetes {version_text(case.target)} does not look for it in init containers",
                case.line("ports"),
                f"write `targetPort: {port.number}` in the Service, or target 1.33",
                certain=True,
            )


@hazard("block", "<1.33.6")
def hostport_scheduler_blind(case: Case) -> Iterator[Found]:
    """Before 1.33.6 and 1.34 the scheduler does not see hostPorts of init containers (kubernetes#132037).

    It cannot happen where never two of these pods look for a node, or where a port of a container that stays keeps
    them apart as it did.
    """
    own = _host_ports(case, case.view)
    if own and not _never_two(case) and not any(_host_ports(case, view) for view in case.staying):
        yield Found(
            f"`{case.name}` takes port {own[0]} of the node; the scheduler of Kubernetes {version_text(case.target)} would "
            "not see it and may put two such pods on one node",
            case.line("ports"),
            "target 1.34, or run one pod per node",
        )


def _host_ports(case: Case, view: View) -> list[int]:
    """The ports of the node that a container takes; with hostNetwork every port is one (SetDefaults_PodSpec)."""
    host_network = view.pod.raw.get("hostNetwork") is True
    return [p.host_port or p.number for p in view.container.ports if p.host_port or host_network]


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
