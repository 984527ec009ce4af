"""Whether a file leaves the lists of a pod as they were made: what is done with them later would meet others."""

from __future__ import annotations

from collections.abc import Sequence

import libcst as cst

from migrator.model import Move
from migrator.sources.python.sites import Built
from migrator.sources.python.syntax import Syntax
from migrator.sources.python.uses import Use, by_number
from migrator.sources.python.values import CHANGES
from migrator.text.errors import Refused


def check(syntax: Syntax, built: Built, moves: Sequence[Move], used: Sequence[Use]) -> None:
    """Raise `Refused` where the file does more with the lists of this pod, or may, than make them."""
    spec = built.spec
    function = syntax.function(spec.at)
    here = 0 if function is syntax.module else syntax.line(function.name if isinstance(function, cst.FunctionDef) else function)
    first, last = syntax.line(spec.at), syntax.last_line(spec.at)
    others = [use for use in used if not first <= use.line <= last]
    # What is done before the container is there does not meet it.
    later = [use for use in others if use.function != here or use.line > last]
    if numbered := by_number(later, min(move.index for move in moves)):
        raise Refused(f"line {numbered.line} takes a container by its number")
    met_by = others if spec.shape == "spawner" else later
    if met := next((use for use in met_by if use.kind in ("all", "set") and use.function == here), None):
        raise Refused(f"line {met.line} does something with all containers of the pod")
    given = [use for use in others if use.kind in ("inits", "none")]
    if spec.shape == "appended":
        # What is added to a pod that is made elsewhere comes behind what its maker does.
        given = [use for use in given if use.function == here and (use.kind == "none" or use.line > last)]
    if given:
        raise Refused(f"line {given[0].line} sets or changes init containers of its own")
    if spec.inits.kind == "expression" and isinstance(spec.inits.expression, cst.Name):
        name = spec.inits.expression
        if changed := next((use for use in syntax.uses(name) if syntax.line(use) > last and _may_change(syntax, use)), None):
            raise Refused(f"`{name.value}` may be changed on line {syntax.line(changed)}")


def _may_change(syntax: Syntax, use: cst.CSTNode) -> bool:
    """Whether a list may have other entries once a variable of it was used there."""
    above = syntax.parent(use)
    if isinstance(above, cst.Attribute):
        return above.attr.value in CHANGES
    if isinstance(above, cst.Arg):
        # A constructor takes the list as it is.
        return above.keyword is None
    return isinstance(above, cst.AugAssign) or (
        isinstance(above, cst.Subscript) and not isinstance(syntax.parent(above), cst.Arg)
    )
