"""Code that looks into the list of containers of a pod by number, or goes through all of it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)


@dataclass(frozen=True)
class Use:
    """A use of `X.containers` or `X["containers"]`: by number, or of all (`index` None); -1 for a number that is not seen.

    `function` is the line on which its function begins, 0 in the module.
    """

    index: int | None
    line: int
    function: int


def uses(tree: ast.Module) -> tuple[Use, ...]:
    """All of them in a file."""
    return tuple(_below(tree, 0))


def by_number(used: tuple[Use, ...], first: int) -> Use | None:
    """A use that finds another container once those from number `first` on may have moved."""
    return next((use for use in used if use.index is not None and not 0 <= use.index < first), None)


def _below(top: ast.AST, function: int) -> Iterator[Use]:
    waiting: list[tuple[ast.AST, int]] = [(top, function)]
    while waiting:
        node, inside = waiting.pop()
        if isinstance(node, ast.Subscript) and _is_list(node.value):
            index = _number(node.slice)
            if index is not None:
                yield Use(index, node.lineno, inside)
        elif isinstance(node, (ast.For, ast.AsyncFor)) and _is_list(node.iter):
            yield Use(None, node.lineno, inside)
        elif isinstance(node, ast.comprehension) and _is_list(node.iter):
            yield Use(None, node.iter.lineno, inside)
        inside = node.lineno if isinstance(node, _FUNCTIONS) else inside
        waiting.extend((child, inside) for child in ast.iter_child_nodes(node))


def _is_list(node: ast.expr) -> bool:
    if isinstance(node, ast.Attribute):
        return node.attr == "containers"
    return isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant) and node.slice.value == "containers"


def _number(index: ast.expr) -> int | None:
    """The number of the entry that is taken; -1 for one that is only known at run time or counted from the end."""
    if isinstance(index, ast.Constant):
        return index.value if isinstance(index.value, int) else None
    return -1
