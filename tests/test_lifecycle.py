"""The lifecycle model: the cases that people met in clusters, and laws for every pod, some told by a second, ticking model."""

from __future__ import annotations

import pickle
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from migrator.plan.life import RestartPolicy
from migrator.plan.lifecycle import Gate, Life, Pod, Process, Run, Stop, Wait, moved, run, shutdown

NOBODY: frozenset[str] = frozenset()
MAIN = frozenset({"main"})
SIDE = frozenset({"side"})


def pod(
    *mains: Process,
    side: Sequence[Process] = (),
    inits: Sequence[Process] = (),
    policy: RestartPolicy = "Always",
    grace: int = 30,
    backoff_limit: int | None = None,
) -> Pod:
    """A pod with plain init containers, then sidecars, then main containers."""
    return Pod((*inits, *side), mains, frozenset(process.name for process in side), policy, grace, backoff_limit)


def runs(life: Life, name: str) -> list[tuple[int, int | None]]:
    return [(r.start, r.end) for r in life.runs if r.container == name]


def stops(found: Sequence[Stop]) -> dict[str, tuple[int | None, int]]:
    return {stop.name: (stop.sigterm, stop.gone) for stop in found}


# Starting


def test_sidecars_start_in_order_before_the_main_containers() -> None:
    life = run(pod(Process("main"), side=[Process("a", startup=Gate(3)), Process("b")], inits=[Process("init", runs=5)]))
    assert [(r.container, r.start, r.started) for r in life.runs] == [("init", 0, 0), ("a", 5, 8), ("b", 8, 8), ("main", 8, 8)]
    assert (life.phase, life.ended, life.stuck, life.never_started) == ("Running", None, (), ())
    assert life.starts("main") == 8
    assert life.started_before("b", "main")
    assert not life.started_before("main", "b")


def test_what_never_starts_is_not_started_before_anything() -> None:
    life = run(pod(Process("main"), inits=[Process("init")]))
    assert life.starts("main") is None
    assert life.started_before("init", "main")
    assert not life.started_before("main", "init")


def test_tail_of_a_file_that_main_creates_is_a_deadlock_after_the_move() -> None:
    before = pod(Process("main"), Process("side", needs=MAIN))
    assert run(before).never_started == ()
    life = run(moved(before, ["side"]))
    assert (life.never_started, life.restarts["main"]) == (("main",), 0)
    assert life.phase == "Pending"
    assert life.stuck == (Wait("main", SIDE, "turn"), Wait("side", MAIN, "run"))


def test_a_process_that_is_gone_before_it_is_seen_never_opens_the_gate_but_one_second_does() -> None:
    assert run(moved(pod(Process("main"), Process("side", runs=0)), ["side"])).never_started == ("main",)
    assert run(moved(pod(Process("main"), Process("side", runs=1)), ["side"])).starts("main") == 0


def test_a_wait_loop_in_the_command_holds_up_nobody() -> None:
    life = run(moved(pod(Process("main"), Process("side", runs=0, awaits=MAIN), policy="Never"), ["side"]))
    assert life.never_started == ()
    assert runs(life, "side")[0] == (0, 0)


def test_work_begins_when_those_it_awaits_are_up() -> None:
    life = run(pod(Process("main", runs=4), side=[Process("side", runs=2, awaits=MAIN, startup=Gate(5))]))
    assert runs(life, "main")[0] == (5, 9)
    assert runs(life, "side")[0] == (0, 7)


def test_a_startup_probe_that_main_must_answer_is_a_deadlock_after_the_move() -> None:
    before = pod(Process("main"), Process("side", startup=Gate(1, needs=MAIN, budget=30)))
    assert run(before).restarts == {"main": 0, "side": 0}
    life = run(moved(before, ["side"]))
    assert life.never_started == ("main",)
    assert life.restarts["side"] > 3
    assert life.stuck[-1] == Wait("side", MAIN, "startupProbe")
    assert runs(life, "side")[:3] == [(0, 31), (31, 62), (72, 103)]


def test_a_startup_probe_without_end_waits_for_ever() -> None:
    life = run(moved(pod(Process("main"), Process("side", startup=Gate(needs=MAIN))), ["side"]))
    assert life.stuck == (Wait("main", SIDE, "turn"), Wait("side", MAIN, "startupProbe"))
    assert life.runs == (Run("side", 0, None, None, None),)


def test_a_startup_probe_begins_again_when_what_it_asks_goes_down() -> None:
    flaky = Process("flaky", runs=6)
    life = run(pod(Process("main"), side=[flaky, Process("side", startup=Gate(5, needs=frozenset({"flaky"})), runs=100)]))
    assert life.runs[1] == Run("side", 0, 100, 0, 5)
    slow = run(pod(Process("main"), side=[flaky, Process("side", startup=Gate(7, needs=frozenset({"flaky"})), runs=100)]))
    assert slow.never_started == ("main",)


def test_a_probe_that_succeeds_in_its_last_second_succeeds() -> None:
    life = run(pod(Process("main"), side=[Process("side", startup=Gate(10, budget=10))]))
    assert (life.starts("main"), life.restarts["side"]) == (10, 0)
    late = run(pod(Process("main"), side=[Process("side", startup=Gate(11, budget=10))]))
    assert late.stuck == (Wait("main", SIDE, "turn"), Wait("side", NOBODY, "startupProbe"))


