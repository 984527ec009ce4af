"""Planning: in which order containers move, and the corners of the hazards that golden cases do not show."""

from __future__ import annotations

from typing import Any

import pytest

from migrator.judge import rules
from migrator.judge.verdict import judge
from migrator.judge.view import PodView
from migrator.links import Facts, Links, Patch, Service, linked
from migrator.model import Decision, Site
from migrator.plan.decide import decide, moves
from migrator.plan.placement import placed
from migrator.settings import Settings
from migrator.versions import version, version_text
from tests.pods import pod_of, workload_of

SHOP = {"name": "shop", "image": "registry.example/shop", "ports": [{"containerPort": 8080}]}
AUTH = {"name": "auth", "image": "oauth2-proxy"}


def decided(
    *containers: dict[str, Any], settings: Settings | None = None, kind: str = "Deployment", **fields: Any
) -> dict[str, Decision]:
    """The decision for each container of a pod, by name."""
    pod = pod_of(*containers, **fields)
    workload = workload_of("shop", kind, runs_to_completion=kind == "Job")
    site = Site(workload, pod, 0, (), 1)
    found = decide(site, judge(pod, workload, rules.load()), settings or Settings(), Links())
    return {decision.container.name: decision for decision in found}


def hazards(decision: Decision) -> list[str]:
    """What is worth a reviewer's while."""
    return [hazard.id for hazard in decision.hazards if hazard.severity != "info"]


def test_moves_come_behind_the_init_containers_that_are_there() -> None:
    found = decided(AUTH, SHOP, {"name": "metrics", "image": "statsd-exporter"}, initContainers=[{"name": "init", "image": "x"}])
    assert [(m.container, m.index, m.position) for m in moves(list(found.values()))] == [("auth", 0, 1), ("metrics", 2, 2)]


def test_what_is_dialled_comes_before_what_dials() -> None:
    pod = pod_of(
        {"name": "a", "image": "x", "args": ["--upstream=http://localhost:1000"]},
        {"name": "b", "image": "y", "ports": [{"containerPort": 1000}]},
    )
    a, b = PodView(pod, workload_of()).views
    assert [entry.name for entry in placed([(a, None), (b, None)], (), "last", ())] == ["b", "a"]


def test_a_network_proxy_comes_first_and_a_shipper_before_whom_it_reads() -> None:
    logs = {"volumeMounts": [{"name": "logs", "mountPath": "/l"}]}
    read = {"volumeMounts": [{"name": "logs", "mountPath": "/l", "readOnly": True}]}
    pod = pod_of(
        {"name": "agent", "image": "x", **logs},
        {"name": "ship", "image": "y", **read},
        {"name": "mesh", "image": "z"},
        volumes=[{"name": "logs", "emptyDir": {}}],
    )
    agent, ship, mesh = PodView(pod, workload_of()).views
    order = placed([(agent, "secrets-agent"), (ship, "log-shipper"), (mesh, "service-mesh")], (), "last", ())
    assert [entry.name for entry in order] == ["mesh", "ship", "agent"]


def test_a_circle_keeps_the_order_of_containers() -> None:
    pod = pod_of(
        {"name": "a", "image": "x", "ports": [{"containerPort": 1}], "args": ["--upstream=http://localhost:2000"]},
        {"name": "b", "image": "y", "ports": [{"containerPort": 2000}], "args": ["--upstream=http://localhost:3000"]},
        {"name": "c", "image": "y", "ports": [{"containerPort": 3000}], "args": ["--upstream=http://localhost:2000"]},
    )
    view = PodView(pod, workload_of()).views
    assert [entry.name for entry in placed([(v, None) for v in view], (), "last", ())] == ["a", "b", "c"]


@pytest.mark.parametrize(
    ("probe", "blocked"),
    [
        ({"tcpSocket": {"port": 8080}}, True),
        ({"httpGet": {"port": "http"}}, False),
        ({"tcpSocket": {"port": 4180}}, False),
        ({"grpc": {"port": 8080}}, True),
        ({"exec": {"command": ["sh", "-c", "nc -z localhost 1 || wget http://localhost:8080"]}}, True),
        ({"exec": {"command": ["test", "-f", "/shared/ready"]}}, True),
        ({"exec": {"command": ["test", "-f", "/own/ready"]}}, False),
        ({"exec": {"command": ["true"]}}, False),
    ],
)
def test_what_a_startup_probe_may_ask(probe: dict[str, Any], blocked: bool) -> None:
    mounts = {"volumeMounts": [{"name": "shared", "mountPath": "/shared"}]}
    found = decided(
        {**SHOP, **mounts},
        {**AUTH, **mounts, "startupProbe": probe},
        volumes=[{"name": "shared", "emptyDir": {}}],
    )
    assert ("startup-probe-needs-main" in hazards(found["auth"])) is blocked


