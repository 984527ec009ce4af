"""Lists of containers that are given to a pod that was made elsewhere: `spec.containers = [...]` and `+= [...]`.

Whatever had been in the list, or goes through it later, is not seen: nothing moves, and it is said.
"""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from migrator.model import Workload
from migrator.sources.python.elements import Containers, Lists
from migrator.sources.python.inits import Inits
from migrator.sources.python.nodes import mapping
from migrator.sources.python.pods import OTHERS, Spec
from migrator.sources.python.shapes.appended import is_list_of_pod, like_container, spelling_of
from migrator.sources.python.syntax import Syntax
from migrator.sources.python.values import Values


def assigned(syntax: Syntax, values: Values) -> Iterator[Spec]:
    """The assignments of lists of containers."""
    lists = Lists(syntax, values)
    pairs: list[tuple[cst.Assign | cst.AugAssign, cst.BaseExpression]] = []
    pairs += [(node, node.targets[0].target) for node in syntax.nodes(cst.Assign) if len(node.targets) == 1]
    pairs += [(node, node.target) for node in syntax.nodes(cst.AugAssign)]
    for node, target in pairs:
        if not isinstance(target, (cst.Attribute, cst.Subscript)):
            continue
        spelling = spelling_of(target, values)
        held = lists.read(node.value)
        if spelling is None or not held.elements or not all(like_container(one.value) for one in held.elements):
            continue
        if isinstance(target, cst.Attribute) and not is_list_of_pod(target):
            continue
        span = syntax.span(node)
        yield Spec(
            "appended",
            node,
            None,
            spelling,
            "manifest",
            held,
            Inits("absent", Containers()),
            mapping((), span.start),
            Workload("", "PodSpec", ""),
            OTHERS if isinstance(node, cst.AugAssign) else "",
            manual="the list of a pod that is made elsewhere is set",
        )
