"""The containers of a pod as the lifecycle model takes them: what their manifest shows of what they do, in seconds.

What no manifest tells has a plain value here: init containers work for 5 s, the main containers of a Job for a minute,
everything else until it is stopped. The answers asked of the model do not hang on these.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from migrator.judge.view import View
from migrator.plan.budgets import budget
from migrator.plan.case import Case
from migrator.plan.fields import mapping, number
from migrator.plan.life import Gate, Pod, Process, RestartPolicy
from migrator.plan.lifecycle import run
from migrator.plan.pid1 import deaf
from migrator.plan.quits import QuitHack
from migrator.plan.rehearsal.outcome import Outcome
from migrator.plan.stopping import drain, pre_stop, stops_itself

Where = Literal["command", "startup", "postStart"]

_SETTING_UP, _WORKING = 5, 60
_POLICIES: dict[str, RestartPolicy] = {"Never": "Never", "OnFailure": "OnFailure"}


@dataclass(frozen=True)
class Held:
    """What keeps a container up: its command, startupProbe or postStart hook needs `provider`.

    `gives_up` says that it fails where that is not there, instead of waiting for ever.
    """

    where: Where
    provider: str
    gives_up: bool


def never_comes(case: Case, found: Outcome, where: Where) -> bool:
    """Whether a main container would surely never start, as the one that moves is held up: the model's answer."""
    if found.end not in ("fails", "waits") or found.cause is None or not found.cause.sure:
        return False
    life = run(pod_after(case, Held(where, found.cause.provider, found.end == "fails")))
    return any(view.name in life.never_started for view in case.staying)


def pod_after(case: Case, held: Held | None = None) -> Pod:
    """The pod of a case with its container moved, which is held up as said."""
    views = {view.name: view for view in (*case.pod.views, *case.pod.native)}
    inits = {container.name: container for container in case.view.pod.init_containers}
    processes = [
        _process(views[entry.name], case, held) if entry.sidecar else setting_up(inits[entry.name].name) for entry in case.order
    ]
    return Pod(
        tuple(processes),
        tuple(_process(view, case, held) for view in case.staying),
        frozenset(entry.name for entry in case.order if entry.sidecar),
        _POLICIES.get(case.restart_policy, "Always"),
        case.grace,
        number(case.workload.spec.get("backoffLimit"), 6) if case.is_job else None,
    )


def setting_up(name: str) -> Process:
    """A plain init container."""
    return Process(name, runs=_SETTING_UP)


def _process(view: View, case: Case, held: Held | None) -> Process:
    completes = case.workload.runs_to_completion and view in case.staying
    made = process(view, completes, case.hacks, case.grace)
    return _held(made, held) if held and view is case.view else made


def process(view: View, completes: bool, told: Sequence[QuitHack], grace: int) -> Process:
    """What one container does, for as long as the pod lives and when it stops. `completes` says that its work ends."""
    hook, draining = pre_stop(view), drain(view)
    return Process(
        view.name,
        runs=_WORKING if completes else None,
        startup=_startup(view),
        quits=_told(view, told),
        pre_stop=hook.seconds if hook else 0,
        pre_stop_quits=bool(hook and stops_itself(view, hook)),
        stops=grace + 1 if deaf(view) else draining[0] if draining else 1,
    )


def _startup(view: View) -> Gate | None:
    probe = view.container.raw.get("startupProbe")
    allowed = budget(probe)
    return (
        None if allowed is None else Gate(min(number(mapping(probe).get("initialDelaySeconds"), 0) + 1, allowed), budget=allowed)
    )


def _told(view: View, told: Sequence[QuitHack]) -> frozenset[str]:
    """Whom it makes quit once its work is done."""
    return frozenset(h.sidecar for h in told if h.caller == view.name and h.sidecar and h.caller_field != "lifecycle")


def _held(process: Process, held: Held) -> Process:
    needs = frozenset((held.provider,))
    if held.where == "command":
        return replace(process, needs=needs) if held.gives_up else replace(process, awaits=needs)
    if held.where == "startup":
        gate = process.startup or Gate(budget=30)
        return replace(process, startup=replace(gate, needs=needs))
    return replace(process, post_start=Gate(needs=needs, budget=1 if held.gives_up else None))
