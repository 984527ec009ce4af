"""Judgement: what a container runs, listens on and dials, and what a pod makes of it."""

from __future__ import annotations

from typing import Any

import pytest

from migrator.cli import cli
from migrator.images import repository
from migrator.judge import rules
from migrator.judge.quantity import quantity
from migrator.judge.shell import words
from migrator.judge.signals import SIGNALS
from migrator.judge.verdict import judge
from migrator.judge.view import PodView, View
from migrator.judge.weights import MIGRATE, PRIOR, REVIEW, WEIGHTS, probability
from migrator.model import Verdict
from tests.pods import pod_of, workload_of

Raw = dict[str, object]


def views(*containers: Raw, name: str = "", **fields: Any) -> tuple[View, ...]:
    """The views of a pod's containers."""
    return PodView(pod_of(*containers, **fields), workload_of(name)).views


def verdicts(*containers: Raw, name: str = "") -> tuple[Verdict, ...]:
    """What all rules together say of a pod."""
    return judge(pod_of(*containers), workload_of(name), rules.load())


@pytest.mark.parametrize(
    ("image", "segments"),
    [
        ("nginx", ("nginx",)),
        ("nginx:1.27", ("nginx",)),
        ("library/nginx@sha256:" + "0" * 64, ("library", "nginx")),
        ("registry.example:5000/team/app:1", ("team", "app")),
        ("localhost/app", ("app",)),
        ("quay.io/Team/App", ("team", "app")),
        ("ko://example.org/cmd/app", ("cmd", "app")),
        ("{{ .Values.image }}", ()),
        ("$(IMAGE)", ()),
        ("${IMAGE}", ()),
        ("", ()),
        (None, ()),
    ],
)
def test_the_repository_of_an_image(image: str | None, segments: tuple[str, ...]) -> None:
    assert repository(image) == segments


@pytest.mark.parametrize(
    ("command", "args", "program", "programs"),
    [
        (["/usr/bin/foo", "-v"], [], "foo", ("foo",)),
        ([], ["foo", "-v"], "foo", ("foo",)),
        ([], ["-v"], None, ()),
        (["sh", "-c", "set -e; exec /bin/foo --x"], [], "foo", ("set", "foo")),
        (["/bin/bash", "-ec"], ["foo && bar | baz"], "foo", ("foo", "bar", "baz")),
        (["tini", "--", "foo"], [], "foo", ("foo",)),
        (["env", "A=1", "foo"], [], "foo", ("foo",)),
        (["sh", "-c", "A=1 foo # trailing"], [], "foo", ("foo",)),
        (["sh", "/run.sh"], [], "sh", ("sh",)),
        (["C:\\bin\\foo.exe"], [], "foo", ("foo",)),
        (["sh", "-c", "echo 'unclosed"], [], None, ("echo",)),
    ],
)
def test_what_a_command_runs(command: list[str], args: list[str], program: str | None, programs: tuple[str, ...]) -> None:
    read = words.read(command, args)
    assert read.program == program
    assert read.programs == programs


@pytest.mark.parametrize(
    ("script", "loops"),
    [
        ("while true; do date; sleep 1; done", True),
        ("while :; do date; done", True),
        ("until nc -z localhost 80; do sleep 1; done", False),
        ("watch -n 60 git pull", True),
        ("git clone x && date", False),
        ("meanwhile", False),
    ],
)
def test_what_goes_on_for_ever(script: str, loops: bool) -> None:
    assert words.read(["sh", "-c", script], []).loops is loops


@pytest.mark.parametrize(
    ("container", "listens", "dials"),
    [
        ({"ports": [{"containerPort": 80}]}, {80}, set()),
        ({"args": ["--listen=:9090"]}, {9090}, set()),
        ({"args": ["--listen-address", "127.0.0.1:9090"]}, {9090}, set()),
        ({"args": ["--secure-listen-address=0.0.0.0:8443", "--upstream=http://127.0.0.1:8080/"]}, {8443}, {8080}),
        ({"args": ["--port=5432"]}, {5432}, set()),
        ({"env": [{"name": "PORT", "value": "3000"}]}, {3000}, set()),
        ({"env": [{"name": "http_proxy", "value": "http://localhost:3128"}]}, set(), {3128}),
        ({"env": [{"name": "DB", "value": "postgres://app@127.0.0.1:5432/db"}]}, set(), {5432}),
        ({"args": ["http://[::1]:8080/"]}, set(), {8080}),
        ({"env": [{"name": "DB", "value": "postgres://db.example:5432/db"}]}, set(), set()),
        ({"ports": [{"containerPort": 80}], "args": ["--probe=http://localhost:80/"]}, {80}, set()),
    ],
)
def test_ports_that_it_listens_on_and_dials(container: Raw, listens: set[int], dials: set[int]) -> None:
    (view,) = views({"name": "x", "image": "x", **container})
    assert (set(view.listens), set(view.dials)) == (listens, dials)


