"""Laws that hold for every manifest, told by a reader that shares no code with the engine."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, assume, event, find, given, settings
from hypothesis import strategies as st

from migrator.model import Move
from migrator.run import run_text
from migrator.settings import Settings
from migrator.sources.manifest import Manifest, Outcome, Template, read, rewrite
from migrator.text import blocklist, flowlist
from migrator.text.asked import Transfer, Wish
from migrator.text.edits import Edit, apply, changed_lines, lines_of
from migrator.text.errors import Refused, TextError
from migrator.text.rewrite import prove, proved_layout
from migrator.text.source import chunks, decode
from migrator.text.transfer import layouts
from migrator.text.tree import Node, parse
from tests.strategies import (
    FlowSample,
    JsonSample,
    Line,
    PodSample,
    Sample,
    check_lines,
    check_values,
    documents,
    flow_samples,
    json_samples,
    noise,
    places,
    samples,
    wishes,
)

_SLOW = (HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much)
_FLOW_PATH = ("spec",)
_TAG_FIRST = re.compile(r"!\S*\s+&")
Wished = tuple[Sample, tuple[tuple[int, ...], ...]]


def _law(examples: int) -> settings:
    return settings(max_examples=examples, deadline=None, suppress_health_check=_SLOW)


Gaps = Sequence[tuple[int, ...]]


def _moves(manifest: Manifest, chosen: Sequence[Sequence[int]], gaps: Gaps | None = None) -> list[tuple[Move, ...]]:
    found = []
    for n, (site, indexes) in enumerate(zip(manifest.sites, chosen, strict=True)):
        at = gaps[n] if gaps else (len(site.pod.init_containers),) * len(indexes)
        found.append(tuple(Move(site.pod.containers[i].name, i, at[k] + k) for k, i in enumerate(indexes)))
    return found


def _moved(
    text: str, chosen: Sequence[Sequence[int]], canonical: bool = False, gaps: Gaps | None = None
) -> tuple[Manifest, str, list[Outcome]]:
    manifest = read(text)
    assert len(manifest.sites) == len(chosen)
    after, outcomes = rewrite(manifest, _moves(manifest, chosen, gaps), canonical)
    return manifest, after, outcomes


def _done(chosen: Sequence[tuple[int, ...]], outcomes: Sequence[Outcome]) -> list[tuple[int, ...]]:
    return [() if outcome.refusal else wanted for wanted, outcome in zip(chosen, outcomes, strict=True)]


def _transfer(chosen: tuple[int, ...]) -> Transfer:
    return Transfer("containers", "initContainers", chosen, ("restartPolicy", "Always"), ("image", "name"))


@_law(500)
@given(wishes(), st.booleans(), st.data())
def test_a_move_changes_what_was_asked_and_nothing_else(wished: Wished, canonical: bool, data: st.DataObject) -> None:
    """Values by PyYAML, comments and bystanders by the lines that the generator knows, in their order and to the byte."""
    sample, chosen = wished
    gaps = data.draw(places(sample, chosen))
    manifest, after, outcomes = _moved(sample.text, chosen, canonical, gaps)
    assert [(site.document, site.pointer) for site in manifest.sites] == [(pod.document, pod.path) for pod in sample.pods]
    done = _done(chosen, outcomes)
    event(f"moved {sum(map(bool, done))}, layouts {sorted(o.layout or 'none' for o in outcomes)}")
    asked = zip(sample.pods, done, gaps, strict=True)
    moved = {pod.document: (pod.path, wanted, at) for pod, wanted, at in asked if wanted}
    check_values(sample.text, after, moved)
    check_lines(sample, after, done)
    gone = {(number, index) for number, wanted in enumerate(done) for index in wanted}
    last = [line for line in sample.lines if line.owner not in gone][-1]
    if after.endswith("\n") != sample.text.endswith("\n") and last.text:
        # A block scalar that came to stand last needs its line break; an empty line that did is nothing but one.
        assert documents(after.removesuffix("\n").removesuffix("\r")) != documents(after)
    assert after.count("\r\n") == (after.count("\n") if sample.eol == "\r\n" else 0)


@_law(250)
@given(wishes())
def test_a_pod_without_anchors_is_never_refused(wished: Wished) -> None:
    """Every container of every generated style can be moved, unless an alias, a cut block scalar or a flow target forbids it."""
    sample, chosen = wished
    _, _, outcomes = _moved(sample.text, chosen)
    for pod, outcome in zip(sample.pods, outcomes, strict=True):
        if not pod.fragile:
            assert outcome.refusal is None


@_law(150)
@given(wishes())
def test_the_layout_written_is_the_smallest_that_can_be_proved(wished: Wished) -> None:
    """And what a layout says it costs is what a diff of the whole file shows."""
    sample, chosen = wished
    manifest = read(sample.text)
    for handle, wanted in zip(manifest.handles, chosen, strict=True):
        if not wanted:
            continue
        wish = Wish((handle.document, *handle.path), handle.mapping, _transfer(wanted))
        costs = []
        try:
            for layout in layouts(sample.text, manifest.lines, handle.mapping, wish.transfer):
                cost = changed_lines(sample.text, apply(sample.text, layout.edits))
                assert layout.cost == cost
                try:
                    prove(handle.stretch, [wish], layout.edits)
                except Refused:
                    continue
                costs.append(cost)
        except Refused:
            pass
        try:
            written, _ = proved_layout(handle.stretch, manifest.lines, wish, canonical=False)
        except Refused:
            assert not costs
        else:
            assert costs or not sample.final_newline
            assert not costs or changed_lines(sample.text, apply(sample.text, written.edits)) == min(costs)


@_law(120)
@given(wishes(helper=True))
def test_a_second_run_changes_nothing(wished: Wished) -> None:
    """Through the whole pipeline, with a helper container that it knows; bytes, not text."""
    sample, _ = wished
    ready = Settings(unsafe=True)
    first = run_text("pod.yaml", sample.data, ready).results[0]
    event(first.status)
    if first.after is None:
        return
    assert first.after.startswith(sample.bom)
    assert b"\xef\xbb\xbf" not in first.after[len(sample.bom) :]
    second = run_text("pod.yaml", first.after, ready).results[0]
    assert second.after is None
    assert not any(decision.position is not None for pod in second.pods for decision in pod.decisions)


def test_the_law_of_the_second_run_has_first_runs() -> None:
    """It would say nothing if the helper of its samples were not known: each kind of layout is among them."""
    for layout in ("append", "target-first", "source-first"):
        find(wishes(helper=True), lambda wished, layout=layout: layout in _layouts(wished[0]), settings=_law(500))  # type: ignore[misc]


def _layouts(sample: Sample) -> set[str | None]:
    result = run_text("pod.yaml", sample.data, Settings(unsafe=True)).results[0]
    return {pod.layout for pod in result.pods}


def _outline(node: Node | None) -> Any:
    if node is None:
        return None
    head = (node.kind, node.start, node.end, node.tag, node.anchor, node.value, node.style, node.flow)
    pairs = tuple((_outline(key), _outline(value)) for key, value in node.pairs)
    return (*head, tuple(map(_outline, node.items)), pairs, node.target is not None and node.target.start)


@_law(150)
@given(samples())
def test_both_parsers_give_the_same_trees(sample: Sample) -> None:
    """Kinds, values, and every offset."""
    text = sample.text
    assert [_outline(root) for root in parse(text, pure=True)] == [_outline(root) for root in parse(text)]


@_law(300)
@given(noise())
def test_noise_never_crashes_a_parser(text: str) -> None:
    """Both give trees or say what is wrong, on a line that is there; where both read it, they read the same."""
    trees = []
    said: list[TextError] = []
    for pure in (False, True):
        try:
            trees.append([_outline(root) for root in parse(text, pure=pure)])
        except TextError as error:
            said.append(error)
    assert all(e.message and (e.line is None or 1 <= e.line <= text.count("\n") + 1) for e in said)
    # The parsers disagree on where a document ends that is one block scalar at the margin. Where a node begins whose
    # tag stands ahead of its anchor has a test of its own.
    assume(not _TAG_FIRST.search(text))
    assume(not any(root is not None and root[6] in ("|", ">") for tree in trees for root in tree))
    assert len(trees) < 2 or trees[0] == trees[1]


def _readable(text: str) -> bool:
    try:
        documents(text)
    except yaml.YAMLError:
        return False
    return True


@_law(150)
@given(noise(), st.sampled_from(("", "    ", "      ")))
def test_noise_inside_a_pod_is_moved_losslessly_or_not_at_all(piece: str, indent: str) -> None:
    """Whatever stands in a container, what comes out differs by the move alone, or is the file as it was."""
    first = f"  - name: a\n    image: a\n{indent}{piece}\n"
    text = f"apiVersion: v1\nkind: Pod\nspec:\n  containers:\n{first}  - name: b\n    image: b\n"
    try:
        manifest = read(text)
    except (TextError, Template):
        return
    assume(len(manifest.sites) == 1 and manifest.sites[0].refusal is None)
    for index in range(len(manifest.sites[0].pod.containers) - 1):
        after, outcomes = rewrite(manifest, _moves(manifest, [(index,)]), False)
        if outcomes[0].refusal:
            assert after == text
        else:
            assume(_readable(text))
            check_values(text, after, {manifest.sites[0].document: (_FLOW_PATH, (index,), ())})
            event("moved")


@_law(150)
@given(flow_samples(), st.data())
def test_a_flow_list_is_moved_losslessly(sample: FlowSample, data: st.DataObject) -> None:
    """Only a comment between its items forbids it."""
    order = data.draw(st.permutations(range(sample.containers)))
    chosen = tuple(order[: data.draw(st.integers(1, sample.containers - 1))])
    _, after, outcomes = _moved(sample.text, [chosen])
    if outcomes[0].refusal:
        assert sample.fragile
        assert after == sample.text
        return
    check_values(sample.text, after, {0: (_FLOW_PATH, chosen, ())})
    assert sample.text.count("# ") == after.count("# ")
    assert after.count("\r\n") == (after.count("\n") if "\r" in sample.text else 0)
    edges = [at for key in ("containers", "initContainers") if (at := sample.text.find(key)) >= 0]
    assert after.startswith(sample.text[: min(edges)])
    assert after.endswith(sample.text[sample.text.index("metadata: ") :])


@_law(150)
@given(json_samples(), st.data())
def test_json_stays_json_and_says_the_same(sample: JsonSample, data: st.DataObject) -> None:
    """With Python's own reader, key order included, and nothing touched ahead of the lists or behind them."""
    order = data.draw(st.permutations(range(sample.containers)))
    chosen = tuple(order[: data.draw(st.integers(1, sample.containers - 1))])
    _, after, outcomes = _moved(sample.text, [chosen])
    assert outcomes[0].refusal is None
    old, new = json.loads(sample.text), json.loads(after)
    spec, grown = old["spec"], new["spec"]
    inits = [*(spec.get("initContainers") or []), *({**spec["containers"][n], "restartPolicy": "Always"} for n in chosen)]
    assert grown == {
        **spec,
        "containers": [c for n, c in enumerate(spec["containers"]) if n not in chosen],
        "initContainers": inits,
    }
    assert {**old, "spec": None} == {**new, "spec": None}
    assert [key for key in grown if key != "initContainers"] == [key for key in spec if key != "initContainers"]
    for item in grown["initContainers"][-len(chosen) :]:
        assert list(item)[list(item).index("image") + 1] == "restartPolicy"
    edges = [sample.text.index(f'"{key}"') for key in ("containers", "initContainers") if f'"{key}"' in sample.text]
    assert after.startswith(sample.text[: min(edges)])
    last = list(spec)[-1]
    if last not in ("containers", "initContainers"):
        assert after.endswith(sample.text[sample.text.index(f'"{last}"') :])
    assert ("\n" in after) == ("\n" in sample.text)


