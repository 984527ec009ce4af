"""The prefilter may only err towards parsing."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings

from migrator.prefilter import file_may_hold_pods, may_hold_pods
from tests.strategies import HEAD, FlowSample, JsonSample, Sample, flow_samples, json_samples, samples

_TWO = "  - name: a\n    image: a\n  - name: b\n    image: b\n"
_law = settings(max_examples=150, deadline=None, suppress_health_check=(HealthCheck.too_slow, HealthCheck.data_too_large))


@pytest.mark.parametrize(
    "text",
    [
        HEAD + "  containers:\n" + _TWO,
        HEAD + "  containers:   # two\n" + _TWO,
        HEAD + "  containers:\n\n  # c\n" + _TWO,
        HEAD + "  'containers':\n" + _TWO,
        HEAD + '  "containers" :\n' + _TWO,
        HEAD + "  containers: &all\n" + _TWO,
        HEAD + "  containers: *all\n",
        HEAD + "  containers: !!seq\n" + _TWO,
        HEAD + "  &key containers:\n" + _TWO,
        HEAD + "  !!str containers:\n" + _TWO,
        HEAD + "  ? containers\n  :\n" + _TWO,
        HEAD + '  ? "containers"\n  :\n' + _TWO,
        HEAD + "  containers: [{name: a}, {name: b}]\n",
        HEAD + "  containers:\n    [{name: a}, {name: b}]\n",
        HEAD + "  containers:\n    &all\n" + _TWO,
        HEAD.replace("spec:\n", "spec: {containers: [{name: a}, {name: b}]}\n"),
        HEAD.replace("spec:\n", "spec: { # note\n containers:\n  [{name: a}, {name: b}]}\n"),
        HEAD + "  containers:\n  -\n    name: a\n  -\n    name: b\n",
        HEAD + "  containers:\n  -   name: a\n  # - name: x\n  - {name: b}\n",
        HEAD + '  containers:\n  - name: a\n    args: ["one\ntwo"]\n  - name: b\n',
        HEAD + "  containers:\n  - name: a\n    args: [\none,\ntwo\n]\n  - name: b\n",
        HEAD + "  containers:\n  - name: a\n    note: 'one\n  two'\n  - name: b\n",
        HEAD + '  containers:\n  - name: a\n    note: "one\n\ttwo"\n  - name: b\n',
        '"kind": Pod\n"apiVersion": v1\nspec:\n  containers:\n    [{name: a},\n     {name: b}]\n',
        "  apiVersion: v1\n  kind: Pod\n  spec:\n    containers:\n      [{name: a}, {name: b}]\n",
        "kind: List\napiVersion: v1\nitems:\n- spec:\n    containers:\n      [{name: a}]\n  kind: Pod\n  apiVersion: v1\n",
        HEAD + "  containers:\n",
        HEAD + "  containers: ~\n",
        HEAD + "  containers:\n    name: a\n",
        (HEAD + "  containers:\n" + _TWO).replace("\n", "\r\n"),
        '{"kind":"Pod","apiVersion":"v1","spec":{"containers":[{"name":"a"},{"name":"b"}]}}',
        "{'spec':\n{\n'containers'\n:\n[]}}",
    ],
)
def test_what_may_be_a_pod_of_two_is_parsed(text: str) -> None:
    """However it is written."""
    assert may_hold_pods(text)
    assert file_may_hold_pods(text.encode())


@pytest.mark.parametrize(
    "text",
    [
        "",
        "kind: ConfigMap\ndata: {a: b}\n",
        HEAD + "  containers:\n  - name: a\n    ports:\n    - containerPort: 80\n    - containerPort: 81\n",
        HEAD + "  containers:\n  - name: a\n  # - name: b\n  volumes:\n  - name: v\n  - name: w\n",
        HEAD + "  initContainers:\n" + _TWO,
        HEAD + "# containers: none\n",
    ],
)
def test_what_is_no_pod_of_two_costs_no_parse(text: str) -> None:
    """A single container is the most common case."""
    assert not may_hold_pods(text)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_bytes_are_looked_at_in_every_encoding(encoding: str) -> None:
    """UTF-16 too; a file without the word is dropped."""
    assert file_may_hold_pods("spec: {containers: []}".encode(encoding))
    assert not file_may_hold_pods("spec: {container: []}".encode(encoding))


@_law
@given(samples())
def test_no_generated_pod_is_hidden(sample: Sample) -> None:
    """Whatever its style."""
    assert may_hold_pods(sample.text)
    assert file_may_hold_pods(sample.data)


@_law
@given(flow_samples(), json_samples())
def test_no_generated_flow_pod_is_hidden(flow: FlowSample, printed: JsonSample) -> None:
    """JSON neither."""
    assert may_hold_pods(flow.text)
    assert may_hold_pods(printed.text)
