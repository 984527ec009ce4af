"""The objects with pods in a manifest, as plain data that patches are applied to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from migrator.text.errors import TextError
from migrator.text.tree import Node, parse
from migrator.text.values import data
from migrator.workloads import is_list, paths_of


@dataclass(frozen=True)
class Held:
    """Where an object with a pod stands, and what it says. `pod` leads from the object to its pod spec."""

    path: str
    document: int
    pointer: tuple[str | int, ...]
    pod: tuple[str, ...]
    said: dict[str, Any]

    @property
    def place(self) -> tuple[str, int, tuple[str | int, ...]]:
        """What tells it from all others."""
        return self.path, self.document, self.pointer


def objects(path: str, text: str) -> list[Held]:
    """The objects with exactly one pod each, in the order of the text. Raises `TextError` where it is not YAML."""
    roots = list(parse(text))
    return [held for number, root in enumerate(roots) if root is not None for held in _held(path, number, root)]


def _held(path: str, number: int, root: Node, at: tuple[str | int, ...] = ()) -> Iterator[Held]:
    said = data(root)
    if not isinstance(said, dict):
        return
    kind, version = said.get("kind"), said.get("apiVersion")
    if not isinstance(kind, str) or not isinstance(version, str):
        return
    items = root.get("items")
    if is_list(kind) and items is not None and items.kind == "seq":
        for n, item in enumerate(items.items):
            yield from _held(path, number, item, (*at, "items", n))
        return
    paths = paths_of(version, kind)
    if len(paths) == 1 and "*" not in paths[0].steps:
        yield Held(path, number, at, paths[0].steps, said)


def pod_of(said: dict[str, Any], pod: tuple[str, ...]) -> dict[str, Any] | None:
    """The pod spec of an object, None where it has none."""
    held: Any = said
    for step in pod:
        held = held.get(step) if isinstance(held, dict) else None
    return held if isinstance(held, dict) else None


def name_of(said: Mapping[str, Any]) -> str:
    """The name of an object as a text."""
    meta = said.get("metadata")
    return str(meta.get("name")) if isinstance(meta, dict) else ""


def containers_of(said: dict[str, Any], pod: tuple[str, ...], field: str) -> list[dict[str, Any]]:
    """The containers in one of the lists of its pod spec; what else stands there is left out."""
    spec = pod_of(said, pod)
    items = spec.get(field) if spec else None
    return [item for item in items if isinstance(item, dict)] if isinstance(items, list) else []


def names(said: dict[str, Any], pod: tuple[str, ...], field: str) -> tuple[str, ...]:
    """The names in one of the lists of its pod spec."""
    return tuple(str(item.get("name")) for item in containers_of(said, pod, field))


def patch_documents(text: str) -> list[Any]:
    """The documents of a patch as plain data. Raises `TextError`."""
    roots = tuple(parse(text))
    if not roots:
        raise TextError("the patch is empty", 1)
    return [data(root) if root is not None else None for root in roots]
