"""The pictures of pods' lives: laws for every pod, and what some of them must show."""

from __future__ import annotations

from itertools import pairwise
from xml.etree import ElementTree

from hypothesis import event, given
from hypothesis import strategies as st

from migrator.model import PodResult
from migrator.plan.life import Gate, Pod, Process, RestartPolicy, moved
from migrator.plan.lifecycle import run
from migrator.report.page.lives import lives
from migrator.report.page.scene import ENDS, Lane, Scene, scene
from migrator.report.page.svg import drawn
from migrator.report.page.told import told
from tests.pages import JOB, SHOP, Element, cards, page_of, report_of, tree

SECONDS = st.integers(-2, 90)


def processes(name: str, others: list[str]) -> st.SearchStrategy[Process]:
    """Any container; what it needs and makes quit are others of its pod, or nobody."""
    some = st.frozensets(st.sampled_from([*others, "nobody"]), max_size=1)
    none = st.just(frozenset[str]())
    return st.builds(
        Process,
        st.just(name),
        runs=st.none() | st.integers(0, 90),
        code=st.sampled_from([0, 0, 1]),
        awaits=none | some,
        startup=st.none() | st.builds(Gate, SECONDS, none | some, st.none() | SECONDS),
        post_start=st.none() | st.builds(Gate, SECONDS, none | some, st.none() | SECONDS),
        quits=none | some,
        pre_stop=st.integers(0, 40),
        pre_stop_quits=st.booleans(),
        stops=st.integers(0, 40),
    )


@st.composite
def pods(draw: st.DrawFn) -> Pod:
    """Any pod of up to three init and three main containers."""
    names = [f"c{n}" for n in range(draw(st.integers(1, 6)))]
    cut = draw(st.integers(max(0, len(names) - 3), len(names) - 1)) if draw(st.booleans()) else 0
    made = [draw(processes(name, names)) for name in names]
    sidecars = frozenset(name for name in names[:cut] if draw(st.booleans()))
    policies: list[RestartPolicy] = ["Always", "OnFailure", "Never"]
    policy = draw(st.sampled_from(policies))
    return Pod(tuple(made[:cut]), tuple(made[cut:]), sidecars, policy, draw(st.integers(0, 40)), draw(st.none() | st.just(2)))


@given(pods(), st.booleans())
def test_every_container_is_drawn_once_within_the_picture(pod: Pod, completes: bool) -> None:
    seen = scene(pod, completes)
    event(seen.outcome)
    assert [lane.name for lane in seen.lanes] == [p.name for p in (*pod.inits, *pod.mains)]
    life = run(pod)
    for lane in seen.lanes:
        assert bool(lane.bars) == (lane.name not in life.never_started)
        assert lane.restarted == life.restarts[lane.name]
        places = [place for bar in lane.bars for place in (bar.start, bar.end)]
        assert places == sorted(places)
        assert all(0 <= place <= 1 for place in (*places, *(p for p in (lane.gate, lane.term) if p is not None)))
    svg = ElementTree.fromstring(drawn(seen))
    assert [g.findtext("text") for g in svg.iter("g")] == [lane.name for lane in seen.lanes]


@given(pods(), st.booleans())
def test_nobody_starts_before_a_gate_that_it_is_behind(pod: Pod, completes: bool) -> None:
    seen = scene(pod, completes)
    inits = [lane for lane in seen.lanes if lane.kind != "main"]
    behind = [(a, b) for n, a in enumerate(inits) for b in (*inits[n + 1 :], *of(seen, "main")) if b.bars]
    for before, after in behind:
        assert before.gate is not None
        assert before.gate <= after.bars[0].start
    event(f"{len(behind)} gates")


@given(pods())
def test_sidecars_are_stopped_last_and_the_last_of_them_first(pod: Pod) -> None:
    seen = scene(pod, False)
    mains, sidecars = of(seen, "main"), of(seen, "sidecar")
    for sidecar in sidecars:
        for main in mains:
            if sidecar.term is not None and main.term is not None:
                assert main.term <= sidecar.term
    for one, other in pairwise(lane for lane in sidecars if lane.term is not None):
        assert (one.term or 0) >= (other.term or 0)


