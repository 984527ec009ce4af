"""The files of `rules/`: where they lie, and reading them so that every mistake has file, line and key."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from migrator.text.errors import TextError
from migrator.text.source import decode
from migrator.text.tree import Node, line_number, parse
from migrator.text.values import data

if TYPE_CHECKING:
    from importlib.abc import Traversable


_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*\Z")


class DataError(Exception):
    """A data file with a mistake; the text is `file:line: key: what is wrong`."""


def bundled() -> Traversable:
    """Where `rules/` lies: in the wheel inside the package, in a checkout beside it."""
    packed = files("migrator") / "_rules"
    return packed if packed.is_dir() else Path(__file__).parents[1] / "rules"


def folder(root: Traversable, prefix: str = "") -> Iterator[DataFile]:
    """The YAML files right in a folder, by name. Raises `DataError` where one is no text."""
    for entry in sorted(root.iterdir(), key=lambda e: e.name):
        if entry.name.endswith(".yaml"):
            name = prefix + entry.name
            try:
                yield DataFile(name, decode(entry.read_bytes()).text)
            except TextError as error:
                raise DataError(f"{name}:{error.line or 1}: {error.message}") from None


class DataFile:
    """One file and its tree. The checks give what they checked, or raise `DataError`."""

    def __init__(self, name: str, text: str) -> None:
        self.name = name
        self.source = text

    def fail(self, node: Node | None, key: str, message: str) -> NoReturn:
        """Raise the complaint about `key`, with the line of `node`."""
        line = line_number(self.source, node.start) if node else 1
        raise DataError(f"{self.name}:{line}: {key}: {message}")

    def mapping(self) -> Node:
        """The one mapping that the file holds."""
        try:
            roots = parse(self.source)
        except TextError as error:
            raise DataError(f"{self.name}:{error.line or 1}: {error.message}") from None
        if len(roots) != 1 or roots[0] is None or roots[0].kind != "map":
            raise DataError(f"{self.name}:1: one mapping is wanted in the file")
        return roots[0]

    def keys(self, node: Node, required: tuple[str, ...], optional: tuple[str, ...] = ()) -> None:
        """Complain of keys that are missing, unknown, given twice or empty."""
        if node.kind != "map":
            self.fail(node, "rule", "a mapping is wanted here")
        seen: set[str] = set()
        for key, value in node.pairs:
            if key.value in seen:
                self.fail(key, key.value, "given twice")
            seen.add(key.value)
            if key.value not in required and key.value not in optional:
                self.fail(key, key.value, f"unknown key; known are {', '.join((*required, *optional))}")
            if value.kind == "scalar" and not value.value:
                self.fail(key, key.value, "has no value")
        for name in required:
            if name not in seen:
                self.fail(node, name, "is missing")

    def text(self, node: Node, key: str) -> str:
        """The text under `key`."""
        value = node.get(key)
        if value is None or value.kind != "scalar":
            self.fail(value or node, key, "a text is wanted here")
        return value.value

    def identity(self, node: Node) -> str:
        """The `id`, which is the name of the file, too."""
        found = self.text(node, "id")
        stem = self.name.rpartition("/")[2].removesuffix(".yaml")
        if not _ID.match(found) or found != stem:
            self.fail(node.get("id"), "id", f"`{found}` must be kebab-case and the name of the file, `{stem}`")
        return found

    def one_of(self, node: Node, key: str, known: tuple[str, ...]) -> str:
        """The word under `key`, which must be a known one."""
        value = self.text(node, key)
        if value not in known:
            self.fail(node.get(key), key, f"`{value}` is none of {', '.join(known)}")
        return value

    def items(self, node: Node, key: str) -> list[Node]:
        """The entries of the list under `key`, of which there must be some."""
        value = node.get(key)
        if value is None or value.kind != "seq" or not value.items:
            self.fail(value or node, key, "a list with entries is wanted here")
        return value.items

    def compiled(self, nodes: Sequence[Node], key: str, build: Callable[[list[Any]], Any]) -> Any:
        """What `build` makes of the entries; its ValueError, TypeError or re.error is the complaint of the entry at fault."""
        values = [data(node) for node in nodes]
        try:
            return build(values)
        except (ValueError, TypeError, re.error) as error:
            self.fail(next((n for n, v in zip(nodes, values, strict=True) if _fails(build, v)), nodes[0]), key, str(error))


def _fails(build: Callable[[list[Any]], Any], value: Any) -> bool:
    try:
        build([value])
    except (ValueError, TypeError, re.error):
        return True
    return False
