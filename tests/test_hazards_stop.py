"""Hazards of stopping, of ports and of scheduling: the corners that golden cases do not show."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from migrator.judge import rules
from migrator.judge.shell.words import Gone, read
from migrator.judge.verdict import judge
from migrator.judge.view import PodView
from migrator.links import Facts, Service, linked
from migrator.model import Decision, Hazard, Site
from migrator.plan.decide import decide
from migrator.plan.stopping import drain, pre_stop, seconds, stops_itself
from migrator.settings import Settings
from migrator.versions import version
from tests.pods import pod_of, workload_of
from tests.test_plan import decided

SHOP: dict[str, Any] = {"name": "shop", "image": "registry.example/shop"}
METRICS: dict[str, Any] = {"name": "metrics", "image": "prom/statsd-exporter", "ports": [{"containerPort": 9102}]}
NGINX: dict[str, Any] = {"name": "nginx", "image": "nginx", "ports": [{"containerPort": 8443}]}
Hook = dict[str, Any]


def served(
    *containers: dict[str, Any],
    port: str | None = None,
    target: str = "1.29",
    workload: dict[str, Any] | None = None,
    kind: str = "Deployment",
    **fields: Any,
) -> dict[str, Decision]:
    """The decisions for a pod of which a Service reaches a port."""
    pod, held = pod_of(*containers, **fields), workload_of("shop", kind, labels={"app": "shop"}, **workload or {})
    services = (Service("s.yaml", 3, "shop", None, (("app", "shop"),), port),) if port else ()
    links = linked([Facts(services)])
    chosen = Settings(target=version(target))
    found = decide(Site(held, pod, 0, (), 1), judge(pod, held, rules.load(), links), chosen, links)
    return {decision.container.name: decision for decision in found}


def said(decision: Decision, identity: str) -> Hazard | None:
    """What is said of a hazard."""
    return next((hazard for hazard in decision.hazards if hazard.id == identity), None)


def level(decision: Decision, identity: str) -> str | None:
    """How bad a hazard is: `certain` for a block that is."""
    found = said(decision, identity)
    return None if found is None else "certain" if found.certain else found.severity


def sh(script: str) -> Hook:
    """A container with a preStop hook that runs a script."""
    return {"lifecycle": {"preStop": {"exec": {"command": ["sh", "-c", script]}}}}


@pytest.mark.parametrize(
    ("script", "gone"),
    [
        ("while pgrep envoy; do sleep 1; done", Gone(processes=frozenset({"envoy"}))),
        ("while pgrep -u root -x envoy >/dev/null 2>&1; do sleep 1; done", Gone(processes=frozenset({"envoy"}))),
        ('while [ -n "$(pidof envoy)" ]; do sleep 1; done', Gone(processes=frozenset({"envoy"}))),
        ('until [ -z "$(pgrep envoy)" ]; do sleep 1; done', Gone(processes=frozenset({"envoy"}))),
        ('while test -n "$(pgrep envoy)"; do sleep 1; done', Gone(processes=frozenset({"envoy"}))),
        ('while [ "$(pgrep envoy | wc -l)" -gt 0 ]; do sleep 1; done', Gone(processes=frozenset({"envoy"}))),
        ("while ps aux | grep -v grep | grep -q '[e]nvoy'; do sleep 1; done", Gone(processes=frozenset({"envoy"}))),
        ("P=$(pgrep envoy); while kill -0 $P; do sleep 1; done", Gone(processes=frozenset({"envoy"}))),
        ("while [ -d /proc/$(pidof envoy) ]; do sleep 1; done", Gone(processes=frozenset({"envoy"}))),
        ("while killall -0 nginx; do sleep 1; done", Gone(processes=frozenset({"nginx"}))),
        ("while true; do if ! pgrep envoy; then break; fi; sleep 1; done", Gone(processes=frozenset({"envoy"}))),
        ("while nc -z localhost 80; do sleep 1; done", Gone(frozenset({80}))),
        ("until ! nc -z localhost 80; do sleep 1; done", Gone(frozenset({80}))),
        ("while true; do nc -z localhost 80 || break; sleep 1; done", Gone(frozenset({80}))),
        ("while (echo > /dev/tcp/localhost/80) 2>/dev/null; do sleep 1; done", Gone(frozenset({80}))),
        ("while curl -s localhost:80/ready; do sleep 1; done", Gone(frozenset({80}))),
        ("for i in $(seq 9); do nc -z localhost 80 || break; sleep 1; done", Gone(frozenset({80}), gives_up=True)),
        ("timeout 9 sh -c 'while nc -z localhost 80; do sleep 1; done'", Gone(frozenset({80}), gives_up=True)),
        ("while nc -z localhost 80 && [ $i -lt 9 ]; do i=$((i+1)); done", Gone(frozenset({80}), gives_up=True)),
        ("while nc -z localhost 80; do [ $i -gt 9 ] && break; sleep 1; done", Gone(frozenset({80}), gives_up=True)),
        ("while curl -s localhost:80/stats | grep -q active; do sleep 1; done", Gone()),
        ("until pgrep envoy; do sleep 1; done", Gone()),
        ('until [ -n "$(pgrep envoy)" ]; do sleep 1; done', Gone()),
        ("until nc -z localhost 80; do sleep 1; done", Gone()),
        ("while pkill envoy; do sleep 1; done", Gone()),
        ("sleep 9 & P=$!; while kill -0 $P; do sleep 1; done", Gone()),
        ("pgrep envoy; nc -z localhost 80", Gone()),
        ("while read x; do pgrep envoy; done < /x", Gone()),
    ],
)
def test_what_a_script_waits_to_be_gone(script: str, gone: Gone) -> None:
    assert read(["sh", "-c", script], []).waits_until_gone == gone


def test_what_a_handler_waits_for_is_apart_from_what_the_script_waits_for() -> None:
    both = read(
        ["sh", "-c", "stop() { while nc -z localhost 81; do :; done; }; trap stop TERM; until nc -z localhost 80; do :; done"], []
    )
    assert (set(both.waits_for_ports), both.waits_until_gone, both.stops_once_gone) == ({80}, Gone(), Gone(frozenset({81})))
    assert read(["sh", "-c", "trap 'while pgrep x; do :; done' EXIT; app"], []).stops_once_gone.processes == {"x"}


@pytest.mark.parametrize(
    ("hook", "shared", "stops"),
    [
        (sh("kill 1"), False, True),
        (sh("kill -QUIT 1"), False, True),
        (sh("kill -HUP 1"), False, False),
        (sh("kill 1"), True, False),
        (sh("pkill nginx"), True, True),
        (sh("pkill -f 'shop|worker'"), True, False),
        (sh("nginx -s quit; while [ -f /run/nginx.pid ]; do sleep 1; done"), False, True),
        (sh("sleep 5 && /usr/sbin/nginx -s quit"), False, True),
        (sh("nginx -s reload"), False, False),
        (sh("while nc -z localhost 8080; do sleep 1; done; nginx -s quit"), False, False),
        (sh("curl -X POST localhost:8443/quitquitquit"), False, True),
        (sh("wget -qO- http://127.0.0.1:9000/drain?all"), False, True),
        (sh("curl localhost:8080/shutdown"), False, False),
        (sh("curl https://balancer.example/drain?pod=$HOSTNAME"), False, False),
        (sh("curl -X POST localhost:9901/healthcheck/fail"), False, False),
        (sh("pilot-agent request POST 'drain_listeners?inboundonly&graceful'"), False, False),
        (sh("pilot-agent request POST quitquitquit"), False, True),
        (sh("echo /quitquitquit; rm -f /run/drain"), False, False),
        ({"lifecycle": {"preStop": {"exec": {"command": ["consul", "leave"]}}}}, False, True),
        ({"lifecycle": {"preStop": {"exec": {"command": ["/bin/contour", "envoy", "shutdown"]}}}}, False, False),
        ({"lifecycle": {"preStop": {"httpGet": {"path": "/quit", "port": "https"}}}}, False, True),
        ({"lifecycle": {"preStop": {"httpGet": {"path": "/quit", "port": 8080}}}}, False, False),
        ({"lifecycle": {"preStop": {"httpGet": {"path": "/quit", "port": 9000, "host": "node.example"}}}}, False, False),
        ({"lifecycle": {"preStop": {"httpGet": {"path": "/healthz", "port": 8443}}}}, False, False),
        ({"lifecycle": {"preStop": {"sleep": {"seconds": 5}}}}, False, False),
    ],
)
def test_which_hooks_stop_their_own_container(hook: Hook, shared: bool, stops: bool) -> None:
    shop = {**SHOP, "ports": [{"containerPort": 8080}]}
    nginx, _ = PodView(pod_of({**NGINX, **hook}, shop, shareProcessNamespace=shared), workload_of()).views
    found = pre_stop(nginx)
    assert found is not None
    assert (stops_itself(nginx, found) is not None) is stops


def test_a_hook_blocks_only_where_somebody_surely_needs_the_sidecar_then() -> None:
    proxy = {"name": "sql-proxy", "image": "cloud-sql-proxy", "ports": [{"containerPort": 5432}], **sh("kill 1")}
    dials = {**SHOP, "args": ["--db=localhost:5432"]}
    identity = "prestop-self-terminates"
    assert level(decided(dials, proxy)["sql-proxy"], identity) == "warn"
    assert level(decided({**SHOP, **sh("sleep 9")}, proxy)["sql-proxy"], identity) == "warn"
    assert level(decided({**dials, **sh("rm -f /run/ready")}, proxy)["sql-proxy"], identity) == "warn"
    assert level(decided({**dials, **sh("sleep 9")}, proxy)["sql-proxy"], identity) == "block"
    drains = {**SHOP, "args": ["--db=localhost:5432", "--shutdown-timeout=20s"]}
    assert level(decided(drains, proxy)["sql-proxy"], identity) == "block"


@pytest.mark.parametrize(
    ("hook", "kind", "found"),
    [
        (sh("exec sleep 15"), "Deployment", "info"),
        (sh("echo bye; sleep 15"), "Job", "warn"),
        ({"lifecycle": {"preStop": {"sleep": {"seconds": 15}}}}, "Job", "warn"),
        ({"lifecycle": {"preStop": {"sleep": {"seconds": "{{ .Values.sleep }}"}}}}, "Job", None),
        (sh("sleep $SECONDS"), "Job", None),
        (sh("sync; sleep 15"), "Deployment", None),
        (sh("sleep 15; nginx -s quit"), "Deployment", None),
        (sh("while nc -z localhost 8080; do sleep 1; done"), "Job", "info"),
        (sh("while nc -z localhost 9102; do sleep 1; done"), "Deployment", None),
        (sh("while [ $(netstat -plunt | grep tcp | grep -v envoy | wc -l) -ne 0 ]; do sleep 1; done"), "Deployment", "info"),
    ],
)
def test_which_hooks_only_let_time_pass(hook: Hook, kind: str, found: str | None) -> None:
    shop = {**SHOP, "ports": [{"containerPort": 8080}]}
    assert level(decided(shop, {**METRICS, **hook}, kind=kind)["metrics"], "prestop-sleep-obsolete") == found


@pytest.mark.parametrize("port", ["9102", "http", None])
def test_a_sleep_is_for_the_load_balancer_where_a_service_sends_to_the_container(port: str | None) -> None:
    metrics = {**METRICS, "ports": [{"containerPort": 9102, "name": "http"}], **sh("sleep 15")}
    found = served(SHOP, metrics, port=port, target="1.33")["metrics"]
    assert (level(found, "prestop-sleep-obsolete") is None) is (port is not None)


@pytest.mark.parametrize(
    ("script", "shared", "found"),
    [
        ("while nc -z localhost 9102; do sleep 1; done", False, "certain"),
        ("while pgrep statsd_exporter; do sleep 1; done", True, "certain"),
        ("while pgrep -f 'statsd_exporter --web'; do sleep 1; done", True, "block"),
        ("while pgrep statsd-exporter; do sleep 1; done", True, "block"),
        ("while pgrep statsd_exporter; do sleep 1; done", False, None),
        ("while pgrep shop; do sleep 1; done", True, None),
        ("for i in 1 2 3; do nc -z localhost 9102 || break; sleep 1; done", False, "warn"),
        ("pkill statsd_exporter; while pgrep statsd_exporter; do sleep 1; done", True, None),
        ("curl -X POST localhost:9102/quitquitquit; while nc -z localhost 9102; do sleep 1; done", False, None),
        ("while nc -z localhost 8080; do sleep 1; done", False, None),
        ("until nc -z localhost 9102; do sleep 1; done", False, None),
    ],
)
def test_who_waits_for_the_sidecar_to_be_gone(script: str, shared: bool, found: str | None) -> None:
    metrics = {**METRICS, "command": ["/bin/statsd_exporter", "--web.listen-address=:9102"]}
    shop = {**SHOP, "command": ["/bin/shop"], "ports": [{"containerPort": 8080}]}
    identity = "main-waits-for-candidate-exit"
    hooked = decided({**shop, **sh(script)}, metrics, shareProcessNamespace=shared)["metrics"]
    assert level(hooked, identity) == found
    trapped = {**shop, "command": ["sh", "-c", f"trap '{script.replace(chr(39), chr(34))}' TERM; /bin/shop & wait"]}
    assert level(decided(trapped, metrics, shareProcessNamespace=shared)["metrics"], identity) == found


def test_a_sidecar_that_quits_in_its_own_hook_is_waited_for_rightly() -> None:
    shop = {**SHOP, **sh("while nc -z localhost 9102; do sleep 1; done")}
    found = decided(shop, {**METRICS, **sh("kill 1")})["metrics"]
    assert level(found, "main-waits-for-candidate-exit") is None
    assert level(found, "prestop-self-terminates") == "warn"


def test_the_hook_of_a_neighbour_that_moves_too_is_not_waited_for() -> None:
    waits = {"name": "auth", "image": "oauth2-proxy", **sh("while nc -z localhost 9102; do sleep 1; done")}
    assert level(decided(SHOP, waits, METRICS)["metrics"], "main-waits-for-candidate-exit") is None


@pytest.mark.parametrize(
    ("container", "found"),
    [
        ({"image": "hashicorp/consul:1.19", "args": ["agent", "-retry-join=consul"]}, True),
        ({"image": "hashicorp/consul:1.19", "command": ["consul", "agent", "-join=consul"]}, True),
        ({"image": "osixia/keepalived:2.0.20"}, True),
        ({"image": "gliderlabs/registrator"}, True),
        ({"image": "gliderlabs/registrator", **sh("curl -X PUT consul:8500/v1/agent/maintenance")}, False),
        ({"image": "hashicorp/consul:1.19", "args": ["agent", "-server", "-retry-join=consul"]}, False),
        ({"image": "hashicorp/consul-template", "args": ["-config=/agent"]}, False),
        (
            {"image": "busybox", "command": ["sh", "-c", "trap 'curl -X PUT c/v1/agent/service/deregister/x' TERM; app"]},
            True,
        ),
        ({"image": "busybox", "command": ["sh", "-c", "end() { consul leave; }; trap end EXIT; app"]}, True),
        ({"image": "busybox", "command": ["sh", "-c", "app --deregister-critical-service-after=1m"]}, False),
    ],
)
def test_who_needs_sigterm_early(container: dict[str, Any], found: bool) -> None:
    sidecar = {"name": "registration-sidecar", "restartPolicy": "Always", **container}
    decision = decided({**SHOP, "ports": [{"containerPort": 80}]}, sidecar)["registration-sidecar"]
    assert decision.action != "keep"
    assert (level(decision, "candidate-needed-early-sigterm") == "warn") is found


@pytest.mark.parametrize(
    ("text", "value"),
    [("30", 30), ("90s", 90), ("1m30s", 90), ("500ms", 0.5), ("2h", 7200), ("", None), ("5x", None), ("s", None), ("1m30", None)],
)
def test_durations(text: str, value: float | None) -> None:
    assert seconds(text) == value


@pytest.mark.parametrize(
    ("container", "found"),
    [
        ({"args": ["-term_timeout=30s"]}, 30),
        ({"args": ["--max-sigterm-delay", "20s"]}, 20),
        ({"args": ["--server.graceful-shutdown-timeout=1m"]}, 60),
        ({"env": [{"name": "CSQL_PROXY_MAX_SIGTERM_DELAY", "value": "15s"}]}, 15),
        ({"env": [{"name": "TERMINATION_DRAIN_DURATION_SECONDS", "value": "15"}]}, 15),
        ({"env": [{"name": "TERMINATION_DRAIN_DURATION_SECONDS", "value": "{{ .Values.drain }}"}]}, None),
        ({"args": ["--drain-time-s", "600"]}, None),
        ({"args": ["--node-drain-timeout=5m", "--read-timeout=30s"]}, None),
    ],
)
def test_how_long_a_container_says_it_drains(container: dict[str, Any], found: int | None) -> None:
    """Envoy's `--drain-time-s` is for its listeners; on SIGTERM it exits at once."""
    (view,) = PodView(pod_of({**METRICS, **container}), workload_of()).views
    took = drain(view)
    assert (took[0] if took else None) == found