def test_the_clock_does_not_run_back_for_negative_seconds() -> None:
    life = run(pod(Process("main", runs=-9), side=[Process("side", startup=Gate(1, budget=-999))]), horizon=40)
    assert runs(life, "side") == [(0, 1), (1, 2), (12, 13), (33, 34)]
    assert runs(run(pod(Process("main", runs=-9)), horizon=20), "main") == [(0, 0), (0, 0), (10, 10)]


def test_a_hook_that_waits_for_main_is_a_deadlock_after_the_move() -> None:
    hook = Gate(2, needs=MAIN)
    before = pod(Process("main"), Process("side", post_start=hook))
    assert run(before).runs == (Run("main", 0, None, None, 0), Run("side", 0, None, None, 2))
    life = run(moved(before, ["side"]))
    assert life.stuck == (Wait("main", SIDE, "turn"), Wait("side", MAIN, "postStart"))
    # It was one before, too, where the container stood before main: hooks are run one after the other.
    assert run(pod(Process("side", post_start=hook), Process("main"))).never_started == ("main",)


def test_a_hook_that_gives_up_kills_its_container() -> None:
    hook = Gate(needs=MAIN, budget=20)
    life = run(pod(Process("main"), side=[Process("side", post_start=hook, stops=3, pre_stop=2)]), horizon=60)
    assert life.runs == (Run("side", 0, 25, 143, None), Run("side", 25, 50, 143, None), Run("side", 60, None, None, None))
    assert life.phase == "Pending"


@pytest.mark.parametrize("gates", [{"post_start": Gate(9)}, {"startup": Gate(9)}])
def test_what_is_gone_at_once_has_no_hook_and_is_not_probed(gates: dict[str, Gate]) -> None:
    gone = Process("side", needs=MAIN, post_start=gates.get("post_start"), startup=gates.get("startup"))
    assert run(pod(Process("main"), side=[gone])).stuck == (Wait("main", SIDE, "turn"), Wait("side", MAIN, "run"))


def test_a_hook_ends_with_its_container() -> None:
    life = run(pod(Process("main"), side=[Process("side", runs=4, post_start=Gate(9))]))
    assert runs(life, "side")[:3] == [(0, 4), (4, 8), (18, 22)]
    assert life.stuck[-1] == Wait("side", NOBODY, "postStart")


def test_the_worker_restarts_nobody_while_it_waits_for_a_hook() -> None:
    life = run(pod(Process("a", runs=2), Process("b", post_start=Gate(10))), horizon=15)
    assert runs(life, "a") == [(0, 2), (10, 12)]
    assert life.phase == "Running"
    assert run(pod(Process("a", runs=2), Process("b", post_start=Gate(10))), horizon=9).phase == "Pending"


def test_the_probe_is_asked_after_the_hook() -> None:
    life = run(pod(Process("main"), side=[Process("side", post_start=Gate(4), startup=Gate(3, budget=3))]))
    assert life.runs[0] == Run("side", 0, None, None, 7)


def test_a_startup_probe_of_main_kills_main_again_and_again_unless_it_may_not_restart() -> None:
    main = Process("main", startup=Gate(10, budget=5))
    assert runs(run(pod(main), horizon=40), "main") == [(0, 6), (6, 12), (22, 28)]
    life = run(pod(main, side=[Process("side")], policy="Never"))
    assert (life.phase, life.ended, life.restarts["main"]) == ("Failed", 7, 0)
    other = run(pod(main, Process("other"), policy="Never"))
    assert (runs(other, "main"), other.phase) == ([(0, 6)], "Running")
    assert run(pod(replace(main, restart="Always"), policy="Never")).restarts["main"] > 3


def test_a_hook_that_waits_for_others_to_go_times_out_where_one_container_is_killed() -> None:
    main = Process("main", startup=Gate(10, budget=5), pre_stop_awaits=frozenset({"other"}))
    assert runs(run(pod(main, Process("other"), grace=20), horizon=30), "main")[0] == (0, 26)


def test_killed_is_who_does_not_stop_in_time_unless_it_exits_before() -> None:
    stubborn = Process("main", startup=Gate(90, budget=5), stops=99)
    assert run(pod(stubborn), horizon=40).runs[0] == Run("main", 0, 35, 137, None)
    assert run(pod(replace(stubborn, runs=20, code=7)), horizon=40).runs[0] == Run("main", 0, 20, 7, None)


# Restarting


def test_restarts_back_off_to_five_minutes() -> None:
    life = run(pod(Process("main", runs=1, code=1)), horizon=1500)
    starts = [start for start, _ in runs(life, "main")]
    gaps = [later - before - 1 for before, later in pairwise(starts)]
    assert gaps == [0, 10, 20, 40, 80, 160, 300, 300, 300]
    assert life.restarts == {"main": 9}


def test_a_one_shot_sidecar_does_its_work_again_and_again() -> None:
    before = pod(Process("main", runs=100), Process("side", runs=10), policy="OnFailure")
    assert run(before).restarts == {"main": 0, "side": 0}
    life = run(moved(before, ["side"]))
    assert runs(life, "side") == [(0, 10), (10, 20), (30, 40), (60, 70)]
    assert (life.phase, life.ended) == ("Succeeded", 100)


