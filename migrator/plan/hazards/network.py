"""Network and scheduling: who still finds the container's ports once it is an init container."""

from __future__ import annotations

from collections.abc import Iterator

from migrator.model import Hazard
from migrator.plan.case import Case, Check
from migrator.settings import version_text

_NAMED_PORTS = (1, 33)
_HOST_PORTS = (1, 34)


def service_named_target_port(case: Case) -> Iterator[Hazard]:
    """Before 1.33 an EndpointSlice does not resolve a named targetPort of an init container (kubernetes#128850)."""
    if case.target >= _NAMED_PORTS:
        return
    elsewhere = {p.name for view in case.staying for p in view.container.ports}
    for port in case.view.container.ports:
        if port.name and port.name not in elsewhere and (service := case.links.service_for(case.workload, port.name)):
            yield Hazard(
                "service-named-target-port",
                "block",
                f"the Service `{service.name}` ({service.path}:{service.line}) finds `{case.name}` by the port name "
                f"`{port.name}`; Kubernetes {version_text(case.target)} does not look for it in init containers",
                case.line("ports"),
                f"write `targetPort: {port.number}` in the Service, or target 1.33",
                certain=True,
            )


def host_port_scheduler_blind(case: Case) -> Iterator[Hazard]:
    """Before 1.33.6 and 1.34 the scheduler does not see hostPorts of init containers (kubernetes#132037)."""
    if case.target >= _HOST_PORTS or case.workload.kind == "DaemonSet":
        return
    host_network = case.view.pod.raw.get("hostNetwork") is True
    own = [p.host_port or p.number for p in case.view.container.ports if p.host_port or host_network]
    if own and not any(p.host_port or host_network for view in case.staying for p in view.container.ports):
        yield Hazard(
            "hostport-scheduler-blind",
            "block",
            f"`{case.name}` takes port {own[0]} of the node; the scheduler of Kubernetes {version_text(case.target)} would "
            "not see it and may put two such pods on one node",
            case.line("ports"),
            "target 1.34, or run one pod per node",
        )


CHECKS: tuple[Check, ...] = (service_named_target_port, host_port_scheduler_blind)