@pytest.mark.parametrize(
    ("grace", "main", "own", "found"),
    [
        (30, 0, 20, False),
        (30, 10, 20, False),
        (30, 11, 20, True),
        (30, 30, 0, True),
        (30, 29, 0, False),
        (30, 0, 31, True),
        (None, 20, 20, True),
        ("{{ .Values.grace }}", 20, 20, False),
    ],
)
def test_the_grace_period_is_shared(grace: int | str | None, main: int, own: int, found: bool) -> None:
    shop = {**SHOP, **sh(f"sleep {main}")}
    metrics = {**METRICS, "args": [f"--shutdown-timeout={own}s"] if own else []}
    fields: dict[str, Any] = {} if grace is None else {"terminationGracePeriodSeconds": grace}
    assert (level(decided(shop, metrics, **fields)["metrics"], "grace-budget") == "warn") is found


def test_sidecars_stop_in_turn_from_the_last_to_the_first() -> None:
    """The hook of a sidecar is run beside the others'; it is its drain that comes in turn."""
    first = {**METRICS, "args": ["--shutdown-timeout=20s"]}
    last = {"name": "auth", "image": "oauth2-proxy", "args": ["--shutdown-timeout=20s"], **sh("sleep 10")}
    found = decided(SHOP, first, last)
    assert (found["metrics"].position, found["auth"].position) == (0, 1)
    assert level(found["metrics"], "grace-budget") == "warn"
    assert level(found["auth"], "grace-budget") is None
    hazard = said(found["metrics"], "grace-budget")
    assert hazard is not None
    assert "behind the drain of `auth` (20 s), 50 s in all" in hazard.message
    native = decided(SHOP, first, initContainers=[{**last, "restartPolicy": "Always"}])
    assert level(native["metrics"], "grace-budget") is None


