"""The init containers that a pod spec in code has already, as something to add to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import libcst as cst

from migrator.sources.python.elements import Containers, Lists
from migrator.sources.python.syntax import Syntax


@dataclass(frozen=True)
class Inits:
    """`absent`; `none` in so many words; a `display` in place; or an `expression`, of which `listed` says that it is a list
    for sure.
    """

    kind: Literal["absent", "none", "display", "expression"]
    held: Containers
    expression: cst.BaseExpression | None = None
    listed: bool = False


def read_inits(lists: Lists, expression: cst.BaseExpression | None) -> Inits:
    """The init containers that an argument or key gives; None where there is none."""
    if expression is None:
        return Inits("absent", Containers())
    if isinstance(expression, cst.Name) and expression.value == "None":
        return Inits("none", Containers(), expression)
    held = lists.read(expression)
    if isinstance(expression, cst.List):
        return Inits("display", held, expression, True)
    return Inits("expression", held, expression, _is_list(lists.syntax, expression))


def _is_list(syntax: Syntax, expression: cst.BaseExpression) -> bool:
    """Whether an expression gives a list and never None: adding to a list gives one."""
    if isinstance(expression, cst.Name):
        given = syntax.assigned(expression)
        return given is not None and not isinstance(given, cst.Name) and _is_list(syntax, given)
    if isinstance(expression, cst.BinaryOperation) and isinstance(expression.operator, cst.Add):
        return _is_list(syntax, expression.left) or _is_list(syntax, expression.right)
    return isinstance(expression, (cst.List, cst.ListComp))