@pytest.mark.parametrize(
    ("policy", "code", "count"),
    [("Always", 0, 2), ("Always", 1, 2), ("OnFailure", 0, 1), ("OnFailure", 1, 2), ("Never", 0, 1), ("Never", 1, 1)],
)
def test_the_restart_policy_of_main_containers(policy: RestartPolicy, code: int, count: int) -> None:
    main = Process("main", runs=5, code=code)
    assert len(runs(run(pod(main, policy=policy), horizon=12), "main")) == count
    # KEP-5307: the container's own goes before the pod's.
    assert len(runs(run(pod(replace(main, restart=policy), Process("other"), policy="Never"), horizon=12), "main")) == count


def test_main_waits_for_the_last_sidecar_when_it_restarts() -> None:
    main, stable = Process("main", runs=15), Process("stable")
    flaky = Process("side", runs=20, startup=Gate(5))
    life = run(pod(main, side=[stable, flaky]), horizon=30)
    assert (runs(life, "main"), runs(life, "side")) == ([(5, 20), (25, None)], [(0, 20), (20, None)])
    # Where another sidecar is the last one, or where another main container still runs, it does not wait.
    assert runs(run(pod(main, side=[flaky, stable]), horizon=30), "main") == [(5, 20), (20, None)]
    assert runs(run(pod(main, Process("other"), side=[stable, flaky]), horizon=30), "main") == [(5, 20), (20, None)]


def test_main_that_waits_for_a_sidecar_again_is_stuck_with_it() -> None:
    side = Process("side", runs=20, startup=Gate(5, needs=frozenset({"helper"})))
    life = run(pod(Process("main", runs=15), side=[Process("helper", runs=12), side]), horizon=28)
    assert life.stuck == (Wait("main", SIDE, "turn"), Wait("side", frozenset({"helper"}), "startupProbe"))
    # Here both sidecars are in back-off; that the probe of the last one once succeeded no longer matters.
    side = Process("side", runs=5, startup=Gate(1, needs=frozenset({"helper"})))
    gone = run(pod(Process("main", runs=11), side=[Process("helper", runs=9), side]), horizon=19)
    assert gone.stuck == (Wait("main", SIDE, "turn"), Wait("side", NOBODY, "run"))


def test_plain_init_containers_run_once_and_hold_up_what_follows() -> None:
    life = run(pod(Process("main", runs=5), inits=[Process("a", runs=3), Process("b", runs=0)]), horizon=20)
    assert (runs(life, "a"), runs(life, "b")) == ([(0, 3)], [(3, 3)])
    assert runs(life, "main")[:2] == [(3, 8), (8, 13)]
    failing = run(pod(Process("main"), inits=[Process("a", runs=3, code=1)]), horizon=15)
    assert runs(failing, "a") == [(0, 3), (3, 6)]
    assert failing.stuck == (Wait("main", frozenset("a"), "turn"), Wait("a", NOBODY, "run"))
    waiting = run(pod(Process("main"), inits=[Process("a", runs=3, awaits=MAIN)]))
    assert waiting.stuck == (Wait("main", frozenset("a"), "turn"), Wait("a", MAIN, "exit"))
    working = run(Pod((Process("side", runs=2), Process("a", runs=30, awaits=SIDE)), (Process("main"),), SIDE), horizon=10)
    assert working.stuck == (Wait("main", frozenset("a"), "turn"), Wait("a", NOBODY, "exit"))


def test_sidecars_that_exit_together_are_restarted_in_order() -> None:
    life = run(pod(Process("main"), side=[Process(name, runs=5) for name in "cab"]), horizon=9)
    assert [r.container for r in life.runs if r.start == 5] == ["c", "a", "b"]


def test_sidecars_are_restarted_while_init_containers_run() -> None:
    before = Pod((Process("side", runs=4), Process("init", runs=9)), (Process("main"),), SIDE)
    life = run(before, horizon=10)
    assert runs(life, "side") == [(0, 4), (4, 8)]
    assert life.starts("main") == 9


def test_a_failing_init_container_ends_a_pod_that_may_not_restart() -> None:
    failing = Pod((Process("side", stops=5), Process("init", runs=3, code=1)), (Process("main"),), SIDE, "Never")
    life = run(failing)
    assert (life.phase, life.ended, life.never_started) == ("Failed", 8, ("main",))
    assert runs(life, "side") == [(0, 8)]
    own = replace(failing, inits=(failing.inits[0], replace(failing.inits[1], restart="OnFailure")))
    assert run(own).restarts["init"] > 3


# Completing


def test_a_job_completes_when_its_sidecars_have_stopped() -> None:
    life = run(pod(Process("main", runs=60), side=[Process("a", stops=3), Process("b", pre_stop=4)], policy="Never"))
    assert (life.phase, life.ended, life.restarts) == ("Succeeded", 68, {"a": 0, "b": 0, "main": 0})
    assert {r.container: (r.end, r.code) for r in life.runs} == {"main": (60, 0), "b": (65, 143), "a": (68, 143)}