def named(container: dict[str, Any], number: int, name: str = "http", **fields: Any) -> dict[str, Any]:
    """A container with a port of this name."""
    return {**container, "ports": [{"containerPort": number, "name": name, **fields}]}


@pytest.mark.parametrize("target", ["1.29", "1.33"])
def test_a_name_that_another_port_has_sends_the_service_elsewhere(target: str) -> None:
    auth = {"name": "auth", "image": "oauth2-proxy"}
    shop = named(SHOP, 8080)
    identity = "port-name-shadowing"
    assert level(served(named(auth, 4180), shop, port="http", target=target)["auth"], identity) == "certain"
    assert level(served(named(auth, 4180), shop, target=target)["auth"], identity) == "info"
    assert level(served(named(auth, 4180), shop, port="4180", target=target)["auth"], identity) == "info"
    assert level(served(shop, named(auth, 4180), port="http", target=target)["auth"], identity) is None
    assert level(served(named(auth, 4180, protocol="UDP"), shop, port="http", target=target)["auth"], identity) is None
    assert level(served(named(auth, 4180), named(SHOP, 4180), port="http", target=target)["auth"], identity) is None


def test_among_sidecars_their_order_decides_whose_port_is_found() -> None:
    auth = named({"name": "auth", "image": "oauth2-proxy"}, 4180)
    native = named({"name": "mesh", "image": "envoy", "restartPolicy": "Always"}, 15000)
    found = served(SHOP, auth, port="http", target="1.33", initContainers=[native])["auth"]
    assert (level(found, "port-name-shadowing"), found.position) == ("warn", 1)
    assert level(served(SHOP, auth, named(METRICS, 9102), port="http", target="1.33")["auth"], "port-name-shadowing") is None


