"""The pod of a result as the lifecycle model takes it, as it is and as it will be, for the pictures of its life."""

from __future__ import annotations

from dataclasses import replace

from migrator.judge.view import PodView
from migrator.model import Decision, PodResult, Site
from migrator.plan.fields import number
from migrator.plan.life import Pod, Process, RestartPolicy
from migrator.plan.lives import process, setting_up
from migrator.plan.quits import hacks
from migrator.report.page.view import Card, Lives, Member

_POLICIES: dict[str, RestartPolicy] = {"Never": "Never", "OnFailure": "OnFailure"}
_JOBS = frozenset({"Job", "CronJob"})
#: What a sketch takes the work of a Job to last, in seconds; the picture is not to scale.
_WORKING = 60
_MAY_END = "run-to-completion-candidate"


def lives(result: PodResult, written: bool = True) -> Lives | None:
    """The lives of a pod; None where its containers cannot be told apart by their names. What is not written has one only."""
    site = result.site
    views = PodView(site.pod, site.workload)
    names = [container.name for container in (*site.pod.init_containers, *site.pod.containers)]
    if len(set(names)) < len(names) or not all(names):
        return None
    completes = site.workload.runs_to_completion
    endless = {decision.container.name for decision in result.decisions if _endless(decision)}
    grace, told = max(0, number(site.pod.raw.get("terminationGracePeriodSeconds"), 30)), hacks(views)
    native = {view.name: view for view in views.native}
    inits = tuple(
        process(native[c.name], False, told, grace) if c.name in native else setting_up(c.name) for c in site.pod.init_containers
    )
    mains = tuple(process(view, completes and view.name not in endless, told, grace) for view in views.views)
    before = Pod(inits, mains, frozenset(native), _policy(site), grace, _backoff_limit(site))
    at = {decision.container.name: decision.position for decision in result.moved if decision.position is not None}
    return Lives(before, _after(before, at) if written else None, completes)


def sketch(card: Card) -> Lives | None:
    """The lives as far as the containers alone tell them: no init containers, probes or hooks."""
    names = [member.name for member in card.members]
    if len(set(names)) < len(names) or not all(names) or not names:
        return None
    completes = card.kind in _JOBS
    mains = tuple(Process(member.name, runs=None if not completes or _lasts(member) else _WORKING) for member in card.members)
    before = Pod((), mains, restart_policy="OnFailure" if completes else "Always")
    at = {member.name: member.position for member in card.members if member.position is not None}
    return Lives(before, _after(before, at), completes, sketched=True)


def _endless(decision: Decision) -> bool:
    """Whether it runs until it is stopped: a sidecar, unless what holds it is that it may well end."""
    return decision.verdict.role == "sidecar" and all(hazard.id != _MAY_END for hazard in decision.hazards)


def _lasts(member: Member) -> bool:
    return member.role == "sidecar" and all(risk.id != _MAY_END for risk in member.hazards)


def _after(before: Pod, at: dict[str, int]) -> Pod | None:
    """The pod with these of its main containers as sidecars at these places; None where none moves."""
    if not at:
        return None
    inits, mains = list(before.inits), {main.name: main for main in before.mains}
    for name in sorted(at, key=lambda name: at[name]):
        inits.insert(max(0, at[name]), mains.pop(name))
    return replace(before, inits=tuple(inits), mains=tuple(mains.values()), sidecars=before.sidecars | at.keys())


def _policy(site: Site) -> RestartPolicy:
    """The pod's restartPolicy. What is to end and does not say how, is not started again."""
    written = site.pod.restart_policy or ""
    return _POLICIES.get(written, "Never" if site.workload.runs_to_completion else "Always")


def _backoff_limit(site: Site) -> int | None:
    return number(site.workload.spec.get("backoffLimit"), 6) if site.workload.kind in _JOBS else None
