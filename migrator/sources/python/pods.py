"""Pod specs that are built by a constructor call or as a dict, and what may be done with each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import libcst as cst

from migrator.model import Workload
from migrator.sources.python.elements import Containers
from migrator.sources.python.inits import Inits
from migrator.sources.python.nodes import mapping, word
from migrator.text.tree import Node

Shape = Literal[
    "constructor", "dict", "builder", "appended", "spawner", "dagster", "cdk8s-plus", "override", "string",
]  # fmt: skip

#: What the rest of a pod that is made elsewhere is called in reports.
OTHERS = "(the others)"


@dataclass(frozen=True)
class Spelling:
    """How a place spells what a move writes: the two lists, the field and its value as an expression."""

    containers: str
    inits: str
    restart: str
    always: str


@dataclass(frozen=True)
class Spec:
    """A pod spec in code.

    `owner` is the call or dict that has the list, `fields` its other fields as a mapping. `main` is the name of the
    container that is there at run time without being in the list. `assist` and `manual` say why nothing may move unless
    asked, or at all. `dialect` is the id of the library, `module` where its constructor is imported from. `renamed` is the
    name of the list where all of it moves by another name.
    """

    shape: Shape
    at: cst.CSTNode
    owner: cst.Call | cst.Dict | None
    spelling: Spelling
    dialect: str
    containers: Containers
    inits: Inits
    fields: Node
    workload: Workload
    main: str = ""
    assist: str = ""
    manual: str = ""
    renamed: cst.Name | cst.BaseString | None = None
    module: str = ""

    @property
    def made(self) -> tuple[cst.Call, ...]:
        """The calls that make the containers, as far as they are seen."""
        return tuple(held.made for held in self.containers.elements if isinstance(held.made, cst.Call))


def shown(spec: Spec) -> Iterator[tuple[Node, int]]:
    """The containers as mappings, each with the number of its element, -1 where it has none.

    One that is not seen is called what the code calls it.
    """
    if spec.main:
        yield _nameless(spec.fields, spec.main), -1
    elif spec.containers.open and not spec.containers.elements:
        yield _nameless(spec.fields, "(not seen)"), -1
    for number, element in enumerate(spec.containers.elements):
        held = element.value
        yield held if held.kind == "map" else _nameless(held, held.value), number


def shown_inits(spec: Spec) -> Iterator[Node]:
    """The init containers in the same way, as far as they are listed."""
    for element in spec.inits.held.elements:
        held = element.value
        yield held if held.kind == "map" else _nameless(held, held.value)


def _nameless(at: Node, name: str) -> Node:
    """A container of which nothing but a name is known."""
    return mapping([(word("name", at.start), word(name, at.start))], at.start)
