"""What a container does when its pod is to stop, as far as the manifest shows: its preStop hook, and how long it drains.

A preStop hook runs from the first second in parallel with all others; SIGTERM comes after it (kubelet: killContainer).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from migrator.judge.shell.programs import QUIET, local_ports
from migrator.judge.shell.words import Words, base_name, read
from migrator.judge.view import View
from migrator.model import Probe
from migrator.plan.fields import at, number

_LOCAL = frozenset({None, "localhost", "127.0.0.1", "::1"})
#: A path whose request makes a process stop, or turn away what comes. Envoy's drain of inbound listeners alone does not.
_STOPPING_PATH = re.compile(
    r"(?:\A|/)(?:quitquitquit|quit|shutdown|graceful_shutdown|drain_listeners|drain|stop|exit|terminate)(?=[?/]|\Z)(?!.*inboundonly)",
    re.IGNORECASE,
)
#: What makes the program of the same container stop: a command and words that follow it.
_STOPPING_WORDS = {
    "nginx": r"-s (?:quit|stop)",
    "openresty": r"-s (?:quit|stop)",
    "apachectl": r"(?:-k )?(?:graceful-)?stop",
    "apache2ctl": r"(?:-k )?(?:graceful-)?stop",
    "httpd": r"-k (?:graceful-)?stop",
    "squid": r"-k shutdown",
    "caddy": r"stop",
    "supervisorctl": r"(?:shutdown|stop)",
    "service": r"\S+ stop",
    "cloud-sql-proxy": r"shutdown",
    "alloydb-auth-proxy": r"shutdown",
    "consul": r"leave",
    "redis-cli": r".*\bshutdown",
    "varnishadm": r".*\bstop",
    "unbound-control": r".*\bstop",
    "rabbitmqctl": r"(?:stop|stop_app|shutdown)",
    "tailscale": r"(?:down|logout)",
    "pilot-agent": r"request POST \S*(?:quitquitquit|drain_listeners)(?!\S*inboundonly)",
}
_SOCKET_LISTS = frozenset({"netstat", "ss", "lsof"})
_PART = re.compile(r"(\d+(?:\.\d+)?)(ms|s|m|h|d)")
_SECONDS = {"ms": 0.001, "s": 1, "m": 60, "h": 3600, "d": 86400}
_FLAG = re.compile(r"(?:\A|\s)--?([A-Za-z][\w.-]*)(?:=|\s+)[\"']?([\w.]+)")
#: A setting for how long a process goes on after SIGTERM, by the end of its name.
_DRAIN = re.compile(
    r"(?:\A|[-_.])(?:term[-_]timeout|(?:min|max)[-_]sigterm[-_]delay|termination[-_]drain[-_]duration(?:[-_]seconds)?"
    r"|shutdown[-_](?:timeout|delay|duration|period|grace[-_]period(?:[-_]seconds)?)|graceful[-_](?:shutdown[-_])?timeout"
    r"|graceful[-_]shutdown[-_](?:limit[-_]secs|seconds))\Z",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Hook:
    """A preStop hook: what it asks or runs, its command taken apart, and for how many seconds it sleeps at least."""

    handler: Probe
    said: Words
    seconds: int

    @property
    def only_sleeps(self) -> bool:
        """Whether it does nothing but let time pass."""
        idle = all(name in QUIET or name == "sleep" for name in self.said.programs)
        return self.seconds > 0 and idle and not self.said.waits and self.handler.port is None


def pre_stop(view: View) -> Hook | None:
    """The container's preStop hook: a command, a request, or since 1.30 a `sleep`."""
    handler = next((probe for probe in view.container.probes if probe.kind == "preStop"), None)
    if handler is None:
        return None
    said = read(handler.command, ())
    slept = sum(seconds(word) or 0 for words in said.commands if base_name(words[0]) == "sleep" for word in words[1:])
    return Hook(handler, said, number(at(view.container.raw, "lifecycle", "preStop", "sleep", "seconds"), round(slept)))


def stops_itself(view: View, hook: Hook) -> str | None:
    """What in its preStop hook makes a container stop at once, None where nothing shows that."""
    handler = hook.handler
    if handler.path is not None and _STOPPING_PATH.search(handler.path):
        own = isinstance(handler.port, str) or (handler.port is not None and not _listener(view, handler.port))
        return handler.path if own and handler.host in _LOCAL else None
    for place, words in enumerate(hook.said.commands):
        # Behind a loop, it may well stop only once the others are gone.
        if place == 0 or not hook.said.waits:
            for told in _stopping(view, hook.said, words):
                return told
    return None


def _stopping(view: View, said: Words, words: tuple[str, ...]) -> Iterator[str]:
    """What in a command makes the container itself stop."""
    name, rest = base_name(words[0]), " ".join(words[1:])
    if name in _STOPPING_WORDS and re.match(_STOPPING_WORDS[name], rest):
        yield f"{name} {rest}"
    elif " ".join(words) in said.quits and name in ("kill", "pkill", "killall", "killall5"):
        # With shared processes the first one is the pod's, and a name is that of any container's.
        if not view.pod.share_processes or any(runs(view, word) for word in words[1:]):
            yield f"{name} {rest}"
    elif name not in ("echo", "printf"):
        for word in words[1:]:
            ports = local_ports((word,))
            if ports and _STOPPING_PATH.search(word) and not any(_listener(view, port) for port in ports):
                yield word


def _listener(view: View, port: int) -> View | None:
    """The other container that listens on a port, None where the container itself or nobody is known to."""
    return None if port in view.listens else next((other for other in view.neighbours if port in other.listens), None)


def runs(view: View, name: str) -> bool:
    """Whether a process name, or a pattern for one, is that of the container's program, as far as is known."""
    parts = [part.strip("^$() ").split(" ")[0] for part in name.split("|")]
    return any(len(part) > 2 and base_name(part) in known_as(view) for part in parts)


def known_as(view: View) -> frozenset[str]:
    """The names its process may have: the program's in its command, and the last part of its image's."""
    return frozenset(name for name in (view.program, *view.repository[-1:]) if name)


def outlasts(view: View, hook: Hook) -> str | None:
    """What of the other containers its preStop hook waits for to be gone, in words."""
    for port in sorted(hook.said.waits_until_gone.ports):
        if other := _listener(view, port):
            return f"port {port} of `{other.name}` answers"
    if hook.said.waits and not _SOCKET_LISTS.isdisjoint(hook.said.programs):
        return "other containers listen"
    return None


def drain(view: View) -> tuple[int, str] | None:
    """For how many seconds after SIGTERM it says that it may go on, and the flag or variable that says so."""
    settings = [*_FLAG.findall(view.text), *((key, value) for key, value in view.container.env if value)]
    held = [(round(value), key) for key, text in settings if _DRAIN.search(key) and (value := seconds(text))]
    return max(held, default=None)


def seconds(text: str) -> float | None:
    """`30`, `90s` and `1m30s` in seconds; None where it is no duration."""
    if re.fullmatch(r"\d{1,6}(?:\.\d+)?", text):
        return float(text)
    parts = _PART.findall(text) if len(text) < 30 else []
    if not parts or "".join(amount + unit for amount, unit in parts) != text:
        return None
    return sum(float(amount) * _SECONDS[unit] for amount, unit in parts)
