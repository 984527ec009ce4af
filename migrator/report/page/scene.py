"""A picture of a pod's life as data: where each container's bar begins, changes and ends, from left to right.

The order is that of the lifecycle model, the distances are not: a second and an hour both get some room. What follows
from something in the same second stands to the right of it, as a main container does of the gates of all sidecars.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from math import log10
from typing import Literal

from migrator.plan.life import Life, Pod, Run
from migrator.plan.lifecycle import run
from migrator.plan.shutdown import Stop, shutdown

Kind = Literal["init", "sidecar", "main"]
State = Literal["starting", "up", "stopping"]
Outcome = Literal["stopped", "complete", "failed", "hangs", "stuck"]
#: The outcomes after which nothing runs any more.
ENDS: frozenset[Outcome] = frozenset(("stopped", "complete", "failed"))
#: A moment: the second, and its turn within that second.
Moment = tuple[int, int]

#: So many runs of a container are drawn before the one that counts; one that is restarted for ever goes on like that.
MOST_RUNS = 3
#: For so long a pod that nobody stops is seen to run, in seconds.
_RUNNING = 600
_DONE, _ASKED, _TERM, _GONE, _TURN = range(1_000_000, 1_000_005)


@dataclass(frozen=True)
class Bar:
    """A stretch of a container's run, from 0 (the pod is there) to 1 (the right edge)."""

    start: float
    end: float
    state: State


@dataclass(frozen=True)
class Lane:
    """A container. `gate` is where what stands behind an init container may start, `term` where it gets SIGTERM.

    `endless` says that it still runs when nothing more happens, `restarted` how often it was started again.
    """

    name: str
    kind: Kind
    bars: tuple[Bar, ...]
    gate: float | None
    term: float | None
    endless: bool
    restarted: int


@dataclass(frozen=True)
class Scene:
    """A life. `up` is where all main containers have started, `stop` where the work is done or the pod is asked to stop, `over`
    where nothing runs any more.

    `outcome`: `stopped` by somebody, `complete` or `failed` by itself, `hangs` though its work is done, or
    `stuck` as some main containers never start.
    """

    lanes: tuple[Lane, ...]
    up: float | None
    stop: float | None
    over: float | None
    outcome: Outcome


def scene(pod: Pod, completes: bool) -> Scene:
    """The picture of a pod's life; one that does not end by itself is asked to stop once it runs."""
    life = run(pod)
    rank = {process.name: 2 * min(n, len(pod.inits)) for n, process in enumerate((*pod.inits, *pod.mains))}
    shown = list(_shown(life))
    mains = {main.name for main in pod.mains}
    last = max([0, *(held for r in shown for held in (r.start, r.started, r.end) if held is not None)])
    outcome = _outcome(life, pod, completes)
    asked = last + _RUNNING
    stops: tuple[Stop, ...] = ()
    if outcome == "stopped":
        running = [r.container for r in life.runs if r.end is None]
        stops = shutdown(pod, running)
    elif life.ended is not None:
        asked = max((r.end for r in life.runs if r.container in mains and r.end is not None), default=life.ended)
        stops = shutdown(pod, [r.container for r in life.runs if r.container in pod.sidecars and (r.end or 0) >= asked])
    drawn = _Drawn(pod, rank, asked, {stop.name: stop for stop in stops}, last + _RUNNING, outcome)
    tracks = {
        process.name: drawn.track([r for r in shown if r.container == process.name]) for process in (*pod.inits, *pod.mains)
    }
    starts = [next((r.start for r in shown if r.container == main.name), None) for main in pod.mains]
    up = None if None in starts else (max(s for s in starts if s is not None), 2 * len(pod.inits)) if starts else None
    worked = max((r.end for r in shown if r.container in mains and r.end is not None), default=None)
    stop = (asked, _ASKED) if outcome == "stopped" else (asked, _DONE) if outcome in ENDS else None
    if outcome == "hangs" and worked is not None:
        stop = (worked, _DONE)
    marks = [moment for track in tracks.values() for moment in track.moments()]
    over = max([stop, *marks]) if stop and outcome in ENDS else None
    x = _places([(0, 0), *marks, *([up] if up else []), *([stop] if stop else [])])
    again = Counter(r.container for r in life.runs)
    lanes = tuple(
        Lane(
            process.name,
            "sidecar" if process.name in pod.sidecars else "main" if process.name in mains else "init",
            tuple(Bar(x[a], x[b], state) for a, b, state in tracks[process.name].bars),
            x[gate] if (gate := tracks[process.name].gate) is not None else None,
            x[term] if (term := tracks[process.name].term) is not None else None,
            tracks[process.name].endless,
            max(0, again[process.name] - 1),
        )
        for process in (*pod.inits, *pod.mains)
    )
    return Scene(lanes, x[up] if up else None, x[stop] if stop else None, x[over] if over else None, outcome)


