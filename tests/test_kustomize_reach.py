"""Where field paths lead, as `kubectl kustomize` (v5.5) was seen to follow them."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from migrator.sources.kustomize.reach import reach
from migrator.sources.kustomize.transformers import namings
from migrator.text.errors import Refused

POD = ("spec", "template", "spec")
SPEC = "spec.template.spec"
ITEMS: list[dict[str, Any]] = [
    {"name": "app", "image": "app", "env": [{"name": "A", "value": "1"}]},
    {"name": "app-proxy", "image": "proxy", "args": ["--a"], "env": [{"name": "B", "value": "2"}]},
    {"name": "log", "image": "log"},
]


def names(path: str, is_source: bool = False, creates: bool = False) -> list[str]:
    """The containers that a path leads to."""
    way = reach(path, POD)
    assert way is not None
    return [ITEMS[n]["name"] for n in way.entries(ITEMS, is_source, creates)]


@pytest.mark.parametrize(
    ("rest", "found"),
    [
        ("[name=log].image", ["log"]),
        ("[name=app].image", ["app", "app-proxy"]),
        ("[name=^app$].image", ["app"]),
        ("[image=proxy].image", ["app-proxy"]),
        ("[name=zzz].image", []),
        ("[lifecycle=x].image", []),
        ("1.image", ["app-proxy"]),
        ("5.image", []),
        ("*.image", ["app", "app-proxy", "log"]),
        ("*.env.[name=B].value", ["app-proxy"]),
        ("*.env.0.value", ["app", "app-proxy"]),
        ("*.env.*.value", ["app", "app-proxy"]),
        ("*", ["app", "app-proxy", "log"]),
    ],
)
def test_targets(rest: str, found: list[str]) -> None:
    assert names(f"{SPEC}.containers.{rest}") == found


@pytest.mark.parametrize(
    ("rest", "found"),
    [(".[name=app].image", ["app"]), (".1.image", ["app-proxy"]), (".-.image", ["log"]), ("[1].image", ["app-proxy"])],
)
def test_sources_and_vars(rest: str, found: list[str]) -> None:
    assert names(f"{SPEC}.containers{rest}", is_source=True) == found


def test_what_is_created_needs_not_be_there() -> None:
    path = f"{SPEC}.containers.*.env.[name=B].value"
    assert names(path, creates=True) == ["app", "app-proxy", "log"]


@pytest.mark.parametrize(
    ("path", "is_source"),
    [
        (SPEC, False),
        ("spec", True),
        (f"{SPEC}.containers", True),
        (f"{SPEC}.containers.name", False),
        (f"{SPEC}.containers.*.image", True),
        (f"{SPEC}.containers.-.image", False),
        (f"{SPEC}.containers.[=app].image", False),
        (f"{SPEC}.containers.[name=(a|b)+].image", False),
        (f"{SPEC}.containers.*.lifecycle", False),
        (f"{SPEC}.containers.*.env.[name=(a|b)+].value", False),
    ],
)
def test_what_is_not_known_is_refused(path: str, is_source: bool) -> None:
    with pytest.raises(Refused):
        names(path, is_source)


@pytest.mark.parametrize(
    "path", ["metadata.name", "spec.replicas", f"{SPEC}.volumes.0", f"{SPEC}.containersX.0", "spec.containers.0"]
)
def test_other_paths_lead_elsewhere(path: str) -> None:
    assert reach(path, POD) is None


@given(st.text(st.sampled_from("ab.[]=*-0123^$\n")))
def test_any_text_is_followed_or_not(rest: str) -> None:
    for path in (rest, f"{SPEC}.containers{rest}"):
        way = reach(path, POD)
        if way is not None:
            assert way.chosen is None or way.spelled(way.field, way.chosen) == path
            with suppress(Refused):
                assert set(way.entries(ITEMS, False, False)) <= set(range(len(ITEMS)))


def _transformer(kind: str, rest: str) -> str:
    return f"apiVersion: builtin\nkind: {kind}\nmetadata: {{name: x}}\n{rest}\n"


@pytest.mark.parametrize(
    "text",
    [
        _transformer("PatchTransformer", "patch: '[]'"),
        _transformer("PrefixTransformer", "prefix: a-"),
        _transformer("PrefixTransformer", "prefix: a-\nfieldSpecs: [{path: spec/template/spec/containers/name}]"),
        _transformer("LabelTransformer", "labels: {a: b}\nfieldSpecs: [{path: spec/template/spec/containers/x}]"),
        _transformer("ImageTagTransformer", "").replace("builtin", "example.com/v1"),
        "- a list\n",
        "a: [\n",
    ],
)
def test_transformers_that_may_change_containers(text: str) -> None:
    assert namings([text]) is None


def test_transformers_that_only_name() -> None:
    said = {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "shop"}}
    texts = [
        _transformer("PrefixSuffixTransformer", "prefix: a-\nsuffix: -b\nfieldSpecs: [{path: metadata/name, kind: Deployment}]"),
        _transformer("PrefixTransformer", "prefix: c-\nfieldSpecs: [{path: metadata/name, group: batch}]"),
        _transformer("NamespaceTransformer", "").replace("{name: x}", "{name: x, namespace: sales}"),
        _transformer("LabelTransformer", "labels: {a: b}\nfieldSpecs: [{path: metadata/labels, create: true}]"),
        _transformer("AnnotationsTransformer", "annotations: {c: 1}\nfieldSpecs: [{path: metadata/annotations, version: v1}]"),
    ]
    found = namings(texts)
    assert found is not None
    for naming in found:
        said = naming.of(said)
    meta = {"name": "a-shop-b", "namespace": "sales", "labels": {"a": "b"}, "annotations": {"c": "1"}}
    assert said["metadata"] == meta
