"""The containers that a JupyterHub adds to its notebooks: `c.KubeSpawner.extra_containers = [...]` and what is added to it.

Where all of them move, the trait is renamed: KubeSpawner takes the same entries in `init_containers`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import libcst as cst

from migrator.model import Workload
from migrator.sources.python.elements import Append, Containers, Lists
from migrator.sources.python.inits import Inits
from migrator.sources.python.libraries.dialects import owned
from migrator.sources.python.nodes import mapping
from migrator.sources.python.pods import Spec, Spelling
from migrator.sources.python.syntax import Syntax
from migrator.sources.python.values import Values

#: What KubeSpawner calls the container of the notebook itself (`Spawner._container_name`).
_NOTEBOOK = "notebook"
_METHODS = frozenset({"append", "extend", "insert"})


def spawned(syntax: Syntax, values: Values) -> Iterator[Spec]:
    """The traits that give a notebook's pod further containers, in the order of the text."""
    lists = Lists(syntax, values)
    for trait in syntax.nodes(cst.Attribute):
        dialect = owned(syntax.source(trait.value), trait.attr.value)
        if dialect is None or trait.attr.value != dialect.lists[0]:
            continue
        held = _held(syntax, lists, trait)
        if held is None:
            continue
        span = syntax.span(trait)
        set_elsewhere = _sets(syntax, trait, dialect.lists[1])
        yield Spec(
            "spawner",
            trait,
            None,
            Spelling(*dialect.lists, *dialect.restart),
            dialect.id,
            held,
            Inits("absent", Containers()),
            mapping((), span.start),
            Workload("v1", "Pod", ""),
            _NOTEBOOK,
            manual=f"`{dialect.lists[1]}` is set on line {set_elsewhere} as well" if set_elsewhere else "",
            renamed=trait.attr,
        )


def _held(syntax: Syntax, lists: Lists, trait: cst.Attribute) -> Containers | None:
    """What a statement gives the trait: all of it, or what is added."""
    above = syntax.parent(trait)
    if isinstance(above, cst.AssignTarget):
        whole = syntax.parent(above)
        return lists.read(whole.value) if isinstance(whole, cst.Assign) and len(whole.targets) == 1 else None
    if isinstance(above, cst.AugAssign) and above.target is trait:
        return lists.read(above.value)
    call = syntax.parent(above) if isinstance(above, cst.Attribute) else None
    if not isinstance(above, cst.Attribute) or above.attr.value not in _METHODS:
        return None
    if not isinstance(call, cst.Call) or len(call.args) != 1 + (above.attr.value == "insert") or call.args[-1].star:
        return None
    given = call.args[-1].value
    if above.attr.value == "extend":
        return lists.read(given)
    statement = syntax.statement(call) or call
    manual = "it is put at a number of its own" if above.attr.value == "insert" else ""
    return Containers((replace(lists.element(given), append=Append(statement, trait, call)),), manual=manual)


def _sets(syntax: Syntax, trait: cst.Attribute, other: str) -> int:
    """The line on which the other trait of the same spawner is used, 0 where it is not."""
    owner = syntax.source(trait.value)
    for node in syntax.nodes(cst.Attribute):
        if node.attr.value == other and syntax.source(node.value) == owner:
            return syntax.line(node)
    return 0
