"""Injectors: every file is well-formed and does what its own examples say; mistakes are told with their place."""

from __future__ import annotations

import pickle
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from migrator.datafile import DataError, DataFile
from migrator.plan.injectors import Injector, injecting, injectors, is_native, placeholder, read_injector

FILES = sorted((Path(__file__).parent.parent / "rules" / "injectors").glob("*.yaml"))
ALL = injectors()
BY_ID = {one.id: one for one in ALL}

PRODUCT = """\
id: mesh
product: Mesh
containers: [mesh-proxy]
asks:
  - {annotation: [mesh.example/inject], values: [enabled]}
captures-traffic: true
switch: the annotation
annotation: {key: mesh.example/native, value: "true"}
since: Mesh 2
native-by-default: never
position: first
sources: [https://mesh.example/docs]
examples:
  injects: [{annotations: {mesh.example/inject: enabled}}]
  leaves: [{annotations: {mesh.example/inject: disabled}}]
"""


def _ids(pod: dict[str, Any]) -> list[str]:
    return [one.id for one in injecting(pod.get("annotations", {}), pod.get("labels", {}))]


def test_every_file_is_a_product() -> None:
    assert [one.id for one in ALL] == [path.stem for path in FILES]
    assert {"istio", "linkerd", "consul", "dapr", "opentelemetry", "gcsfuse", "vault-agent", "appmesh"} <= BY_ID.keys()
    assert pickle.loads(pickle.dumps(ALL)) == ALL


@pytest.mark.parametrize("one", ALL, ids=lambda one: one.id)
def test_the_examples_of_a_product(one: Injector) -> None:
    """Its own examples ask for it, and for nobody else; every ask has one."""
    for pod in one.injects:
        assert _ids(pod) == [one.id]
    for pod in one.leaves:
        assert _ids(pod) == []
    for ask in one.asks:
        assert any(ask.answer(pod.get("annotations", {}), pod.get("labels", {})) for pod in one.injects)


@pytest.mark.parametrize("one", ALL, ids=lambda one: one.id)
def test_what_every_product_says(one: Injector) -> None:
    """Where it comes from; that its names mean it and no other; that its switch does what it says."""
    assert all(source.startswith("https://") for source in one.sources)
    for pattern in one.containers:
        assert placeholder(pattern.replace("*", "x"), "registry.example/x:1") is one
    for image in one.images:
        assert placeholder("any", image) is one
    if one.annotation:
        key, value = one.annotation
        assert key in one.switch
        assert is_native(one, {key: value}) is True
        assert is_native(one, {key: "false"}) is False
        assert is_native(one, {key: "perhaps"}) is None
    assert is_native(one, {}) is (False if one.never_native else None)


@pytest.mark.parametrize("value", ["false", "False", "disabled", "no", "off", ""])
def test_no_is_no(value: str) -> None:
    """Whatever the product; one that looks for the key alone is asked by any value."""
    for one in ALL:
        for ask in one.asks:
            for key in ask.keys:
                pod = {f"{ask.where}s": {key: value}}
                if ask.values or value in ask.exceptions:
                    assert one.id not in _ids(pod)


def test_which_products_carry_the_pods_network() -> None:
    meshes = {one.id for one in ALL if one.captures_traffic}
    assert meshes == {"appmesh", "consul", "istio", "kuma", "linkerd", "nginx-service-mesh", "open-service-mesh"}


def test_a_pod_may_be_injected_into_twice() -> None:
    pod = {
        "labels": {"sidecar.istio.io/inject": "true", "app": "shop"},
        "annotations": {"dapr.io/enabled": "true", "vault.hashicorp.com/agent-inject": "true", "prometheus.io/scrape": "true"},
    }
    assert _ids(pod) == ["dapr", "istio", "vault-agent"]


@pytest.mark.parametrize(
    ("name", "image", "found"),
    [
        ("istio-proxy", "auto", "istio"),
        ("gateway", "auto", "istio"),
        ("istio-proxy", "docker.io/istio/proxyv2:1.23.2", "istio"),
        ("linkerd-proxy", None, "linkerd"),
        ("consul-dataplane-web", "x", "consul"),
        ("csql-shop-db", "x", "cloud-sql-proxy"),
        ("envoy", "envoyproxy/envoy:v1.30", None),
        ("istio-proxy-config", "x", None),
        ("automatic", "automatic:1", None),
        ("app", None, None),
    ],
)
def test_placeholders(name: str, image: str | None, found: str | None) -> None:
    one = placeholder(name, image)
    assert (one.id if one else None) == found


