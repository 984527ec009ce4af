"""Drop files that cannot build a pod with two containers before libcst is loaded: bytes, then a pattern, then `ast`.

Each stage may only err towards the next: what it hides nobody hears of. The standard library parses ten times as fast.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

#: The one test that a tree without pods pays for.
_NEEDLES = (b"ontainers", b"add_container", b"PodSpec(")
_PATTERN = re.compile(
    rb"\bcontainers\s*=(?!=)"
    rb"|[\"']containers[\"']"
    rb"|\.(?:init_)?containers\b"
    rb"|\bextra_containers\b|\badd_container\b"
    rb"|\bcontainers\s*:"
    rb"|containers\.(?:append|insert|extend)\b"
    # Where lists are given by their place.
    rb"|\bPodSpec\(\s*\["
)
_CHANGES = frozenset({"append", "insert", "extend"})
_LISTS = frozenset({"containers", "extra_containers"})
_PARTIAL = frozenset({"pod_override", "full_pod_spec", "pod_spec_config", "podSpecConfig", "primary_container_name"})
#: A manifest in a string has the key at the start of a line.
_MANIFEST = re.compile(r"(?m)^[ \t]*(?:-[ \t]+)?containers[ \t]*:")


def file_may_hold_pods(content: bytes) -> bool:
    """Whether a pod may be built in a Python file, by its bytes."""
    return any(needle in content for needle in _NEEDLES) and bool(_PATTERN.search(content))


def builds_pods(tree: ast.Module) -> bool:
    """Whether a pod with two containers, or a part of one, may be built in a program."""
    partial = any(name in _PARTIAL for name in _names(tree))
    return any(_matters(node, partial) for node in ast.walk(tree))


def _names(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.keyword) and node.arg:
            yield node.arg
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and len(node.value) < 40:
            yield node.value


def _matters(node: ast.AST, partial: bool) -> bool:
    if isinstance(node, ast.keyword):
        return node.arg in _LISTS and _several(node.value, partial or node.arg == "extra_containers")
    if isinstance(node, ast.Dict):
        return any(
            isinstance(key, ast.Constant) and key.value in _LISTS and _several(value, partial)
            for key, value in zip(node.keys, node.values, strict=True)
        )
    if isinstance(node, ast.Call) and node.args and _last(node.func) == "PodSpec":
        return _several(node.args[0], partial)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        if node.func.attr == "add_container":
            return True
        return node.func.attr in _CHANGES and (_is_list(node.func.value) or _last(node.func.value).endswith("containers"))
    if isinstance(node, (ast.Assign, ast.AnnAssign, ast.AugAssign)):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        return any(_is_list(target) or (isinstance(target, ast.Name) and target.id == "extra_containers") for target in targets)
    return isinstance(node, ast.Constant) and isinstance(node.value, str) and bool(_MANIFEST.search(node.value))


def _last(callee: ast.expr) -> str:
    """The last part of what is called."""
    return callee.attr if isinstance(callee, ast.Attribute) else callee.id if isinstance(callee, ast.Name) else ""


def _is_list(node: ast.expr) -> bool:
    """Whether `X.containers` or `X["containers"]`."""
    if isinstance(node, ast.Attribute):
        return node.attr in _LISTS
    return isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant) and node.slice.value in _LISTS


def _several(value: ast.expr, one_counts: bool) -> bool:
    """Whether a list may have two entries, as far as it is written in place."""
    if not isinstance(value, (ast.List, ast.Tuple)):
        return not isinstance(value, ast.Constant)
    few = 1 if one_counts else 2
    return len(value.elts) >= few or any(isinstance(entry, ast.Starred) for entry in value.elts)
