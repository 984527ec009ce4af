"""How a file is read for facts: piece by piece, each by the readers whose words stand in it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from migrator.links import Company, Patch, Service
from migrator.references import Delivery, Mention, Names, Reference
from migrator.text.errors import TextError
from migrator.text.lines import Lines
from migrator.text.source import chunks
from migrator.text.tree import Node, parse
from migrator.workloads import group_of

Fact = Service | Patch | Company | Reference | Mention | Names | Delivery

_SCHEMA = re.compile(r"""kind["']?[ \t]*:[ \t]*["']?CustomResourceDefinition\b""")


class File:
    """A file that is read for facts."""

    def __init__(self, path: str, whole: str) -> None:
        self.path = path
        self.whole = whole

    @cached_property
    def lines(self) -> Lines:
        """Its lines, counted when first asked."""
        return Lines(self.whole)

    @cached_property
    def numbers(self) -> dict[int, int]:
        """The numbers of its pieces (`chunks`), by where they start."""
        return {start: number for number, (start, _) in enumerate(chunks(self.whole))}


class Text:
    """A piece of a file: a document of a manifest, or all of a script. Parsed when first asked."""

    def __init__(self, file: File, start: int, end: int) -> None:
        self.file = file
        self.path = file.path
        self.start = start
        self.end = end
        self.piece = file.whole[start:end]

    @cached_property
    def roots(self) -> tuple[Node | None, ...]:
        """Its documents. What does not parse has none: reading it says so."""
        try:
            return tuple(parse(self.file.whole, self.start, self.end))
        except TextError:
            return ()

    @cached_property
    def objects(self) -> tuple[Object, ...]:
        """The Kubernetes objects in it, those of lists one by one."""
        return tuple(Object(self, node) for root in self.roots for node in _objects(root))

    @cached_property
    def schema(self) -> bool:
        """Whether it is the schema of a custom resource: long, and about objects without being one."""
        return bool(_SCHEMA.search(self.piece))

    def line(self, offset: int) -> int:
        """The 1-based line of an offset in the piece."""
        return self.file.lines.of(self.start + offset) + 1


class Object:
    """A Kubernetes object, with what every kind has."""

    def __init__(self, text: Text, node: Node) -> None:
        self.path = text.path
        self.text = text
        self.node = node
        self.kind = word(node, "kind")
        self.api_version = word(node, "apiVersion")
        self.group = group_of(self.api_version)
        self.name = word(node, "metadata", "name")
        self.namespace = word(node, "metadata", "namespace")

    def line(self, node: Node) -> int:
        """The 1-based line of a node."""
        return self.text.file.lines.of(node.start) + 1


@dataclass(frozen=True)
class Reader:
    """One kind of fact. A text without any of `words` has none of it; `wants` looks closer, still without a parse.

    `scripts` says that scripts and tests are read for it, too.
    """

    words: tuple[str, ...]
    read: Callable[[Text], Iterable[Fact]]
    wants: Callable[[Text], object] = lambda text: True
    scripts: bool = False


def of_kind(*kinds: str) -> Callable[[Text], bool]:
    """Whether an object of one of these kinds may stand in a piece."""
    pattern = re.compile(rf"""kind(?<!\wkind)["']?[ \t]*:[ \t]*["']?(?:{"|".join(kinds)})\b""")
    return lambda text: bool(pattern.search(text.piece)) and not text.schema


def _objects(root: Node | None) -> Iterator[Node]:
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if node is None or node.kind != "map":
            continue
        items = node.get("items")
        if items is not None and items.kind == "seq":
            waiting += reversed(items.items)
        else:
            yield node


def at(node: Node | None, *keys: str) -> Node | None:
    """The node below these keys, aliases followed; None where there is none."""
    for key in keys:
        node = node.resolved.get(key) if node is not None else None
    return node.resolved if node is not None else None


def word(node: Node | None, *keys: str) -> str:
    """The text of the scalar below these keys, empty where there is none."""
    held = at(node, *keys)
    return held.value if held is not None and held.kind == "scalar" else ""


def entries(node: Node | None, *keys: str) -> list[Node]:
    """The entries of the list below these keys, aliases followed."""
    held = at(node, *keys)
    return [item.resolved for item in held.items] if held is not None else []


def words(node: Node | None, *keys: str) -> tuple[str, ...]:
    """The scalars of the list below these keys."""
    return tuple(item.value for item in entries(node, *keys) if item.kind == "scalar")


def pairs(node: Node | None, *keys: str) -> tuple[tuple[str, str], ...]:
    """The mapping of texts below these keys."""
    held = at(node, *keys)
    return tuple((key.value, value.resolved.value) for key, value in held.pairs) if held is not None else ()
