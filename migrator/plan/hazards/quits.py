"""Quit hacks: what others did so that this container would not keep a Job from ending.

A sidecar needs none: it is stopped when the main containers have ended, and one that ends before is started again
(KEP-753, "Restart policy"). Where the pod is always restarted, so was the container before: there it is only told.
"""

from __future__ import annotations

from collections.abc import Iterator

from migrator.model import Severity
from migrator.plan.case import Case
from migrator.plan.hazards.check import Found, hazard
from migrator.plan.hazards.completion import completes


@hazard("warn")
def quit_hack_http(case: Case) -> Iterator[Found]:
    """Another container asks it to quit by a request, or is run by a wrapper that does (`/quitquitquit`, `/shutdown`)."""
    yield from _found(case, ("http", "wrapper"), "it is started again for as long as the pod runs")


@hazard("warn")
def quit_hack_file(case: Case) -> Iterator[Found]:
    """It ends once another container has made a file: started again, it finds the file still there, and backs off."""
    yield from _found(case, ("file",), "it is started again for as long as the pod runs, finds the file and ends")


@hazard("warn")
def quit_hack_signal(case: Case) -> Iterator[Found]:
    """Another container sends its process a signal (shareProcessNamespace)."""
    yield from _found(case, ("signal",), "it is started again for as long as the pod runs")


def _found(case: Case, kinds: tuple[str, ...], then: str) -> Iterator[Found]:
    """A preStop hook is left out: nothing is started again once a pod is being deleted (up to 1.36)."""
    for hack in case.told_to_quit:
        if hack.kind not in kinds or hack.caller_field == "lifecycle":
            continue
        caller = next((view.container for view in case.others if view.name == hack.caller), case.view.container)
        effect = (
            f"as a sidecar {then}"
            if hack.listened
            else f"nothing shows that `{case.name}` listens to it, and a sidecar needs none"
        )
        severity: Severity | None = None if hack.listened and completes(case) else "info"
        yield Found(
            f"`{hack.caller}` tells `{case.name}` to quit (`{hack.what}`): {effect}",
            caller.line_of(hack.caller_field),
            "`--remove-quit-hacks` takes it out" if hack.removal else f"take it out by hand: {hack.why_not}",
            severity,
        )
