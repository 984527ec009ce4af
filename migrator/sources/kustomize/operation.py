"""The operations of a JSON patch (RFC 6902), as far as they reach a pod spec."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from migrator.text.errors import Refused, TooLarge
from migrator.text.tree import Node
from migrator.text.values import data, is_merge

_INDEX = re.compile(r"(?:0|[1-9][0-9]{0,8})\Z")
_KINDS = frozenset({"add", "remove", "replace", "test", "move", "copy"})
LISTS = ("containers", "initContainers")


@dataclass(frozen=True)
class Operation:
    """One operation. `steps` lead on from the pod spec, None where it reaches something else; `depth` is that of the pod spec.

    `above` says that it reaches the pod spec as a whole, `lists` that it reaches a list of containers or what is in it.
    """

    kind: str
    path: str
    steps: tuple[str, ...] | None
    depth: int
    above: bool
    value: Any

    @property
    def lists(self) -> bool:
        return bool(self.steps) and self.steps is not None and self.steps[0] in LISTS

    def at(self, *steps: str | int) -> str:
        """The path with these in the place of the first ones below the pod spec."""
        said = self.path.split("/")
        return "/".join([*said[: self.depth + 1], *map(str, steps), *said[self.depth + 1 + len(steps) :]])

    def only(self, *steps: str | int) -> str:
        """The path of what these lead to below the pod spec."""
        return "/".join([*self.path.split("/")[: self.depth + 1], *map(str, steps)])


def operations(root: Node, pod: str) -> tuple[Operation, ...]:
    """The operations that a document holds; `pod` is the JSON pointer to the pod spec. Raises `Refused`."""
    if root.kind != "seq":
        raise Refused("a JSON patch is a list of operations")
    return tuple(_operation(node, _tokens(pod)) for node in root.items)


def index(step: str) -> int:
    """A number in a JSON pointer. Raises `Refused` on what some readers take for one (`-1`, `01`)."""
    if not _INDEX.match(step):
        raise Refused(f"`{step}` as the number of a container")
    return int(step)


def named(value: Any) -> str:
    """The name of a container. Raises `Refused` where there is none."""
    name = value.get("name") if isinstance(value, dict) else None
    if not isinstance(name, str):
        raise Refused("a container without a name")
    return name


def _operation(node: Node, pod: tuple[str, ...]) -> Operation:
    keys = [key.value for key, _ in node.pairs]
    if node.kind != "map" or len(set(keys)) < len(keys) or any(is_merge(key) for key, _ in node.pairs):
        raise Refused("an operation that is no mapping of its own, or gives a key twice")
    try:
        said = data(node)
    except TooLarge as error:
        raise Refused(error.message) from None
    kind, path = said.get("op"), said.get("path")
    if kind not in _KINDS or not isinstance(path, str):
        raise Refused("an operation without a known `op` and a path")
    steps, above = _place(path, pod)
    operation = Operation(kind, path, steps, len(pod), above, said.get("value"))
    if kind in ("move", "copy"):
        source = said.get("from")
        if not isinstance(source, str):
            raise Refused(f"a `{kind}` from nowhere")
        other, around = _place(source, pod)
        if operation.lists or above or around or (other and other[0] in LISTS):
            raise Refused(f"a `{kind}` of containers")
    return operation


def _place(path: str, pod: tuple[str, ...]) -> tuple[tuple[str, ...] | None, bool]:
    tokens = _tokens(path)
    if len(tokens) <= len(pod):
        return None, tokens == pod[: len(tokens)]
    return (tokens[len(pod) :] if tokens[: len(pod)] == pod else None), False


def _tokens(path: str) -> tuple[str, ...]:
    """The steps of a JSON pointer (RFC 6901), escaped as they are: none that matters here has a `~` or `/` in it."""
    if path and not path.startswith("/"):
        raise Refused(f"`{path}` is no JSON pointer")
    return tuple(path.split("/")[1:])
