"""The nouns of the lifecycle model: a `Pod` of `Process`es goes in, a `Life` of `Run`s comes out. All times are seconds.

Much of what a process does no manifest can tell: how long it works, when it would answer a probe. That is for the caller
to choose, as an adversary would. "Up" always means that the container's process runs; whether it is ready gates nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

RestartPolicy = Literal["Always", "OnFailure", "Never"]
Phase = Literal["Pending", "Running", "Succeeded", "Failed"]
NOBODY: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Gate:
    """A `startupProbe` or a `postStart` hook.

    It succeeds `seconds` after all that it `needs` is up, counted anew where one of them goes down meanwhile. It fails
    after `budget` seconds (a probe: initialDelaySeconds + failureThreshold * periodSeconds); None waits for ever.
    """

    seconds: int = 0
    needs: frozenset[str] = NOBODY
    budget: int | None = None


@dataclass(frozen=True)
class Process:
    """A container. The sets name other containers of the pod; a name that is not there is never up.

    Starting and working:
    - `runs`: seconds of work until it exits by itself with `code`; None works until it is stopped, and with 0 it is gone
      before the kubelet has seen it Running.
    - `awaits`: its work begins once these are up together (a wait loop in its command; it is Running meanwhile).
    - `needs`: it exits at once with code 1 where one of these is not up (`tail -f` of a file yet to be made).
    - `startup`, `post_start`: its startupProbe and postStart hook.
    - `quits`: these are told to exit, and do so with code 0, when its work is done, just before it exits itself.
    - `restart`: its own restartPolicy where it is a main or a plain init container (KEP-5307); None is the pod's.

    Stopping:
    - `pre_stop`: seconds its preStop hook takes; the hook (or a TERM trap) also waits until `pre_stop_awaits` are gone.
    - `pre_stop_quits`: the process exits when the hook ends, without a SIGTERM.
    - `stops`: seconds from SIGTERM to its exit.
    """

    name: str
    runs: int | None = None
    code: int = 0
    awaits: frozenset[str] = NOBODY
    needs: frozenset[str] = NOBODY
    startup: Gate | None = None
    post_start: Gate | None = None
    quits: frozenset[str] = NOBODY
    restart: RestartPolicy | None = None
    pre_stop: int = 0
    pre_stop_awaits: frozenset[str] = NOBODY
    pre_stop_quits: bool = False
    stops: int = 1


@dataclass(frozen=True)
class Pod:
    """A pod: `initContainers` and `containers` in the order of the spec, names unique over both.

    `sidecars` names the init containers with `restartPolicy: Always`, the others are plain. `grace` is
    terminationGracePeriodSeconds, and `backoff_limit` that of the Job the pod belongs to (None: it belongs to none).
    """

    inits: tuple[Process, ...]
    mains: tuple[Process, ...]
    sidecars: frozenset[str] = NOBODY
    restart_policy: RestartPolicy = "Always"
    grace: int = 30
    backoff_limit: int | None = None


def moved(pod: Pod, names: Sequence[str], at: int | None = None) -> Pod:
    """The pod with these of `mains` as sidecars, in this order, from index `at` of `inits` on (None: at the end).

    Raises KeyError where a name is not among `mains`.
    """
    mains = {process.name: process for process in pod.mains}
    moving = tuple(mains.pop(name) for name in names)
    before = len(pod.inits) if at is None else at
    return replace(
        pod,
        inits=(*pod.inits[:before], *moving, *pod.inits[before:]),
        mains=tuple(mains.values()),
        sidecars=pod.sidecars | frozenset(names),
    )


@dataclass(frozen=True)
class Run:
    """One run of a container's process: `start`, `end` and exit `code` (None: it still runs at the horizon).

    `started` is when the kubelet let others follow it: its hook had returned and its startupProbe had succeeded. It is
    None where that never came, as for a process that was gone before it was seen Running.
    """

    container: str
    start: int
    end: int | None
    code: int | None
    started: int | None


@dataclass(frozen=True)
class Wait:
    """Who is held up, by whom, in what.

    `turn`: it is started, or started again, only after `on`. `postStart`, `startupProbe`: its gate stays shut as `on` are
    not up (empty: the gate fails by itself). `exit`: an init container that works on, or waits for `on` to be up.
    `run`: it has exited and is in back-off; `on` are those it needs and that are not up.
    """

    container: str
    on: frozenset[str]
    what: Literal["turn", "postStart", "startupProbe", "run", "exit"]


@dataclass(frozen=True)
class Life:
    """What became of a pod. `runs` stand in the order of their starts; `containers` are all names, inits first.

    `ended` is when the phase became terminal: after the shutdown of what still ran. `job_failed` says that its Job
    counted too many restarts and deleted it. `stuck` says who held whom back when the pod came to rest or to the horizon
    with main containers that the kubelet did not look at (yet, or again); it is empty where that was not so.
    """

    containers: tuple[str, ...]
    runs: tuple[Run, ...]
    phase: Phase
    ended: int | None = None
    job_failed: bool = False
    stuck: tuple[Wait, ...] = ()

    def starts(self, name: str) -> int | None:
        """When the container was first started, None where it never was."""
        return next((run.start for run in self.runs if run.container == name), None)

    def started_before(self, one: str, other: str) -> bool:
        """Whether `one` was started, and `other` only later or never. Of two in the same second the order counts."""
        return next((run.container for run in self.runs if run.container in (one, other)), other) == one

    @property
    def never_started(self) -> tuple[str, ...]:
        """The containers that were never started."""
        started = {run.container for run in self.runs}
        return tuple(name for name in self.containers if name not in started)

    @property
    def restarts(self) -> dict[str, int]:
        """How often each container was started again (`restartCount`)."""
        return {name: max(0, sum(run.container == name for run in self.runs) - 1) for name in self.containers}