@pytest.mark.parametrize(
    ("own", "other", "fields", "found"),
    [
        ({"hostPort": 80}, {"hostPort": 80}, {}, True),
        ({"hostPort": 80}, {"hostPort": 81}, {}, False),
        ({"hostPort": 80}, {"hostPort": 80, "protocol": "UDP"}, {}, False),
        ({"hostPort": 80}, {"hostPort": 80, "protocol": "TCP"}, {}, True),
        ({"hostPort": 80, "hostIP": "10.0.0.1"}, {"hostPort": 80, "hostIP": "10.0.0.2"}, {}, False),
        ({}, {}, {"hostNetwork": True}, True),
        ({}, {}, {}, False),
        ({"hostPort": "{{ .Values.port }}"}, {"hostPort": "{{ .Values.port }}"}, {}, False),
    ],
)
def test_two_of_a_pod_cannot_have_one_port_of_the_node(
    own: dict[str, Any], other: dict[str, Any], fields: dict[str, Any], found: bool
) -> None:
    metrics = {**METRICS, "ports": [{"containerPort": 9102, **own}]}
    shop = {**SHOP, "ports": [{"containerPort": 9102, **other}]}
    assert (level(decided(shop, metrics, kind="DaemonSet", **fields)["metrics"], "hostport-dup-unchecked") == "certain") is found
    native = [{**shop, "name": "native", "restartPolicy": "Always"}]
    beside = decided(SHOP, metrics, kind="DaemonSet", initContainers=native, **fields)["metrics"]
    assert (level(beside, "hostport-dup-unchecked") == "certain") is found


