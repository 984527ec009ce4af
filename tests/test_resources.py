"""Effective requests and limits: the formula, what a move does to it, and what is not known."""

from __future__ import annotations

import pickle
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from migrator.judge.quantity import exact, notation
from migrator.plan.resources import Change, Quantity, difference, effective, rendered

Raw = dict[str, Any]

_AMOUNTS: dict[str, list[Any]] = {
    "cpu": ["100m", "0.1", "1", 2, 0.25, "1500m", "0", "250u"],
    "memory": ["64Mi", "1Gi", "128974848", "1.5G", "129e6", 1048576],
    "ephemeral-storage": ["1Gi", "500M"],
    "hugepages-2Mi": ["2Mi", "8Mi"],
    "nvidia.com/gpu": ["1", 2],
}


def _lists() -> st.SearchStrategy[Raw]:
    return st.fixed_dictionaries({}, optional={name: st.sampled_from(amounts) for name, amounts in _AMOUNTS.items()})


def _containers(least: int, most: int, sidecars: bool = False) -> st.SearchStrategy[list[Raw]]:
    fields: dict[str, st.SearchStrategy[Any]] = {
        "resources": st.fixed_dictionaries({}, optional={"requests": _lists(), "limits": _lists()})
    }
    if sidecars:
        fields["restartPolicy"] = st.sampled_from(["Always", "Never", None])
    return st.lists(st.fixed_dictionaries({}, optional=fields), min_size=least, max_size=most)


def _pods() -> st.SearchStrategy[Raw]:
    parts = {"containers": _containers(2, 4), "initContainers": _containers(0, 4, sidecars=True)}
    return st.fixed_dictionaries(parts, optional={"overhead": _lists()})


def _moved(pod: Raw, index: int, position: int) -> Raw:
    left, inits = list(pod["containers"]), list(pod["initContainers"])
    inits.insert(position, {**left.pop(index), "restartPolicy": "Always"})
    return {**pod, "containers": left, "initContainers": inits}


def _pod(*containers: Raw, inits: Sequence[Raw] = (), **fields: Any) -> Raw:
    return {"containers": list(containers), "initContainers": list(inits), **fields}


def _asks(name: str, **requests: Any) -> Raw:
    return {"name": name, "resources": {"requests": requests}}


def _bound(name: str, **limits: Any) -> Raw:
    return {"name": name, "resources": {"limits": limits}}


_APP, _PROXY, _MIGRATE = _asks("app", cpu="500m"), _asks("proxy", cpu="100m"), _asks("migrate", cpu="1000m")


def test_the_worked_example() -> None:
    """KEP-753: a sidecar before the dear init container adds to it, one behind it does not."""
    before = effective(_pod(_APP, _PROXY, inits=[_MIGRATE]))
    early = effective(_pod(_APP, inits=[{**_PROXY, "restartPolicy": "Always"}, _MIGRATE]))
    late = effective(_pod(_APP, inits=[_MIGRATE, {**_PROXY, "restartPolicy": "Always"}]))
    assert before.requests["cpu"] == 1
    assert difference(before, early) == (Change("cpu", "requests", "1", "1100m"),)
    assert difference(before, late) == ()


@settings(deadline=None)
@given(_pods(), st.data())
def test_a_move_to_the_end_changes_nothing(pod: Raw, data: st.DataObject) -> None:
    """Whatever the resources, the overhead and the sidecars that are there."""
    index = data.draw(st.integers(0, len(pod["containers"]) - 1))
    after = effective(_moved(pod, index, len(pod["initContainers"])))
    assert after == effective(pod)
    assert difference(effective(pod), after) == ()


@settings(deadline=None)
@given(_pods(), st.data())
def test_a_move_lowers_nothing(pod: Raw, data: st.DataObject) -> None:
    """Wherever it goes to; what has no limit has none afterwards."""
    index = data.draw(st.integers(0, len(pod["containers"]) - 1))
    position = data.draw(st.integers(0, len(pod["initContainers"])))
    was, now = effective(pod), effective(_moved(pod, index, position))
    for old, new in ((was.requests, now.requests), (was.limits, now.limits)):
        assert old.keys() == new.keys()
        for name, amount in old.items():
            grown = new[name]
            if isinstance(amount, str) or isinstance(grown, str):
                assert grown == amount == "no limit"
            else:
                assert grown >= amount
    for change in difference(was, now):
        assert _read(change.before) < _read(change.after)


def _read(text: str) -> Fraction:
    amount = exact(text)
    assert amount is not None
    return amount


def _moments(pod: Raw) -> list[list[Raw]]:
    """Which containers run together, from the start on."""
    running: list[Raw] = []
    found = []
    for container in pod["initContainers"]:
        found.append([*running, container])
        if container.get("restartPolicy") == "Always":
            running.append(container)
    return [*found, [*running, *pod["containers"]]]