def test_a_startup_probe_that_asks_another_sidecar_is_left_to_a_human_in_every_run() -> None:
    probed = {**AUTH, "startupProbe": {"tcpSocket": {"port": 9000}}}
    asked = {"name": "metrics", "image": "statsd-exporter", "ports": [{"containerPort": 9000}]}
    first = decided(SHOP, probed, asked)
    assert (first["auth"].position, first["metrics"].position) == (None, 0)
    second = decided(SHOP, probed, initContainers=[{**asked, "restartPolicy": "Always"}])
    assert hazards(second["auth"]) == hazards(first["auth"]) == ["startup-probe-needs-main"]


def test_a_container_that_may_not_move_stays_behind_those_that_do() -> None:
    """What is blocked stays in `containers`, so that what needs it is blocked too."""
    probed = {**AUTH, "startupProbe": {"tcpSocket": {"port": 9000}}}
    blocked = {"name": "metrics", "image": "statsd-exporter", "ports": [{"containerPort": 9000}], "restartPolicy": "Never"}
    found = decided(SHOP, blocked, probed)
    assert hazards(found["metrics"]) == ["restartpolicy-on-regular"]
    assert hazards(found["auth"]) == ["startup-probe-needs-main"]


def test_tail_of_a_file_that_an_init_container_made_is_fine() -> None:
    logs = {"volumeMounts": [{"name": "logs", "mountPath": "/logs"}]}
    tail = {"name": "log-tailer", "image": "busybox", "command": ["tail", "-f", "/logs/a.log"], **logs}
    init = {"name": "init", "image": "busybox", "command": ["touch", "/logs/a.log"], **logs}
    volumes = [{"name": "logs", "emptyDir": {}}]
    assert hazards(decided({**SHOP, **logs}, tail, volumes=volumes)["log-tailer"]) == ["fast-exit-before-main"]
    assert hazards(decided({**SHOP, **logs}, tail, volumes=volumes, initContainers=[init])["log-tailer"]) == []


@pytest.mark.parametrize("flags", ["-F", "-n0 -F", "--follow=name --retry", "-f --retry"])
def test_tail_that_waits_for_its_file_is_fine(flags: str) -> None:
    logs = {"volumeMounts": [{"name": "logs", "mountPath": "/logs"}]}
    tail = {"name": "log-tailer", "image": "busybox", "command": ["sh", "-c", f"tail {flags} /logs/a.log"], **logs}
    assert hazards(decided({**SHOP, **logs}, tail, volumes=[{"name": "logs", "emptyDir": {}}])["log-tailer"]) == []


def test_unsafe_moves_what_is_blocked_by_doubt_but_not_by_certainty() -> None:
    unsafe = Settings(unsafe=True)
    assert decided(SHOP, {"name": "istio-proxy", "image": "proxyv2"}, settings=unsafe)["istio-proxy"].position == 0
    assert decided(SHOP, {"name": "istio-proxy", "image": "auto"}, settings=unsafe)["istio-proxy"].position is None


def test_a_job_waits_for_what_shows_no_sign_of_running_on() -> None:
    worker = {"name": "upload-sidecar", "image": "registry.example/upload"}
    assert hazards(decided({**SHOP, "ports": []}, worker, kind="Job")["upload-sidecar"]) == ["run-to-completion-candidate"]
    assert hazards(decided({**SHOP, "ports": []}, worker)["upload-sidecar"]) == []


def test_thresholds_are_settings() -> None:
    shipper = {"name": "collector", "image": "registry.example/x"}
    assert decided(SHOP, shipper)["collector"].action == "review"
    assert decided(SHOP, shipper, settings=Settings(migrate_from=0.6))["collector"].action == "migrate"
    assert decided(SHOP, shipper, settings=Settings(review_from=0.95, migrate_from=0.99))["collector"].action == "keep"


@pytest.mark.parametrize(("text", "value"), [("1.29", (1, 29, 0)), ("v1.33.2", (1, 33, 2)), (" 1.30 ", (1, 30, 0))])
def test_versions(text: str, value: tuple[int, int, int]) -> None:
    assert version(text) == value
    assert version(version_text(value)) == value


@pytest.mark.parametrize("text", ["1", "latest", "1.29-gke", "1.x", ""])
def test_what_is_no_version(text: str) -> None:
    with pytest.raises(ValueError, match="no Kubernetes version"):
        version(text)


def test_links_are_the_same_whatever_the_order_of_files() -> None:
    one = Facts(
        (Service("b.yaml", 3, "s", None, (("app", "shop"),), "http"),), (Patch("b.yaml", 9, "Deployment", "shop", "auth"),)
    )
    two = Facts(
        (Service("a.yaml", 3, "s", "ns", (("app", "shop"),), "http"),), (Patch("a.yaml", 9, "Deployment", "shop", "auth"),)
    )
    assert linked([one, two]) == linked([two, one])
    shop = workload_of("shop", labels={"app": "shop"})
    found = linked([one, two]).service_for(shop, "http")
    assert found is not None
    assert found.path == "a.yaml"
    assert linked([two]).service_for(workload_of("shop", labels={"app": "shop"}, namespace="other"), "http") is None
    assert linked([two]).service_for(shop, "grpc") is None
    assert linked([one]).patch_for(shop, "auth") == one.patches[0]
    assert linked([one]).patch_for(shop, "shop") is None
