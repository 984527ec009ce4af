"""Completion: a sidecar is restarted whenever it exits and its exit code counts for nothing.

Source: KEP-753, "Restart policy"; kubelet getPhase and computeInitContainerActions.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from migrator.judge.shell.programs import QUIET, kind_of
from migrator.judge.signals import SIGNALS
from migrator.plan.case import Case
from migrator.plan.hazards.check import Found, hazard

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


@hazard("block")
def no_main_left(case: Case) -> Iterator[Found]:
    """`containers` must not be empty (validateContainers), and what is left in it decides when the pod ends."""
    if all(case.roles[view.name] in ("one-shot", "sidecar") for view in case.staying):
        yield Found(
            "no container would be left in `containers` that can be the main one",
            case.view.container.line,
            "say which container is the main one",
            certain=True,
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
            "move it by hand if it never ends by itself",
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
    """In a pod that runs to completion, nothing shows that it would go on running by itself."""
    if not SIGNALS["completes"](case.view) or case.verdict.purpose in _DAEMONS:
        return False
    lasting = ("serves", "loops", "tails", "idles")
    return not any(SIGNALS[name](case.view) for name in lasting) and not case.view.container.probes


@hazard("block")
def restartpolicy_on_regular(case: Case) -> Iterator[Found]:
    """KEP-5307: a regular container with a restart policy of its own is meant to end by its own rules."""
    policy = case.raw.get("restartPolicy")
    if policy not in (None, "Always"):
        yield Found(
            f"`{case.name}` has `restartPolicy: {policy}`: its author wants it restarted by rules that a sidecar does not have",
            case.line("restartPolicy"),
            "leave it where it is",
            certain=True,
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