def test_a_job_with_a_helper_that_never_ends_completes_only_after_the_move() -> None:
    before = pod(Process("main", runs=60), Process("side"), policy="OnFailure", backoff_limit=0)
    assert (run(before).phase, run(before).ended, run(before).stuck) == ("Running", None, ())
    after = run(moved(before, ["side"]))
    assert (after.phase, after.ended, after.job_failed) == ("Succeeded", 61, False)


@pytest.mark.parametrize(("codes", "phase"), [((0, 0), "Succeeded"), ((0, 3), "Failed"), ((3, 0), "Failed")])
def test_the_phase_follows_the_exit_codes_of_the_main_containers(codes: tuple[int, int], phase: str) -> None:
    mains = [Process(f"main{n}", runs=n + 1, code=code) for n, code in enumerate(codes)]
    assert run(pod(*mains, side=[Process("side", runs=1, code=9)], policy="Never")).phase == phase


def test_a_last_sidecar_in_back_off_holds_up_the_end_only_beside_another() -> None:
    main, stable, flaky = Process("main", runs=12), Process("stable"), Process("side", runs=5)
    last = run(pod(main, side=[stable, flaky], policy="Never"))
    assert (runs(last, "side"), last.ended) == ([(0, 5), (5, 10), (20, 21)], 22)
    assert run(pod(main, side=[flaky, stable], policy="Never")).ended == 13
    assert run(pod(main, side=[flaky], policy="Never")).ended == 12


def test_a_last_sidecar_that_has_to_start_again_holds_up_the_end() -> None:
    main = Process("main", runs=9, quits=SIDE)
    slow = run(pod(main, side=[Process("stable"), Process("side", startup=Gate(6))], policy="Never"))
    assert (runs(slow, "main"), runs(slow, "side"), slow.ended) == ([(6, 15)], [(0, 15), (15, 22)], 23)
    never = Process("side", startup=Gate(needs=frozenset({"helper"})))
    helper = Process("helper", runs=14)
    stalled = run(pod(Process("main", runs=30, quits=SIDE), side=[helper, never], policy="Never"), horizon=36)
    assert (runs(stalled, "main"), stalled.ended) == ([(0, 30)], None)
    assert stalled.stuck == (Wait("side", frozenset({"helper"}), "startupProbe"),)


def test_a_sidecar_told_to_quit_is_restarted_and_counts() -> None:
    before = pod(Process("main", runs=50, quits=SIDE), Process("side"), policy="OnFailure", backoff_limit=1)
    legacy = run(before)
    assert (legacy.phase, legacy.ended, legacy.job_failed, legacy.restarts["side"]) == ("Succeeded", 50, False, 0)
    life = run(moved(before, ["side"]))
    assert (life.phase, life.job_failed, life.restarts["side"]) == ("Failed", True, 1)
    assert run(moved(replace(before, backoff_limit=0), ["side"])).job_failed
    spared = run(moved(replace(before, backoff_limit=2), ["side"]))
    assert (spared.phase, spared.job_failed, spared.ended) == ("Succeeded", False, 51)
    never = run(moved(replace(before, backoff_limit=0, restart_policy="Never"), ["side"]))
    assert (never.phase, never.job_failed, never.restarts["side"]) == ("Succeeded", False, 1)


def test_a_main_that_is_gone_at_once_tells_as_well() -> None:
    life = run(pod(Process("main", runs=0, quits=SIDE), side=[Process("side")], policy="Never"))
    assert [r.code for r in life.runs if r.container == "side"] == [0]
    assert (life.phase, life.ended) == ("Succeeded", 0)


def test_only_one_whose_work_is_done_tells() -> None:
    killed = Process("main", startup=Gate(9, budget=5), quits=SIDE)
    assert run(pod(killed, side=[Process("side")])).restarts["side"] == 0
    both = [Process("main", runs=5, quits=SIDE), Process("side", runs=5, code=3)]
    assert [r.code for r in run(pod(*both, policy="Never")).runs] == [0, 0]


def test_only_the_restarts_of_a_job_count() -> None:
    failing = pod(Process("main", runs=5, code=1), side=[Process("side", runs=7)], policy="OnFailure")
    assert not run(failing).job_failed
    life = run(replace(failing, backoff_limit=3))
    assert (life.restarts, life.job_failed, life.ended) == ({"main": 1, "side": 2}, True, 25)


# Stopping


def test_sidecars_stop_last_and_in_reverse_while_hooks_run_at_once() -> None:
    found = shutdown(pod(Process("main", stops=4), side=[Process("a", stops=2, pre_stop=5), Process("b", stops=3, pre_stop=1)]))
    assert found == (Stop("main", 0, 4), Stop("b", 4, 7), Stop("a", 7, 9))


def test_before_the_move_all_stop_at_once() -> None:
    assert stops(shutdown(pod(Process("main", stops=4), Process("side", stops=2)))) == {"side": (0, 2), "main": (0, 4)}


def test_a_hook_that_makes_its_sidecar_exit_runs_beside_main() -> None:
    found = shutdown(pod(Process("main", pre_stop=20), side=[Process("a"), Process("side", pre_stop=5, pre_stop_quits=True)]))
    assert found == (Stop("side", None, 5), Stop("main", 20, 21), Stop("a", 21, 22))
    assert [stop.code for stop in found] == [0, 143, 143]