@given(pods(), st.booleans())
def test_what_never_ends_is_in_no_life_that_does(pod: Pod, completes: bool) -> None:
    seen = scene(pod, completes)
    if seen.outcome in ENDS:
        assert not any(lane.endless for lane in seen.lanes)
        assert seen.stop is not None
        assert seen.over is not None
        assert seen.stop <= seen.over
    if seen.outcome == "complete":
        assert run(pod).phase == "Succeeded"


@given(pods(), st.booleans())
def test_a_life_can_be_told(pod: Pod, completes: bool) -> None:
    said = tree(told(scene(pod, completes)))
    assert {code.text for code in said.all("code")} <= {p.name for p in (*pod.inits, *pod.mains)}
    assert not said.text or said.text.strip().endswith(".")


def of(seen: Scene, kind: str) -> list[Lane]:
    return [lane for lane in seen.lanes if lane.kind == kind]


def sentences(card: Element) -> list[str]:
    """What stands below the pictures."""
    return [" ".join(caption.text.split()) for caption in card.all("figcaption")]


def test_a_job_that_hung_is_seen_to_end() -> None:
    card = cards(page_of(JOB))["migrate-orders"]
    before, after = card.all("figure")
    assert "hangs" in [text.text for text in before.all("text")]
    assert "hangs" not in [text.text for text in after.all("text")]
    assert sentences(card) == [
        "wait-for-dns runs to its end before anything else starts. Then cloud-sql-proxy and migrate start together. "
        "migrate ends, but nothing here ends cloud-sql-proxy: the pod never completes.",
        "wait-for-dns runs to its end before anything else starts. cloud-sql-proxy starts first. migrate starts once it has "
        "started. When migrate has ended, cloud-sql-proxy is stopped and the pod is complete.",
    ]


def test_a_helper_that_is_told_to_quit_lets_its_job_end_before_as_well() -> None:
    told_to = JOB.replace(
        "migrate:2.4", 'migrate:2.4\n        command: [sh, -c, "migrate; wget --post-data= -qO- localhost:9091/quitquitquit"]'
    ).replace('"--port=5432"', '"--quitquitquit", "--port=5432"')
    assert "the pod is complete" in sentences(cards(page_of(told_to))["migrate-orders"])[0]


def test_a_deployment_is_asked_to_stop_and_what_stays_has_one_picture() -> None:
    held = cards(page_of(SHOP))
    assert sentences(held["web"]) == [
        "web and auth start together. At the end all are told to stop at once.",
        "auth starts first. web starts once it has started. At the end web stops first, then auth.",
    ]
    assert [figure.all("h4")[0].text for figure in held["pair"].all("figure")] == ["As it is"]


def result_of(text: str) -> PodResult:
    ((pod,),) = [result.pods for result in report_of(text).results]
    return pod


def test_the_life_after_is_the_pod_with_what_moves_at_its_place() -> None:
    held = lives(result_of(JOB))
    assert held is not None
    assert held.completes
    assert held.after == moved(held.before, ["cloud-sql-proxy"])


def test_a_native_sidecar_is_one_in_the_picture_and_equal_names_have_none() -> None:
    native = JOB.replace("      - name: wait-for-dns\n", "      - name: wait-for-dns\n        restartPolicy: Always\n")
    held = lives(result_of(native))
    assert held is not None
    assert held.before.sidecars == {"wait-for-dns"}
    assert lives(result_of(JOB.replace("name: migrate\n", "name: wait-for-dns\n"))) is None


def test_what_may_well_end_is_not_said_to_hang_its_job() -> None:
    unknown = JOB.replace("gcr.io/cloud-sql-connectors/cloud-sql-proxy:2.14.1", "registry.example/upload:1")
    unknown = unknown.replace("cloud-sql-proxy", "upload-sidecar").replace('["--port=5432", "shop:europe-west1:orders"]', "[]")
    card = cards(page_of(unknown))["migrate-orders"]
    assert "run-to-completion-candidate" in card.attributes["data-h"].split()
    assert sentences(card) == [
        "wait-for-dns runs to its end before anything else starts. Then upload-sidecar and migrate start together. "
        "When all have ended, the pod is complete."
    ]