@pytest.mark.parametrize(
    ("kind", "spec", "other", "target", "found"),
    [
        ("Deployment", {"replicas": 2}, {}, "1.29", True),
        ("Deployment", {}, {}, "1.29", True),
        ("Deployment", {}, {}, "1.33", True),
        ("Deployment", {}, {}, "1.33.6", False),
        ("Deployment", {}, {}, "1.34", False),
        ("Deployment", {"strategy": {"type": "Recreate"}}, {}, "1.29", False),
        ("Deployment", {"strategy": {"rollingUpdate": {"maxSurge": 0}}}, {}, "1.29", False),
        ("Deployment", {"replicas": 2, "strategy": {"type": "Recreate"}}, {}, "1.29", True),
        ("StatefulSet", {}, {}, "1.29", False),
        ("DaemonSet", {}, {}, "1.29", False),
        ("Pod", {}, {}, "1.29", False),
        ("Deployment", {"replicas": 2}, {"hostPort": 8080}, "1.29", False),
        ("Deployment", {"replicas": 2}, {"hostPort": "{{ .Values.port }}"}, "1.29", False),
    ],
)
def test_when_the_scheduler_may_put_two_pods_on_a_node(
    kind: str, spec: dict[str, Any], other: dict[str, Any], target: str, found: bool
) -> None:
    shop = {**SHOP, "ports": [{"containerPort": 8080, **other}]}
    metrics = {**METRICS, "ports": [{"containerPort": 9102, "hostPort": 9102}]}
    decision = served(shop, metrics, kind=kind, target=target, workload={"spec": spec})["metrics"]
    assert (level(decision, "hostport-scheduler-blind") == "block") is found