def test_the_newest_name_of_a_switch_decides() -> None:
    """Linkerd: the key has lost its prefix twice."""
    linkerd = BY_ID["linkerd"]
    key = "linkerd.io/proxy-enable-native-sidecar"
    assert is_native(linkerd, {f"config.alpha.{key}": "true"}) is True
    assert is_native(linkerd, {f"config.alpha.{key}": "true", f"config.beta.{key}": "false"}) is False
    assert is_native(linkerd, {f"config.beta.{key}": "true", f"config.{key}": "false"}) is False
    assert is_native(linkerd, {f"config.alpha.{key}": "true", f"config.{key}": "?"}) is None


_TEXTS = st.dictionaries(
    st.sampled_from(sorted({key for one in ALL for ask in one.asks for key in ask.keys})),
    st.sampled_from(["true", "false", "enabled", "disabled", "{{ x }}", "", "\u00fc", "True "]),
)


@settings(deadline=None)
@given(_TEXTS, _TEXTS)
def test_what_asks_for_nothing_changes_nothing(annotations: dict[str, str], labels: dict[str, str]) -> None:
    """Other keys beside it do not matter."""
    found = injecting(annotations, labels)
    assert injecting({**annotations, "note": "true"}, {**labels, "app": "enabled"}) == found
    assert all(any(key in {**annotations, **labels} for ask in one.asks for key in ask.keys) for one in found)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        (PRODUCT.replace("id: mesh", "id: Mesh"), "injectors/mesh.yaml:1: id: `Mesh` must be kebab-case"),
        (PRODUCT.replace("product: Mesh\n", ""), "injectors/mesh.yaml:1: product: is missing"),
        (PRODUCT.replace("since: Mesh 2", "since:"), "injectors/mesh.yaml:9: since: has no value"),
        (PRODUCT.replace("traffic: true", "traffic: always"), "injectors/mesh.yaml:6: captures-traffic: `always` is none of"),
        (PRODUCT.replace("[mesh-proxy]", "mesh-proxy"), "injectors/mesh.yaml:3: containers: a list with entries"),
        (PRODUCT.replace("[mesh-proxy]", "[[mesh-proxy]]"), "injectors/mesh.yaml:3: containers: a list of texts"),
        (PRODUCT.replace("{annotation: [", "{note: ["), "injectors/mesh.yaml:5: note: unknown key"),
        (PRODUCT.replace("{annotation: [", "{label: [x], annotation: ["), "injectors/mesh.yaml:5: asks: either `label` or"),
        (PRODUCT.replace("values: [enabled]", "values: [x], except: [y]"), "injectors/mesh.yaml:5: asks: `values` and"),
        (PRODUCT.replace("values: [enabled]", "values: [Yes]"), "injectors/mesh.yaml:5: values: `Yes` must be in lower case"),
        (PRODUCT.replace(', value: "true"}', "}"), "injectors/mesh.yaml:8: value: is missing"),
        (PRODUCT + "never-native: true\n", "injectors/mesh.yaml:8: annotation: what is never native has no switch"),
        (PRODUCT[: PRODUCT.index("examples:")], "injectors/mesh.yaml:1: examples: is missing"),
        (PRODUCT.replace("leaves:", "spares:"), "injectors/mesh.yaml:15: spares: unknown key"),
        (PRODUCT.replace("leaves: [{annotations", "leaves: [{notes"), "injectors/mesh.yaml:15: notes: unknown key"),
        (PRODUCT.replace("position: first", "position: [first"), "injectors/mesh.yaml:12: not YAML"),
    ],
)
def test_a_mistake_names_file_line_and_key(text: str, complaint: str) -> None:
    with pytest.raises(DataError) as caught:
        read_injector(DataFile("injectors/mesh.yaml", text))
    assert str(caught.value).startswith(complaint)


def test_the_product_of_these_mistakes_is_well_formed() -> None:
    mesh = read_injector(DataFile("injectors/mesh.yaml", PRODUCT + "never-native: false\n"))
    assert (mesh.containers, mesh.annotation, mesh.never_native) == (("mesh-proxy",), ("mesh.example/native", "true"), False)