def test_a_sidecar_that_quit_lets_an_earlier_one_stop_only_after_the_later_ones() -> None:
    quitter = Process("b", pre_stop=1, pre_stop_quits=True)
    sides = [Process("a"), quitter, Process("c", stops=8)]
    assert stops(shutdown(pod(Process("main"), side=sides)))["a"] == (9, 10)
    # One that does not run when the stop begins is not waited for, nor is what it would have waited for.
    assert stops(shutdown(pod(Process("main"), side=sides), {"main", "a", "c"}))["a"] == (1, 2)


def test_a_main_that_waits_for_the_sidecar_to_go_waits_out_the_grace_period() -> None:
    before = pod(Process("main", pre_stop_awaits=SIDE), Process("side", stops=3))
    assert stops(shutdown(before)) == {"side": (0, 3), "main": (3, 4)}
    assert stops(shutdown(moved(before, ["side"]))) == {"main": (30, 31), "side": (30, 32)}
    assert shutdown(moved(before, ["side"]))[-1].killed


def test_the_grace_period_is_shared_and_two_seconds_are_left_to_the_last() -> None:
    found = shutdown(pod(Process("main", stops=8), side=[Process("a", stops=5), Process("b", stops=5)], grace=10))
    assert found == (Stop("main", 0, 8), Stop("b", 8, 10, killed=True), Stop("a", 10, 12, killed=True))
    assert found[-1].code == 137


def test_a_hook_is_cut_off_when_the_grace_period_is_over() -> None:
    slow = Process("main", pre_stop=11, pre_stop_quits=True)
    assert shutdown(pod(slow, grace=10)) == (Stop("main", 10, 11),)
    assert shutdown(pod(slow, grace=11)) == (Stop("main", None, 11),)
    assert shutdown(pod(Process("main", pre_stop_quits=True), grace=0)) == (Stop("main", 0, 1),)


def test_a_plain_init_container_is_stopped_at_once() -> None:
    starting = Pod((Process("side", stops=5), Process("init", stops=9)), (Process("main"),), SIDE)
    assert shutdown(starting, {"side", "init"}) == (Stop("side", 0, 5), Stop("init", 0, 9))


def test_moving_takes_containers_in_the_given_order_to_the_given_place() -> None:
    before = pod(Process("a"), Process("b"), Process("c"), inits=[Process("x"), Process("y")])
    after = moved(before, ["c", "a"], at=1)
    assert [p.name for p in after.inits] == ["x", "c", "a", "y"]
    assert ([p.name for p in after.mains], after.sidecars) == (["b"], frozenset("ac"))
    assert [p.name for p in moved(before, ["c"]).inits] == ["x", "y", "c"]
    with pytest.raises(KeyError):
        moved(before, ["x"])


# Laws

NAMES = ("a", "b", "c", "d", "e", "f")
FEW = st.frozensets(st.sampled_from(NAMES), max_size=2)
POLICIES: st.SearchStrategy[RestartPolicy] = st.sampled_from(("Always", "OnFailure", "Never"))
TO_COMPLETION: st.SearchStrategy[RestartPolicy] = st.sampled_from(("OnFailure", "Never"))
LIMITS = st.none() | st.integers(0, 6)
HORIZON = 1500
GATES = st.builds(Gate, st.integers(0, 12), FEW, st.none() | st.integers(0, 20))
OWN_GATES = st.builds(Gate, st.integers(0, 12))
STOPPING = {
    "pre_stop": st.integers(0, 20),
    "pre_stop_awaits": FEW,
    "pre_stop_quits": st.booleans(),
    "stops": st.integers(1, 20),
}
ANY = st.builds(
    Process,
    st.just(""),
    runs=st.none() | st.integers(0, 40),
    code=st.integers(0, 1),
    awaits=st.just(NOBODY) | FEW,
    needs=st.just(NOBODY) | FEW,
    startup=st.none() | GATES,
    post_start=st.none() | GATES,
    quits=st.just(NOBODY) | FEW,
    restart=st.none() | POLICIES,
    **STOPPING,
)
ENDS_WELL = st.builds(Process, st.just(""), runs=st.integers(0, 40), post_start=st.none() | OWN_GATES, **STOPPING)
STEADY = st.builds(Process, st.just(""), startup=st.none() | OWN_GATES, post_start=st.none() | OWN_GATES, **STOPPING)
PLAIN = st.builds(Process, st.just(""), runs=st.integers(0, 40))


def _law(examples: int = 200) -> settings:
    return settings(max_examples=examples, deadline=None, suppress_health_check=(HealthCheck.too_slow,))


@st.composite
def pods(
    draw: st.DrawFn,
    mains: st.SearchStrategy[Process] = ANY,
    sides: st.SearchStrategy[Process] = ANY,
    inits: st.SearchStrategy[Process] = ANY,
    policies: st.SearchStrategy[RestartPolicy] = POLICIES,
    limits: st.SearchStrategy[int | None] = LIMITS,
) -> Pod:
    """A pod of at most six containers, with sidecars and plain init containers in any order."""
    native = draw(st.lists(st.booleans(), max_size=3))
    before = [draw(sides if sidecar else inits) for sidecar in native]
    named = [
        replace(p, name=name) for name, p in zip(NAMES, [*before, *draw(st.lists(mains, min_size=1, max_size=3))], strict=False)
    ]
    return Pod(
        tuple(named[: len(native)]),
        tuple(named[len(native) :]),
        frozenset(p.name for p, sidecar in zip(named, native, strict=False) if sidecar),
        draw(policies),
        draw(st.integers(0, 25)),
        draw(limits),
    )


