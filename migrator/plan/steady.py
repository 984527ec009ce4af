"""Containers that exit now and then while the others go on."""

from __future__ import annotations

from collections.abc import Iterable

from migrator.judge.shell.wrappers import unwrap
from migrator.judge.view import View
from migrator.plan.quits import QuitHack


def why_it_ends(view: View, told: Iterable[QuitHack]) -> str | None:
    """The words for why it does: another container of the pod makes it quit, or it has a time of its own."""
    for hack in told:
        # A preStop hook says so only when the whole pod is stopped.
        if hack.sidecar == view.name and hack.listened and hack.caller_field != "lifecycle":
            return f"`{hack.caller}` makes `{view.name}` quit"
    _, wrappers = unwrap((*view.container.command, *view.container.args))
    return f"`{view.name}` ends after a while (`timeout`)" if "timeout" in wrappers else None
