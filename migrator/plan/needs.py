"""What a container needs of another one: a port that answers, a file that is written, what an init container prepares."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from migrator.judge.view import DATA_VOLUMES, View, localhost_ports
from migrator.model import Container, Probe

_WAITS_FOR_FILE = re.compile(r"(?:-[ef]|\btest\s+-[ef]|\bcat|\bstat|\bls)\s+[\"']?(/[\w./-]+)")


@dataclass(frozen=True)
class Need:
    """Something that only `provider` can give. `words` says what, to stand behind "the startupProbe"."""

    provider: str
    words: str


def asked_by(view: View, probe: Probe, others: Sequence[View]) -> Need | None:
    """What a probe or hook of a container asks of another one, as far as the manifest shows."""
    if isinstance(probe.port, int) and probe.host in (None, "localhost", "127.0.0.1", "::1") and not own_port(view, probe.port):
        for other in others:
            if probe.port in other.listens:
                return Need(other.name, f"asks port {probe.port} of `{other.name}`")
    script = " ".join(probe.command)
    for number in sorted(localhost_ports(script) - view.listens):
        for other in others:
            if number in other.listens:
                return Need(other.name, f"asks port {number} of `{other.name}`")
    for path in _WAITS_FOR_FILE.findall(script):
        if (provider := writer(view, path, others)) and not made_here(view, path):
            return Need(provider.name, f"waits for {path}, which `{provider.name}` writes")
    return None


def own_port(view: View, number: int) -> bool:
    """Whether the container itself listens there, as far as its manifest shows."""
    return number in view.listens or (number not in view.dials and bool(re.search(rf"\b{number}\b", view.text)))


def writer(view: View, path: str, others: Sequence[View]) -> View | None:
    """One of `others` that can write the file at `path` of this container: they share the emptyDir mounted there."""
    volume = volume_at(view.container, path)
    if volume is None or view.pod.volumes.get(volume) != "emptyDir":
        return None
    return next((o for o in others for m in o.container.mounts if m.volume == volume and not m.read_only), None)


def volume_at(container: Container, path: str) -> str | None:
    """The volume that is mounted where `path` lies in the container."""
    mounts = [m for m in container.mounts if path == m.path or path.startswith(m.path.rstrip("/") + "/")]
    return max(mounts, key=lambda m: len(m.path)).volume if mounts else None


def made_here(view: View, path: str) -> bool:
    """Whether the container's own script names the file in a command that creates it."""
    return bool(re.search(rf"(?:touch|tee|>>?|mkdir -p|mkfifo|cp .*)\s*[\"']?{re.escape(path)}", view.text))


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
    said = " ".join((*init.command, *init.args, *(value for _, value in init.env if value)))
    for number in sorted(localhost_ports(said) & view.listens):
        return f"asks port {number} on localhost"
    return None