@st.composite
def moves(draw: st.DrawFn, given_pods: st.SearchStrategy[Pod]) -> tuple[Pod, list[str]]:
    """A pod, and some of its main containers in some order: one is left."""
    before = draw(given_pods)
    order = draw(st.permutations([process.name for process in before.mains]))
    return before, order[: draw(st.integers(0, len(order) - 1))]


@given(moves(pods(mains=STEADY, sides=STEADY, inits=PLAIN)))
@_law()
def test_without_dependencies_a_moved_pod_starts_and_its_sidecars_first(case: tuple[Pod, list[str]]) -> None:
    before, names = case
    after = moved(before, names)
    life = run(after)
    assert (life.never_started, life.stuck) == ((), ())
    started = [r.started for r in life.runs if r.container in after.sidecars]
    assert all(at is not None and at <= (life.starts(main.name) or 0) for at in started for main in after.mains)
    assert all(life.started_before(side, main.name) for side in after.sidecars for main in after.mains)


def _seen(life: Life, plain: Collection[str]) -> Iterator[tuple[Run, frozenset[tuple[str, int]]]]:
    """Each run of a plain init container, with who ran beside it. Of two starts in a second, the order tells."""
    for n, own in enumerate(life.runs):
        if own.container in plain:
            beside = [
                r
                for k, r in enumerate(life.runs)
                if k != n and (k < n or own.end is None or r.start < own.end) and (r.end is None or r.end > own.start)
            ]
            yield own, frozenset((r.container, r.start) for r in beside)


@given(moves(pods()))
@_law(400)
def test_appended_sidecars_change_nothing_for_the_init_containers(case: tuple[Pod, list[str]]) -> None:
    before, names = case
    plain = {process.name for process in before.inits} - before.sidecars
    assert list(_seen(run(before, HORIZON), plain)) == list(_seen(run(moved(before, names), HORIZON), plain))


@given(moves(pods(mains=ENDS_WELL, sides=STEADY, inits=PLAIN, policies=TO_COMPLETION)), st.data())
@_law()
def test_a_job_completes_soon_after_its_main_containers(case: tuple[Pod, list[str]], data: st.DataObject) -> None:
    before, names = case
    steady = {process.name: data.draw(STEADY) for process in before.mains if process.name in names}
    mains = tuple(replace(steady[p.name], name=p.name) if p.name in steady else p for p in before.mains)
    life = run(moved(replace(before, mains=mains), names))
    working = [r.end for r in life.runs if r.container in {p.name for p in before.mains} - set(names)]
    assert (life.phase, life.job_failed) == ("Succeeded", False)
    assert life.ended is not None
    assert None not in working
    last = max(end for end in working if end is not None)
    assert last <= life.ended <= last + before.grace + 2


@given(pods())
@_law(300)
def test_the_exit_codes_of_sidecars_never_matter(before: Pod) -> None:
    other = tuple(replace(p, code=1 - p.code) if p.name in before.sidecars else p for p in before.inits)
    lives = [run(before, HORIZON), run(replace(before, inits=other), HORIZON)]
    one, again = (
        replace(life, runs=tuple(replace(r, code=None) if r.container in before.sidecars else r for r in life.runs))
        for life in lives
    )
    assert one == again


@given(pods())
@_law(300)
def test_a_life_does_not_depend_on_the_names(before: Pod) -> None:
    other = dict(zip(NAMES, ("web", "zz-log", "mesh", "0", "init-db", "k"), strict=True))

    def names(given_names: frozenset[str]) -> frozenset[str]:
        return frozenset(other[name] for name in given_names)

    def gate(given_gate: Gate | None) -> Gate | None:
        return given_gate and replace(given_gate, needs=names(given_gate.needs))

    def process(p: Process) -> Process:
        return replace(
            p,
            name=other[p.name],
            awaits=names(p.awaits),
            needs=names(p.needs),
            quits=names(p.quits),
            pre_stop_awaits=names(p.pre_stop_awaits),
            startup=gate(p.startup),
            post_start=gate(p.post_start),
        )

    renamed = replace(
        before,
        inits=tuple(process(p) for p in before.inits),
        mains=tuple(process(p) for p in before.mains),
        sidecars=names(before.sidecars),
    )
    life, again = run(before, HORIZON), run(renamed, HORIZON)
    assert again == replace(
        life,
        containers=tuple(other[name] for name in life.containers),
        runs=tuple(replace(r, container=other[r.container]) for r in life.runs),
        stuck=tuple(replace(w, container=other[w.container], on=names(w.on)) for w in life.stuck),
    )
    assert shutdown(renamed) == tuple(replace(stop, name=other[stop.name]) for stop in shutdown(before))
    assert pickle.loads(pickle.dumps(life)) == life
    assert hash(life) == hash(run(before, HORIZON))


