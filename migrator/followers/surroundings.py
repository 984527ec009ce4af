"""What is looked at only where a Service finds a port by its name: the pods that it may select, other files, kustomizations."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from migrator.followers.kustomized import Read, fixed
from migrator.followers.outside import may_name_ports, named_services
from migrator.followers.pods import pods_in
from migrator.links import Links, PodPorts, Service
from migrator.prefilter import file_may_hold_pods
from migrator.sources.facts.asserts import is_assertion
from migrator.sources.kustomize.model import Kustomization
from migrator.text.errors import TextError
from migrator.text.source import decode

Map = Callable[[Callable[[Any], Any], Sequence[Any]], Iterable[Any]]


def with_surroundings(
    links: Links,
    files: Sequence[str],
    others: Sequence[str],
    kustomizations: Iterable[Kustomization],
    mapper: Map,
    read: Read,
) -> Links:
    """The links with all that matters to Services which find ports by their names. `others` are known and not written."""
    outside = [service for found in mapper(partial(_outside, read=read), others) for service in found]
    links = replace(links, outside=tuple(outside))
    named = [s for s in (*links.services, *links.outside) if s.selector and not s.target_port.isdecimal()]
    if not named:
        return links
    asking = partial(_pods, services=tuple(named), read=read)
    pods = sorted((pod for found in mapper(asking, (*files, *others)) for pod in found), key=lambda pod: (pod.path, pod.line))
    links = replace(links, pods=tuple(pods))
    return links.fixing({**fixed(named, kustomizations, read), **dict(_expected(links.services))})


def _outside(path: str, read: Read) -> tuple[Service, ...]:
    try:
        content = read(path)
        return tuple(named_services(path, decode(content).text)) if may_name_ports(content) else ()
    except (OSError, TextError):
        return ()


def _pods(path: str, services: tuple[Service, ...], read: Read) -> tuple[PodPorts, ...]:
    try:
        content = read(path)
        return tuple(pods_in(path, decode(content).text, services)) if file_may_hold_pods(content) else ()
    except (OSError, TextError):
        return ()


def _expected(services: Iterable[Service]) -> Iterable[tuple[Service, str]]:
    """The Services of which a test expects the name, and where."""
    held = list(services)
    expected = {(s.name, s.target_port): s for s in held if is_assertion(s.path)}
    for service in held:
        there = expected.get((service.name, service.target_port))
        if there is not None and not service.fixed:
            yield service, f"a test expects the name ({there.place})"
