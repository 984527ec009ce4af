"""Pod specs by constructor: `V1PodSpec(containers=[...])` and its kin."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from migrator.sources.python.elements import Containers, Lists
from migrator.sources.python.inits import read_inits
from migrator.sources.python.nodes import without
from migrator.sources.python.owners import Owners
from migrator.sources.python.pods import Spec, Spelling
from migrator.sources.python.syntax import Syntax
from migrator.sources.python.values import Values

#: What Airflow calls the container that its own pods have.
BASE = "base"


def built(syntax: Syntax, values: Values, owners: Owners) -> Iterator[Spec]:
    """The pod specs that constructors make, in the order of the text."""
    lists = Lists(syntax, values)
    for call in syntax.nodes(cst.Call):
        made = values.known.pod_spec(call)
        if made is None or made.dialect.owners or made.dialect.methods:
            continue
        dialect = made.dialect
        spelling = Spelling(*dialect.lists, *dialect.restart)
        arguments = {held.keyword.value: held for held in call.args if held.keyword is not None}
        placed = values.known.parameters(call)[:1] == (spelling.containers,) and call.args[:1] and call.args[0].keyword is None
        given = arguments.get(spelling.containers) or (call.args[0] if placed else None)
        if given is None or given.star:
            continue
        containers = lists.read(given.value)
        initial = arguments.get(spelling.inits)
        inits = read_inits(lists, None if initial is None else initial.value)
        fields = values.fields(call, dialect.field_name, parameters=values.known.parameters(call))
        manual = ""
        if placed:
            manual = f"`{spelling.containers}` is given by its place, without its name"
        assist = "" if made.sure else "the module that it is imported from is not known"
        if inits.kind == "expression" and not inits.listed and dialect.may_be_output:
            manual = f"`{syntax.source(initial.value)}` may be an Output" if initial is not None else ""
        unseen = initial is None and any(key.value in ("**", "initContainers") for key, _ in fields.pairs)
        if unseen or any(held.star == "*" for held in call.args):
            manual = "its arguments are not all seen"
        main = ""
        if merged := owners.merged_by(call):
            names = [name.value for held in containers.elements if (name := held.value.get("name")) is not None]
            main = "" if BASE in names else BASE
            manual = manual or (f"{merged} merges it by its number with a container of its own" if main else "")
        restart = fields.get("restartPolicy")
        policy = restart.value if restart is not None and restart.kind == "scalar" else None
        yield Spec(
            "builder" if containers.variable is not None else "constructor",
            call,
            call,
            spelling,
            dialect.id,
            containers,
            inits,
            without(fields, "containers", "initContainers"),
            owners.workload(call, policy),
            main,
            assist,
            manual or _late(syntax, containers, call),
            module=made.module,
        )


def _late(syntax: Syntax, containers: Containers, call: cst.Call) -> str:
    """Some clients copy the list that they are given (kubernetes 37): what is appended later is then in no pod."""
    end = syntax.span(call).end
    late = (held.append for held in containers.elements if held.append is not None)
    line = next((syntax.line(held.statement) for held in late if syntax.span(held.statement).start > end), 0)
    return f"on line {line} a container is appended behind the pod spec" if line else ""
