"""Termination: SIGTERM waits until the main containers are gone, preStop hooks do not (killContainersWithSyncResult).

All preStop hooks run from the first second, side by side; a sidecar's SIGTERM comes once the main containers and the
sidecars behind it are gone (newTerminationOrdering). Hooks, waits and drains share one grace period.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from migrator.judge.shell.programs import local_ports, quits
from migrator.judge.shell.words import Gone
from migrator.judge.signals import SIGNALS
from migrator.judge.view import View
from migrator.plan.case import Case
from migrator.plan.hazards.check import Found, hazard
from migrator.plan.stopping import drain, known_as, outlasts, pre_stop, runs, stops_itself

_ON_SIGTERM = {
    "consul": "takes the services of the pod out of the registry (consul agent)",
    "keepalived": "gives up its virtual address (keepalived)",
    "registrator": "takes the services of the pod out of the registry (registrator)",
}
_CONSUL_AGENT = re.compile(r"(?s)(?!.*\s-server(?:\s|=true|\Z))(?:.*\s)?agent(?:\s|\Z)")
#: Not the settings of a registry that drops what it has not heard of for long.
_DEREGISTERS = re.compile(r"\bconsul leave\b|[^ ;]*(?i:de-?register|unregister)(?!\w*[-_](?:critical|after|timeout))[^ ;]*")


@hazard("warn")
def prestop_self_terminates(case: Case) -> Iterator[Found]:
    """Its preStop hook makes it stop, while the main containers still drain (KEP-753, preStop hooks of sidecars)."""
    hook = pre_stop(case.view)
    told = stops_itself(case.view, hook) if hook else None
    if told is None:
        return
    line, remedy = case.line("lifecycle"), "remove the hook: a sidecar gets SIGTERM when the main containers are gone"
    client = next((view for view in case.staying if _needs_while_stopping(view, case.view)), None)
    if client:
        yield Found(
            f"`{client.name}` dials `{case.name}` and takes its time to stop, but the preStop hook of `{case.name}` (`{told}`) "
            "stops it as soon as the pod is to stop",
            line,
            remedy,
            severity="block",
        )
    else:
        yield Found(
            f"the preStop hook of `{case.name}` (`{told}`) stops it as soon as the pod is to stop, while the main containers "
            "still drain: only SIGTERM waits for them",
            line,
            remedy,
        )


def _needs_while_stopping(view: View, sidecar: View) -> bool:
    """Whether a container dials the sidecar and does not stop at once."""
    hook = pre_stop(view)
    lingers = drain(view) is not None or (hook is not None and hook.seconds > 0)
    return lingers and any(target.name == sidecar.name for target, _ in view.dialled)


@hazard("info")
def prestop_sleep_obsolete(case: Case) -> Iterator[Found]:
    """Its preStop hook only has it outlive the others, as a sidecar does anyway; at the end of a Job it now takes its time.

    Where a Service sends traffic to the container, the sleep is for those who have yet to hear that it goes.
    """
    hook = pre_stop(case.view)
    if hook is None or _served(case):
        return
    line, remedy = case.line("lifecycle"), "remove the hook: a sidecar stops after the main containers"
    if hook.only_sleeps and SIGNALS["completes"](case.view):
        yield Found(
            f"the preStop hook of `{case.name}` sleeps {hook.seconds} s; it is now run when the work is done, and the pod ends "
            f"{min(hook.seconds, case.grace)} s later",
            line,
            remedy,
            severity="warn",
        )
    elif hook.only_sleeps:
        yield Found(
            f"the preStop hook of `{case.name}` sleeps {hook.seconds} s; a sidecar outlives the main containers without it",
            line,
            remedy,
        )
    elif awaited := outlasts(case.view, hook):
        yield Found(
            f"the preStop hook of `{case.name}` waits as long as {awaited}; a sidecar outlives the main containers without it",
            line,
            remedy,
        )


def _served(case: Case) -> bool:
    """Whether a Service sends traffic to one of its ports."""
    served = case.links.ports_served(case.workload)
    own = {str(number) for number in case.view.listens} | {port.name for port in case.view.container.ports if port.name}
    return not served.isdisjoint(own)


@hazard("block")
def main_waits_for_candidate_exit(case: Case) -> Iterator[Found]:
    """A main container stops only once this one is gone, and as a sidecar this one stops only once that is gone."""
    own = pre_stop(case.view)
    if own and stops_itself(case.view, own):
        return
    for view in case.staying:
        hook = pre_stop(view)
        ways = [(view.words.stops_once_gone, view.words.handlers, "the handler of a signal in", "args")]
        if hook:
            ways.append((hook.said.waits_until_gone, hook.said.commands, "the preStop hook of", "lifecycle"))
        for gone, commands, who, field in ways:
            awaited, certain = _awaited(case.view, view, gone)
            if awaited and not any(_tells_to_quit(words, case.view) for words in commands):
                yield Found(
                    f"{who} `{view.name}` waits until {awaited}, and as a sidecar `{case.name}` stops only after `{view.name}`: "
                    + ("it waits in vain" if gone.gives_up else f"both wait until the {case.grace} s of the pod are over"),
                    view.container.line_of(field, "command"),
                    f"take the wait out of `{view.name}`: `{case.name}` then stops last by itself",
                    severity="warn" if gone.gives_up else "block",
                    certain=certain and not gone.gives_up,
                )


def _awaited(sidecar: View, view: View, gone: Gone) -> tuple[str | None, bool]:
    """What of the sidecar a container waits for to be gone, in words, and whether that is surely the sidecar's."""
    for port in sorted(gone.ports & sidecar.listens - view.listens):
        return f"port {port} of `{sidecar.name}` answers no more", True
    for name in sorted(gone.processes) if view.pod.share_processes else ():
        if runs(sidecar, name) and not runs(view, name):
            return f"the process `{name}` of `{sidecar.name}` has ended", sidecar.program == name
    return None, False


