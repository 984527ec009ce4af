"""From a place in a text to the path of the node that stands there."""

from __future__ import annotations

from bisect import bisect_right

from migrator.text.asked import Path
from migrator.text.errors import Refused
from migrator.text.rewrite import Roots, found
from migrator.text.tree import Node


def path_of(roots: Roots, wanted: Node) -> Path:
    """The path (the document's number, then keys and item numbers) of a node that is in one of these documents.

    It is where the node itself is written, whatever aliases lead there. Raises `Refused` where another one has the same
    path, as with a key that is there twice.
    """
    number = max(n for n, root in enumerate(roots) if root is not None and root.start <= wanted.start)
    path: list[int | str] = [number]
    node = roots[number]
    while node is not None and node is not wanted:
        if node.kind == "seq" and node.items:
            at = bisect_right(node.items, wanted.start, key=lambda item: item.start) - 1
            path.append(at)
            node = node.items[at]
        elif node.kind == "map" and node.pairs:
            at = bisect_right(node.pairs, wanted.start, key=lambda pair: pair[0].start) - 1
            key, node = node.pairs[at]
            path.append(key.value)
        else:
            break
    if found(roots, tuple(path)) is not wanted:
        raise Refused("a key that is there twice")
    return tuple(path)