@given(pods())
@_law(300)
def test_runs_follow_one_another_with_the_back_off_between(before: Pod) -> None:
    life = run(before, HORIZON)
    assert [r.start for r in life.runs] == sorted(r.start for r in life.runs)
    for name in life.containers:
        own = [r for r in life.runs if r.container == name]
        for n, (one, other) in enumerate(pairwise(own)):
            assert one.end is not None
            assert other.start - one.end >= (min(10 * 2 ** (n - 1), 300) if n else 0)
    ends = [r.end for r in life.runs]
    assert (life.ended is not None) == (life.phase in ("Succeeded", "Failed"))
    assert life.ended is None or life.ended == max(end for end in ends if end is not None)
    assert life.ended is None or None not in ends
    if life.never_started and life.ended is None:
        assert life.stuck
        assert life.phase == "Pending"


@given(pods())
@_law(300)
def test_nothing_outlives_the_grace_period_by_more_than_two_seconds(before: Pod) -> None:
    found = shutdown(before)
    assert {stop.name for stop in found} == before.sidecars | {process.name for process in before.mains}
    assert [stop.gone for stop in found] == sorted(stop.gone for stop in found)
    assert all(0 <= stop.gone <= before.grace + 2 for stop in found)


@given(pods())
@_law(300)
def test_sidecars_get_sigterm_in_reverse_and_after_all_mains_or_when_the_grace_period_is_over(before: Pod) -> None:
    found = {stop.name: stop for stop in shutdown(before)}
    order = [found[process.name] for process in before.inits if process.name in before.sidecars]
    told = [stop.sigterm for stop in order if stop.sigterm is not None]
    assert told == sorted(told, reverse=True)
    mains = max(found[process.name].gone for process in before.mains)
    assert all(at >= min(mains, before.grace) for at in told)
    for one, later in pairwise(order):
        assert one.sigterm is None or one.sigterm >= min(later.gone, before.grace)


@given(pods())
@_law(100)
def test_to_move_nobody_changes_nothing(before: Pod) -> None:
    assert moved(before, ()) == before


# A second model that ticks, told once more from the kubelet's sources. It knows no hooks at the start, and no kills.


@dataclass
class Ticking:
    """One container: `state` W(aiting), R(unning) or X (exited), since second `since`; `count` is how often it was started."""

    process: Process
    sidecar: bool
    state: str = "W"
    since: int = 0
    begun: int | None = None
    started: bool = False
    code: int = 0
    count: int = 0

    def again(self, policy: RestartPolicy) -> bool:
        """ShouldContainerBeRestarted."""
        return self.state == "W" or (self.state == "X" and (policy == "Always" or (policy == "OnFailure" and self.code != 0)))


class TickingPod:
    def __init__(self, given_pod: Pod) -> None:
        self.policy = given_pod.restart_policy
        self.inits = [Ticking(p, p.name in given_pod.sidecars) for p in given_pod.inits]
        self.mains = [Ticking(p, False) for p in given_pod.mains]
        self.all = {c.process.name: c for c in (*self.inits, *self.mains)}
        self.starts: list[tuple[str, int]] = []
        self.ends: list[tuple[str, int]] = []

    def running(self, names: Collection[str]) -> bool:
        return all(name in self.all and self.all[name].state == "R" for name in names)

    def exits(self, c: Ticking, now: int, code: int) -> None:
        c.state, c.since, c.code = "X", now, code
        self.ends.append((c.process.name, now))

    def starting(self, c: Ticking, now: int) -> bool:
        if c.count > 1 and now < c.since + min(300, 10 * 2 ** (c.count - 2)):
            return False
        c.count += 1
        self.starts.append((c.process.name, now))
        c.begun, c.started = None, c.process.startup is None
        fails = not self.running(c.process.needs)
        if fails or (c.process.runs == 0 and self.running(c.process.awaits)):
            self.exits(c, now, 1 if fails else c.process.code)
        else:
            c.state, c.since = "R", now
        return True

    def phase(self) -> str | None:
        """getPhase, where it is terminal."""
        if self.policy == "Never" and any(c.state == "X" and c.code and not c.sidecar for c in self.inits):
            return "Failed"
        if any(c.state == "R" for c in self.all.values()) or any(m.again(self.policy) for m in self.mains):
            return None
        return "Failed" if any(m.code for m in self.mains) else "Succeeded"

    def actions(self) -> list[Ticking] | None:
        """computePodActions: what to start, None to kill the pod."""
        initialized = previous = any(m.state == "R" for m in self.mains) or not self.inits
        start: list[Ticking] = []
        for k, c in reversed(list(enumerate(self.inits))):
            if c.state == "W" or (previous and not c.sidecar):
                continue
            done = c.started if c.sidecar and c.state == "R" else not c.sidecar and c.state == "X" and c.code == 0
            if c.state == "X" and not done:
                start.append(c)
            if done and c is self.inits[-1]:
                initialized = True
            elif done and not previous:
                start.append(self.inits[k + 1])
            previous = True
        start = start[::-1] if previous else [self.inits[0]]
        if not initialized:
            return start
        again = [m for m in self.mains if m.again(self.policy)]
        return start + again if again or any(m.state == "R" for m in self.mains) else None

    def tick(self, now: int) -> str | None:
        """One second; the phase where the pod is to be killed."""
        first = True
        while self.leave(now) | self.probe(now) | first:
            first = False
            changed = True
            while changed:
                phase = self.phase()
                if phase:
                    return phase
                start = self.actions()
                if start is None:
                    return "Failed" if any(m.code for m in self.mains) else "Succeeded"
                # Each is started by itself, so those that await it may begin in between.
                changed = False
                for c in start:
                    changed |= self.starting(c, now)
                    self.begin(now)
        return None

    def leave(self, now: int) -> bool:
        found = False
        for c in self.all.values():
            if c.state == "R" and c.begun is not None and c.process.runs is not None and now >= c.begun + c.process.runs:
                self.exits(c, now, c.process.code)
                found = True
        return found

    def begin(self, now: int) -> None:
        for c in self.all.values():
            if c.state == "R" and c.begun is None and self.running(c.process.awaits):
                c.begun = now

    def probe(self, now: int) -> bool:
        found = False
        for c in self.all.values():
            gate = c.process.startup
            if gate and c.state == "R" and not c.started and self.running(gate.needs):
                c.started = now >= max([c.since, *(self.all[name].since for name in gate.needs)]) + gate.seconds
                found |= c.started
        return found