def _tells_to_quit(words: tuple[str, ...], sidecar: View) -> bool:
    """Whether a command makes the sidecar quit, by a URL or a `kill`."""
    for told in quits(words, frozenset()):
        if local_ports((told,)) & sidecar.listens or any(runs(sidecar, word) for word in told.split()[1:]):
            return True
    return False


@hazard("warn")
def main_prestop_stops_candidate(case: Case) -> Iterator[Found]:
    """The preStop hook of another container makes this one quit, which then is not there while the others drain."""
    for hack in case.told_to_quit:
        if hack.caller_field == "lifecycle" and hack.listened:
            caller = next((view for view in case.others if view.name == hack.caller), case.view)
            yield Found(
                f"the preStop hook of `{hack.caller}` makes `{case.name}` quit (`{hack.what}`) as soon as the pod is to stop; "
                "a sidecar that has quit is not started again then",
                caller.container.line_of("lifecycle"),
                f"take that out of the hook: `{case.name}` stops by itself, after `{hack.caller}`",
            )


@hazard("warn")
def candidate_needed_early_sigterm(case: Case) -> Iterator[Found]:
    """On SIGTERM it takes the pod off a registry or gives up an address; as a sidecar it gets it when all others are gone."""
    if pre_stop(case.view) is None and (what := _deregisters(case.view)):
        yield Found(
            f"on SIGTERM `{case.name}` {what}; it now gets it when the main containers are gone, and others go on sending to "
            "them until then",
            case.line("command", "args", "image"),
            "have a preStop hook do that without stopping the container",
        )


def _deregisters(view: View) -> str | None:
    """What a container does for its pod when it gets SIGTERM, in words."""
    for name in sorted(known_as(view) & _ON_SIGTERM.keys()):
        if name != "consul" or _CONSUL_AGENT.match(view.text):
            return _ON_SIGTERM[name]
    found = _DEREGISTERS.search("; ".join(" ".join(words) for words in view.words.handlers))
    return f"runs `{found.group()}`" if found else None


@hazard("warn")
def grace_budget(case: Case) -> Iterator[Found]:
    """One grace period for all: first the main containers, then one sidecar after the other (kubelet: waitForTurn)."""
    if not isinstance(case.view.pod.raw.get("terminationGracePeriodSeconds", 30), int):
        return
    hooks = {view.name: hook.seconds for view in (*case.others, case.view) if (hook := pre_stop(view))}
    at = max((hooks.get(view.name, 0) for view in case.staying), default=0)
    before = [f"the preStop hook of `{view.name}` ({at} s)" for view in case.staying if at and hooks.get(view.name) == at][:1]
    views = {view.name: view for view in (*case.others, case.view)}
    for name in reversed([entry.name for entry in case.order if entry.sidecar and entry.name in views]):
        took, setting = drain(views[name]) or (0, "")
        ends = max(at, hooks.get(name, 0)) + took
        if name == case.name:
            yield from _over(case, before, at, ends, took, setting)
            return
        before += [f"the drain of `{name}` ({took} s)"] if took else []
        at = ends


def _over(case: Case, before: list[str], at: int, ends: int, took: int, setting: str) -> Iterator[Found]:
    """What is left of the grace period for a sidecar whose turn comes at second `at` and that needs `took` then."""
    first = " and ".join(before)
    remedy = f"raise `terminationGracePeriodSeconds` above {ends}"
    if took and ends > case.grace:
        behind = f" behind {first}, {ends} s in all" if first else ""
        yield Found(
            f"`{case.name}` may drain for {took} s (`{setting}`){behind}, and the pod has {case.grace} s to stop",
            case.line("args", "command", "env"),
            f"{remedy}, or drain for a shorter time: whom it serves in the pod is gone by then",
        )
    elif before and at >= case.grace:
        yield Found(
            f"{first} may take all of the {case.grace} s that the pod has to stop: `{case.name}` gets SIGTERM after that, and "
            "2 s later it is killed",
            case.view.container.line,
            remedy,
        )
