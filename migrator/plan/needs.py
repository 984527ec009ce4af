"""What a container needs of another one: a port that answers, a file that is written, what an init container prepares."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from migrator.judge.shell.words import read
from migrator.judge.view import DATA_VOLUMES, View, localhost_ports
from migrator.model import Container
from migrator.plan.clients import asked_ports
from migrator.plan.places import named_in, place_of

#: Flags and variables that say on which port their own container listens; `DB_PORT` is another's.
_OWN_PORT = (
    r"(?:\S*(?:listen|bind|serve(?!r))\S*|(?:(?:http|https|web|server|app|metrics|health|admin)[-_]?)?(?:port|addr|address))"
)
_SOCKET = re.compile(r"(/(?!/)[\w./-]+\.sock(?:et)?)\b")
_SOCKET_FOLDER = re.compile(r"(?:-dir|--?unix-socket)[= ](/[\w./-]+)")
_UNKNOWN_PATH = re.compile(r"[$`{]")
_PATTERN = re.compile(r"[*?\[]")


@dataclass(frozen=True)
class Need:
    """Something that only `provider` can give: "port 8080 of `shop`" stands behind "asks", a file behind "looks for".

    `sure` says that nothing else can give it.
    """

    provider: str
    verb: str
    thing: str
    sure: bool = True

    @property
    def words(self) -> str:
        """To stand behind "the startupProbe"."""
        return f"{self.verb} {self.thing}"

    def behind(self, port: str) -> Need:
        """The need of who asks a port of a container that opens it only when its own need is met."""
        return replace(self, verb="asks", thing=f"{port}, which it opens only once it has found {self.thing}")


@dataclass(frozen=True)
class Alone:
    """A container whose neighbours have not started yet; the plain init containers are done.

    `up` says that its own program runs, `held` what this program waits for before it opens its ports.
    `makes_files` is whether it may be the one that creates a file on a volume it can write to, None where nothing tells.
    """

    view: View
    others: tuple[View, ...]
    makes_files: bool | None = None
    up: bool = True
    held: Need | None = None

    def lacks(self, ports: frozenset[int] = frozenset(), files: frozenset[str] = frozenset()) -> Need | None:
        """The first of these ports and files that is not there yet, and whose it is."""
        for number in sorted(ports):
            if need := self._port(number):
                return need
        for path in sorted(files):
            if need := self._file(path):
                return need
        return None

    def has(self, ports: frozenset[int]) -> bool:
        """Whether one of these ports is its own and open."""
        return self.up and self.held is None and any(own_port(self.view, number) for number in ports)

    def _port(self, number: int) -> Need | None:
        if not own_port(self.view, number):
            declaring = [o for o in self.others if any(port.number == number for port in o.container.ports)]
            for other in (*declaring, *(o for o in self.others if answers(o, number))):
                return Need(other.name, "asks", f"port {number} of `{other.name}`")
        return self.held.behind(f"port {number}") if self.held else None

    def _file(self, path: str) -> Need | None:
        container, pod = self.view.container, self.view.pod
        place = place_of(container, path)
        if place is None or pod.volumes.get(place[0]) != "emptyDir" or _UNKNOWN_PATH.search(path) or made_here(self.view, path):
            return None
        # A sidecar is a neighbour, also where an earlier run has moved it.
        inits = [init for init in pod.init_containers if init.raw.get("restartPolicy") != "Always"]
        if any(named_in(init, place) for init in inits):
            return None
        writers = [o for o in self.others if any(m.volume == place[0] and not m.read_only for m in o.container.mounts)]
        known = [o for o in writers if any(place_of(o.container, made) == place for made in o.words.touches)]
        if not writers or (self._may_make(place[0]) and not known):
            return None
        unsure = bool(_PATTERN.search(path)) or (self.makes_files is None and not self.view.reads_only(place[0]))
        sure = bool(known) or not (unsure or any(_may_write(init, place[0]) for init in inits))
        provider = (known or [o for o in writers if named_in(o.container, place)] or writers)[0].name
        return Need(provider, "looks for", f"{path}, which `{provider}` {'writes' if sure else 'may have to write'}", sure)

    def _may_make(self, volume: str) -> bool:
        return self.makes_files is True and not self.view.reads_only(volume)


def own_port(view: View, number: int) -> bool:
    """Whether the container itself listens there, as far as its manifest shows: it names the port, and does not ask it."""
    if number in view.listens:
        return True
    asked = view.dials | view.words.waits_for_ports | {port for words in view.words.commands for port in asked_ports(words)}
    return number not in asked and bool(re.search(rf"\b{number}\b", _said(view.container)))


def answers(view: View, number: int) -> bool:
    """Whether the manifest shows that the container listens there: it declares the port, probes it, or is told to."""
    container = view.container
    probes = [probe for probe in container.probes if probe.kind in ("startup", "readiness", "liveness") and probe.host is None]
    if number in {*(port.number for port in container.ports), *(probe.port for probe in probes)}:
        return True
    said = rf"(?i)(?:^|\s)-*{_OWN_PORT}[=\s]\S{{0,80}}?\b{number}(?:\s|$)"
    return number in view.listens and bool(re.search(said, _said(container)))


def _said(container: Container) -> str:
    """Command, args and environment in one line."""
    return " ".join((*container.command, *container.args, *(f"{key}={value}" for key, value in container.env if value)))


def made_here(view: View, path: str) -> bool:
    """Whether the container's own script creates the file."""
    made = re.search(rf"(?:touch|tee|>>?|mkdir -p|mkfifo|(?:cp|mv) .{{0,200}})\s*[\"']?{re.escape(path)}", view.text)
    return path in view.words.touches or bool(made)