SIMPLE = st.builds(
    Process,
    st.just(""),
    runs=st.none() | st.integers(0, 40),
    code=st.integers(0, 1),
    awaits=st.just(NOBODY) | FEW,
    needs=st.just(NOBODY) | FEW,
    startup=st.none() | st.builds(Gate, st.integers(0, 12), FEW),
)
PLAINER = SIMPLE.map(lambda process: replace(process, startup=None))


@given(pods(mains=SIMPLE, sides=SIMPLE, inits=PLAINER, limits=st.none()))
@_law(400)
def test_a_ticking_model_comes_to_the_same_life(given_pod: Pod) -> None:
    horizon = 120
    other = TickingPod(given_pod)
    phase = None
    now = -1
    while phase is None and now < horizon:
        now += 1
        phase = other.tick(now)
    life = run(given_pod, horizon)
    assert [(r.container, r.start) for r in life.runs] == other.starts
    killed_at = now if phase else horizon
    ended = [(r.container, r.end) for r in life.runs if r.end is not None and (r.code in (0, 1))]
    assert sorted(ended) == sorted(other.ends)
    assert (life.phase if life.ended is not None else None) == phase
    if life.ended is not None:
        left = {c.process.name for c in other.all.values() if c.state == "R"}
        assert life.ended == killed_at + max((stop.gone for stop in shutdown(given_pod, left)), default=0)


@dataclass
class Stopping:
    """One container on its way out: `stage` 0 in its hook, 1 waiting for its turn, 2 told to stop, 3 gone."""

    process: Process
    before: list[str]
    stage: int = 0
    turned: bool = False
    sigterm: int | None = None
    gone: int = 0
    killed: bool = False


def ticking_shutdown(given_pod: Pod, running: Collection[str]) -> dict[str, Stop]:
    """The shutdown, second by second, with one small machine for each container (killContainer)."""
    mains = [process.name for process in given_pod.mains]
    left: dict[str, Stopping] = {process.name: Stopping(process, []) for process in given_pod.mains}
    later: list[str] = []
    for process in reversed(given_pod.inits):
        left[process.name] = Stopping(process, [])
        if process.name in given_pod.sidecars:
            left[process.name].before = [*mains, *later]
            later = [process.name]
    left = {name: c for name, c in left.items() if name in running}

    def closed(name: str) -> bool:
        return name not in left or (left[name].stage == 3 and left[name].turned)

    def step(c: Stopping, now: int, late: bool) -> bool:
        expired = late and now >= given_pod.grace
        p = c.process
        if c.stage == 0:
            hooked = now >= p.pre_stop and all(n not in left or left[n].stage == 3 for n in p.pre_stop_awaits)
            if hooked and p.pre_stop_quits and given_pod.grace > 0:
                c.stage, c.gone = 3, now
                return True
            c.stage = 1 if hooked or expired else 0
            return c.stage == 1
        if c.stage in (1, 3) and not c.turned and (expired or all(closed(name) for name in c.before)):
            c.turned = True
            if c.stage == 1:
                c.stage, c.sigterm = 2, now
            return True
        if c.stage == 2 and c.sigterm is not None:
            end = c.sigterm + max(2, given_pod.grace - c.sigterm)
            if now >= min(end, c.sigterm + p.stops):
                c.stage, c.gone, c.killed = 3, now, c.sigterm + p.stops > end
                return True
        return False

    for now in range(given_pod.grace + 3):
        # What the end of the grace period cuts short comes last in its second.
        while any(step(c, now, late) for late in (False, True) for c in left.values()):
            pass
    return {name: Stop(name, c.sigterm, c.gone, c.killed) for name, c in left.items()}


@given(pods(), st.frozensets(st.sampled_from(NAMES)))
@_law(400)
def test_a_ticking_model_comes_to_the_same_shutdown(given_pod: Pod, running: frozenset[str]) -> None:
    names = running & {process.name for process in (*given_pod.inits, *given_pod.mains)}
    assert {stop.name: stop for stop in shutdown(given_pod, running)} == ticking_shutdown(given_pod, names)
