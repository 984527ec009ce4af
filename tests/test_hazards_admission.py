"""Hazards of admission, meshes and rollout: the corners that golden cases do not show."""

from __future__ import annotations

from typing import Any

import pytest

from migrator.judge import rules
from migrator.judge.verdict import judge
from migrator.links import Links
from migrator.model import Decision, Hazard, Site, Workload
from migrator.plan.decide import decide
from migrator.settings import Settings
from tests.pods import pod_of, workload_of

SHOP = {"name": "shop", "image": "registry.example/shop", "ports": [{"containerPort": 8080}]}
METRICS = {"name": "metrics", "image": "prom/statsd-exporter"}
SQL = {"name": "sql-proxy", "image": "gcr.io/cloud-sql-connectors/cloud-sql-proxy:2", "args": ["example:europe-west1:shop"]}
ISTIO = {"sidecar.istio.io/inject": "true"}
LINKERD = {"linkerd.io/inject": "enabled"}


def decided_as(workload: Workload, *containers: dict[str, Any], supported: bool = True, **fields: Any) -> dict[str, Decision]:
    """The decision for each container of a workload's pod, by name."""
    pod = pod_of(*containers, **fields)
    site = Site(workload, pod, 0, (), 1, supported, None if supported else "nobody vouches for it")
    found = decide(site, judge(pod, workload, rules.load()), Settings(), Links())
    return {decision.container.name: decision for decision in found}


def found_in(decision: Decision, identity: str) -> Hazard | None:
    return next((hazard for hazard in decision.hazards if hazard.id == identity), None)


@pytest.mark.parametrize(
    ("name", "image", "asked", "certain"),
    [
        ("istio-proxy", "auto", {}, True),
        ("istio-proxy", "auto", {"labels": {"sidecar.istio.io/inject": "false"}}, True),
        ("envoy", "auto", {}, True),
        ("istio-proxy", "istio/proxyv2:1.27", {}, False),
        ("istio-proxy", "istio/proxyv2:1.27", {"labels": ISTIO}, False),
        ("istio-proxy", "istio/proxyv2:1.27", {"labels": {"sidecar.istio.io/inject": "false"}}, None),
        ("istio-proxy", "istio/proxyv2:1.27", {"labels": ISTIO, "hostNetwork": True}, None),
        ("linkerd-proxy", "linkerd/proxy:2.14", {}, False),
        ("linkerd-proxy", "linkerd/proxy:2.14", {"annotations": {"linkerd.io/inject": "disabled"}}, None),
        ("daprd", "daprio/daprd:1.14", {}, None),
        ("daprd", "daprio/daprd:1.14", {"annotations": {"dapr.io/enabled": "true"}}, False),
        ("vault-agent", "hashicorp/vault:1.18", {}, None),
        ("vault-agent", "hashicorp/vault:1.18", {"annotations": {"vault.hashicorp.com/agent-inject": "true"}}, False),
        ("vault-agent", "hashicorp/vault:1.18", {"annotations": {"vault.hashicorp.com/agent-inject": "false"}}, None),
        ("csql-proxy", "gcr.io/cloud-sql-connectors/cloud-sql-proxy:2", {}, None),
    ],
)
def test_who_injects_into_a_container_of_this_name(name: str, image: str, asked: dict[str, Any], certain: bool | None) -> None:
    """`None` is free to move, False a block that `--unsafe` overrules, True one that it does not."""
    fields = {key: value for key, value in asked.items() if key == "hostNetwork"}
    workload = workload_of("shop", labels=asked.get("labels", {}), annotations=asked.get("annotations", {}))
    more = {"args": ["agent"]} if "vault" in image else {"securityContext": {"runAsUser": 1337}}
    decision = decided_as(workload, SHOP, {"name": name, "image": image, **more}, **fields)[name]
    hazard = found_in(decision, "injected-or-placeholder-proxy")
    assert (hazard.certain if hazard else None) is certain
    assert decision.action == ("migrate" if certain is None else "review")