def _shown(life: Life) -> Iterator[Run]:
    """The first runs of every container, that in which its gate opened, and its last."""
    seen, opened = Counter[str](), set[str]()
    last = {held.container: held for held in life.runs}
    for held in life.runs:
        name = held.container
        seen[name] += 1
        opening = held.started is not None and name not in opened
        if seen[name] <= MOST_RUNS or opening or held is last[name]:
            yield held
        if opening:
            opened.add(name)


def _outcome(life: Life, pod: Pod, completes: bool) -> Outcome:
    if life.ended is not None:
        return "complete" if life.phase == "Succeeded" and not life.job_failed else "failed"
    if any(main.name in life.never_started for main in pod.mains):
        return "stuck"
    return "hangs" if completes else "stopped"


@dataclass(frozen=True)
class _Track:
    """A lane in moments instead of places."""

    bars: tuple[tuple[Moment, Moment, State], ...]
    gate: Moment | None
    term: Moment | None
    endless: bool

    def moments(self) -> Iterator[Moment]:
        for start, end, _ in self.bars:
            yield from (start, end)
        yield from (moment for moment in (self.gate, self.term) if moment is not None)


@dataclass(frozen=True)
class _Drawn:
    """What the moments of one container hang on."""

    pod: Pod
    rank: dict[str, int]
    asked: int
    stops: dict[str, Stop]
    edge: int
    outcome: str

    def track(self, runs: list[Run]) -> _Track:
        """The bars of these runs of a container."""
        bars: list[tuple[Moment, Moment, State]] = []
        gate: Moment | None = None
        term: Moment | None = None
        endless = False
        for n, held in enumerate(runs):
            rank = self.rank[held.container]
            # One that is started again in the second in which it exited stands behind that.
            begin = max((held.start, rank), bars[-1][1] if bars else (0, 0))
            turn = rank + 1 if held.container in self.pod.sidecars else rank
            opened = None if held.started is None else max((held.started, turn), begin)
            end, term, endless = self._end(held, rank, n == len(runs) - 1)
            end = max(end, begin, opened or begin)
            if held.container in self.pod.sidecars:
                gate = gate or opened
            elif rank < 2 * len(self.pod.inits) and held.code == 0:
                gate = gate or end
            if opened and opened > begin:
                bars.append((begin, opened, "starting"))
                begin = opened
            stopping = self._stopping(held, term) if term or (held.container in self.stops and n == len(runs) - 1) else None
            if stopping is not None and begin <= stopping <= end:
                bars += [(begin, stopping, "up"), (stopping, end, "stopping")]
            else:
                bars.append((begin, end, "up" if opened else "starting"))
        return _Track(tuple(bars), gate, term, endless)

    def _end(self, held: Run, rank: int, latest: bool) -> tuple[Moment, Moment | None, bool]:
        """When a run ends, when it got SIGTERM for the pod to stop, and whether it never ends."""
        stop = self.stops.get(held.container)
        if latest and stop and (held.end is None or held.end >= self.asked):
            term = None if stop.sigterm is None else (self.asked + stop.sigterm, _TURN if stop.sigterm else _TERM)
            gone = (self.asked + stop.gone, _GONE)
            return max(gone, term or gone), term, False
        if held.end is None:
            return (self.edge, _DONE), None, True
        return (held.end, rank + 1 if rank < 2 * len(self.pod.inits) else _DONE), None, False

    def _stopping(self, held: Run, term: Moment | None) -> Moment | None:
        """Where it begins to stop: with its preStop hook, else with SIGTERM."""
        process = next(p for p in (*self.pod.inits, *self.pod.mains) if p.name == held.container)
        hooked = process.pre_stop > 0 or process.pre_stop_awaits or process.pre_stop_quits
        return (self.asked, _TERM) if hooked else term


def _places(moments: Iterable[Moment]) -> dict[Moment, float]:
    """Each moment's place: the more time lies between two, the more room, but never in proportion."""
    order = sorted(set(moments))
    at, places = 0.0, {order[0]: 0.0}
    for one, other in pairwise(order):
        gap = other[0] - one[0]
        # A turn within a second needs some room to be seen; the end of a turn is the beginning of the next.
        at += 1.0 + 1.1 * log10(1 + gap) if gap > 0 else 0.55
        places[other] = at
    return {moment: place / at for moment, place in places.items()} if at else places
