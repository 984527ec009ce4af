"""The processes of a pod in time: what happens by itself, whatever the kubelet is at.

The clock stands until somebody asks for the next event: a process exits, a hook or probe has its answer, or the moment
has come that the caller wants to be woken at.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from migrator.plan.life import NOBODY, Gate, Process


class Over(Exception):
    """The pod has ended, or nothing more happens in it before the horizon."""


@dataclass(slots=True)
class Live:
    """The latest run of a container. `exits` is when it will be gone, `attempt` its restartCount.

    `gate` is what the kubelet asks it, since second `asked`, and `answer` what came of that. `started` is when it had
    nothing more to ask. `told` says that those whom the process quits have been told.
    """

    process: Process
    start: int
    attempt: int
    end: int | None = None
    code: int = 0
    exits: int | None = None
    told: bool = False
    gate: Literal["postStart", "startupProbe"] | None = None
    asked: int = 0
    answer: bool | None = None
    started: int | None = None

    def ask(self, gate: Literal["postStart", "startupProbe"], now: int) -> None:
        """Open the question of a hook or a probe."""
        self.gate, self.asked, self.answer = gate, now, None

    def answers(self, up: dict[str, Live]) -> tuple[int, bool] | None:
        """When its gate will succeed (True) or fail (False), as things stand; None where neither will come."""
        gate = self._gate()
        if gate is None or self.answer is not None:
            return None
        fails = None if gate.budget is None else self.asked + gate.budget
        if gate.needs <= up.keys():
            succeeds = max([self.asked, *(up[name].start for name in gate.needs)]) + gate.seconds
            if fails is None or succeeds <= fails:
                return succeeds, True
        return None if fails is None else (fails, False)

    def lacks(self, up: dict[str, Live]) -> frozenset[str]:
        """Who is not up and would have to be for it to get on."""
        gate = self._gate()
        if gate is not None and self.started is None:
            return gate.needs.difference(up)
        if self.end is not None:
            return self.process.needs.difference(up)
        return NOBODY if self.exits is not None else self.process.awaits.difference(up)

    def _gate(self) -> Gate | None:
        return None if self.gate is None else self.process.startup if self.gate == "startupProbe" else self.process.post_start


class Timeline:
    """The clock and the runs: `up` are those of the processes that run, `last` the latest of every container."""

    def __init__(self, horizon: int) -> None:
        self.now = 0
        self.horizon = horizon
        self.log: list[Live] = []
        self.last: dict[str, Live] = {}
        self.up: dict[str, Live] = {}

    def start(self, process: Process, attempt: int) -> Live:
        """The process is started. What has nothing to do, or finds that something is missing, is gone at once."""
        live = self.last[process.name] = Live(process, self.now, attempt, code=process.code)
        self.log.append(live)
        if not process.needs <= self.up.keys():
            self.end(live, 1)
        elif process.runs == 0 and process.awaits <= self.up.keys():
            self._tell(live)
            self.end(live, process.code)
        else:
            self.up[process.name] = live
            for other in self.up.values():
                if other.exits is None and other.process.runs is not None and other.process.awaits <= self.up.keys():
                    other.exits = self.now + other.process.runs
        return live

    def stop(self, live: Live, gone: int, code: int) -> None:
        """The process is told to stop: it will be gone in so many seconds, if it does not exit by itself before."""
        live.told = True
        if live.exits is None or self.now + gone < live.exits:
            live.exits, live.code = self.now + gone, code

    def end(self, live: Live, code: int, after: int = 0) -> None:
        """The process is gone, now or so many seconds from now."""
        live.end, live.code = self.now + after, code
        self.up.pop(live.process.name, None)

    def advance(self, wake: int | None = None) -> None:
        """Go to the next event, or to second `wake` where that comes first. Raises Over where nothing is to come."""
        times = [] if wake is None else [wake]
        for live in self.up.values():
            answer = live.answers(self.up)
            times += [at for at in (live.exits, answer and answer[0]) if at is not None]
        if not times or min(times) > self.horizon:
            raise Over
        # A manifest may well hold negative seconds; the clock must not run back.
        self.now = max(self.now, min(times))
        # Exits come first: who is gone in this second answers nothing in it.
        for live in [live for live in self.up.values() if live.exits is not None and live.exits <= self.now]:
            if not self._tell(live):
                self.end(live, live.code)
        for live in self.up.values():
            answer = live.answers(self.up)
            if answer is not None and answer[0] <= self.now:
                live.answer = answer[1]
                if live.gate == "startupProbe" and live.answer:
                    live.started = self.now

    def _tell(self, live: Live) -> bool:
        """Its work is done: those whom it quits exit. Where one did, that is an event, and its own exit is the next."""
        told = [] if live.told else [self.up[name] for name in live.process.quits if name in self.up]
        live.told = True
        for target in told:
            self.end(target, 0)
        return bool(told)