def _may_write(init: Container, volume: str) -> bool:
    """Whether an init container can write the volume, and its own words do not tell all that it does."""
    if all(m.read_only for m in init.mounts if m.volume == volume):
        return False
    said = read(init.command, init.args)
    return said.kind == "unknown" or any(_UNKNOWN_PATH.search(path) for path in said.touches)


def prepares(init: Container, view: View) -> bool:
    """Whether an init container may prepare what this one needs: it writes a volume of it, or sets up the network."""
    written = {m.volume for m in init.mounts if not m.read_only and view.pod.volumes.get(m.volume) in DATA_VOLUMES}
    return bool(written & {m.volume for m in view.container.mounts}) or _sets_up_network(init)


def _sets_up_network(init: Container) -> bool:
    context = init.raw.get("securityContext")
    granted = context.get("capabilities") if isinstance(context, dict) else None
    added = granted.get("add") if isinstance(granted, dict) else None
    return isinstance(added, list) and "NET_ADMIN" in added


def needed_by_init(view: View, init: Container) -> str | None:
    """How an init container would use this one if it were there already, in words, or None."""
    said = _said(init)
    asked = {number for words in read(init.command, init.args).commands if words for number in asked_ports(words)}
    for number in sorted((localhost_ports(said) | asked) & view.listens):
        return f"asks port {number} on localhost"
    for path in _SOCKET.findall(said):
        place = place_of(init, path)
        if place and place in _sockets(view) and not any(named_in(other.container, place) for other in view.neighbours):
            return f"uses the socket {path}, which `{view.name}` opens"
    for mount in init.mounts:
        folder = next((m.path for m in view.container.mounts if m.volume == mount.volume and m.path in _folders(view)), None)
        if folder and re.search(rf"{re.escape(mount.path.rstrip('/'))}/[\w-]+:", said):
            return f"uses a socket in {mount.path}, where `{view.name}` opens them"
    return None


def _sockets(view: View) -> set[tuple[str, str]]:
    """The places of the sockets that the container names."""
    found = (place_of(view.container, path) for path in _SOCKET.findall(_said(view.container)))
    return {place for place in found if place}


def _folders(view: View) -> set[str]:
    """The folders that it is told to open sockets in, as a Cloud SQL proxy is."""
    return {path.rstrip("/") for path in _SOCKET_FOLDER.findall(_said(view.container))}
