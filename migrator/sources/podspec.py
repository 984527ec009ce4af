"""A pod spec in a YAML tree as the typed `PodSpec`; what Kubernetes would refuse is refused here, with its line."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from migrator.model import Container, Directive, Mount, PodSpec, Port, Probe
from migrator.sources.directives import of_item
from migrator.text.lines import Lines
from migrator.text.tree import Node
from migrator.text.values import data, is_null

_PROBES = (("startup", "startupProbe"), ("readiness", "readinessProbe"), ("liveness", "livenessProbe"))


class Unreadable(Exception):
    """A pod spec that cannot be read without guessing; `line` is 1-based."""

    def __init__(self, message: str, line: int) -> None:
        super().__init__(message)
        self.message = message
        self.line = line


def containers_of(node: Node, lines: Lines) -> int:
    """How many containers the pod spec has. Raises `Unreadable` where `containers` is no list with entries."""
    value = node.get("containers")
    if value is None:
        return 0
    held = value.resolved
    line = lines.of(value.start) + 1
    if held.kind == "map":
        raise Unreadable("`containers` is a mapping, a list is wanted", line)
    if held.kind == "scalar":
        raise Unreadable(
            "`containers` is null" if not held.value or held.value in ("null", "~") else "`containers` is a text", line
        )
    if not held.items:
        raise Unreadable("`containers` is empty", line)
    return len(held.items)


def read_pod(node: Node, lines: Lines) -> PodSpec:
    """The pod spec at `node`, a mapping. Raises `Unreadable`."""
    for key, line in ambiguous_keys(node, lines):
        raise Unreadable(f"duplicate key `{key}`", line)
    inits_node = node.get("initContainers")
    if inits_node is not None and inits_node.resolved.kind != "seq" and not is_null(inits_node.resolved):
        raise Unreadable("`initContainers` is no list", lines.of(inits_node.start) + 1)
    raw = data(node)
    containers = _containers(node, raw, "containers", lines)
    inits = _containers(node, raw, "initContainers", lines)
    for group in (containers, inits):
        names = [container.name for container in group]
        for container in group:
            if container.name in names[: container.index]:
                raise Unreadable(f"two containers are called `{container.name}`", container.line)
    return PodSpec(
        containers,
        inits,
        {v["name"]: _volume_kind(v) for v in _maps(raw.get("volumes")) if isinstance(v.get("name"), str)},
        raw["restartPolicy"] if isinstance(raw.get("restartPolicy"), str) else None,
        raw.get("shareProcessNamespace") is True,
        raw,
    )


def ambiguous_keys(pod: Node, lines: Lines) -> Iterator[tuple[str, int]]:
    """Keys given twice where it matters which one counts: the lists of containers, and anywhere inside them.

    Elsewhere a duplicate key is the author's business: Kubernetes takes the last, and no edit goes near it.
    """
    lists = [value for key, value in pod.pairs if key.value in ("containers", "initContainers")]
    for key, line in _repeated(pod, lines):
        if key in ("containers", "initContainers"):
            yield key, line
    waiting = lists
    while waiting:
        node = waiting.pop()
        yield from _repeated(node, lines)
        waiting.extend(node.children())


def _repeated(node: Node, lines: Lines) -> Iterator[tuple[str, int]]:
    """Keys that one mapping has twice, with the line of the second."""
    seen: set[str] = set()
    for key, _ in node.pairs:
        if key.kind == "scalar" and key.value != "<<":
            if key.value in seen:
                yield key.value, lines.of(key.start) + 1
            seen.add(key.value)


def _containers(node: Node, raw: dict[str, Any], key: str, lines: Lines) -> tuple[Container, ...]:
    value = node.get(key)
    held = value.resolved.items if value is not None and value.resolved.kind == "seq" else []
    plain = raw.get(key) or []
    return tuple(_container(item, plain[n], n, key, lines) for n, item in enumerate(held))


def _container(item: Node, raw: Any, index: int, key: str, lines: Lines) -> Container:
    line = lines.of(item.start) + 1
    if not isinstance(raw, dict):
        raise Unreadable(f"`{key}` number {index + 1} is no mapping", line)
    name = raw.get("name")
    if name is None or not isinstance(name, (str, int, float)) or name == "":
        raise Unreadable(f"a container without a name (number {index + 1} of `{key}`)", line)
    written = item.resolved.get("name")
    return Container(
        written.value if written is not None and written.kind == "scalar" else str(name),
        raw["image"] if isinstance(raw.get("image"), str) else None,
        _texts(raw.get("command")),
        _texts(raw.get("args")),
        tuple((str(e.get("name")), e["value"] if isinstance(e.get("value"), str) else None) for e in _maps(raw.get("env"))),
        tuple(_port(p) for p in _maps(raw.get("ports"))),
        tuple(
            Mount(str(m.get("name")), str(m.get("mountPath", "")), m.get("readOnly") is True, m.get("subPath"))
            for m in _maps(raw.get("volumeMounts"))
        ),
        tuple(_probes(raw)),
        index,
        line,
        raw,
        {k.value: lines.of(k.start) + 1 for k, _ in item.resolved.pairs if k.kind == "scalar"},
        _directive(item, lines),
    )


def _directive(item: Node, lines: Lines) -> Directive | None:
    directive, problem = of_item(item, lines)
    if problem:
        raise Unreadable(problem.message, problem.line)
    return directive


def _port(port: dict[str, Any]) -> Port:
    number, host = port.get("containerPort"), port.get("hostPort")
    name = port.get("name")
    return Port(
        number if isinstance(number, int) else 0,
        name if isinstance(name, str) else None,
        host if isinstance(host, int) else None,
    )


def _probes(raw: dict[str, Any]) -> Iterator[Probe]:
    for kind, key in _PROBES:
        if isinstance(raw.get(key), dict):
            yield _handler(kind, raw[key])
    hooks = raw.get("lifecycle")
    if isinstance(hooks, dict):
        for key in ("postStart", "preStop"):
            if isinstance(hooks.get(key), dict):
                yield _handler(key, hooks[key])


def _handler(kind: Any, handler: dict[str, Any]) -> Probe:
    """A probe or hook: `httpGet`, `tcpSocket`, `grpc` or `exec`."""
    for action in ("httpGet", "tcpSocket", "grpc"):
        asked = handler.get(action)
        if isinstance(asked, dict):
            port = asked.get("port")
            path, host = asked.get("path"), asked.get("host")
            return Probe(
                kind,
                port if isinstance(port, (int, str)) else None,
                path if isinstance(path, str) else None,
                host if isinstance(host, str) else None,
            )
    run = handler.get("exec")
    return Probe(kind, command=_texts(run.get("command")) if isinstance(run, dict) else ())


def _volume_kind(volume: dict[str, Any]) -> str:
    return next((key for key in volume if key != "name"), "emptyDir")


def _maps(value: Any) -> list[dict[str, Any]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _texts(value: Any) -> tuple[str, ...]:
    return tuple(str(item) for item in value) if isinstance(value, list) else ()
