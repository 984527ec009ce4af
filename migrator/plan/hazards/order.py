"""What the place among the init containers decides."""

from __future__ import annotations

from collections.abc import Iterator

from migrator.model import Container
from migrator.plan.case import Case
from migrator.plan.hazards.check import Found, hazard
from migrator.plan.needs import needed_by_init, prepares
from migrator.plan.rehearsal.of_case import probes_of
from migrator.plan.steady import why_it_ends


@hazard("info")
def needs_init_output(case: Case) -> Iterator[Found]:
    """An init container prepares what it needs: the files of a volume, or the network. It is placed behind that one,
    whatever `--position` asks for (see `plan.placement`).
    """
    needed = [init for init in case.view.pod.init_containers if prepares(init, case.view)]
    if needed and _asked_before(case, needed[-1]):
        yield Found(
            f"`{case.name}` may need what `{needed[-1].name}` prepares, so it does not go {case.settings.position}, as asked",
            case.line("volumeMounts"),
            f"ask for `--position after:{needed[-1].name}`",
        )


def _asked_before(case: Case, init: Container) -> bool:
    """Whether `--position` would have it start before an init container."""
    word, _, name = case.settings.position.partition(":")
    if word == "first":
        return True
    named = next((other for other in case.view.pod.init_containers if name and other.name == name), None)
    return named is not None and named.index + (word == "after") <= init.index


@hazard("info")
def init_needs_candidate(case: Case) -> Iterator[Found]:
    """An init container would use it if it were there already. In a pod that works it can do without: the init containers
    have ended before any regular one starts. Where it now comes first, started is not ready yet.
    """
    before = {entry.name for entry in case.order[: case.placed.position]}
    for init in case.view.pod.init_containers:
        how = needed_by_init(case.view, init) if init.raw.get("restartPolicy") != "Always" else None
        if how is None:
            continue
        if init.name in before:
            yield Found(
                f"the init container `{init.name}` {how}: it could have `{case.name}` there before it starts",
                init.line_of("command", "args"),
                f"ask for `--position before:{init.name}`",
            )
        elif not probes_of(case, "startup") and not probes_of(case, "postStart"):
            yield Found(
                f"the init container `{init.name}` {how}, and starts as soon as `{case.name}` runs, perhaps before it listens",
                case.line("startupProbe", "ports"),
                f"a startupProbe on `{case.name}` makes `{init.name}` wait for it",
                severity="warn",
            )


@hazard("warn")
def last_sidecar_flaky_stall(case: Case) -> Iterator[Found]:
    """The end of a Job's pod is noticed only when the last init container has started (again): one that has exited is in
    its back-off, up to 300 s, while another sidecar runs on (computePodActions; getPhase). Alone it stalls nobody.
    """
    sidecars = [entry for entry in case.order if entry.sidecar]
    last = case.placed.position == len(case.order) - 1
    if case.is_job and last and len(sidecars) > 1 and (ends := why_it_ends(case.view, case.hacks)):
        others = " and ".join(f"`{entry.name}`" for entry in sidecars[:-1])
        yield Found(
            f"{ends}, and it is the last sidecar: the Job may end only after its back-off, up to 300 s, while {others} runs on",
            case.line("command", "args"),
            "let it run on: as a sidecar it is stopped when the work is done",
        )