@_law(120)
@given(samples())
def test_taken_apart_and_put_together_is_the_same(sample: Sample) -> None:
    """Decoding, chunks, lines, block lists and an empty set of edits: nothing is lost between them."""
    source = decode(sample.data)
    text = source.text
    assert text == sample.text
    assert source.encode(text) == sample.data
    assert "".join(text[start:end] for start, end in chunks(text)) == text
    assert "".join(lines_of(text)) == text
    assert apply(text, []) == text
    manifest = read(text)
    lines = manifest.lines
    assert "".join(text[lines.start(n) : lines.end(n)] for n in range(len(lines.starts))) == text
    for handle in manifest.handles:
        key, sequence = handle.mapping.key("containers"), handle.mapping.get("containers")
        assert key is not None
        assert sequence is not None
        taken = blocklist.take_apart(text, lines, key, sequence)
        assert "".join(p.loose + p.gap + p.body for p in taken.pieces) == text[taken.start : taken.end]
        same = [Edit(p.body_start, p.body_start + len(p.body), p.body) for p in taken.pieces]
        assert apply(text, same) == text
    assert rewrite(manifest, [() for _ in manifest.sites], False) == (text, [Outcome()] * len(manifest.sites))


@_law(60)
@given(flow_samples())
def test_a_flow_list_taken_apart_and_written_is_the_same(sample: FlowSample) -> None:
    """As far as its separators are alike."""
    handle = read(sample.text).handles[0]
    sequence = handle.mapping.get("containers")
    assert sequence is not None
    try:
        taken = flowlist.take_apart(sample.text, sequence)
    except Refused:
        assert sample.fragile
        return
    assert taken.written(list(taken.items)) == sample.text[sequence.start : sequence.end]


