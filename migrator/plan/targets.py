"""Services that find a port of the container by its name, and whether the number can be written there instead.

A number means the same in every version. It is neutral where all pods that such a Service may select mean it by the name:
else the number would send where the name did not (EndpointSlice controller, FindPort).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from migrator.links import Links, PodPorts, Service
from migrator.model import Container, Workload
from migrator.plan.fields import mappings, number
from migrator.versions import Version

#: From this version on a name is looked for in sidecars as well (kubernetes#128850).
FINDS_SIDECARS: Version = (1, 33, 0)


@dataclass(frozen=True)
class Target:
    """A named port of a container that leaves `containers`, and the Services that find it by the name.

    `refusal` says why not all of them can be given the number; empty where they can.
    """

    name: str
    number: int
    services: tuple[Service, ...]
    refusal: str


def targets(container: Container, staying: Collection[Container], workload: Workload, links: Links) -> Iterator[Target]:
    """The ports that Services find by a name which none of the containers that stay has."""
    elsewhere = {port.name for other in staying for port in other.ports}
    for port in mappings(container.raw.get("ports")):
        name = port.get("name")
        if isinstance(name, str) and name and name not in elsewhere:
            found = tuple(links.services_for(workload, name))
            if found:
                held = number(port.get("containerPort"), 0)
                protocol = str(port.get("protocol") or "TCP")
                known = 0 < held < 65536
                whys = (_why_not(service, len(found) > 1, protocol, held, workload, links) for service in found)
                yield Target(name, held, found, next(filter(None, whys), "") if known else "which number that is cannot be told")


def _why_not(service: Service, named: bool, protocol: str, wanted: int, workload: Workload, links: Links) -> str:
    """Why a Service cannot be given the number, in words; with `named`, of which Service that is said."""
    where = f"the Service `{service.name}` ({service.place})" if named else "it"
    if service.fixed:
        return f"{where}: {service.fixed}" if named else service.fixed
    if service.protocol != protocol:
        return f"{where} asks for {service.protocol}, and the port is {protocol}"
    for pod in links.pods:
        if service.may_select(pod.namespace, dict(pod.labels)) and (why := _differs(pod, service, wanted, workload)):
            who = f"{pod.kind} `{pod.name}`" if pod.name else pod.kind
            return f"{where} may also send to {who} ({pod.place}), {why}"
    return ""


def _differs(pod: PodPorts, service: Service, wanted: int, workload: Workload) -> str:
    """What else the name of the port means in a pod, in words; empty where it means the number."""
    numbers = {held for name, protocol, held in pod.ports if (name, protocol) == (service.target_port, service.protocol)}
    if numbers - {wanted}:
        return "in which the name is that of another port"
    # A patch of the workload, or a base that is called otherwise in the end, need not say all of it.
    own = pod.kind == workload.kind and pod.name in workload.name
    return "which has no port of that name" if not numbers and not own and pod.namespace == service.namespace else ""