def test_who_dials_whom() -> None:
    front, app = views(
        {"name": "front", "image": "x", "args": ["--upstream=http://localhost:8080"]},
        {"name": "app", "image": "y", "ports": [{"containerPort": 8080}]},
    )
    assert SIGNALS["dials-neighbour"](front) == "dials localhost:8080, where `app` listens"
    assert SIGNALS["dialled-by-neighbour"](app) == "`front` dials localhost:8080, where it listens"
    assert SIGNALS["dials-neighbour"](app) is None


def test_who_reads_and_who_writes() -> None:
    shared: dict[str, Any] = {"volumes": [{"name": "logs", "emptyDir": {}}, {"name": "conf", "configMap": {"name": "conf"}}]}
    writer, reader = views(
        {
            "name": "writer",
            "image": "x",
            "volumeMounts": [{"name": "logs", "mountPath": "/a"}, {"name": "conf", "mountPath": "/c"}],
        },
        {"name": "reader", "image": "y", "volumeMounts": [{"name": "logs", "mountPath": "/b", "readOnly": True}]},
        **shared,
    )
    assert SIGNALS["reads-neighbour-volume"](reader) == "reads the emptyDir `logs` that `writer` writes"
    assert SIGNALS["feeds-neighbour-volume"](writer) == "writes the emptyDir `logs` that `reader` reads"
    assert SIGNALS["reads-neighbour-volume"](writer) is None


def test_configuration_is_nothing_shared() -> None:
    one, two = views(
        {"name": "one", "image": "x", "volumeMounts": [{"name": "conf", "mountPath": "/a"}]},
        {"name": "two", "image": "y", "volumeMounts": [{"name": "conf", "mountPath": "/b"}]},
        volumes=[{"name": "conf", "configMap": {"name": "conf"}}],
    )
    assert SIGNALS["shares-volume"](one) is None
    assert SIGNALS["shares-volume"](two) is None


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("250m", 0.25),
        ("1", 1),
        (2, 2),
        ("64Mi", 67108864),
        ("1.5G", 1.5e9),
        ("1e3", 1000),
        ("{{ x }}", None),
        ("", None),
        (True, None),
    ],
)
def test_quantities(text: object, value: float | None) -> None:
    assert quantity(text) == (pytest.approx(value) if value is not None else None)


@pytest.mark.parametrize(
    ("workload", "holder"),
    [("shop", "shop"), ("Shop", "shop"), ("the-shop", "shop"), ("shop-with-log", None), ("store", None)],
)
def test_whose_name_is_the_workloads(workload: str, holder: str | None) -> None:
    found = [v.name for v in views({"name": "log", "image": "x"}, {"name": "shop", "image": "y"}, name=workload)
             if SIGNALS["named-like-workload"](v) or SIGNALS["part-of-workload-name"](v)]  # fmt: skip
    assert found == ([holder] if holder else [])


def test_weights_say_what_the_docs_say() -> None:
    assert next(p.default for p in cli.params if p.name == "confidence") == MIGRATE
    assert probability(PRIOR + WEIGHTS["strong"]) >= MIGRATE > probability(PRIOR + WEIGHTS["fair"]) >= REVIEW
    assert probability(PRIOR) < REVIEW
    assert probability(0) == 0.5


def test_hints_alone_make_no_sidecar() -> None:
    shop, other = verdicts({"name": "shop", "image": "a"}, {"name": "x", "image": "b"}, name="shop")
    assert (shop.role, other.role) == ("main", "peer")


def test_what_says_the_same_twice_counts_half() -> None:
    _, exporter = verdicts({"name": "shop", "image": "a"}, {"name": "exporter", "image": "prom/statsd-exporter"}, name="shop")
    same = [e.weight for e in exporter.evidence if e.rule in ("statsd-exporter", "exporter-image", "named-exporter")]
    assert len(same) == 3
    assert max(same) >= WEIGHTS["strong"]
    assert sorted(same)[:2] == [WEIGHTS["strong"] / 2] * 2


def test_two_helpers_and_no_main_stay() -> None:
    found = verdicts({"name": "a", "image": "oauth2-proxy"}, {"name": "b", "image": "keycloak-gatekeeper"})
    assert [v.role for v in found] == ["unknown", "unknown"]
    assert all(v.confidence < REVIEW for v in found)


def test_the_least_helper_like_of_helpers_is_the_main_one() -> None:
    envoy, manager = verdicts(
        {"name": "edge", "image": "envoyproxy/envoy"}, {"name": "kube-rbac-proxy", "image": "kube-rbac-proxy"}
    )
    assert (envoy.role, manager.role) == ("main", "sidecar")


def test_equals_are_peers() -> None:
    one, two = verdicts({"name": "x", "image": "a:1"}, {"name": "y", "image": "a:1"})
    assert {one.role, two.role} <= {"main", "peer"}
    assert max(one.confidence, two.confidence) < REVIEW


def test_evidence_has_the_line_of_what_it_saw() -> None:
    pod = pod_of({"name": "shop", "image": "a"}, {"name": "x", "image": "fluent-bit"})
    _, shipper = judge(pod, workload_of("shop"), rules.load())
    assert shipper.evidence[0].rule == "fluent-bit"
    assert shipper.evidence[0].line == pod.containers[1].lines["image"]
