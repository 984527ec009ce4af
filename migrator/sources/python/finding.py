"""All pods that are built in one Python text, in the order of the text."""

from __future__ import annotations

from migrator.model import Problem
from migrator.sources.python.asked import Asked
from migrator.sources.python.known import Known
from migrator.sources.python.libraries.versions import too_old
from migrator.sources.python.owners import Owners
from migrator.sources.python.pods import Spec
from migrator.sources.python.shapes.appended import appended
from migrator.sources.python.shapes.assigned import assigned
from migrator.sources.python.shapes.built import built
from migrator.sources.python.shapes.plus import added
from migrator.sources.python.shapes.spawner import spawned
from migrator.sources.python.shapes.written import written
from migrator.sources.python.sites import Built, built_site
from migrator.sources.python.syntax import Syntax
from migrator.sources.python.values import Values


def found(text: str, asked: Asked) -> tuple[Syntax, list[Built], list[Problem]]:
    """The sites of a text, and the pods that Kubernetes would not take. Raises `TextError` where it is not Python."""
    syntax = Syntax(text)
    values = Values(syntax, Known(syntax))
    owners = Owners(syntax, values)
    specs: list[Spec] = [
        *built(syntax, values, owners),
        *written(syntax, values, owners),
        *appended(syntax, values),
        *assigned(syntax, values),
        *spawned(syntax, values),
        *added(syntax, values, owners),
    ]
    specs.sort(key=lambda spec: syntax.span(spec.at))
    sites: list[Built] = []
    problems: list[Problem] = []
    for spec in specs:
        if len(spec.containers.elements) + bool(spec.main) < 2 and not spec.containers.open:
            continue
        made = built_site(syntax, spec, asked.unsafe, too_old(spec, values.known, asked.pins, asked.client_version))
        if isinstance(made, Problem):
            problems.append(made)
        else:
            sites.append(made)
    return syntax, sites, problems
