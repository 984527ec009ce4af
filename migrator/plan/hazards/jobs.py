"""Jobs: what counts as their end and their failure (Job controller)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from migrator.judge.shell.programs import quits
from migrator.judge.shell.words import base_name
from migrator.plan.case import Case
from migrator.plan.fields import at, mapping, mappings, number
from migrator.plan.hazards.check import Found, hazard
from migrator.plan.hazards.completion import first_to_move
from migrator.plan.pid1 import deaf
from migrator.plan.quits import QuitHack
from migrator.plan.stopping import seconds

_DEFAULT_BACKOFF_LIMIT = 6
#: Seconds in which the kubelet has looked, started a container again, and said so (PLEG relists every second).
_SEEN = 5
#: 128 and the number of SIGKILL, of SIGTERM.
_KILLED, _TERMINATED = 137, 143
#: Who says in an annotation that the object is deleted and created anew for each release, and in which words.
_REPLACED = {
    "helm.sh/hook": "",
    "argocd.argoproj.io/hook": "",
    "argocd.argoproj.io/sync-options": "Force=true",
    "kustomize.toolkit.fluxcd.io/force": "enabled",
}


@hazard("block")
def job_backofflimit_counts_sidecar(case: Case) -> Iterator[Found]:
    """Under `OnFailure` the restarts of all containers, sidecars included, count (pastBackoffLimitOnFailure).

    With `backoffLimit: 0` one is too many. A regular container that exits with 0 is not restarted then, a sidecar is.
    That a probe or a crash restarts it was counted before as well.
    """
    if not case.is_job or case.restart_policy != "OnFailure":
        return
    told = [hack for hack in case.told_to_quit if hack.listened and hack.caller_field != "lifecycle"]
    if not told:
        return
    spec = case.workload.spec
    limit = number(spec.get("backoffLimit"), _DEFAULT_BACKOFF_LIMIT)
    enough = max(limit, 1)
    fails = len(told) * number(spec.get("parallelism"), 1) >= enough
    sure = sum(_lingers(case, hack) for hack in told) >= enough
    yield Found(
        f"`{told[0].caller}` makes `{case.name}` end, and a sidecar is then started again: with `restartPolicy: OnFailure` each "
        f"restart counts, and the Job fails with {'the first' if enough == 1 else f'number {limit}'} (backoffLimit {limit})",
        case.line(told[0].sidecar_field or "command"),
        "`--remove-quit-hacks` takes that out" if all(hack.removal for hack in told) else "let nobody tell it to end",
        severity=None if fails else "warn",
        certain=sure,
    )


def _lingers(case: Case, hack: QuitHack) -> bool:
    """Whether the caller surely runs on after the call for so long that the kubelet starts the sidecar again meanwhile."""
    caller = next((view for view in case.others if view.name == hack.caller), None)
    commands = caller.words.commands if caller else ()
    calls = [n for n, words in enumerate(commands) if any(quits(words, frozenset())) or (hack.file and hack.file in words)]
    behind = [words for words in commands[calls[-1] + 1 :] if base_name(words[0]) == "sleep"] if calls else []
    return sum(seconds(word) or 0 for words in behind for word in words[1:]) >= _SEEN


@hazard("warn")
def podfailurepolicy_exit_codes(case: Case) -> Iterator[Found]:
    """`onExitCodes` looks at init containers, too, where no regular container matches (matchOnExitCodes).

    It is asked of pods that failed: a main container did, and then the sidecar was stopped, with a code of its own.
    """
    if not case.is_job:
        return
    for place, rule in enumerate(mappings(at(case.workload.spec, "podFailurePolicy", "rules"))):
        asked = mapping(rule.get("onExitCodes"))
        if asked.get("containerName") == case.name:
            yield Found(
                f"rule {place + 1} of the podFailurePolicy is for exit codes of `{case.name}`: a sidecar that exits is started "
                "again, so the rule would only ever see how it was stopped after a main container had failed",
                case.view.container.line,
                "take the rule out, or leave the container where it is",
            )
        elif asked and asked.get("containerName") is None and (code := _matched(case, asked)):
            yield Found(
                f"rule {place + 1} of the podFailurePolicy ({rule.get('action')}) is for any container: once a main one has "
                f"failed, it would match the exit code {code} with which `{case.name}` is stopped as well",
                case.view.container.line,
                "name the main container in the rule (`containerName`)",
            )


def _matched(case: Case, asked: Mapping[str, Any]) -> int | None:
    """The exit code of a sidecar that was told to stop, where the rule matches it."""
    values = asked.get("values")
    named = {value for value in values if isinstance(value, int)} if isinstance(values, list) else set()
    codes = (_KILLED,) if deaf(case.view) else (_TERMINATED, _KILLED)
    wanted = {"In": True, "NotIn": False}.get(str(asked.get("operator")))
    return next((code for code in codes if named and (code in named) is wanted), None)


@hazard("info")
def immutable_owner(case: Case) -> Iterator[Found]:
    """The template of a Job and the containers of a Pod cannot be changed (ValidateJobUpdate, ValidatePodUpdate).

    A name that ends in a dash is a `generateName`: such an object is new each time.
    """
    workload = case.workload
    if workload.kind not in ("Job", "Pod") or not workload.name or workload.name.endswith("-") or not first_to_move(case):
        return
    if any(word in workload.annotations[key] for key, word in _REPLACED.items() if key in workload.annotations):
        return
    yield Found(
        f"where the {workload.kind} `{workload.name}` exists already, it cannot be changed: the API server rejects the update",
        case.view.container.line,
        "delete it, then create it again",
    )
