"""What gates the start: everything that keeps a sidecar from starting now keeps what comes behind it from starting too."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import inf

from migrator.judge.view import View
from migrator.plan.budgets import budget
from migrator.plan.case import Case
from migrator.plan.configured import needed_objects
from migrator.plan.fields import number
from migrator.plan.hazards.check import Found, hazard
from migrator.plan.rehearsal.of_case import comes_later, of_probe, probes_of
from migrator.plan.steady import why_it_ends

#: Purposes of what only watches: the application would run without it.
_WATCHERS = frozenset({"log-shipper", "metrics-exporter", "tracing", "backup", "dev"})
_DOCKER_HUB = "docker.io"


@hazard("warn")
def optional_sidecar_gates_start(case: Case) -> Iterator[Found]:
    """A regular container that cannot start harms only itself, a sidecar keeps all behind it from starting (SyncPod, steps
    7 and 9; KEP-753, scenario 4).

    Raised where it takes an object or a registry that nobody else in the pod does. A Secret mounted as a volume is no
    such thing: without it no container of the pod starts, wherever it stands.
    """
    pod = case.view.pod
    others = (*(view.container for view in case.staying), *pod.init_containers)
    objects = needed_objects(case.view.container, pod) - {found for other in others for found in needed_objects(other, pod)}
    needs = [f"{kind} `{name}`" for kind, name in sorted(objects)]
    remedies = ["mark what it can start without as `optional: true`"] if objects else []
    line = case.line("envFrom", "env")
    if host := _own_registry(case):
        needs.append(f"an image of {host} at every start")
        remedies.append("pin the image and use `imagePullPolicy: IfNotPresent`")
        line = line if objects else case.line("imagePullPolicy")
    if needs:
        yield Found(
            f"only `{case.name}` needs {_listed(needs)}: {_names(case.staying)} would not start any more without",
            line,
            _listed(remedies),
            severity=None if case.verdict.purpose in _WATCHERS else "info",
        )


def _own_registry(case: Case) -> str | None:
    """The registry its image is asked of at every start, where no image of those that stay comes from there."""
    if case.raw.get("imagePullPolicy") != "Always":
        return None
    host, theirs = _registry(case.view), {_registry(view) for view in case.staying}
    return host if None not in theirs and host not in theirs else None


def _registry(view: View) -> str | None:
    """The host of its image; None where the image is not known."""
    if not view.repository:
        return None
    host, slash, _ = (view.container.image or "").strip().partition("/")
    return host if slash and ("." in host or ":" in host or host == "localhost") else _DOCKER_HUB


@hazard("info")
def started_is_not_ready(case: Case) -> Iterator[Found]:
    """Without startupProbe and postStart hook the next container starts as soon as the process runs; readiness gates
    nothing (KEP-753, "Pod startup completed condition").

    Before the move nothing was ordered at all, so nothing gets worse: this is never more than good to know.
    """
    if probes_of(case, "startup") or probes_of(case, "postStart"):
        return
    for other in case.staying:
        for port in (n for target, n in other.dialled if target.name == case.name):
            if any(f":{port}/" in told for told in other.words.quits):
                continue
            yield Found(
                f"`{other.name}`, which dials localhost:{port}, starts once `{case.name}` runs, perhaps before it listens there",
                case.line("ports", "readinessProbe"),
                f"a startupProbe that `{case.name}` passes without `{other.name}` would make it wait",
            )
            return


@hazard("warn")
def liveness_during_init(case: Case) -> Iterator[Found]:
    """Liveness is asked from its start on, also while what comes behind it has yet to start (prober_manager.go, AddPod;
    computeInitContainerActions). Harmless where it answers for itself.
    """
    later = _listed([f"`{entry.name}`" for entry in case.order[case.placed.position + 1 :] if not entry.sidecar])
    for probe in probes_of(case, "liveness"):
        found = of_probe(case, probe)
        seconds = budget(case.raw.get("livenessProbe"))
        if found.cause and comes_later(case, found):
            behind = f" and {later}" if later else ""
            yield Found(
                f"the livenessProbe of `{case.name}` {found.cause.words}, which starts after it{behind}: "
                f"until that is there, `{case.name}` is restarted again and again{f', after {seconds} s' if seconds else ''}",
                case.line("livenessProbe"),
                "let it ask what the container answers itself",
            )
        elif later:
            yield Found(
                f"the livenessProbe of `{case.name}` is asked already while {later} is at work",
                case.line("livenessProbe"),
                "make sure that it can be live without the rest of the pod",
                severity="info",
            )


@hazard("info")
def serial_start_latency(case: Case) -> Iterator[Found]:
    """What sidecars may take to start adds up before the main containers may (KEP-753, scenario 7).

    Warned of where that is what exceeds the time there is: `progressDeadlineSeconds` of a Deployment, which each container
    would keep alone, or half of a Job's `activeDeadlineSeconds`.
    """
    own = budget(case.raw.get("startupProbe"))
    if own is None:
        return
    sidecars = {entry.name for entry in case.order if entry.sidecar}
    everyone = (case.view, *case.others)
    budgets = {view.name: budget(view.container.raw.get("startupProbe")) or 0 for view in everyone}
    first = sum(seconds for name, seconds in budgets.items() if name in sidecars)
    words = f"the startupProbe of `{case.name}` may keep {_names(case.staying)} waiting for {own} s"
    total = f", with the other sidecars {first} s" if first > own else ""
    deadline, field = _deadline(case)
    last = max((seconds for name, seconds in budgets.items() if name not in sidecars), default=0)
    late = first > deadline / 2 if case.is_job else first + last > deadline >= max(budgets.values())
    yield Found(
        words + total + (f", of {deadline} s that {field} allows" if late else ""),
        case.line("startupProbe"),
        f"raise {field}, or lower failureThreshold" if late else "",
        severity="warn" if late else None,
    )


def _deadline(case: Case) -> tuple[float, str]:
    """How long the pod may take, in seconds, and the field that says so; for ever where that is not known."""
    if case.workload.kind == "Deployment":
        said = case.workload.spec.get("progressDeadlineSeconds")
        return 600 if said is None else number(said, 0) or inf, "progressDeadlineSeconds"
    if case.is_job:
        said = number(case.workload.spec.get("activeDeadlineSeconds"), 0)
        return said or number(case.view.pod.raw.get("activeDeadlineSeconds"), 0) or inf, "activeDeadlineSeconds"
    return inf, ""


@hazard("info")
def restart_regating(case: Case) -> Iterator[Found]:
    """Once the only main container has exited, it is started again only when the last init container has started (again):
    computeInitContainerActions counts exited main containers as not initialized.

    Worth a warning only where both go down together, because the other makes it quit.
    """
    if case.restart_policy == "Never" or len(case.staying) != 1 or case.placed.position != len(case.order) - 1:
        return
    main = case.staying[0].name
    lively = [of_probe(case, probe) for probe in probes_of(case, "liveness")]
    if ends := why_it_ends(case.view, case.hacks):
        yield Found(
            f"{ends}: should `{main}` crash then, it is started again only once `{case.name}`, the last init container, runs "
            "again, after a back-off of up to 300 s",
            case.line("command", "args"),
            "let it run on: as a sidecar it is stopped when the pod is",
            severity="warn",
        )
    elif probes_of(case, "startup") or any(found.end == "fails" and found.cause for found in lively):
        yield Found(
            f"should `{main}` crash while `{case.name}`, the last init container, is being restarted itself, it is started again "
            f"only once `{case.name}` has started",
            case.line("startupProbe", "livenessProbe"),
        )


@hazard("warn", "<1.33.6, 1.34.0-1.34.1")
def never_plus_startupprobe_bug(case: Case) -> Iterator[Found]:
    """The startupProbe of a sidecar is not asked again after its first run has failed, where the pod's policy is Never and
    another startupProbe is at work (prober worker; kubernetes#132826).
    """
    other = next((view for view in case.others if isinstance(view.container.raw.get("startupProbe"), dict)), None)
    if case.restart_policy == "Never" and probes_of(case, "startup") and other:
        yield Found(
            f"should the first run of `{case.name}` fail, its startupProbe would not be asked again (`restartPolicy: Never`, and "
            f"`{other.name}` has a startupProbe too): {_names(case.staying)} would never start",
            case.line("startupProbe"),
            "drop the startupProbe of one of them, or use `restartPolicy: OnFailure`",
        )


@hazard("warn", "1.35.0-1.35.3")
def startupprobe_after_kubelet_restart(case: Case) -> Iterator[Found]:
    """After a restart of the kubelet it forgets that the startupProbe had succeeded: a crashed main container is never
    started again (kubernetes#137146, a regression of 1.35.0).
    """
    if case.restart_policy != "Never" and probes_of(case, "startup"):
        yield Found(
            f"once the kubelet has been restarted, {_names(case.staying)} would not be restarted after a crash, because "
            f"`{case.name}` has a startupProbe",
            case.line("startupProbe"),
            "run 1.35.4 or newer, or drop the startupProbe",
        )


@hazard("info", "<1.29.3")
def job_status_frozen(case: Case) -> Iterator[Found]:
    """The API server refuses a status in which a sidecar runs again in a pod that restarts nobody (kubernetes#123323)."""
    if case.restart_policy in ("Never", "OnFailure"):
        yield Found(
            f"should `{case.name}` exit once, the pod's status would go on saying that it has, although it was restarted",
            case.line(),
            "run 1.29.3 or newer",
        )


@hazard("info", "<1.29.8, 1.30.0-1.30.3")
def exited_sidecar_stalls_shutdown(case: Case) -> Iterator[Found]:
    """The sidecars before it wait for it to stop, also where it has exited already (newTerminationOrdering;
    kubernetes#125935).
    """
    waiting = [entry.name for entry in case.order[: case.placed.position] if entry.sidecar]
    if waiting and (ends := why_it_ends(case.view, case.hacks)):
        yield Found(
            f"{ends}; once it has exited, {_listed([f'`{name}`' for name in waiting])} would be stopped only when the "
            f"grace period of {case.grace} s is over",
            case.line("command", "args"),
            "run 1.29.8, 1.30.4 or newer, or let it run on",
        )


def _names(views: Sequence[View]) -> str:
    return _listed([f"`{view.name}`" for view in views]) or "the rest of the pod"


def _listed(words: Sequence[str]) -> str:
    return " and ".join([*([", ".join(words[:-1])] if words[1:] else []), *words[-1:]])
