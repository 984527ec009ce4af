"""Completion: a sidecar is restarted whenever it exits and its exit code counts for nothing.

Source: KEP-753, "Restart policy"; kubelet getPhase and computeInitContainerActions.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from migrator.judge.shell.programs import QUIET, kind_of
from migrator.judge.shell.words import base_name
from migrator.judge.signals import SIGNALS
from migrator.judge.weights import WEIGHTS
from migrator.model import Role
from migrator.plan.case import Case
from migrator.plan.hazards.check import Found, hazard
from migrator.plan.pid1 import deaf
from migrator.plan.stopping import pre_stop, stops_itself

_ONE_SHOT_FLAGS = re.compile(r"(?:^|\s)(--one-time|--once|-exit-after-auth|--exit-after-auth|--oneshot|--run-once)\b(?!=false)")

#: Purposes whose products are daemons: they run until they are stopped, whatever the command says.
_DAEMONS = frozenset(
    {
        "db-proxy",
        "auth-proxy",
        "proxy",
        "service-mesh",
        "tls",
        "vpn",
        "log-shipper",
        "metrics-exporter",
        "csi-helper",
        "dind",
        "tracing",
    }
)
#: From here on it is surely such a product, whatever a single rule says.
_NEAR_CERTAIN = 0.99
#: Rules that know a container by a name that anything can have, also the work of a Job.
_BY_NAME = re.compile(r"named-|.*-image\Z")
#: Words for work whose outcome somebody waits for.
_RESULT = re.compile(
    r"tests?|test(?:er|ing)|upload(?:s|er|ing)?|push(?:er|es|ing)?|verif(?:y|ier|ying|ication)|notif(?:y|ier|ication|ications)"
    r"|backups?|report(?:s|er|ing)?"
)
#: The least that the kubelet leaves a process between SIGTERM and SIGKILL (minimumGracePeriodInSeconds).
_LEAST_GRACE = 2
_TRAP = "begin the script with `trap 'exit 0' TERM`, or set a smaller terminationGracePeriodSeconds"
_INIT = "run it as `trap 'exit 0' TERM; ... & wait`, or behind tini, or set a smaller terminationGracePeriodSeconds"


def first_to_move(case: Case) -> bool:
    """Whether of those that move this one stands first: it speaks for the pod, so that nothing is said twice."""
    return case.name == next((entry.name for entry in case.order if entry.moved), None)


def completes(case: Case) -> bool:
    """Whether the pod is meant to end: that of a Job, or one that is not always restarted."""
    return SIGNALS["completes"](case.view) is not None


@hazard("block")
def no_main_left(case: Case) -> Iterator[Found]:
    """`containers` must not be empty (validateContainers), and what is left in it decides when the pod ends.

    What does its work once is the work itself where the pod is meant to end.
    """
    helping: set[Role] = {"sidecar"} if completes(case) else {"sidecar", "one-shot"}
    if all(case.roles[view.name] in helping for view in case.staying):
        yield Found(
            "no container would be left in `containers` that can be the main one",
            case.view.container.line,
            "say which container is the main one",
            certain=True,
        )


@hazard("warn")
def main_ambiguous(case: Case) -> Iterator[Found]:
    """What stays in `containers` decides alone when a pod that completes has ended, and how (getPhase)."""
    if not completes(case) or not first_to_move(case) or any(case.roles[view.name] == "main" for view in case.staying):
        return
    equals = [
        view.name for view in case.staying if case.roles[view.name] in ("peer", "unknown") and view.words.kind != "one-shot"
    ]
    if len(equals) > 1:
        yield Found(
            f"which of `{'`, `'.join(equals)}` does the work cannot be told: the {_owner(case)} ends once all of them have "
            "ended, and never where one of them only helps",
            case.view.container.line,
            "write `# sidecar-migrate: main` above the one that does the work, or `sidecar` above one that helps",
        )


@hazard("block")
def run_to_completion_candidate(case: Case) -> Iterator[Found]:
    """It does its work once and ends, or may do so in a pod that waits for it: as a sidecar it would do it again and again."""
    if why := _one_shot(case):
        yield Found(
            f"`{case.name}` {why} and ends: as a sidecar it would be restarted for ever",
            case.line("command", "args"),
            "a plain init container does work once",
            certain=True,
        )
    elif _may_be_the_work(case):
        yield Found(
            f"the {case.workload.kind} may be waiting for `{case.name}` to end: nothing shows that it runs on by itself",
            case.line("command", "args", "image"),
            "write `# sidecar-migrate: sidecar` above it if it never ends by itself",
        )


def _one_shot(case: Case) -> str | None:
    words = case.view.words
    if flag := _ONE_SHOT_FLAGS.search(case.view.text):
        return f"runs with `{flag.group(1)}`"
    if words.kind == "one-shot" and all(kind_of(command) in (None, "one-shot") for command in words.commands):
        names = dict.fromkeys(words.programs)
        working = [name for name in names if name not in QUIET and name != "sleep"]
        return f"runs only `{'`, `'.join(working or names)}`"
    return None


def _may_be_the_work(case: Case) -> bool:
    """In a pod that runs to completion, nothing shows that it would go on running by itself.

    What others have to make end does not end by itself; and what its author calls a sidecar is one.
    """
    said = case.view.container.directive
    if not completes(case) or _daemon(case) or (said and said.word == "sidecar"):
        return False
    if any(hack.listened for hack in case.told_to_quit):
        return False
    lasting = ("serves", "loops", "tails", "idles")
    return not any(SIGNALS[name](case.view) for name in lasting) and not case.view.container.probes


def _daemon(case: Case) -> bool:
    """Whether it is a product that runs until it is stopped, and known by more than its name."""
    if case.verdict.purpose not in _DAEMONS:
        return False
    known = any(item.weight >= WEIGHTS["strong"] and not _BY_NAME.match(item.rule) for item in case.verdict.evidence)
    return known or case.verdict.confidence >= _NEAR_CERTAIN


def _owner(case: Case) -> str:
    return "Job" if case.is_job else case.workload.kind


@hazard("warn")
def candidate_failure_significant(case: Case) -> Iterator[Found]:
    """The exit code of a sidecar is no part of the phase of its pod (getPhase), and nobody waits for it to be done."""
    if not completes(case) or _daemon(case) or _one_shot(case) or _may_be_the_work(case):
        return
    if word := _result(case):
        yield Found(
            f"`{case.name}` seems to do work with a result (`{word}`): its exit code would no longer fail the {_owner(case)}, "
            "and it is stopped as soon as the main container has ended",
            case.line("command", "args", "image"),
            "write `# sidecar-migrate: ignore` above it if its failure has to count",
        )


def _result(case: Case) -> str | None:
    """The word for work with a result in its name, image or commands."""
    view = case.view
    commands = [" ".join((base_name(words[0]), *words[1:2])) for words in view.words.commands if base_name(words[0]) not in QUIET]
    parts = (part for text in (view.name, *view.repository[-1:], *commands) for part in re.split(r"[^a-z]+", text.lower()))
    return next((part for part in parts if _RESULT.fullmatch(part)), None)


@hazard("warn")
def completion_delay(case: Case) -> Iterator[Found]:
    """The pod of a Job ends only when its sidecars have stopped, all within the grace period (SyncPod, killContainer).

    Before, a container had to end by itself for the Job to end, so neither its hook nor SIGTERM had a part in that. Of a
    hook that does nothing but sleep, `prestop-sleep-obsolete` tells.
    """
    if not case.workload.runs_to_completion:
        return
    first, hook = deaf(case.view), pre_stop(case.view)
    slept = min(hook.seconds, case.grace) if hook and not (hook.said.waits or hook.said.loops) else 0
    if first and case.grace > _LEAST_GRACE:
        yield Found(
            f"nothing handles SIGTERM in `{case.name}`: its first process is {first}, which goes on until it is killed, so the "
            f"{_owner(case)} ends {case.grace} s after its work is done",
            case.line("command", "args"),
            _TRAP if first.startswith("a loop") else _INIT,
        )
    elif hook and slept > _LEAST_GRACE and not hook.only_sleeps:
        yield Found(
            f"the preStop hook of `{case.name}` takes {slept} s and is now run when the work is done: the {_owner(case)} ends "
            "so much later",
            case.line("lifecycle"),
            "let the container itself do on SIGTERM what the hook does: it comes after the main containers have ended",
        )
    elif hook and not hook.only_sleeps and not stops_itself(case.view, hook):
        yield Found(
            f"the preStop hook of `{case.name}` is now run when the work of the {_owner(case)} is done",
            case.line("lifecycle"),
            severity="info",
        )


@hazard("block")
def restartpolicy_on_regular(case: Case) -> Iterator[Found]:
    """KEP-5307: a regular container with a restart policy of its own is meant to end by its own rules.

    And one with `Always` never ends (getPhase): where it stays in `containers`, its Job does not complete. Before 1.34
    the API server rejects the field, 1.34 drops it.
    """
    policy = case.raw.get("restartPolicy")
    if policy not in (None, "Always"):
        yield Found(
            f"`{case.name}` has `restartPolicy: {policy}`: its author wants it restarted by rules that a sidecar does not have",
            case.line("restartPolicy"),
            "leave it where it is",
            certain=policy in ("Never", "OnFailure"),
        )
    kept = next((view for view in case.staying if view.container.raw.get("restartPolicy") == "Always"), None)
    if kept and case.is_job and first_to_move(case):
        yield Found(
            f"`{kept.name}` stays in `containers` with `restartPolicy: Always`: from Kubernetes 1.35 on it is restarted for "
            "ever, and the Job never completes",
            kept.container.line_of("restartPolicy"),
            f"take the field off if `{kept.name}` does the work, or move it too",
            severity="warn",
        )


@hazard("block")
def restartpolicyrules_on_sidecar(case: Case) -> Iterator[Found]:
    """Dropped in 1.34, forbidden on sidecars in 1.35; and whoever wrote rules wants other restarts than a sidecar's."""
    if case.raw.get("restartPolicyRules"):
        yield Found(
            f"`{case.name}` has `restartPolicyRules`: its author wants it restarted by rules that a sidecar does not have",
            case.line("restartPolicyRules"),
            "leave it where it is",
            certain=True,
        )
