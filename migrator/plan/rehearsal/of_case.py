"""The scripts of a container that would move, rehearsed: its command, and what its probes and hooks ask."""

from __future__ import annotations

from dataclasses import replace

from migrator.model import Probe
from migrator.plan.case import Case
from migrator.plan.needs import Alone
from migrator.plan.rehearsal.outcome import Outcome
from migrator.plan.rehearsal.walk import asked, rehearse

#: Purposes whose products write files for others to read.
_MAKES_FILES = frozenset({"secrets-agent", "sync", "tls", "dind", "config-reloader", "service-mesh"})


def of_command(case: Case) -> Outcome:
    """How its command gets on before any other container has started."""
    return rehearse((*case.view.container.command, *case.view.container.args), _before(case), True)


def of_probe(case: Case, probe: Probe) -> Outcome:
    """How a probe or hook comes out: its own program runs, unless that waits for another container first."""
    command = of_command(case)
    held = command.need if command.end == "waits" and not command.beside else None
    return asked(probe, replace(_before(case), up=True, held=held))


def probes_of(case: Case, kind: str) -> list[Probe]:
    """Its probes or hooks of this kind."""
    return [probe for probe in case.view.container.probes if probe.kind == kind]


def comes_later(case: Case, found: Outcome) -> bool:
    """Whether what it lacks for sure is nobody's who would start before it."""
    if found.end not in ("fails", "waits") or found.cause is None or not found.cause.sure:
        return False
    return all(entry.name != found.cause.provider for entry in case.order[: case.placed.position])


def _before(case: Case) -> Alone:
    return Alone(case.view, case.others, True if case.verdict.purpose in _MAKES_FILES else None, up=False)
