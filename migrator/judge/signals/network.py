"""Who listens, who dials whom on localhost, whom the Service reaches."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from migrator.judge.signals.registry import signal

if TYPE_CHECKING:
    from migrator.judge.view import View

#: Well-known ports of databases, caches, brokers and search engines.
_STORE_PORTS = frozenset({1433, 2181, 2379, 3306, 4222, 5432, 5672, 6379, 7687, 8086, 8123, 9000, 9042, 9092, 9200, 11211, 27017})
_SOCKET = re.compile(r"(/[\w./-]+\.sock(?:et)?)\b")


@signal("dials-neighbour")
def dials_neighbour(view: View) -> str | None:
    """It dials a port on localhost that a neighbour listens on; to dial a data store is to be its client."""
    served = [(other, number) for other, number in view.dialled if number not in _STORE_PORTS]
    if not served:
        return None
    other, number = served[0]
    return f"dials localhost:{number}, where `{other.name}` listens"


@signal("dialled-by-neighbour")
def dialled_by_neighbour(view: View) -> str | None:
    """A neighbour dials a port on localhost that it listens on."""
    for other in view.neighbours:
        for target, number in other.dialled:
            if target.name == view.name:
                return f"`{other.name}` dials localhost:{number}, where it listens"
    return None


@signal("serves")
def serves(view: View) -> str | None:
    """It declares ports."""
    return f"serves port {min(view.listens)}" if view.listens else None


@signal("only-server")
def only_server(view: View) -> str | None:
    """It alone declares ports."""
    if view.container.ports and not any(other.container.ports for other in view.neighbours):
        return "the only one that declares ports"
    return None


@signal("only-ready")
def only_ready(view: View) -> str | None:
    """It alone has a readinessProbe: the pod takes traffic when it says so."""

    def ready(of: View) -> bool:
        return any(probe.kind == "readiness" for probe in of.container.probes)

    return "the only one with a readinessProbe" if ready(view) and not any(map(ready, view.neighbours)) else None


@signal("serves-the-service")
def serves_the_service(view: View) -> str | None:
    """A Service targets a port of it, and of no neighbour."""
    wanted = view.of.links.ports_served(view.workload)
    if not wanted or not _served(view, wanted) or any(_served(other, wanted) for other in view.neighbours):
        return None
    return "of this pod, the Service sends traffic only to it"


def _served(view: View, wanted: frozenset[str]) -> bool:
    ports = view.container.ports
    return any(str(p.number) in wanted or (p.name or "") in wanted for p in ports) or any(str(n) in wanted for n in view.listens)


@signal("shares-socket")
def shares_socket(view: View) -> str | None:
    """It and a neighbour name the same unix socket on a volume that both mount."""
    for volume, other in view.shared:
        if (mine := _sockets(view, volume)) and mine & _sockets(other, volume):
            return f"shares the socket {min(mine)} on `{volume}` with `{other.name}`"
    return None


def _sockets(view: View, volume: str) -> set[str]:
    """The base names of the sockets that its command or environment names below the volume's mount."""
    said = " ".join((view.text, *(value or "" for _, value in view.container.env)))
    paths = [m.path.rstrip("/") + "/" for m in view.container.mounts if m.volume == volume]
    return {path.rpartition("/")[2] for path in _SOCKET.findall(said) if any(path.startswith(p) for p in paths)}