def test_the_remedy_names_the_switch_of_the_product_and_its_version() -> None:
    hazard = found_in(
        decided_as(workload_of(), SHOP, {"name": "linkerd-proxy", "image": "x"})["linkerd-proxy"], "injected-or-placeholder-proxy"
    )
    assert hazard is not None
    assert "config.linkerd.io/proxy-enable-native-sidecar" in hazard.remedy
    assert "Linkerd 2.20" in hazard.remedy


HTTP = {"startupProbe": {"httpGet": {"port": 9090, "path": "/startup"}}}


@pytest.mark.parametrize(
    ("workload", "extra", "severity"),
    [
        ({}, HTTP, None),
        ({"labels": ISTIO}, {}, "warn"),
        ({"labels": ISTIO, "annotations": {"sidecar.istio.io/nativeSidecar": "true"}}, HTTP, None),
        ({"labels": ISTIO, "annotations": {"sidecar.istio.io/nativeSidecar": "false"}}, {}, "warn"),
        ({"labels": ISTIO}, HTTP, "block"),
        ({"labels": ISTIO}, {"startupProbe": {"tcpSocket": {"port": 5432}}}, "block"),
        ({"labels": ISTIO}, {"startupProbe": {"exec": {"command": ["/healthy"]}}}, "warn"),
        ({"labels": ISTIO}, {"readinessProbe": {"httpGet": {"port": 9090}}}, "warn"),
        ({"labels": ISTIO, "annotations": {"sidecar.istio.io/rewriteAppHTTPProbers": "false"}}, HTTP, "warn"),
        ({"annotations": LINKERD}, HTTP, "warn"),
        ({"annotations": LINKERD}, {"startupProbe": {"exec": {"command": ["curl", "https://sqladmin.example/"]}}}, "block"),
        (
            {"annotations": LINKERD},
            {"lifecycle": {"postStart": {"exec": {"command": ["curl", "http://user@db.example"]}}}},
            "block",
        ),
        (
            {"annotations": LINKERD},
            {"lifecycle": {"postStart": {"exec": {"command": ["curl", "http://127.0.0.1:9090"]}}}},
            "warn",
        ),
        ({"annotations": {"appmesh.k8s.aws/virtualNode": "shop"}}, {}, None),
        ({"annotations": {"dapr.io/enabled": "true"}}, HTTP, None),
        ({"labels": ISTIO}, {"securityContext": {"runAsUser": 1337}}, None),
        ({"labels": ISTIO}, {"securityContext": {"runAsUser": 2102}}, "warn"),
        ({"labels": ISTIO}, {"securityContext": ["runAsUser"]}, "warn"),
    ],
)
def test_when_the_proxy_of_a_mesh_is_missed(workload: dict[str, Any], extra: dict[str, Any], severity: str | None) -> None:
    hazard = found_in(decided_as(workload_of("shop", **workload), SHOP, {**SQL, **extra})["sql-proxy"], "mesh-proxy-not-native")
    assert (hazard.severity if hazard else None) == severity
    assert hazard is None or not hazard.certain


def test_a_pod_in_the_network_of_its_node_is_in_no_mesh() -> None:
    found = decided_as(workload_of("shop", labels=ISTIO), SHOP, {**SQL, **HTTP}, hostNetwork=True)
    assert found_in(found["sql-proxy"], "mesh-proxy-not-native") is None


@pytest.mark.parametrize(
    ("helper", "missed"),
    [
        (METRICS, False),
        ({**METRICS, "args": ["--statsd.relay.address=https://statsd.example:9125"]}, True),
        ({**METRICS, "env": [{"name": "RELAY", "value": "udp://127.0.0.1:9125"}]}, False),
        ({**METRICS, "env": [{"name": "RELAY", "value": "udp://$(NODE):9125"}]}, False),
        ({**METRICS, "env": [{"name": "RELAY", "value": "udp://me:secret@statsd.example:9125"}]}, True),
        ({"name": "log", "image": "fluent/fluent-bit:3"}, True),
        ({"name": "log", "image": "busybox", "command": ["tail", "-F", "/logs/a.log"]}, False),
    ],
)
def test_only_what_talks_to_others_misses_the_proxy(helper: dict[str, Any], missed: bool) -> None:
    logs = {"volumeMounts": [{"name": "logs", "mountPath": "/logs"}]}
    volumes = [{"name": "logs", "emptyDir": {}}]
    found = decided_as(workload_of("shop", labels=ISTIO), {**SHOP, **logs}, {**helper, **logs}, volumes=volumes)[helper["name"]]
    assert (found_in(found, "mesh-proxy-not-native") is not None) is missed