@settings(deadline=None)
@given(_pods())
def test_it_is_what_the_dearest_moment_asks_for(pod: Raw) -> None:
    """Told by replaying the start of the pod, container by container."""
    found = effective(pod)
    for name, amount in found.requests.items():
        totals = []
        for moment in _moments(pod):
            held = [container.get("resources", {}) for container in moment]
            asked = [{**r.get("limits", {}), **r.get("requests", {})}.get(name, 0) for r in held]
            totals.append(sum((_read(str(value)) for value in asked), Fraction(0)))
        assert amount == max(totals) + _read(str(pod.get("overhead", {}).get(name, 0)))


@pytest.mark.parametrize(
    ("containers", "limits"),
    [
        ([_bound("a", cpu="1"), _bound("b", cpu="500m")], {"cpu": Fraction(3, 2)}),
        ([_bound("a", cpu="1"), {"name": "b"}], {"cpu": "no limit"}),
        ([_bound("a", cpu="1"), _bound("b", cpu="0")], {"cpu": "no limit"}),
        ([_bound("a", cpu="1"), _bound("b", cpu="{{ x }}")], {"cpu": "unknown"}),
        ([_bound("a", cpu="{{ x }}"), {"name": "b"}], {"cpu": "no limit"}),
        ([_asks("a", cpu="1"), {"name": "b"}], {"cpu": "no limit"}),
        ([{"resources": {"limits": {"nvidia.com/gpu": 1}}}, {"name": "b"}], {"nvidia.com/gpu": Fraction(1)}),
        ([{"resources": {"limits": {"hugepages-2Mi": "4Mi"}}}, {"name": "b"}], {"hugepages-2Mi": Fraction(2**22)}),
    ],
)
def test_limits(containers: list[Raw], limits: dict[str, Quantity]) -> None:
    """A container without a limit lifts the pod's, except of what it gets only when it asks."""
    assert effective(_pod(*containers)).limits == limits


def test_an_init_container_without_a_limit_lifts_the_pods() -> None:
    assert effective(_pod(_bound("a", memory="1Gi"), inits=[{"name": "i"}])).limits == {"memory": "no limit"}


def test_a_request_that_is_not_said_is_the_limit() -> None:
    """In both lists of containers (SetDefaults_Pod)."""
    found = effective(_pod(_bound("a", cpu="1"), inits=[_bound("i", cpu="3")]))
    assert found.requests == {"cpu": 3}
    assert effective(_pod({"resources": {"limits": {"cpu": "2"}, "requests": {"cpu": "0"}}})).requests == {"cpu": 0}


def test_overhead_is_added() -> None:
    """To a limit only where there is one."""
    found = effective(_pod(_bound("a", cpu="1"), _asks("b", memory="1Gi"), _bound("c", cpu="1"), overhead={"cpu": "250m"}))
    assert found.requests == {"cpu": Fraction(9, 4), "memory": 2**30}
    assert found.limits == {"cpu": "no limit", "memory": "no limit"}
    assert effective(_pod(_bound("a", cpu="1"), overhead={"cpu": "250m"})).limits["cpu"] == Fraction(5, 4)


@pytest.mark.parametrize(
    ("level", "requests", "limits"),
    [
        ({"requests": {"cpu": "4"}}, {"cpu": 4}, {"cpu": "no limit"}),
        ({"limits": {"cpu": "4"}}, {"cpu": 2}, {"cpu": 4}),
        ({"limits": {"memory": "1Gi"}}, {"cpu": 2, "memory": 2**30}, {"cpu": "no limit", "memory": 2**30}),
        ({"limits": {"cpu": "4"}, "requests": {"cpu": "3"}}, {"cpu": 3}, {"cpu": 4}),
        ({"requests": {"ephemeral-storage": "1Gi"}}, {"cpu": 2, "ephemeral-storage": 0}, {}),
        ({"limits": {"cpu": "{{ x }}"}}, {"cpu": 2}, {"cpu": "unknown"}),
        ({}, {"cpu": 2}, {"cpu": "no limit"}),
    ],
)
def test_pod_level_resources_come_first(level: Raw, requests: dict[str, Quantity], limits: dict[str, Quantity]) -> None:
    """Kubernetes 1.34, for CPU, memory and huge pages alone."""
    found = effective(_pod(_asks("a", cpu="1"), _asks("b", cpu="1"), resources=level))
    assert found.requests == requests
    assert limits.items() <= found.limits.items()


