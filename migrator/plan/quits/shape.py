"""What a script says apart from how it is laid out: two scripts of one shape run the same statements.

Comments, line breaks and `;` are left out; `&` and `;;` are not. What stands inside a simple command is compared as
it is written.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from migrator.judge.shell.syntax import Source

if TYPE_CHECKING:
    from tree_sitter import Node

Shape = tuple[object, ...]
#: What stands in place of a node, by the node's number in its tree; None where it is left out.
Instead = Mapping[int, "Shape | None"]

_INNER = frozenset(
    {
        "program",
        "list",
        "pipeline",
        "negated_command",
        "compound_statement",
        "subshell",
        "if_statement",
        "elif_clause",
        "else_clause",
        "case_statement",
        "case_item",
        "while_statement",
        "for_statement",
        "c_style_for_statement",
        "do_group",
        "function_definition",
        "redirected_statement",
    }
)
_LAYOUT = frozenset({"comment", ";", "\n"})


def shape(source: Source, node: Node, instead: Instead | None = None) -> Shape:
    """The shape of a node. With `instead`, some of its parts are taken for others."""
    instead = instead or {}
    if node.type not in _INNER:
        return (node.type, source.text(node))
    parts: list[Shape] = []
    for child in node.children:
        if child.type in _LAYOUT:
            continue
        part = instead[child.id] if child.id in instead else shape(source, child, instead)
        if part is not None:
            parts.append(part)
    return (node.type, *parts)


def same(source: Source, instead: Instead, after: str) -> bool:
    """Whether a script has the shape of another, but for what stands instead of some of its parts."""
    new = Source(after)
    return new.sound and shape(new, new.root) == shape(source, source.root, instead)
