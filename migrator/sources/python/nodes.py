"""Nodes of the YAML tree for what stands in code: the same that a manifest would have."""

from __future__ import annotations

from collections.abc import Iterable

from migrator.text.tree import Node


def word(value: str, start: int, end: int | None = None) -> Node:
    """A text that stands at `start`."""
    node = Node("scalar", start, start if end is None else end)
    node.value, node.style = value, "'"
    return node


def mapping(pairs: Iterable[tuple[Node, Node]], start: int, end: int | None = None) -> Node:
    """A mapping of these pairs."""
    node = Node("map", start, start if end is None else end)
    node.pairs = list(pairs)
    return node


def sequence(items: Iterable[Node], start: int, end: int | None = None) -> Node:
    """A list of these items."""
    node = Node("seq", start, start if end is None else end)
    node.items = list(items)
    return node


def without(node: Node, *keys: str) -> Node:
    """A mapping without these keys."""
    return mapping(((key, value) for key, value in node.pairs if key.value not in keys), node.start, node.end)


def with_pair(node: Node, key: str, value: Node) -> Node:
    """A mapping in which the key has this value, and stands last."""
    return mapping([*without(node, key).pairs, (word(key, value.start), value)], node.start, node.end)
