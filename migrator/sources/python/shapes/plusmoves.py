"""Moves in pods of cdk8s-plus: another method is called, and the order of the calls is that of the init containers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import libcst as cst

from migrator.sources.python.elements import Element
from migrator.sources.python.libraries.dialects import dialect
from migrator.sources.python.pods import Spec
from migrator.sources.python.syntax import Syntax
from migrator.sources.python.write.operations import IntoDisplay, IntoKeyword, Operation, Put, Rename
from migrator.text.errors import Refused


def by_calls(syntax: Syntax, spec: Spec, moved: Sequence[Element], positions: Sequence[int]) -> Iterator[Operation]:
    """What is done so that the containers stand at their positions among the init containers. Raises `Refused`."""
    order = _natural(syntax, spec, moved)
    if [order.index(element) for element in moved] != list(positions):
        raise Refused("the calls stand in another order than the init containers have to")
    entries = tuple(element.taken for element in moved if element.taken is not None)
    if entries and spec.owner is not None:
        if spec.inits.kind == "expression":
            raise Refused("the init containers are made elsewhere")
        there = spec.inits.expression if isinstance(spec.inits.expression, cst.List) else None
        new = IntoKeyword(syntax.span(spec.owner), spec.spelling.inits, spec.spelling.containers)
        yield Put(entries, new if there is None else IntoDisplay(syntax.span(there), len(there.elements)))
    methods = dialect(spec.dialect).methods
    assert methods is not None
    for element in moved:
        if element.append is not None:
            yield Rename(syntax.span(element.append.receiver), methods[1])


def _natural(syntax: Syntax, spec: Spec, moved: Sequence[Element]) -> list[Element]:
    """All init containers once some have moved: those of the constructor, then the others in the order of their calls."""
    kept = [held for held in spec.inits.held.elements if held.append is None]
    listed = [held for held in moved if held.append is None]
    calls = [(syntax.span(held.append.call), held) for held in (*spec.inits.held.elements, *moved) if held.append is not None]
    return [*kept, *listed, *(held for _, held in sorted(calls, key=lambda call: call[0]))]
