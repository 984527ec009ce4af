"""A second run changes nothing, whatever containers meet in a pod: verdicts must not depend on what the first run moved."""

from __future__ import annotations

import json
from typing import Any

import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from migrator.model import FileResult
from migrator.run import run_text
from migrator.settings import Settings

LOGS = {"name": "logs", "mountPath": "/logs"}
DATA = {"name": "data", "mountPath": "/data"}


def port(number: int, name: str | None = None) -> dict[str, Any]:
    return {"containerPort": number, **({"name": name} if name else {})}


#: Containers that look at each other in every way that signals and hazards know.
POOL: list[dict[str, Any]] = [
    {"name": "shop", "image": "registry.example/shop:1", "ports": [port(8080, "http")], "volumeMounts": [LOGS]},
    {"name": "app", "image": "registry.example/shop:1", "env": [{"name": "DB", "value": "postgres://localhost:5432/x"}]},
    {"name": "worker1", "image": "registry.example/shop:1"},
    {"name": "worker2", "image": "registry.example/shop:1", "volumeMounts": [DATA]},
    {"name": "auth", "image": "oauth2-proxy:v7", "args": ["--upstream=http://localhost:8080"], "ports": [port(4180, "https")]},
    {"name": "probed", "image": "oauth2-proxy:v7", "startupProbe": {"tcpSocket": {"port": 9102}}},
    {"name": "hooked", "image": "statsd-exporter", "lifecycle": {"postStart": {"exec": {"command": ["nc", "localhost:4180"]}}}},
    {"name": "metrics", "image": "statsd-exporter:v1", "ports": [port(9102, "metrics")]},
    {"name": "log", "image": "fluent/fluent-bit:3", "volumeMounts": [{**LOGS, "readOnly": True}]},
    {"name": "log-tailer", "image": "busybox", "command": ["tail", "-f", "/logs/a"], "volumeMounts": [LOGS]},
    {"name": "proxy", "image": "nginx:1.27", "ports": [port(80)], "volumeMounts": [DATA]},
    {"name": "envoy", "image": "envoyproxy/envoy:v1", "ports": [port(8443, "https")]},
    {"name": "db", "image": "postgres:16", "ports": [port(5432)], "volumeMounts": [DATA]},
    {"name": "pgbouncer", "image": "pgbouncer:1", "ports": [port(5432)]},
    {"name": "cloud-sql-proxy", "image": "cloud-sql-proxy:2", "restartPolicy": "Always"},
    {"name": "sync", "image": "alpine", "command": ["sh", "-c", "while true; do date; sleep 9; done"], "volumeMounts": [DATA]},
    {"name": "clone", "image": "alpine/git", "command": ["sh", "-c", "git clone x /data"], "volumeMounts": [DATA]},
    {"name": "collector", "image": "registry.example/collector", "volumeMounts": [LOGS]},
    {"name": "istio-proxy", "image": "auto"},
    {"name": "sidecar", "image": "busybox", "command": ["sleep", "infinity"]},
    {"name": "csi-provisioner", "image": "csi-provisioner:v5", "args": ["--csi-address=/csi/csi.sock"]},
    {"name": "csi-resizer", "image": "csi-resizer:v5", "args": ["--csi-address=/csi/csi.sock"]},
    {"name": "host", "image": "kube-rbac-proxy:v1", "ports": [{"containerPort": 8443, "hostPort": 8443}]},
]
SERVICE = {
    "apiVersion": "v1",
    "kind": "Service",
    "metadata": {"name": "s"},
    "spec": {"selector": {"app": "shop"}, "ports": [{"port": 1, "targetPort": "https"}, {"port": 2, "targetPort": 8080}]},
}


@st.composite
def manifests(draw: st.DrawFn) -> str:
    """A workload with two to six of the pool, some of them init containers already."""
    chosen = draw(st.lists(st.sampled_from(POOL), min_size=2, max_size=6, unique_by=lambda c: c["name"]))
    natives = draw(st.integers(0, max(0, len(chosen) - 2)))
    job = draw(st.booleans())
    spec: dict[str, Any] = {
        "containers": chosen[natives:],
        "volumes": [{"name": "logs", "emptyDir": {}}, {"name": "data", "emptyDir": {}}],
    }
    if natives:
        spec["initContainers"] = [{**c, "restartPolicy": "Always"} for c in chosen[:natives]]
    workload = {
        "apiVersion": "batch/v1" if job else "apps/v1",
        "kind": "Job" if job else draw(st.sampled_from(["Deployment", "DaemonSet"])),
        "metadata": {"name": draw(st.sampled_from(["shop", "proxy", "log", "x", "shop-db"]))},
        "spec": {"template": {"metadata": {"labels": {"app": "shop"}}, "spec": spec}},
    }
    documents = [workload, *([SERVICE] if draw(st.booleans()) else [])]
    # Through JSON, so that no two places share an object: YAML would write an anchor and an alias.
    return str(yaml.safe_dump_all(json.loads(json.dumps(documents)), sort_keys=False))


def done(content: bytes, asked: Settings) -> FileResult:
    """What the whole pipeline makes of the file."""
    (result,) = run_text("a.yaml", content, asked).results
    return result


@settings(max_examples=400, deadline=None)
@given(
    manifests(),
    st.builds(
        Settings,
        target=st.sampled_from([(1, 29, 0), (1, 33, 0), (1, 34, 0)]),
        unsafe=st.booleans(),
        layout=st.sampled_from(["smallest", "canonical"]),
    ),
)
def test_a_second_run_changes_nothing(text: str, asked: Settings) -> None:
    first = done(text.encode(), asked)
    assert first.status in ("rewritten", "unchanged"), first.reason
    if first.after is not None:
        second = done(first.after, asked)
        assert second.after is None, [(d.container.name, d.verdict.evidence) for d in second.pods[0].moved]


@settings(max_examples=200, deadline=None)
@given(manifests())
def test_somebody_is_left_and_nobody_is_lost(text: str) -> None:
    result = done(text.encode(), Settings(unsafe=True, target=(1, 34, 0)))
    (before, *_), (after, *_) = (list(yaml.safe_load_all(data)) for data in (text, result.after or text.encode()))
    old, new = (document["spec"]["template"]["spec"] for document in (before, after))
    assert new["containers"]
    assert {c["name"] for c in (*old["containers"], *old.get("initContainers", []))} == {
        c["name"] for c in (*new["containers"], *new.get("initContainers", []))
    }
    assert [c["name"] for c in new.get("initContainers", [])][: len(old.get("initContainers", []))] == [
        c["name"] for c in old.get("initContainers", [])
    ]