@pytest.mark.parametrize(
    ("workload", "env", "severity"),
    [
        ({"labels": {"azure.workload.identity/use": "true"}}, "", "warn"),
        ({"annotations": {"azure.workload.identity/use": "true"}}, "", None),
        ({"labels": {"admission.datadoghq.com/enabled": "true"}}, "", "warn"),
        ({"labels": {"admission.datadoghq.com/enabled": "false"}}, "", None),
        ({"annotations": {"eks.amazonaws.com/skip-containers": "metrics"}}, "", "warn"),
        ({"annotations": {"appmesh.k8s.aws/sidecarInjectorWebhook": "enabled"}}, "", "block"),
        ({"annotations": {"appmesh.k8s.aws/sidecarInjectorWebhook": "disabled"}}, "", None),
        ({"annotations": {"keel.sh/policy": "minor"}}, "", "warn"),
        ({"annotations": {"keel.sh/policy": "never"}}, "", None),
        ({}, "vault:secret/data/shop#password", "warn"),
        ({}, ">>vault:secret/data/shop#password", "warn"),
        ({}, "vault:8200", None),
        ({}, "gcp:secretmanager:projects/shop/secrets/password", "warn"),
    ],
)
def test_what_shows_a_program_that_drops_the_field(workload: dict[str, Any], env: str, severity: str | None) -> None:
    shop = {**SHOP, "env": [{"name": "PASSWORD", "value": env}, {"name": "NONE"}]}
    hazard = found_in(decided_as(workload_of("shop", **workload), shop, METRICS)["metrics"], "webhook-strips-field")
    assert (hazard.severity if hazard else None) == severity


def test_a_command_that_resolves_its_secrets_needs_no_webhook() -> None:
    env = [{"name": "PASSWORD", "value": "gcp:secretmanager:projects/shop/secrets/password"}]
    shop = {**SHOP, "command": ["/usr/local/bin/secrets-init", "/shop"], "env": env}
    assert found_in(decided_as(workload_of("shop"), shop, METRICS)["metrics"], "webhook-strips-field") is None


@pytest.mark.parametrize(
    ("helper", "inits", "loud"),
    [
        (METRICS, [], False),
        ({**METRICS, "readinessProbe": {"httpGet": {"port": 9102}}}, [], True),
        (METRICS, [{"name": "log", "image": "x", "restartPolicy": "Always", "startupProbe": {"exec": {"command": ["a"]}}}], True),
        (METRICS, [{"name": "log", "image": "x", "restartPolicy": "Always"}], False),
    ],
)
def test_a_lost_field_is_seen_where_any_sidecar_has_a_probe(helper: dict[str, Any], inits: list[Any], loud: bool) -> None:
    workload = workload_of("shop", labels={"azure.workload.identity/use": "true", "admission.datadoghq.com/enabled": "true"})
    hazard = found_in(decided_as(workload, SHOP, helper, initContainers=inits)["metrics"], "webhook-strips-field")
    assert hazard is not None
    assert ("reject the pod" in hazard.message) is loud
    assert ("any probe" in hazard.remedy) is not loud
    assert "before 1.3.0 and" in hazard.message
    assert "before 7.52 take " in hazard.message


@pytest.mark.parametrize(
    ("version", "kind", "supported", "identity"),
    [
        ("serving.knative.dev/v1", "Service", False, "knative-service"),
        ("serving.knative.dev/v1beta1", "Configuration", False, "knative-service"),
        ("monitoring.coreos.com/v1", "Prometheus", False, "crd-embedded-podspec"),
        ("v1", "Odd", False, "crd-embedded-podspec"),
        ("argoproj.io/v1alpha1", "Rollout", True, None),
        ("apps/v1", "Deployment", True, None),
    ],
)
def test_custom_resources(version: str, kind: str, supported: bool, identity: str | None) -> None:
    """What nobody vouches for is kept, with the reason that no switch overrules."""
    decision = decided_as(Workload(version, kind, "shop"), METRICS, SHOP, supported=supported)["metrics"]
    blocks = [(hazard.id, hazard.certain) for hazard in decision.hazards if hazard.severity == "block"]
    assert blocks == ([(identity, True)] if identity else [])
    assert decision.action == ("migrate" if supported else "keep")
    assert supported or not {"default-container-shift", "api-default-container"} & {hazard.id for hazard in decision.hazards}