@pytest.mark.parametrize("amount", ["{{ .Values.cpu }}", "$(CPU)", None, [], {}, True, "-1", -1, "1e9999", "1" * 99, "1 000"])
def test_an_amount_that_cannot_be_read_is_unknown(amount: Any) -> None:
    """Nothing is claimed of its resource; of others it is."""
    before = _pod({"resources": {"requests": {"cpu": amount, "memory": "1Gi"}}}, _asks("b", memory="1Mi"))
    after = _pod({"resources": {"requests": {"cpu": "1", "memory": "2Gi"}}}, _asks("b", memory="1Mi"))
    assert effective(before).requests == {"cpu": "unknown", "memory": 1025 * 2**20}
    assert difference(effective(before), effective(after)) == (Change("memory", "requests", "1025Mi", "2049Mi"),)


_HOSTILE = st.recursive(
    st.sampled_from([None, True, 0, -1, 1.5, float("inf"), "", "Always", "{{ x }}", "1e400", "9" * 5000, 10**400]),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(["requests", "limits", "cpu", "{x}"]), inner),
    max_leaves=5,
)


@settings(deadline=None)
@given(
    st.dictionaries(st.sampled_from(["containers", "initContainers", "resources", "overhead"]), _HOSTILE),
    st.dictionaries(st.sampled_from(["resources", "restartPolicy"]), _HOSTILE),
    _pods(),
)
def test_any_field_may_have_any_type(odd: Raw, container: Raw, pod: Raw) -> None:
    """It never raises."""
    for broken in (odd, {**pod, **odd}, _pod(container, container, inits=[container])):
        found = effective(broken)
        assert pickle.loads(pickle.dumps(found)) == found
        difference(found, effective(pod))


@pytest.mark.parametrize(
    "broken",
    [
        {"containers": "{{ x }}"},
        {"initContainers": ["{{ x }}"]},
        {"initContainers": [{"restartPolicy": "{{ x }}"}]},
        {"containers": [{"resources": "{{ x }}"}]},
        {"containers": [{"resources": {"limits": "{{ x }}"}}]},
        {"containers": [{"resources": {"limits": {"{{ x }}": "1"}}}]},
        {"resources": []},
        {"overhead": "{{ x }}"},
    ],
)
def test_a_part_that_cannot_be_read_may_ask_for_anything(broken: Raw) -> None:
    """Even for what nobody names."""
    found = effective({"containers": [_APP], **broken})
    assert not found.complete
    assert set(found.requests.values()) == set(found.limits.values()) == {"unknown"}
    gpu = effective(_pod({"resources": {"limits": {"nvidia.com/gpu": 1}}}))
    assert difference(found, gpu) == difference(gpu, found) == ()


def test_a_resource_that_comes_or_goes_is_told() -> None:
    nothing, gpu = effective(_pod({})), effective(_pod({"resources": {"limits": {"nvidia.com/gpu": 1, "cpu": 1}}}))
    assert [(c.resource, c.what, c.before, c.after) for c in difference(nothing, gpu)] == [
        ("cpu", "requests", "0", "1"),
        ("cpu", "limits", "no limit", "1"),
        ("nvidia.com/gpu", "requests", "0", "1"),
        ("nvidia.com/gpu", "limits", "0", "1"),
    ]


@pytest.mark.parametrize(
    ("resource", "amount", "text"),
    [
        ("cpu", Fraction(11, 10), "1100m"),
        ("cpu", Fraction(1), "1"),
        ("cpu", Fraction(2000), "2000"),
        ("cpu", Fraction(1, 4000), "250u"),
        ("memory", Fraction(2**29), "512Mi"),
        ("memory", Fraction(3 * 2**30, 2), "1536Mi"),
        ("memory", Fraction(1_500_000_000), "1500M"),
        ("memory", Fraction(128974848), "123Mi"),
        ("memory", Fraction(0), "0"),
        ("memory", Fraction(1, 2), "500m"),
        ("hugepages-1Gi", Fraction(2**31), "2Gi"),
        ("nvidia.com/gpu", Fraction(1024), "1024"),
        ("cpu", "no limit", "no limit"),
    ],
)
def test_amounts_are_written_as_in_a_manifest(resource: str, amount: Quantity, text: str) -> None:
    assert rendered(resource, amount) == text


@settings(deadline=None)
@given(st.decimals(0, 10**12, places=9), st.sampled_from(["", "n", "m", "k", "Mi", "Gi"]), st.booleans())
def test_what_is_written_reads_the_same(number: Any, suffix: str, of_bytes: bool) -> None:
    amount = exact(f"{number:f}{suffix}")
    assert amount is not None
    assert exact(notation(amount, of_bytes)) == amount


def test_quantities_are_exact_and_capped_as_kubernetes_does_it() -> None:
    assert exact("0.1") == exact(0.1) == exact("100m") == exact("1e-1") == Fraction(1, 10)
    assert exact("1n") == exact("0.1n") == Fraction(1, 10**9)
    assert exact("16Ei") == exact("1e999") == exact(10**400) == 2**63 - 1
    assert [exact(odd) for odd in ("1e3k", "1K", "1mi", "e3", "-1", "1 2")] == [None] * 6
