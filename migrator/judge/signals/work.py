"""What a command does, for how long, and how much it asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrator.judge.quantity import quantity
from migrator.judge.shell.programs import kind_of
from migrator.judge.signals.registry import signal

if TYPE_CHECKING:
    from migrator.judge.view import View


@signal("completes")
def completes(view: View) -> str | None:
    """The pod is meant to run to completion (Job, CronJob, or restartPolicy Never or OnFailure)."""
    if view.workload.runs_to_completion or view.pod.restart_policy in ("Never", "OnFailure"):
        return f"the {view.workload.kind} runs to completion"
    return None


@signal("idles")
def idles(view: View) -> str | None:
    """It does nothing but wait: `sleep`, `pause`, `tail -f /dev/null`."""
    said = view.words
    quiet = said.kind == "idle" and all(kind_of(command) in (None, "idle") for command in said.commands)
    return "does nothing but wait" if quiet and not said.touches else None


@signal("loops")
def loops(view: View) -> str | None:
    """A loop that goes on as long as the pod does and is what it does, not what it does beside."""
    return "loops for as long as the pod runs" if view.words.loops and view.words.kind != "unknown" else None


@signal("tails")
def tails(view: View) -> str | None:
    """It follows a file with `tail -f` or `-F`."""
    if view.words.kind not in ("tail", "loop"):
        return None
    return next((f"follows {words[-1]}" for words in view.words.commands if kind_of(words) == "tail"), None)


@signal("quits-another")
def quits_another(view: View) -> str | None:
    """It tells another process of the pod to end: by a quit URL, or a signal where processes are shared."""
    return f"tells another process to end (`{view.words.quits[0]}`)" if view.words.quits else None


@signal("marked-always")
def marked_always(view: View) -> str | None:
    """It has the sidecar marker in the list where it means something else (KEP-753, KEP-5307), or `restart: Always`, which
    no container has and means the same to whoever wrote it.
    """
    keys = ("restartPolicy", "restart")
    return next((f"has `{key}: Always`" for key in keys if view.container.raw.get(key) == "Always"), None)


@signal("small")
def small(view: View) -> str | None:
    """It asks for a quarter, or less, of the CPU and the memory that a neighbour asks for."""
    own = _requests(view)
    for other in view.neighbours:
        theirs = _requests(other)
        known = own.keys() & theirs.keys()
        if known and all(own[resource] * 4 <= theirs[resource] for resource in known):
            return f"asks for a quarter, or less, of what `{other.name}` asks for"
    return None


def _requests(view: View) -> dict[str, float]:
    """What it requests of CPU (cores) and memory (bytes), as far as the manifest says."""
    held = view.container.raw.get("resources")
    asked = held.get("requests") if isinstance(held, dict) else None
    found = {key: quantity(asked.get(key)) for key in ("cpu", "memory")} if isinstance(asked, dict) else {}
    return {key: value for key, value in found.items() if value}
