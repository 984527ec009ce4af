"""A pod seen from one of its containers: what it runs, listens on, dials, and shares with its neighbours."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property

from migrator.images import repository
from migrator.judge.shell import words
from migrator.links import Links
from migrator.model import Container, PodSpec, Workload

_DIAL = re.compile(r"(?:\blocalhost|\b127\.0\.0\.1|\[::1\])\)?:(\d{2,5})\b")
_LISTEN_FLAG = re.compile(r"(listen|bind|serve)", re.IGNORECASE)
_ADDRESS_FLAG = re.compile(r"(addr|http|port|endpoint)", re.IGNORECASE)
_DIAL_FLAG = re.compile(
    r"(upstream|backend|target|remote|scrape|uri|url|dsn|connect|forward|proxy-to|proxy_pass|source|server|dest|host\b)",
    re.IGNORECASE,
)
_LISTEN_PORT = re.compile(
    r"(?:^|[=\s:/\]])(?:0\.0\.0\.0|127\.0\.0\.1|localhost|\[::\]|\[::1\]|\*)?:(\d{2,5})$|(?i:port)[=\s]+(\d{2,5})$"
)


class View:
    """One container with its pod and workload. Everything is computed when first asked for."""

    def __init__(self, pods: PodView, container: Container, native: bool = False) -> None:
        self.of = pods
        #: Whether it is a sidecar container already.
        self.native = native
        self.pod = pods.pod
        self.workload = pods.workload
        self.container = container
        self.name = container.name
        #: What each signal said, by its name.
        self.said: dict[str, str | None] = {}

    @cached_property
    def repository(self) -> tuple[str, ...]:
        """The image's repository in segments without the registry; empty where it is not known."""
        return repository(self.container.image)

    @cached_property
    def words(self) -> words.Words:
        """Its command taken apart."""
        return words.read(self.container.command, self.container.args)

    @property
    def program(self) -> str | None:
        """The base name of the program, where the manifest says."""
        return self.words.program

    @cached_property
    def text(self) -> str:
        """Command and args in one line."""
        return " ".join((*self.container.command, *self.container.args))

    @cached_property
    def _addresses(self) -> tuple[frozenset[int], frozenset[int]]:
        listens = {p.number for p in self.container.ports if p.number}
        dials: set[int] = set()
        for key, value in self._settings():
            own = _listening(key, value)
            dials.update(() if own else localhost_ports(value))
            if own and (found := _LISTEN_PORT.search(f"{key}={value}")):
                listens.add(int(found.group(1) or found.group(2)))
        return frozenset(listens), frozenset(dials - listens)

    def _settings(self) -> Iterator[tuple[str, str]]:
        """Flags and environment as (key, value); a word that is no flag has the key of the flag before it."""
        flag = ""
        for word in (*self.container.command, *self.container.args):
            if word.startswith("-") and "=" in word:
                key, _, value = word.partition("=")
                yield key, value
                flag = ""
            elif word.startswith("-"):
                flag = word
            else:
                yield flag, word
                flag = ""
        yield from ((key, value) for key, value in self.container.env if value)

    @property
    def listens(self) -> frozenset[int]:
        """Ports it declares, or is told to listen on."""
        return self._addresses[0]

    @property
    def dials(self) -> frozenset[int]:
        """Ports on localhost that its command or environment names and that are not its own."""
        return self._addresses[1]

    @cached_property
    def neighbours(self) -> tuple[View, ...]:
        """The other containers that run beside it, native sidecars included: having moved one changes no verdict."""
        return tuple(view for view in (*self.of.views, *self.of.native) if view is not self)

    @cached_property
    def dialled(self) -> tuple[tuple[View, int], ...]:
        """The neighbours whose ports it dials, and the ports."""
        return tuple((view, n) for view in self.neighbours for n in sorted(self.dials & view.listens))

    @cached_property
    def shared(self) -> tuple[tuple[str, View], ...]:
        """Volumes that hold data (not configuration) with each neighbour that mounts them too."""
        mine = {m.volume for m in self.container.mounts if self.pod.volumes.get(m.volume) in DATA_VOLUMES}
        return tuple(
            (volume, view) for view in self.neighbours for volume in sorted(mine & {m.volume for m in view.container.mounts})
        )

    def reads_only(self, volume: str) -> bool:
        """Whether every mount it has of the volume is read-only."""
        return all(m.read_only for m in self.container.mounts if m.volume == volume)


def _listening(key: str, value: str) -> bool:
    """Whether a flag or variable says where its container listens, as far as its name tells."""
    if _DIAL_FLAG.search(key):
        return False
    return bool(_LISTEN_FLAG.search(key)) or (bool(_ADDRESS_FLAG.search(key)) and "://" not in value)


#: Volume kinds through which containers of one pod hand each other data.
DATA_VOLUMES = frozenset({"emptyDir", "persistentVolumeClaim", "ephemeral", "hostPath", "csi", "nfs"})


def localhost_ports(text: str) -> frozenset[int]:
    """The ports that a text asks for on localhost."""
    return frozenset(int(found.group(1)) for found in _DIAL.finditer(text))


class PodView:
    """The views of all containers of a pod that run beside each other, and what the repository says of them."""

    def __init__(self, pod: PodSpec, workload: Workload, links: Links | None = None) -> None:
        self.pod = pod
        self.links = links or Links()
        self.workload = workload
        self.views = tuple(View(self, container) for container in pod.containers)
        self.native = tuple(View(self, c, True) for c in pod.init_containers if c.raw.get("restartPolicy") == "Always")
