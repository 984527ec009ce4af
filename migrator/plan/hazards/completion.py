"""Completion: a sidecar is restarted whenever it exits and its exit code counts for nothing.

Source: KEP-753, "Restart policy"; kubelet getPhase and computeInitContainerActions.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from migrator.judge.shell.programs import QUIET, kind_of
from migrator.judge.signals import SIGNALS
from migrator.model import Hazard
from migrator.plan.case import Case, Check

_ONE_SHOT_FLAGS = re.compile(r"(?:^|\s)(--one-time|--once|-exit-after-auth|--exit-after-auth|--oneshot|--run-once)\b(?!=false)")


def one_shot_work(case: Case) -> Iterator[Hazard]:
    """It does its work once and ends; as a sidecar it would do it again and again."""
    words = case.view.words
    if flag := _ONE_SHOT_FLAGS.search(case.view.text):
        why = f"runs with `{flag.group(1)}`"
    elif words.kind == "one-shot" and all(kind_of(command) in (None, "one-shot") for command in words.commands):
        names = dict.fromkeys(words.programs)
        working = [name for name in names if name not in QUIET and name != "sleep"]
        why = f"runs only `{'`, `'.join(working or names)}`"
    else:
        return
    yield Hazard(
        "run-to-completion-candidate",
        "block",
        f"`{case.name}` {why} and ends: as a sidecar it would be restarted for ever",
        case.line("command", "args"),
        "a plain init container does work once",
        certain=True,
    )


def may_be_the_work(case: Case) -> Iterator[Hazard]:
    """In a pod that runs to completion, nothing shows that it would go on running by itself."""
    if not SIGNALS["completes"](case.view) or case.verdict.purpose in _DAEMONS:
        return
    lasting = ("serves", "loops", "tails", "idles")
    if any(SIGNALS[name](case.view) for name in lasting) or case.view.container.probes:
        return
    yield Hazard(
        "run-to-completion-candidate",
        "block",
        f"the {case.workload.kind} may be waiting for `{case.name}` to end: nothing shows that it runs on by itself",
        case.line("command", "args", "image"),
        "move it by hand if it never ends by itself",
    )


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


def restart_policy_on_container(case: Case) -> Iterator[Hazard]:
    """KEP-5307: a regular container with its own restart policy is meant to end by its own rules."""
    policy = case.view.container.raw.get("restartPolicy")
    rules = case.view.container.raw.get("restartPolicyRules")
    if policy in (None, "Always") and not rules:
        return
    said = f"restartPolicy: {policy}" if policy not in (None, "Always") else "restartPolicyRules"
    yield Hazard(
        "restartpolicy-on-regular",
        "block",
        f"`{case.name}` has `{said}`: its author wants it restarted by rules that a sidecar does not have",
        case.line("restartPolicy", "restartPolicyRules"),
        "leave it where it is",
        certain=True,
    )


CHECKS: tuple[Check, ...] = (one_shot_work, may_be_the_work, restart_policy_on_container)
