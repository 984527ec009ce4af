"""The numbers that were written into Services, as a renderer shows them."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from migrator.sources.kustomize.objects import name_of
from migrator.text.errors import TextError, TooLarge
from migrator.text.source import decode
from migrator.text.tree import parse
from migrator.text.values import data
from migrator.workloads import is_list

#: The name of a Service, the name of the port that it targeted, and the number that it targets now.
Numbered = tuple[str, str, int]


def numbers_written(before: bytes, after: bytes) -> Iterator[Numbered]:
    """The targetPorts of Services in a manifest that became numbers."""
    for was, now in zip(_services(before), _services(after), strict=False):
        for old, new in zip(_ports(was), _ports(now), strict=False):
            name, number = (port.get("targetPort") for port in (old, new))
            if isinstance(name, str) and isinstance(number, int):
                yield name_of(was), name, number


def renumbered(was: dict[str, Any], now: dict[str, Any], numbers: Collection[Numbered]) -> dict[str, Any]:
    """The object as it was, with those targetPorts as numbers that are numbers now and were to be.

    A kustomization may have put something before and behind the name of the Service.
    """
    old, new = _ports(was), _ports(now)
    meant = {(port, number) for service, port, number in numbers if service and service in name_of(was)}
    if not meant or len(old) != len(new) or was.get("kind") != "Service":
        return was
    ports = [
        {**a, "targetPort": b["targetPort"]} if (a.get("targetPort"), b.get("targetPort")) in meant else a
        for a, b in zip(old, new, strict=True)
    ]
    return {**was, "spec": {**was["spec"], "ports": ports}}


def _services(content: bytes) -> list[dict[str, Any]]:
    try:
        waiting = [data(root) for root in parse(decode(content).text) if root is not None]
    except (TextError, TooLarge):
        return []
    found = []
    for said in waiting:
        if isinstance(said, dict) and said.get("kind") == "Service":
            found.append(said)
        elif isinstance(said, dict) and is_list(str(said.get("kind"))) and isinstance(said.get("items"), list):
            waiting += said["items"]
    return found


def _ports(said: dict[str, Any]) -> list[dict[str, Any]]:
    spec = said.get("spec")
    ports = spec.get("ports") if isinstance(spec, dict) else None
    return ports if isinstance(ports, list) and all(isinstance(port, dict) for port in ports) else []