@_law(60)
@given(wishes(), st.randoms(use_true_random=False))
def test_the_order_in_which_edits_are_given_does_not_matter(wished: Wished, random: Any) -> None:
    """Each names a place in the original text."""
    sample, chosen = wished
    manifest = read(sample.text)
    edits: list[Edit] = []
    for handle, wanted in zip(manifest.handles, chosen, strict=True):
        try:
            edits += layouts(sample.text, manifest.lines, handle.mapping, _transfer(wanted))[0].edits if wanted else ()
        except Refused:
            continue
    mixed = list(edits)
    random.shuffle(mixed)
    assert apply(sample.text, mixed) == apply(sample.text, edits)


@_law(60)
@given(samples())
def test_line_ends_make_no_difference_to_what_is_read(sample: Sample) -> None:
    """LF or CRLF: the same sites, lines and values."""
    other = Sample(sample.lines, sample.pods, "\r\n" if sample.eol == "\n" else "\n", sample.bom, sample.final_newline)
    one, two = read(sample.text), read(other.text)
    assert [(s.pointer, s.line, s.document) for s in one.sites] == [(s.pointer, s.line, s.document) for s in two.sites]
    assert [s.pod.raw for s in one.sites] == [s.pod.raw for s in two.sites]


def test_a_law_sees_a_lost_comment() -> None:
    """The line oracle is no rubber stamp."""
    lines = [Line("containers:"), Line("- name: a", (0, 0)), Line("# stays"), Line("- name: b", (0, 1))]
    sample = Sample(tuple(lines), (PodSample(0, (), 2, 0, False, False, frozenset()),))
    good = "containers:\n# stays\n- name: a\ninitContainers:\n- name: b\n  restartPolicy: Always\n"
    check_lines(sample, good.replace("# stays\n", "").replace("- name: a\n", "- name: a\n# stays\n"), [(1,)])
    for bad in (good.replace("# stays\n", ""), good.replace("- name: a", "-  name: a"), good + "# new\n"):
        with pytest.raises(AssertionError):
            check_lines(sample, bad, [(1,)])
