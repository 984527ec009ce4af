"""How a pod stops: the second half of the lifecycle model, in seconds from the request.

The kubelet stops all running containers in parallel (killContainersWithSyncResult). Each runs its preStop hook at once;
a sidecar then waits until the main containers and the next later sidecar have stopped (newTerminationOrdering), and only
then gets its SIGTERM. Hook, wait and exit share one grace period (killContainer), and nobody is restarted (until 1.36).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from migrator.plan.life import Pod, Process

# kubelet: minimumGracePeriodInSeconds. What is left of the grace period is never less for a process that gets SIGTERM.
MINIMUM_GRACE = 2
_TERMINATED, _KILLED = 143, 137


@dataclass(frozen=True)
class Stop:
    """The end of a container, in seconds from the request: when it got SIGTERM, when it was gone, whether by SIGKILL.

    `sigterm` is None where its own preStop hook had made it exit before.
    """

    name: str
    sigterm: int | None
    gone: int
    killed: bool = False

    @property
    def code(self) -> int:
        """Its exit code: that of the signal, 0 where it exited by itself."""
        return _KILLED if self.killed else 0 if self.sigterm is None else _TERMINATED


def shutdown(pod: Pod, running: Collection[str] | None = None) -> tuple[Stop, ...]:
    """What becomes of the containers that run when the pod is to stop, in the order in which they are gone.

    `running` gives their names; None is all main containers and sidecars, as when a healthy pod is deleted.
    """
    order = [p for p in pod.inits if p.name not in pod.sidecars] + list(pod.mains)
    later = [p for p in reversed(pod.inits) if p.name in pod.sidecars]
    if running is None:
        running = {p.name for p in (*pod.mains, *later)}
    # Whoever does not run counts as stopped, so an earlier sidecar does not wait for what a later one would wait for.
    turns = {p.name: [*(main.name for main in pod.mains), *(s.name for s in later[:n][-1:])] for n, p in enumerate(later)}
    stopping = [p for p in (*order, *later) if p.name in running]
    # Begin with nobody ever gone and look again until nothing changes: who waits in a circle then waits out the grace.
    gone = {p.name: pod.grace + MINIMUM_GRACE + 1 for p in stopping}
    closed = dict(gone)
    stops: dict[str, Stop] = {}
    while True:
        before = dict(stops)
        for process in stopping:
            hook = max([process.pre_stop, *(gone.get(name, 0) for name in process.pre_stop_awaits)])
            turn = max([0, *(closed.get(name, 0) for name in turns.get(process.name, ()))])
            stop = stops[process.name] = stopped(process, pod.grace, hook, turn)
            gone[process.name] = stop.gone
            # One that quit in its hook is seen to have stopped only when its turn to be stopped has come.
            closed[process.name] = max(stop.gone, min(turn, pod.grace))
        if stops == before:
            return tuple(sorted(stops.values(), key=lambda stop: stop.gone))


def stopped(process: Process, grace: int, hook: int, turn: int = 0) -> Stop:
    """How one container stops (killContainer): its preStop hook would end at second `hook`, its turn comes at `turn`."""
    if process.pre_stop_quits and grace > 0 and hook <= grace:
        return Stop(process.name, None, hook)
    sigterm = min(max(hook, turn), grace)
    left = max(grace - sigterm, MINIMUM_GRACE)
    return Stop(process.name, sigterm, sigterm + min(process.stops, left), process.stops > left)