@pytest.mark.parametrize(
    ("version", "kind", "spec", "severity", "words"),
    [
        ("apps/v1", "Deployment", {}, "info", "some at a time"),
        ("apps/v1", "Deployment", {"strategy": {"type": "Recreate"}}, "info", "stops all pods"),
        ("apps/v1", "Deployment", {"paused": True}, "warn", "paused"),
        ("apps/v1", "Deployment", {"paused": "{{ paused }}", "strategy": "x", "replicas": "{{ n }}"}, "info", "some at a time"),
        ("apps/v1", "Deployment", {"replicas": 0}, None, ""),
        ("apps/v1", "StatefulSet", {"updateStrategy": {"type": "OnDelete"}}, "warn", "OnDelete"),
        ("apps/v1", "StatefulSet", {"updateStrategy": {"rollingUpdate": {"partition": 2}}}, "warn", "below number 2"),
        ("apps/v1", "StatefulSet", {"updateStrategy": {"rollingUpdate": {"partition": 0}}}, "info", "one by one"),
        ("apps/v1", "StatefulSet", {"updateStrategy": ["OnDelete"]}, "info", "one by one"),
        ("apps/v1", "DaemonSet", {}, "info", "node by node"),
        ("apps/v1", "ReplicaSet", {}, "warn", "new pods only"),
        ("v1", "ReplicationController", {}, "warn", "new pods only"),
        ("batch/v1", "CronJob", {}, "info", "Jobs that start from then on"),
        ("v1", "Pod", {}, None, ""),
        ("argoproj.io/v1alpha1", "Rollout", {"paused": True}, None, ""),
        ("apps.kruise.io/v1beta1", "StatefulSet", {}, None, ""),
    ],
)
def test_what_applying_does(version: str, kind: str, spec: dict[str, Any], severity: str | None, words: str) -> None:
    decision = decided_as(Workload(version, kind, "shop", spec=spec), SHOP, METRICS)["metrics"]
    hazard = found_in(decision, "rollout-effect")
    assert (hazard.severity if hazard else None) == severity
    assert words in (hazard.message if hazard else "")


def test_the_default_container_shifts_to_the_first_that_stays() -> None:
    auth = {"name": "auth", "image": "oauth2-proxy"}
    found = decided_as(workload_of("shop"), auth, METRICS, SHOP)
    shift = found_in(found["auth"], "default-container-shift")
    assert shift is not None
    assert "take `shop` from then on; up to now they took `auth`" in shift.message
    assert found_in(found["metrics"], "default-container-shift") is None
    named = workload_of("shop", annotations={"kubectl.kubernetes.io/default-container": "auth"})
    assert found_in(decided_as(named, auth, METRICS, SHOP)["auth"], "default-container-shift") is None


def test_what_is_true_of_the_pod_is_said_once() -> None:
    found = decided_as(workload_of("shop"), SHOP, METRICS, SQL)
    assert [bool(found_in(found[name], "rollout-effect")) for name in ("metrics", "sql-proxy")] == [True, False]
    assert [bool(found_in(found[name], "api-default-container")) for name in ("metrics", "sql-proxy")] == [True, False]


def test_one_left_is_what_the_api_takes() -> None:
    other = {"name": "other", "image": "registry.example/other", "ports": [{"containerPort": 8081}]}
    one = found_in(decided_as(workload_of("shop"), SHOP, METRICS)["metrics"], "api-default-container")
    assert one is not None
    assert "`shop` is the only one left" in one.message
    assert found_in(decided_as(workload_of("shop"), SHOP, other, METRICS)["metrics"], "api-default-container") is None
