"""Containers that are left alone by name: they are in the baseline, or somebody said no to their move."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from migrator.model import Workload


class Subject(NamedTuple):
    """A container by names alone, which no edit elsewhere changes. `namespace` is empty where the manifest names none."""

    kind: str
    namespace: str
    name: str
    container: str

    def __str__(self) -> str:
        return "/".join(part for part in self if part)


#: Why containers are left, by the path that they are reported under.
Left = Mapping[str, Mapping[Subject, str]]


def subject(workload: Workload, container: str) -> Subject:
    """The name of a container of this workload."""
    return Subject(workload.kind, workload.namespace or "", workload.name, container)


def merged(*many: Left) -> dict[str, dict[Subject, str]]:
    """All of them as one; of two reasons the later counts."""
    found: dict[str, dict[Subject, str]] = {}
    for left in many:
        for path, held in left.items():
            found.setdefault(path, {}).update(held)
    return found


def of_containers(held: Mapping[Subject, str], kind: str, namespace: str, name: str) -> Iterator[tuple[str, str]]:
    """The containers of one workload that are left, with the reasons."""
    return ((one.container, why) for one, why in held.items() if one[:3] == (kind, namespace, name))
