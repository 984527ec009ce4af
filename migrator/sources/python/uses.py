"""Code that looks into the lists of containers of a pod, or sets them, apart from where a pod is made.

What moves leaves one list and joins the other. A number then means another container, a loop misses one, and init
containers that are set later replace what joined them. So whatever is not known to be harmless is a use.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
_LISTS = frozenset({"containers", "extra_containers"})
_INITS = frozenset({"init_containers", "initContainers"})
#: What changes a list in place, or a dict by key.
_CHANGES = frozenset({"append", "extend", "insert", "pop", "remove", "clear", "sort", "reverse"})


@dataclass(frozen=True)
class Use:
    """A use of the containers by `number`, of `all` of them, or one that sets the containers (`set`) or the init containers
    (`inits`, `none` where to none at all).

    `index` is the number, -1 where it is not seen or counted from the end. `function` is the line on which the function
    begins in which it stands, 0 in the module.
    """

    kind: Literal["number", "all", "set", "inits", "none"]
    line: int
    function: int
    index: int = -1


def uses(tree: ast.Module) -> tuple[Use, ...]:
    """All of them in a file."""
    return tuple(_below(tree))


def target_ports(tree: ast.Module) -> dict[str, int]:
    """The names by which Services that are built in a file find ports, with the line of each."""
    found: dict[str, int] = {}
    for node in ast.walk(tree):
        given: list[tuple[str, ast.expr]] = []
        if isinstance(node, ast.keyword) and node.arg:
            given = [(node.arg, node.value)]
        elif isinstance(node, ast.Dict):
            keyed = zip(node.keys, node.values, strict=True)
            given = [(key.value, value) for key, value in keyed if isinstance(key, ast.Constant) and isinstance(key.value, str)]
        for name, value in given:
            if name in ("target_port", "targetPort") and isinstance(value, ast.Constant) and isinstance(value.value, str):
                found.setdefault(value.value, value.lineno)
    return found


def by_number(used: Sequence[Use], first: int) -> Use | None:
    """A use that finds another container once those from number `first` on may have moved."""
    return next((use for use in used if use.kind == "number" and not 0 <= use.index < first), None)


def _below(tree: ast.Module) -> Iterator[Use]:
    waiting: list[tuple[ast.AST, tuple[ast.AST, ...], int]] = [(tree, (), 0)]
    while waiting:
        node, above, function = waiting.pop()
        if isinstance(node, (ast.Attribute, ast.Subscript)):
            name = _name(node)
            if name in _LISTS and (use := _of_list(node, above, function)):
                yield use
            elif name in _INITS and _sets(node, above):
                yield Use("inits", node.lineno, function)
        elif isinstance(node, ast.Call) and _sets_by_key(node):
            yield Use("inits", node.lineno, function)
        elif isinstance(node, ast.Dict) and _none(node):
            yield Use("none", node.lineno, function)
        inside = node.lineno if isinstance(node, _FUNCTIONS) else function
        line_up = (node, *above[:2])
        waiting.extend((child, line_up, inside) for child in ast.iter_child_nodes(node))


def _name(node: ast.Attribute | ast.Subscript) -> str:
    """The attribute or key."""
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.slice.value if isinstance(node.slice, ast.Constant) and isinstance(node.slice.value, str) else ""


def _of_list(node: ast.Attribute | ast.Subscript, above: tuple[ast.AST, ...], function: int) -> Use | None:
    parent = above[0]
    if not isinstance(node.ctx, ast.Load):
        return None if isinstance(parent, ast.AugAssign) else Use("set", node.lineno, function)
    if isinstance(parent, ast.Subscript) and parent.value is node:
        # In a trait of a spawner the container of the notebook is not counted.
        if isinstance(parent.slice, ast.Constant) and _name(node) == "containers":
            held = parent.slice.value
            return Use("number", node.lineno, function, held) if isinstance(held, int) else None
        return Use("number", node.lineno, function)
    if isinstance(parent, ast.Attribute) and parent.attr in ("append", "insert", "extend") and _is_statement(above):
        # A container that is added is a place of its own to look at.
        return None
    return Use("all", node.lineno, function)


def _is_statement(above: tuple[ast.AST, ...]) -> bool:
    return len(above) > 2 and isinstance(above[1], ast.Call) and isinstance(above[2], ast.Expr)


def _sets(node: ast.Attribute | ast.Subscript, above: tuple[ast.AST, ...]) -> bool:
    """Whether the init containers are given or changed there."""
    if not isinstance(node.ctx, ast.Load):
        return True
    parent = above[0]
    return isinstance(parent, ast.Attribute) and parent.value is node and parent.attr in _CHANGES


def _sets_by_key(call: ast.Call) -> bool:
    """`update(initContainers=...)`, `setdefault("initContainers", ...)`, `setattr(pod, "init_containers", ...)`."""
    said = call.func.attr if isinstance(call.func, ast.Attribute) else call.func.id if isinstance(call.func, ast.Name) else ""
    if said not in ("update", "setdefault", "setattr", "pop"):
        return False
    named = any(keyword.arg in _INITS for keyword in call.keywords)
    return named or any(isinstance(held, ast.Constant) and held.value in _INITS for held in call.args) or _by_dict(call)


def _none(node: ast.Dict) -> bool:
    """`{"initContainers": None}`: a key that is there, without a list to add to."""
    return any(
        isinstance(key, ast.Constant) and key.value in _INITS and isinstance(value, ast.Constant) and value.value is None
        for key, value in zip(node.keys, node.values, strict=True)
    )


def _by_dict(call: ast.Call) -> bool:
    """`update({"initContainers": ...})`."""
    given = [key for held in call.args if isinstance(held, ast.Dict) for key in held.keys]
    return any(isinstance(key, ast.Constant) and key.value in _INITS for key in given)
