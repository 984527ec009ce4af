"""What a node says as plain data, read as Kubernetes reads it: YAML 1.1, merge keys resolved."""

from __future__ import annotations

import re
from typing import Any

from migrator.text.errors import TooLarge
from migrator.text.tree import MAX_DEPTH, Node

MAX_VALUES = 200_000

_BOOLEANS = {
    word: value
    for value, words in ((True, "y yes true on"), (False, "n no false off"))
    for base in words.split()
    if len(base) > 1
    for word in (base, base.capitalize(), base.upper())
}
_NULLS = {"", "~", "null", "Null", "NULL"}
_INT = re.compile(r"[-+]?(?:0b_*[01][01_]*|0o?_*[0-7][0-7_]*|0x_*[0-9a-fA-F][0-9a-fA-F_]*|[1-9][0-9_]*|0_*)\Z")
#: Longer numbers are texts: Python refuses to read them, and no field of Kubernetes holds one.
_MAX_DIGITS = 400
_FLOAT = re.compile(r"[-+]?(?:[0-9][0-9_]*)?\.?[0-9]+(?:[eE][-+]?[0-9]+)?\Z|[-+]?[0-9][0-9_]*\.(?:[eE][-+]?[0-9]+)?\Z")


def scalar(node: Node) -> Any:
    """The Python value of a scalar node: None, bool, int, float or str."""
    text = node.value
    if node.style or node.tag == "!" or (node.tag or "").endswith(":str"):
        return text
    if text in _NULLS:
        return None
    if text in _BOOLEANS:
        return _BOOLEANS[text]
    if len(text) > _MAX_DIGITS:
        return text
    if _INT.match(text):
        return _integer(text.replace("_", ""))
    if _FLOAT.match(text):
        return float(text.replace("_", ""))
    return text


def _integer(text: str) -> int:
    sign = -1 if text.startswith("-") else 1
    digits = text.lstrip("+-")
    for prefix, base in (("0b", 2), ("0x", 16), ("0o", 8), ("0", 8)):
        if digits.startswith(prefix) and len(digits) > len(prefix):
            return sign * int(digits[len(prefix) :], base)
    return sign * int(digits)


def data(node: Node) -> Any:
    """`node` as dicts, lists and scalars. Raises `TooLarge` where aliases multiply or refer to themselves."""
    return _Reader().read(node)


class _Reader:
    def __init__(self) -> None:
        self.left = MAX_VALUES
        self.open: set[int] = set()

    def read(self, node: Node) -> Any:
        node = node.resolved
        self.left -= 1
        if self.left < 0 or id(node) in self.open or len(self.open) > MAX_DEPTH:
            raise TooLarge("aliases that multiply or refer to themselves")
        if node.kind == "scalar":
            return scalar(node)
        self.open.add(id(node))
        result: Any = [self.read(item) for item in node.items] if node.kind == "seq" else self._mapping(node)
        self.open.discard(id(node))
        return result

    def _mapping(self, node: Node) -> dict[str, Any]:
        merged: dict[str, Any] = {}
        own: dict[str, Any] = {}
        for key, value in node.pairs:
            if is_merge(key):
                sources = value.resolved.items if value.resolved.kind == "seq" else [value]
                for source in sources:
                    below = self.read(source)
                    for name, held in below.items() if isinstance(below, dict) else ():
                        merged.setdefault(name, held)
            else:
                name = self.read(key)
                own[name if isinstance(name, str) else str(key.resolved.value or name)] = self.read(value)
        return {**merged, **own}


def is_null(node: Node) -> bool:
    """Whether the node is a plain null: nothing, `~` or `null`."""
    return node.kind == "scalar" and scalar(node) is None


def is_merge(key: Node) -> bool:
    """Whether `key` is the merge key `<<` (YAML 1.1 type repository, "merge")."""
    return key.kind == "scalar" and key.value == "<<" and key.style == ""