def test_only_who_stands_before_an_init_container_makes_the_pod_dearer() -> None:
    init = {"name": "migrate", "image": "x", "resources": {"requests": {"cpu": "1"}}}
    asks = {"resources": {"requests": {"cpu": "100m"}}}
    first = Settings(position="before:migrate")
    found = decided(SHOP, {**METRICS, **asks}, settings=first, initContainers=[init])["metrics"]
    hazard = said(found, "resources-increase")
    assert hazard is not None
    assert "`migrate`" in hazard.message
    assert "cpu requests 1 -> 1100m" in hazard.message
    assert level(decided(SHOP, METRICS, settings=first, initContainers=[init])["metrics"], "resources-increase") is None
    assert level(decided(SHOP, {**METRICS, **asks}, initContainers=[init])["metrics"], "resources-increase") is None
    templated = {"resources": {"requests": {"cpu": "{{ .Values.cpu }}"}}}
    found = decided(SHOP, {**METRICS, **templated}, settings=first, initContainers=[init])["metrics"]
    assert level(found, "resources-increase") is None


@pytest.mark.parametrize(
    ("fields", "labels", "asks", "found"),
    [
        ({"schedulerName": "volcano"}, {}, True, True),
        ({"schedulerName": "fluence"}, {}, True, True),
        ({"schedulerName": "yunikorn"}, {}, False, False),
        ({"schedulerName": "default-scheduler"}, {}, True, False),
        ({"schedulerName": ["yunikorn"]}, {}, True, False),
        ({}, {"eks.amazonaws.com/fargate-profile": "x"}, True, True),
        ({}, {"eks.amazonaws.com/fargate-profile": "x"}, False, False),
        ({"nodeSelector": {"type": "virtual-kubelet"}}, {}, False, True),
        ({"tolerations": [{"key": "virtual-kubelet.io/provider", "operator": "Exists"}]}, {}, False, True),
        ({"tolerations": [{"operator": "Exists"}]}, {}, True, False),
    ],
)
def test_who_else_may_reckon_with_the_pod(fields: dict[str, Any], labels: dict[str, str], asks: bool, found: bool) -> None:
    metrics = {**METRICS, **({"resources": {"limits": {"cpu": 1}}} if asks else {})}
    decision = served(SHOP, metrics, workload={"annotations": labels}, **fields)["metrics"]
    assert (level(decision, "other-schedulers") == "warn") is found


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 9999) | st.sampled_from(["", "x", "80", "localhost:80/quit", "{{ x }}"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["preStop", "exec", "command", "sleep", "seconds", "httpGet", "path", "port", "name", "os", "key"]),
            inner,
            max_size=3,
        )
    ),
    max_leaves=8,
)


@given(
    st.dictionaries(st.sampled_from(["lifecycle", "ports", "resources", "args", "env"]), _JSON),
    st.dictionaries(
        st.sampled_from(["terminationGracePeriodSeconds", "hostNetwork", "os", "nodeSelector", "tolerations", "schedulerName"]),
        _JSON,
    ),
)
@settings(max_examples=60, deadline=None)
def test_no_value_is_too_odd(container: dict[str, Any], pod: dict[str, Any]) -> None:
    plain = {"name": "init", "image": "x", **container}
    found = decided(
        {**SHOP, **container},
        {**METRICS, **container, "restartPolicy": "Always"},
        settings=Settings(position="first"),
        initContainers=[plain],
        **pod,
    )
    assert found.keys() == {"shop", "metrics"}
