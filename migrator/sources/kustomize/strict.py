"""A YAML node read as Go reads a file into its structs: each value is what it is due to be, or the text is refused.

Keys are compared without case, as `encoding/json` compares them (`fieldpath` in `vars` lives by that), and a null is a
key that was never written. Where kustomize would take one of two answers without a word, the text is refused.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import NoReturn

from migrator.sources.kustomize.model import Pointer
from migrator.text.errors import TextError
from migrator.text.lines import Lines
from migrator.text.tree import Node
from migrator.text.values import is_merge, is_null, scalar


@dataclass(frozen=True)
class Place:
    """A node with the way to it. `name` is what a message calls it."""

    node: Node
    pointer: Pointer
    lines: Lines
    name: str

    @property
    def line(self) -> int:
        """The 1-based line on which the node begins, an alias where it stands."""
        return self.lines.of(self.node.start) + 1

    def refuse(self, message: str) -> NoReturn:
        """Raise `TextError` at this line."""
        raise TextError(message, self.line)

    def fields(self, known: Collection[str] | None = None) -> dict[str, Place]:
        """The values of a mapping by key in lower case, without nulls. A key that is not `known` is refused."""
        node = self.node.resolved
        if node.kind != "map":
            self.refuse(f"{self.name} must be a mapping")
        found: dict[str, Place] = {}
        seen: set[str] = set()
        for key, value in node.pairs:
            at = Place(key, (*self.pointer, key.value), self.lines, f"`{key.value}`")
            if is_merge(key):
                at.refuse("a merge key `<<` is not followed here")
            if key.kind != "scalar":
                at.refuse(f"a key of {self.name} is no plain word")
            word = key.value.lower()
            if word in seen:
                at.refuse(f"the key {at.name} stands twice")
            if known is not None and word not in known:
                at.refuse(f"kustomize knows no {at.name} in {self.name}")
            seen.add(word)
            if not is_null(value.resolved):
                found[word] = Place(value, at.pointer, self.lines, at.name)
        return found

    def items(self) -> list[Place]:
        """The items of a list."""
        node = self.node.resolved
        if node.kind != "seq":
            self.refuse(f"{self.name} must be a list")
        return [Place(item, (*self.pointer, n), self.lines, f"an entry of {self.name}") for n, item in enumerate(node.items)]

    def text(self) -> str:
        """The value of a string that says something."""
        node = self.node.resolved
        value = scalar(node) if node.kind == "scalar" else None
        if not isinstance(value, str) or not value:
            self.refuse(f"{self.name} must be a text")
        return value

    def flag(self) -> bool:
        """The value of a boolean."""
        node = self.node.resolved
        value = scalar(node) if node.kind == "scalar" else None
        if not isinstance(value, bool):
            self.refuse(f"{self.name} must be true or false")
        return value

    @property
    def empty(self) -> bool:
        """Whether this is a list, mapping or text that holds nothing."""
        node = self.node.resolved
        return not (node.items or node.pairs or node.value)


def text_of(fields: dict[str, Place], key: str) -> str | None:
    """The text under `key` (lower case); None where there is none or an empty one."""
    place = fields.get(key)
    return None if place is None or place.empty else place.text()
