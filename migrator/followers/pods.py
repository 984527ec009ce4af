"""The pods that a Service may select, with their named ports; looked for only where a Service finds a port by its name."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from migrator.links import PodPorts, Service
from migrator.plan.fields import mappings, number
from migrator.sources.facts.asserts import is_assertion
from migrator.sources.facts.names import NAME
from migrator.sources.facts.reader import File, Object, Text, at, entries, pairs
from migrator.text.errors import TooLarge
from migrator.text.source import chunks
from migrator.text.tree import Node
from migrator.text.values import data, is_merge
from migrator.workloads import paths_of

_UNKNOWN = re.compile(r"\{\{|\$[({]")
_VALUE = re.compile(r"[\w.-]+")
_LISTS = ("containers", "initContainers")


def pods_in(path: str, text: str, services: Collection[Service]) -> Iterator[PodPorts]:
    """The pods in a manifest that one of the Services may select; of a template, which is no YAML yet, what it may make."""
    if is_assertion(path):
        return
    file = File(path, text)
    by_value: dict[str, list[Service]] = {}
    odd: list[Service] = []
    for service in services:
        value = service.selector[0][1]
        (by_value.setdefault(value, []) if _VALUE.fullmatch(value) else odd).append(service)
    for start, end in chunks(text):
        piece = text[start:end]
        known = not _UNKNOWN.search(piece)
        words = set(_VALUE.findall(piece)) if known else set()
        chosen = [s for value in sorted(words & by_value.keys()) for s in by_value[value] if _may_name(s, words)]
        wanted = [*chosen, *odd] if known else list(services)
        if "containers" not in piece or not wanted:
            continue
        held = Text(file, start, end)
        if held.schema:
            continue
        if held.roots:
            for one in held.objects:
                yield from (pod for pod in _pods(one) if any(s.may_select(pod.namespace, dict(pod.labels)) for s in wanted))
        elif not known:
            yield from _perhaps(held, wanted)


def _may_name(service: Service, words: Collection[str]) -> bool:
    """Whether all values that a Service selects by are words of a text, as far as they are words."""
    return all(value in words for _, value in service.selector if _VALUE.fullmatch(value))


def _pods(held: Object) -> Iterator[PodPorts]:
    for place in paths_of(held.api_version, held.kind):
        pod = at(held.node, *place.steps)
        if pod is not None and "*" not in place.steps:
            labels = _labels(at(held.node, *place.steps[:-1], "metadata", "labels"))
            ports = tuple(port for key in _LISTS for item in entries(pod, key) for port in _ports(item))
            line = held.line(held.node)
            yield PodPorts(held.path, line, held.kind, held.name, held.namespace or None, labels, ports)


def _labels(node: Node | None) -> tuple[tuple[str, str], ...]:
    """The labels as they are written, those of merge keys included."""
    found: dict[str, str] = {}
    for key, value in node.pairs if node is not None else ():
        sources = value.resolved.items or [value] if is_merge(key) else []
        found = {**dict(pair for source in sources for pair in pairs(source.resolved)), **found}
        if not sources:
            found[key.value] = value.resolved.value
    return tuple(sorted(found.items()))


def _ports(container: Node) -> Iterator[tuple[str, str, int]]:
    try:
        said = data(container)
    except TooLarge:
        return
    for port in mappings(said.get("ports")) if isinstance(said, dict) else ():
        name, held = port.get("name"), number(port.get("containerPort"), 0)
        if isinstance(name, str) and name:
            yield name, str(port.get("protocol") or "TCP"), held if 0 < held < 65536 else 0


def _perhaps(held: Text, services: Collection[Service]) -> Iterator[PodPorts]:
    """What a template may make: a pod with the labels that a Service asks for, where each of them stands there, its value
    perhaps open, and with a port of an unknown number, where the name stands there.
    """
    names = frozenset(NAME.findall(held.piece))
    for service in services:
        labels = (
            rf"""{re.escape(key)}["']?[ \t]*:[ \t]*["']?(?:{re.escape(value)}\b|\{{\{{)""" for key, value in service.selector
        )
        if service.target_port in names and all(re.search(label, held.piece) for label in labels):
            ports = ((service.target_port, service.protocol, 0),)
            yield PodPorts(held.path, held.line(0), "a template", "", service.namespace, service.selector, ports)
