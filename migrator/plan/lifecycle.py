"""How a pod starts, restarts and ends: the formal model of a pod's life, as the kubelet's sync loop makes it (since 1.29).

A simulation that jumps from event to event. The processes do what they are said to do (`life.py`); the kubelet, one worker
for the pod, looks at them whenever something has happened, and acts until nothing is left to do. That takes no time,
except that the worker is blocked while a postStart hook runs or a container is being killed.
Left out: starts that fail (image, volume, Secret), liveness probes, evictions, and the back-off's reset after ten minutes.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NoReturn

from migrator.plan.life import Gate, Life, Phase, Pod, Process, Run, Wait, moved
from migrator.plan.shutdown import Stop, shutdown, stopped
from migrator.plan.timeline import Live, Over, Timeline

__all__ = ["Gate", "Life", "Pod", "Process", "Run", "Stop", "Wait", "moved", "run", "shutdown"]

# kubelet: backOffPeriod and MaxContainerBackOff, in seconds.
_FIRST_BACK_OFF, _LONGEST_BACK_OFF = 10, 300


def run(pod: Pod, horizon: int = 7200) -> Life:
    """The life of the pod for as long as something happens in it, at most to second `horizon`."""
    kubelet = _Kubelet(pod, Timeline(horizon))
    try:
        while True:
            if not kubelet.sync():
                kubelet.time.advance(kubelet.retry)
    except Over:
        return kubelet.life()


class _Kubelet:
    """The worker of one pod. `hooked` is whose postStart hook it waits for, `retry` when the next back-off is over."""

    def __init__(self, pod: Pod, time: Timeline) -> None:
        self.pod = pod
        self.time = time
        self.initialized = False
        self.hooked: Live | None = None
        self.retry: int | None = None
        self.phase: Phase = "Pending"
        self.ended: int | None = None
        self.job_failed = False

    def sync(self) -> bool:
        """SyncPod: do what is to be done now; false where that is nothing. Raises Over once the pod has ended."""
        pod, time, seen = self.pod, self.time, len(self.time.log)
        self.retry = None
        self.phase = "Running" if all(main.name in time.last for main in pod.mains) else "Pending"
        if self._past_backoff_limit():
            self.job_failed = True
            self._kill_pod()
        # getPhase: a sidecar that does not run counts for nothing, and its exit code never counts.
        if pod.sidecars.isdisjoint(time.up) and not any(self._wanted(main) for main in pod.mains):
            self._kill_pod()
        kill: list[Live] = []
        start: list[Process] = []
        self.initialized = self._init_actions(kill, start)
        if self.initialized and not self._main_actions(kill, start):
            self._kill_pod()
        for live in kill:
            self._kill(live)
        for process in start:
            self._start(process)
        return bool(kill) or len(time.log) > seen

    def _past_backoff_limit(self) -> bool:
        """Job controller, pastBackoffLimitOnFailure: the restarts of all containers together, sidecars included."""
        limit = self.pod.backoff_limit
        if limit is None or self.pod.restart_policy != "OnFailure":
            return False
        return sum(live.attempt for live in self.time.last.values()) >= max(limit, 1)

    def _wanted(self, process: Process) -> bool:
        """Whether a main or a plain init container runs, or shall be started (again): ShouldContainerBeRestarted."""
        live = self.time.last.get(process.name)
        policy = process.restart or self.pod.restart_policy
        return live is None or live.end is None or policy == "Always" or (policy == "OnFailure" and live.code != 0)

    def _init_actions(self, kill: list[Live], start: list[Process]) -> bool:
        """computeInitContainerActions: which init containers to kill and start, and whether the pod is initialized.

        From the last one back: the last that was ever started says how far the pod has come, and of those before it the
        sidecars are kept running. A main container that runs shows that the pod is initialized, one that has exited does
        not: once all have, they are started again only after the last sidecar has started (again).
        """
        inits = self.pod.inits
        initialized = not inits or any(main.name in self.time.up for main in self.pod.mains)
        passed = initialized
        for k, process in reversed(list(enumerate(inits))):
            live = self.time.last.get(process.name)
            plain = process.name not in self.pod.sidecars
            if live is None:
                continue
            if live.end is not None and (live.code != 0 or not plain):
                if plain and not self._wanted(process):
                    self._kill_pod()
                start.append(process)
            elif live.end is None and live.answer is False:
                kill.append(live)
            elif live.end is not None if plain else live.started is not None:
                if k == len(inits) - 1:
                    initialized = True
                elif not passed:
                    start.append(inits[k + 1])
            passed = True
        if not passed:
            start.append(inits[0])
        start.reverse()
        return initialized

    def _main_actions(self, kill: list[Live], start: list[Process]) -> bool:
        """computePodActions, its second half: whether a main container is kept or started; else the pod is done."""
        going_on = False
        for main in self.pod.mains:
            live = self.time.up.get(main.name)
            if live is not None and live.answer is False:
                kill.append(live)
                again = (main.restart or self.pod.restart_policy) != "Never"
            else:
                going_on |= live is not None
                again = live is None and self._wanted(main)
            if again:
                start.append(main)
                going_on = True
        return going_on

    def _start(self, process: Process) -> None:
        """startContainer, unless it is in back-off (doBackOff); an error holds up nobody else that is to be started.

        The first restart is immediate, then it waits 10 s from its exit, 20 s and so on, 300 s at most.
        """
        before = self.time.last.get(process.name)
        if before is not None and before.end is not None and before.attempt:
            free = before.end + min(_FIRST_BACK_OFF << before.attempt - 1, _LONGEST_BACK_OFF)
            if free > self.time.now:
                self.retry = free if self.retry is None else min(free, self.retry)
                return
        live = self.time.start(process, before.attempt + 1 if before else 0)
        if process.post_start is not None and live.end is None:
            self._await_hook(live)
        if process.startup is not None and live.end is None:
            live.ask("startupProbe", self.time.now)
        elif live.end is None:
            live.started = self.time.now

    def _await_hook(self, live: Live) -> None:
        """startContainer, step 4: until the hook returns, nobody else is started, restarted or killed."""
        live.ask("postStart", self.time.now)
        self.hooked = live
        while live.end is None and live.answer is None:
            self.time.advance()
        self.hooked = None
        if live.answer is False:
            self._kill(live)

    def _kill(self, live: Live) -> None:
        """killContainer of one alone. Nobody else is told to stop, so a hook that waits for others to go times out."""
        process, time, grace = live.process, self.time, self.pod.grace
        hook = process.pre_stop if process.pre_stop_awaits.isdisjoint(time.up) else grace + 1
        stop = stopped(process, grace, hook)
        time.stop(live, stop.gone, stop.code)
        while live.end is None:
            time.advance()

    def _kill_pod(self) -> NoReturn:
        """KillPod, and the phase that follows (getPhase) when nothing runs any more."""
        time = self.time
        stops = shutdown(self.pod, time.up)
        for stop in stops:
            time.end(time.up[stop.name], stop.code, stop.gone)
        self.ended = time.now + max((stop.gone for stop in stops), default=0)
        done = [time.last[main.name].code == 0 for main in self.pod.mains if main.name in time.last]
        self.phase = "Succeeded" if all(done) and len(done) == len(self.pod.mains) else "Failed"
        raise Over

    def life(self) -> Life:
        """What has become of the pod."""
        names = tuple(process.name for process in (*self.pod.inits, *self.pod.mains))
        runs = [Run(r.process.name, r.start, r.end, None if r.end is None else r.code, r.started) for r in self.time.log]
        return Life(names, tuple(runs), self.phase, self.ended, self.job_failed, tuple(self._waits()))

    def _waits(self) -> Iterator[Wait]:
        """Who is held up where the worker is blocked, or does not look at the main containers (yet, or again)."""
        last = self.time.last
        if self.ended is not None or (self.initialized and self.hooked is None):
            return
        gate = self.hooked or next(last[process.name] for process in reversed(self.pod.inits) if process.name in last)
        again = [main.name for main in self.pod.mains if main.name not in self.time.up and self._wanted(main)]
        for process in (*self.pod.inits, *self.pod.mains):
            if process.name not in last or process.name in again:
                yield Wait(process.name, frozenset((gate.process.name,)), "turn")
        what = gate.gate if gate.started is None else None
        yield Wait(gate.process.name, gate.lacks(self.time.up), what or ("run" if gate.end is not None else "exit"))
