"""From moves to operations: which parts of the code change so that containers stand among the init containers."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

import libcst as cst

from migrator.model import Move
from migrator.sources.python.elements import Append, Element
from migrator.sources.python.pods import Spec
from migrator.sources.python.shapes.plusmoves import by_calls
from migrator.sources.python.sites import Built
from migrator.sources.python.syntax import Syntax
from migrator.sources.python.undisturbed import check
from migrator.sources.python.uses import Use
from migrator.sources.python.write.operations import (
    Drop,
    Entry,
    Insert,
    IntoDisplay,
    IntoExpression,
    IntoKeyword,
    IntoNone,
    Mark,
    Operation,
    Put,
    Rename,
    Replace,
    Written,
)
from migrator.text.errors import Refused

#: What a new list of init containers may be called.
_NAMES = ("native_sidecars", "sidecar_containers", *(f"native_sidecars_{n}" for n in range(2, 10)))


@dataclass(frozen=True)
class _Moved:
    """A container that moves, the append it has, and its place among the init containers that are there."""

    element: Element
    gap: int
    perhaps: bool


def operations(
    syntax: Syntax, built: Built, moves: Sequence[Move], used: Sequence[Use], before: Sequence[Operation] = ()
) -> tuple[Operation, ...]:
    """What is done for the moves, which are in the order of their positions. Raises `Refused`.

    `used` is who else in the file looks at lists of containers: by number one finds another once some have moved.
    `before` is what is done for other pods of the file.
    """
    spec = built.spec
    given = {held.source.partition(" ")[0] for held in before if isinstance(held, Insert)}
    check(syntax, built, moves, used)
    moved = []
    for n, move in enumerate(moves):
        element = spec.containers.elements[built.elements[move.index]]
        moved.append(_Moved(element, move.position - n, _perhaps(syntax, element.append, spec.at)))
    made: list[Operation] = []
    if spec.shape == "cdk8s-plus":
        made += by_calls(syntax, spec, [entry.element for entry in moved], [move.position for move in moves])
    elif spec.renamed is not None:
        made += _renamed(syntax, built, moved)
    elif any(entry.perhaps for entry in moved):
        made += _through_a_variable(syntax, built, moved, given)
    else:
        entries: list[tuple[Entry, int]] = [(_entry(syntax, entry.element), entry.gap) for entry in moved]
        made += _put(syntax, built, entries)
        made += [Drop(syntax.span(held.statement)) for entry in moved if (held := entry.element.append) is not None]
    return (*made, *(_mark(syntax, entry.element, spec) for entry in moved))


def _mark(syntax: Syntax, element: Element, spec: Spec) -> Mark:
    """The field as the container spells its others: a dict among models keeps the spelling of the API."""
    assert element.made is not None
    span = syntax.span(element.made)
    keys = [key.value for key, _ in element.value.pairs]
    # A text is written with the quotes that its neighbours have.
    quote = next((letter for letter in syntax.text[span.start : span.end] if letter in "'\""), '"')
    always = spec.spelling.always.replace('"', quote)
    if isinstance(element.made, cst.Dict):
        own = any("_" in key.strip("_") for key in keys)
        camel = any(letter.isupper() for key in keys for letter in key)
        spelled = spec.shape in ("dict", "dagster") and not (spec.shape == "dagster" and camel)
        snake = spec.spelling.restart == "restart_policy" if spelled else own
        return Mark(span, "restart_policy" if snake else "restartPolicy", always)
    if spec.shape in ("spawner", "appended", "dict", "dagster"):
        return Mark(span, "restart_policy", always)
    return Mark(span, spec.spelling.restart, always)


def _renamed(syntax: Syntax, built: Built, moved: Sequence[_Moved]) -> Iterator[Operation]:
    """Where all that a statement adds moves, it adds to the other list."""
    spec = built.spec
    assert spec.renamed is not None
    if len(moved) < len(spec.containers.elements):
        raise Refused("others in the same list stay")
    if spec.shape != "appended":
        yield Rename(syntax.span(spec.renamed), spec.spelling.inits)
        return
    append = spec.containers.elements[0].append
    assert append is not None
    if isinstance(append.receiver, cst.Subscript):
        holder = syntax.span(append.receiver.value)
        quote = syntax.source(spec.renamed)[:1]
        made = f"{{}}.setdefault({quote}{spec.spelling.inits}{quote}, [])"
        yield Replace(syntax.span(append.receiver), made, holder)
    elif isinstance(append.receiver, cst.Attribute):
        there = f"{syntax.source(append.receiver.value)}.{spec.spelling.inits}"
        yield Insert(syntax.span(append.statement), f"{there} = {there} or []")
        yield Rename(syntax.span(spec.renamed), spec.spelling.inits)


def _perhaps(syntax: Syntax, append: Append | None, pod: cst.CSTNode) -> bool:
    """Whether a container is appended only sometimes, or is made where it is appended: then the statement has to stay."""
    if append is None:
        return False
    conditions = syntax.conditions(append.statement)
    return conditions != syntax.conditions(pod)[: len(conditions)] or not isinstance(append.call.args[0].value, cst.Name)


def _entry(syntax: Syntax, element: Element) -> Entry:
    if element.taken is not None:
        return element.taken
    if element.append is None:
        raise Refused("it is in no list")
    return Written(syntax.source(element.append.call.args[0].value))


def _put(syntax: Syntax, built: Built, entries: Sequence[tuple[Entry, int]]) -> Iterator[Operation]:
    """The entries among the init containers that the pod spec has, or as the first of them."""
    spec = built.spec
    inits, owner = spec.inits, syntax.span(spec.owner) if spec.owner is not None else None
    if owner is None:
        raise Refused("the pod spec is not seen")
    if inits.kind == "absent":
        yield Put(tuple(entry for entry, _ in entries), IntoKeyword(owner, spec.spelling.inits, spec.spelling.containers))
        return
    assert inits.expression is not None
    if inits.kind == "none":
        yield Put(tuple(entry for entry, _ in entries), IntoNone(syntax.span(inits.expression)))
        return
    span = syntax.span(inits.expression)
    if inits.kind == "display":
        # An entry that unpacks others is one in the text, and unknown how many in the pod.
        assert isinstance(inits.expression, cst.List)
        written = len(inits.expression.elements)
        for gap in sorted({gap for _, gap in entries}):
            if gap not in (0, len(inits.held.elements)) and (inits.held.open or written != len(inits.held.elements)):
                raise Refused("how many init containers there are is not seen")
            place = gap if gap < len(inits.held.elements) else written
            yield Put(tuple(entry for entry, held in entries if held == gap), IntoDisplay(span, place))
        return
    last = len(inits.held.elements)
    gaps = {gap for _, gap in entries}
    if gaps != {last} and gaps != {0}:
        raise Refused("the init containers are made elsewhere")
    yield Put(tuple(entry for entry, _ in entries), IntoExpression(span, not inits.listed, gaps == {0} and last > 0))


def _through_a_variable(syntax: Syntax, built: Built, moved: Sequence[_Moved], given: Collection[str]) -> Iterator[Operation]:
    """Where containers are appended only sometimes, they are appended to a list of their own, which then is added."""
    spec = built.spec
    display = spec.containers.display
    start = syntax.statement(display) if display is not None else None
    if start is None or spec.containers.variable is None:
        raise Refused("the list has no name")
    name = _free_name(syntax, ("init_containers", *_NAMES) if spec.inits.kind == "absent" else _NAMES, given)
    yield Insert(syntax.span(start), f"{name} = []")
    entries: list[tuple[Entry, int]] = []
    for place, entry in enumerate(moved):
        append = entry.element.append
        if append is None and any(other.element.append is not None for other in moved[:place]):
            raise Refused("containers that are always there would stand behind others that are not")
        if append is None:
            entries.append((_entry(syntax, entry.element), entry.gap))
        else:
            yield Rename(syntax.span(append.receiver), name)
    gap = moved[-1].gap
    if not entries and spec.inits.kind == "absent" and spec.owner is not None:
        yield Mark(syntax.span(spec.owner), spec.spelling.inits, name, (spec.spelling.containers,))
    else:
        yield from _put(syntax, built, [*entries, (Written(f"*{name}"), gap)])


def _free_name(syntax: Syntax, names: Sequence[str], given: Collection[str]) -> str:
    """A name for the new list that nobody uses, and that no other list was given."""
    taken = {node.value for node in syntax.nodes(cst.Name) if _is_variable(syntax, node)}
    found = next((name for name in names if name not in taken and name not in given), None)
    if found is None:
        raise Refused("no name is left for the list of init containers")
    return found


def _is_variable(syntax: Syntax, name: cst.Name) -> bool:
    above = syntax.parent(name)
    if isinstance(above, cst.Arg):
        return above.keyword is not name
    return not (isinstance(above, cst.Attribute) and above.attr is name)
