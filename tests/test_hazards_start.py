"""The hazards of starting: what a container that moves asks before the others may start, and what it then keeps waiting."""

from __future__ import annotations

from typing import Any

import pytest

from migrator.judge.view import PodView
from migrator.model import Decision, Hazard
from migrator.plan.budgets import budget
from migrator.plan.clients import asked_ports
from migrator.plan.needs import Alone, answers, needed_by_init, own_port
from migrator.plan.places import named_in, place_of
from migrator.plan.rehearsal.walk import rehearse
from migrator.settings import Settings
from tests.pods import pod_of, workload_of
from tests.test_plan import decided

SHARED = {"volumeMounts": [{"name": "shared", "mountPath": "/shared"}]}
READ = {"volumeMounts": [{"name": "shared", "mountPath": "/read", "readOnly": True}]}
VOLUMES: dict[str, Any] = {"volumes": [{"name": "shared", "emptyDir": {}}]}
SHOP: dict[str, Any] = {"name": "shop", "image": "registry.example/shop", "ports": [{"containerPort": 8080}]}
AUTH: dict[str, Any] = {"name": "auth", "image": "oauth2-proxy", "ports": [{"containerPort": 4180, "name": "http"}]}
METRICS: dict[str, Any] = {"name": "metrics", "image": "statsd-exporter"}
UNTIL_UP = "until nc -z localhost 8080; do sleep 1; done"


def found(decision: Decision, hazard: str) -> Hazard | None:
    """The hazard of this id, whatever else is found."""
    return next((held for held in decision.hazards if held.id == hazard), None)


def shell(script: str) -> list[str]:
    return ["sh", "-c", script]


def hook(handler: dict[str, Any] | str) -> dict[str, Any]:
    return {"lifecycle": {"postStart": {"exec": {"command": shell(handler)}} if isinstance(handler, str) else handler}}


def alone(up: bool = True) -> Alone:
    """A container with port 4180 beside one with 8080, 6379, 5432 and 3306; both can write /shared."""
    ports = [{"containerPort": number} for number in (8080, 6379, 5432, 3306)]
    view, shop = PodView(pod_of({**AUTH, **SHARED}, {**SHOP, "ports": ports, **SHARED}, **VOLUMES), workload_of()).views
    return Alone(view, (shop,), up=up)


@pytest.mark.parametrize(
    ("script", "end", "finds"),
    [
        (UNTIL_UP, "waits", 8080),
        ("while ! nc -z localhost 8080; do sleep 1; done", "waits", 8080),
        ("while true; do if curl -f localhost:8080; then break; fi; sleep 1; done", "waits", 8080),
        ("while :; do curl -f localhost:8080 && exit 0; sleep 1; done", "waits", 8080),
        ('while [ "$(curl -so /dev/null -w "%{http_code}" localhost:8080)" != 200 ]; do sleep 1; done', "waits", 8080),
        ("until (echo > /dev/tcp/localhost/8080) 2>/dev/null; do sleep 1; done", "waits", 8080),
        ("until curl -s localhost:8080 | grep -q UP; do sleep 1; done", "waits", 8080),
        (f"f() {{ {UNTIL_UP}; }}; f", "waits", 8080),
        ("for host in a b; do until nc -z localhost 8080; do sleep 1; done; done", "waits", 8080),
        ("until nc -z localhost 4180; do sleep 1; done", "passes", None),
        ("until nc -z localhost 8080 || [ $i -gt 30 ]; do i=$((i+1)); done", "passes", 8080),
        ("until nc -z localhost 8080; do i=$((i+1)); [ $i -gt 30 ] && break; done", "passes", 8080),
        ("until nc -z localhost 8080; do i=$((i+1)); if [ $i -gt 30 ]; then exit 1; fi; done", "fails", 8080),
        ("f() { until nc -z localhost 8080; do [ $i -gt 9 ] && return 1; done; }; f", "fails", 8080),
        ("f() { until nc -z localhost 8080; do [ $i -gt 9 ] && return 1; done; }; f || true", "passes", 8080),
        ("for i in 1 2 3; do nc -z localhost 8080 && break; sleep 1; done", "passes", 8080),
        ("for i in 1 2 3; do nc -z localhost 8080 && exit 0; sleep 1; done; exit 1", "fails", 8080),
        ("for ((i=0; i<9; i++)); do nc -z localhost 8080 && break; sleep 1; done", "passes", 8080),
        ("while [ $i -lt 9 ]; do nc -z localhost 8080 && exit 0; sleep 1; done; exit 1", "fails", 8080),
        (f"timeout 60 sh -c '{UNTIL_UP}'", "fails", 8080),
        (f"timeout 60 sh -c '{UNTIL_UP}' || true", "passes", 8080),
        (f"({UNTIL_UP}) &", "passes", None),
        ("curl -f localhost:8080 || exit 1", "fails", 8080),
        ("curl -f localhost:8080 || exit", "fails", 8080),
        ("curl -f localhost:8080 || { echo no; return 1; }", "fails", 8080),
        ("curl -f localhost:8080 || true", "passes", 8080),
        ("curl -f localhost:8080; echo done", "passes", 8080),
        ("set -e; curl -f localhost:8080; echo done", "fails", 8080),
        ("set -e; set +e; curl -f localhost:8080; echo done", "passes", 8080),
        ("set -o errexit; curl -f localhost:8080; echo done", "fails", 8080),
        ("set -e; curl -f localhost:8080 && touch /x; echo done", "passes", 8080),
        ("set -e; if curl -f localhost:8080; then touch /x; fi; echo done", "passes", 8080),
        ("set -e; X=$(curl -f localhost:8080); echo done", "fails", 8080),
        ("set -e; export X=$(curl -f localhost:8080); echo done", "passes", 8080),
        ("sh -ec 'curl -f localhost:8080; echo done'", "fails", 8080),
        ("curl -f localhost:8080 | tee /x", "maybe", 8080),
        ("set -o pipefail; curl -f localhost:8080 | tee /x", "fails", 8080),
        ("curl -f localhost:4180 || curl -f localhost:8080", "passes", None),
        ("nc -z localhost 1 || curl -f localhost:8080", "maybe", 8080),
        ("probe && curl -f localhost:8080", "fails", 8080),
        ("if probe; then curl -f localhost:8080; fi", "maybe", 8080),
        ("if curl -f localhost:8080; then true; else exit 1; fi", "fails", 8080),
        ("! curl -f localhost:8080", "passes", None),
        ("case $X in a) curl -f localhost:8080;; esac", "maybe", None),
        ("f() { f; }; f", "maybe", None),
        ("curl -f http://shop.example:8080", "maybe", None),
        ("echo $(curl localhost:8080)", "passes", None),
        ("wait-for-it.sh localhost:8080 -t 60", "fails", 8080),
        ("wait-for-it.sh localhost:8080 -- true", "passes", 8080),
        ("wait-for-it.sh shop.example:8080", "maybe", None),
        ("test -f /shared/x", "fails", "/shared/x"),
        ("[ -S /shared/x ] || exit 1", "fails", "/shared/x"),
        ("[ ! -f /shared/x ]", "passes", None),
        ("touch /shared/x; test -f /shared/y", "fails", "/shared/y"),
        ("test -f /own/x", "maybe", None),
        ("cat $FILE", "maybe", None),
        ("sleep infinity", "stays", None),
        ("while :; do sleep 5; done", "stays", None),
        ("nginx", "maybe", None),
        ("curl -f localhost:8080 {{ .Values.more }}", "maybe", None),
        ("curl -f 'localhost:8080", "maybe", None),
        ("false", "fails", None),
        ("", "passes", None),
    ],
)
def test_how_a_hook_ends(script: str, end: str, finds: int | str | None) -> None:
    said = rehearse(shell(script), alone(), False)
    assert said.end == end
    assert (said.cause is None) is (finds is None)
    assert said.cause is None or str(finds) in said.cause.thing


@pytest.mark.parametrize(
    ("script", "end", "finds", "lasts"),
    [
        (f"{UNTIL_UP}; exec daemon", "waits", True, False),
        ("set -e; curl -f localhost:8080; exec daemon", "fails", True, False),
        ("curl -f localhost:8080 && exec daemon", "fails", True, False),
        ("curl -f localhost:8080; exec daemon", "stays", True, False),
        ("sleep 5; curl -f localhost:8080 || exit 1; exec daemon", "fails", True, True),
        ("curl --retry 9 -f localhost:8080 || exit 1; exec daemon", "fails", True, True),
        ("for i in 1 2 3; do nc -z localhost 8080 && break; sleep 1; done; exec daemon", "stays", True, True),
        ("dockerize -wait tcp://localhost:8080 daemon", "fails", True, True),
        # What an unknown program does is not known, nor what comes after it.
        ("daemon --upstream=localhost:8080", "stays", False, False),
        ("prepare; set -e; curl -f localhost:8080; daemon", "stays", False, False),
        ("cp /a /b; set -e; curl -f localhost:8080; daemon", "fails", True, False),
        ("while true; do curl localhost:8080; sleep 5; done", "stays", False, False),
        # Its own port does not answer before its program runs.
        ("curl -f localhost:4180 || exit 1; daemon", "stays", False, False),
    ],
)
def test_how_a_command_gets_on(script: str, end: str, finds: bool, lasts: bool) -> None:
    said = rehearse(shell(script), alone(up=False), True)
    assert (said.end, said.cause is not None, said.tries) == (end, finds, lasts)


@pytest.mark.parametrize(
    "script",
    [
        "; ".join(f"f{n}() {{ f{n + 1}; f{n + 1}; }}" for n in range(40)) + "; f0",
        "{ " * 3000 + "true" + "; }" * 3000,
        "if " + "! " * 3000 + "true; then exit; fi",
        "until [ " + "! " * 3000 + "-f /shared/x ]; do sleep 1; done",
    ],
)
def test_a_script_that_nobody_wrote_tells_nothing(script: str) -> None:
    assert rehearse(shell(script), alone(), False).end == "maybe"


def test_a_command_without_a_shell_asks_as_well() -> None:
    assert rehearse(["curl", "-f", "http://localhost:8080/"], alone(), False).end == "fails"
    assert rehearse(["/bin/grpc_health_probe", "-addr=localhost:8080"], alone(), False).end == "fails"
    assert rehearse(["oauth2-proxy", "--upstream=http://localhost:8080"], alone(up=False), True).end == "stays"
    assert rehearse([], alone(), False).end == "passes"


@pytest.mark.parametrize(
    ("command", "ports"),
    [
        ("redis-cli ping", {6379}),
        ("redis-cli -p 6380 ping", {6380}),
        ("redis-cli -h cache.example ping", set()),
        ("pg_isready", set()),
        ("pg_isready -h localhost", {5432}),
        ("psql -h 127.0.0.1 -p 5433", {5433}),
        ("psql --host=db.example", set()),
        ("mysqladmin -h localhost ping", set()),
        ("mysqladmin -h 127.0.0.1 ping", {3306}),
        ("mongosh mongodb://db.example/x", set()),
        ("mongosh --port 27018", {27018}),
        ("redis-cli -p $PORT ping", set()),
        ("curl http://localhost:8080", {8080}),
        ("daemon localhost:8080", set()),
    ],
)
def test_the_ports_that_a_client_asks(command: str, ports: set[int]) -> None:
    assert asked_ports(command.split()) == ports


@pytest.mark.parametrize(
    ("other", "shown"),
    [
        ({"ports": [{"containerPort": 5432}]}, True),
        ({"args": ["--listen-address=:5432"]}, True),
        ({"args": ["--port", "5432"]}, True),
        ({"env": [{"name": "PORT", "value": "5432"}]}, True),
        ({"readinessProbe": {"tcpSocket": {"port": 5432}}}, True),
        # An application that is told where its database is does not listen there.
        ({"env": [{"name": "DB_PORT", "value": "5432"}]}, False),
        ({"args": ["--db-port=5432"]}, False),
        ({"args": ["--upstream=localhost:5432"]}, False),
    ],
)
def test_who_listens_on_a_port(other: dict[str, Any], shown: bool) -> None:
    pod = pod_of({"name": "a", "image": "x"}, {"name": "b", "image": "y", **other})
    assert answers(PodView(pod, workload_of()).views[1], 5432) is shown


def test_the_port_of_an_application_s_database_is_no_port_of_the_application() -> None:
    proxy = {"name": "cloud-sql-proxy", "image": "cloud-sql-proxy", "startupProbe": {"tcpSocket": {"port": 5432}}}
    client = {"name": "shop", "image": "registry.example/shop", "env": [{"name": "DB_PORT", "value": "5432"}]}
    assert found(decided(client, proxy)["cloud-sql-proxy"], "startup-probe-needs-main") is None


@pytest.mark.parametrize("env", [{"name": "OAUTH2_PROXY_HTTP_ADDRESS", "value": "0.0.0.0:8080"}, {"name": "X", "value": "8080"}])
def test_a_port_that_it_may_listen_on_itself_is_no_need(env: dict[str, str]) -> None:
    probed = {**AUTH, "env": [env], "startupProbe": {"httpGet": {"port": 8080}}}
    assert found(decided(SHOP, probed)["auth"], "startup-probe-needs-main") is None


def test_a_probe_of_another_host_is_no_need() -> None:
    probed = {**AUTH, "startupProbe": {"httpGet": {"port": 8080, "host": "login.example"}}}
    assert found(decided(SHOP, probed)["auth"], "startup-probe-needs-main") is None


@pytest.mark.parametrize(
    ("probe", "blocked"),
    [
        ({"httpGet": {"port": "http"}}, True),
        ({"tcpSocket": {"port": 4180}}, True),
        ({"exec": {"command": ["pgrep", "x"]}}, False),
    ],
)
@pytest.mark.parametrize("command", [f"{UNTIL_UP}; exec oauth2-proxy", f"envoy & {UNTIL_UP}; exec oauth2-proxy"])
def test_a_probe_of_what_stands_behind_a_wait(probe: dict[str, Any], blocked: bool, command: str) -> None:
    """What was started in the background before the wait may be what the probe asks."""
    held = found(decided(SHOP, {**AUTH, "command": shell(command), "startupProbe": probe})["auth"], "startup-probe-needs-main")
    assert (held is not None) is (blocked and "&" not in command)
    assert held is None or held.certain
    waits = found(decided(SHOP, {**AUTH, "command": shell(command)})["auth"], "entrypoint-waits-for-main")
    assert waits is not None
    assert waits.severity == "info"


def test_a_hook_that_asks_what_stands_behind_a_wait_is_a_deadlock() -> None:
    waits = {**AUTH, "command": shell(f"{UNTIL_UP}; exec oauth2-proxy"), **hook("until nc -z localhost 4180; do sleep 1; done")}
    held = found(decided(SHOP, waits)["auth"], "poststart-needs-main")
    assert held is not None
    assert (held.severity, held.certain) == ("block", True)


@pytest.mark.parametrize(
    ("script", "severity", "certain"),
    [
        (UNTIL_UP, "block", True),
        ("curl -f localhost:8080", "block", True),
        ("for i in 1 2 3; do nc -z localhost 8080 && exit 0; sleep 1; done; exit 1", "block", True),
        ("for i in 1 2 3; do nc -z localhost 8080 && break; sleep 1; done", "warn", False),
        ("curl -f localhost:8080 || true", "warn", False),
        ("curl -f localhost:8080 | tee /x", "block", False),
        ("tail -F /var/log/x", "block", False),
        ("cp /a /b", None, False),
        (f"({UNTIL_UP}) &", None, False),
    ],
)
def test_what_a_post_start_hook_may_do(script: str, severity: str | None, certain: bool) -> None:
    held = found(decided(SHOP, {**AUTH, **hook(script)})["auth"], "poststart-needs-main")
    assert (held.severity if held else None) == severity
    assert (held is not None and held.certain) is certain


def test_a_hook_that_connects_is_killed_where_nobody_answers() -> None:
    held = found(decided(SHOP, {**AUTH, **hook({"httpGet": {"port": 8080}})})["auth"], "poststart-needs-main")
    assert held is not None
    assert held.certain


READY = {"exec": {"command": ["cat", "/shared/ready"]}}
READY_THERE = {"exec": {"command": ["cat", "/read/ready"]}}


@pytest.mark.parametrize(
    ("probed", "shop", "severity", "certain"),
    [
        # Nobody can tell which of two that can write the file does.
        ({**AUTH, **SHARED, "startupProbe": READY}, SHARED, "block", False),
        ({**AUTH, **SHARED, "startupProbe": READY}, {**SHARED, "command": shell("touch /shared/ready; shop")}, "block", True),
        ({**AUTH, **READ, "startupProbe": READY_THERE}, SHARED, "block", True),
        ({**AUTH, **READ, "startupProbe": READY_THERE}, READ, None, False),
        ({**AUTH, **SHARED, "startupProbe": READY, "command": shell("touch /shared/ready; oauth2-proxy")}, SHARED, None, False),
        # An agent that writes secrets is there to write files.
        ({"name": "auth", "image": "hashicorp/vault-agent", **SHARED, "startupProbe": READY}, SHARED, None, False),
    ],
)
def test_whose_file_a_probe_looks_for(probed: dict[str, Any], shop: dict[str, Any], severity: str | None, certain: bool) -> None:
    held = found(decided({**SHOP, **shop}, probed, **VOLUMES)["auth"], "startup-probe-needs-main")
    assert (held.severity if held else None) == severity
    assert (held is not None and held.certain) is certain


@pytest.mark.parametrize(
    ("init", "certain"),
    [
        ({"command": ["chmod", "777", "/at"]}, True),
        ({"command": shell("touch /at/ready")}, None),
        ({"command": ["/prepare"]}, False),
        ({}, False),
    ],
)
def test_an_init_container_may_have_made_the_file(init: dict[str, Any], certain: bool | None) -> None:
    there = {"name": "init", "image": "x", "volumeMounts": [{"name": "shared", "mountPath": "/at"}], **init}
    pod = {**VOLUMES, "initContainers": [there]}
    held = found(
        decided({**SHOP, **SHARED}, {**AUTH, **READ, "startupProbe": READY_THERE}, **pod)["auth"], "startup-probe-needs-main"
    )
    assert (held.certain if held else None) is certain


def test_a_neighbour_that_has_moved_already_is_still_the_one_that_writes() -> None:
    writes = {**METRICS, **SHARED, "command": shell("touch /shared/ready; exec statsd_exporter")}
    probed = {**AUTH, **READ, "startupProbe": READY_THERE}
    first = found(decided(SHOP, probed, writes, **VOLUMES)["auth"], "startup-probe-needs-main")
    native = {**writes, "restartPolicy": "Always"}
    second = found(decided(SHOP, probed, **VOLUMES, initContainers=[native])["auth"], "startup-probe-needs-main")
    assert first is not None
    assert second is not None
    assert (first.severity, first.message) == (second.severity, second.message)


def test_what_starts_before_it_anyway_makes_no_certain_deadlock() -> None:
    native = {**METRICS, "ports": [{"containerPort": 9102}], "restartPolicy": "Always"}
    probed = {**AUTH, "startupProbe": {"tcpSocket": {"port": 9102}}}
    held = decided(SHOP, probed, initContainers=[native])["auth"]
    hazard = found(held, "startup-probe-needs-main")
    assert hazard is not None
    assert not hazard.certain
    assert decided(SHOP, probed, initContainers=[native], settings=Settings(unsafe=True))["auth"].position == 1


@pytest.mark.parametrize(
    ("command", "severity", "certain"),
    [
        (["tail", "-f", "/read/a.log"], "block", True),
        (["tail", "-n", "+1", "-f", "/read/a.log", "/read/b.log"], "block", True),
        (["tail", "-f", "/read/a.log", "/etc/hostname"], None, False),
        (shell("tail -f /read/*.log"), "block", False),
        (shell("tail -f $FILE"), None, False),
        (["tail", "-F", "/read/a.log"], None, False),
        (shell("set -e; curl -f localhost:8080; exec fluent-bit"), "warn", False),
        (shell("curl -f localhost:8080; exec fluent-bit"), "info", False),
        (shell("cat /read/x; exec fluent-bit"), "info", False),
        (shell(f"{UNTIL_UP}; curl -f localhost:8080; exec fluent-bit"), None, False),
    ],
)
def test_what_ends_before_it_is_seen(command: list[str], severity: str | None, certain: bool) -> None:
    shipper = {"name": "log-tailer", "image": "fluent-bit", "command": command, **READ}
    held = found(decided({**SHOP, **SHARED}, shipper, **VOLUMES)["log-tailer"], "fast-exit-before-main")
    assert (held.severity if held else None) == severity
    assert (held is not None and held.certain) is certain


def test_a_wait_that_gives_up_costs_time_only_with_a_startup_probe() -> None:
    waits = {**AUTH, "command": shell("for i in 1 2 3; do nc -z localhost 8080 && break; sleep 1; done; exec oauth2-proxy")}
    held = found(decided(SHOP, waits)["auth"], "entrypoint-waits-for-main")
    probed = found(decided(SHOP, {**waits, "startupProbe": {"tcpSocket": {"port": 4180}}})["auth"], "entrypoint-waits-for-main")
    assert held is not None
    assert probed is not None
    assert (held.severity, probed.severity) == ("info", "warn")


SECRET = {"valueFrom": {"secretKeyRef": {"name": "sink", "key": "token"}}}


@pytest.mark.parametrize(
    ("shipper", "shop", "severity"),
    [
        ({"env": [{"name": "A", **SECRET}]}, {}, "warn"),
        ({"envFrom": [{"configMapRef": {"name": "sink"}}]}, {}, "warn"),
        ({"envFrom": [{"configMapRef": {"name": "sink", "optional": True}}]}, {}, None),
        ({"env": [{"name": "A", **SECRET}]}, {"envFrom": [{"secretRef": {"name": "sink"}}]}, None),
        ({"env": [{"name": "A", "value": "x"}, 3], "envFrom": "x"}, {}, None),
        ({"image": "cr.fluentbit.io/fluent/fluent-bit:3", "imagePullPolicy": "Always"}, {}, "warn"),
        ({"image": "fluent/fluent-bit:3", "imagePullPolicy": "Always"}, {}, "warn"),
        ({"image": "fluent/fluent-bit:3", "imagePullPolicy": "Always"}, {"image": "docker.io/shop"}, None),
        ({"image": "cr.fluentbit.io/fluent/fluent-bit:3"}, {}, None),
        ({"imagePullPolicy": "Always"}, {}, None),
        ({"image": "{{ .Values.image }}", "imagePullPolicy": "Always"}, {}, None),
        ({"image": "cr.fluentbit.io/fluent/fluent-bit:3", "imagePullPolicy": "Always"}, {"image": "{{ .Values.image }}"}, None),
    ],
)
def test_what_only_the_sidecar_needs(shipper: dict[str, Any], shop: dict[str, Any], severity: str | None) -> None:
    watcher = {"name": "fluent-bit", "image": "registry.example/fluent-bit:3", **shipper}
    held = found(decided({**SHOP, **shop}, watcher)["fluent-bit"], "optional-sidecar-gates-start")
    assert (held.severity if held else None) == severity


def test_a_mounted_secret_gates_the_whole_pod_anyway() -> None:
    watcher = {"name": "fluent-bit", "image": "registry.example/fluent-bit:3", "env": [{"name": "A", **SECRET}]}
    mounted = [{"name": "sink", "secret": {"secretName": "sink"}}]
    projected = [{"name": "sink", "projected": {"sources": [{"secret": {"name": "sink"}}]}}]
    for volumes in (mounted, projected):
        assert found(decided(SHOP, watcher, volumes=volumes)["fluent-bit"], "optional-sidecar-gates-start") is None


def test_a_secret_of_what_the_application_needs_anyway_is_good_to_know() -> None:
    held = found(decided(SHOP, {**AUTH, "env": [{"name": "A", **SECRET}]})["auth"], "optional-sidecar-gates-start")
    assert held is not None
    assert held.severity == "info"


@pytest.mark.parametrize("more", [{"startupProbe": {"tcpSocket": {"port": 4180}}}, hook("true"), {"ports": []}])
def test_started_is_ready_enough(more: dict[str, Any]) -> None:
    dialling = {**SHOP, "args": ["--login=http://localhost:4180"]}
    assert found(decided(dialling, AUTH)["auth"], "started-is-not-ready") is not None
    assert found(decided(dialling, {**AUTH, **more})["auth"], "started-is-not-ready") is None


def test_who_is_only_told_to_quit_is_not_dialled() -> None:
    caller = {**SHOP, "command": shell("shop; curl -X POST http://localhost:4180/quitquitquit")}
    assert found(decided(caller, AUTH)["auth"], "started-is-not-ready") is None


@pytest.mark.parametrize(
    ("probe", "position", "severity"),
    [
        ({"httpGet": {"port": 8080}}, "last", "warn"),
        ({"httpGet": {"port": 8080}}, "first", "warn"),
        ({"httpGet": {"port": 4180}}, "last", None),
        ({"httpGet": {"port": 4180}}, "first", "info"),
        ({"exec": {"command": shell("pgrep oauth2-proxy")}}, "last", None),
    ],
)
def test_what_a_liveness_probe_may_ask(probe: dict[str, Any], position: str, severity: str | None) -> None:
    init = [{"name": "migrate", "image": "x"}]
    settings = Settings(position=position)
    held = found(
        decided(SHOP, {**AUTH, "livenessProbe": probe}, settings=settings, initContainers=init)["auth"], "liveness-during-init"
    )
    assert (held.severity if held else None) == severity


@pytest.mark.parametrize(
    ("probe", "seconds"),
    [
        ({}, 30),
        ({"initialDelaySeconds": 5, "failureThreshold": 10, "periodSeconds": 2}, 25),
        ({"failureThreshold": "{{ .Values.times }}"}, None),
        ({"periodSeconds": True}, None),
        (None, None),
        ("x", None),
    ],
)
def test_the_budget_of_a_probe(probe: Any, seconds: int | None) -> None:
    assert budget(probe) == seconds


def probed(container: dict[str, Any], times: int) -> dict[str, Any]:
    return {
        **container,
        "startupProbe": {"tcpSocket": {"port": container["ports"][0]["containerPort"]}, "failureThreshold": times},
    }


@pytest.mark.parametrize(
    ("shop", "auth", "severity"),
    [
        # Together, and not alone, they take more than the 600 s that a Deployment has.
        (30, 31, "warn"),
        (30, 30, "info"),
        (30, 61, "info"),
        (61, 3, "info"),
    ],
)
def test_budgets_add_up(shop: int, auth: int, severity: str) -> None:
    held = found(decided(probed(SHOP, shop), probed(AUTH, auth))["auth"], "serial-start-latency")
    assert held is not None
    assert held.severity == severity


@pytest.mark.parametrize(("deadline", "severity"), [(100, "warn"), (120, "info"), ("{{ .Values.d }}", "info"), (None, "info")])
def test_a_job_has_its_deadline(deadline: Any, severity: str) -> None:
    """Half of it is 50 s, the budget 60 s."""
    held = found(decided(SHOP, probed(AUTH, 6), kind="Job", activeDeadlineSeconds=deadline)["auth"], "serial-start-latency")
    assert held is not None
    assert held.severity == severity


QUITTING: dict[str, Any] = {**SHOP, "command": shell("shop; curl -X POST http://localhost:9091/quitquitquit")}
PROXY: dict[str, Any] = {
    "name": "cloud-sql-proxy",
    "image": "cloud-sql-proxy",
    "args": ["--quitquitquit", "--admin-port=9091", "acme:europe-west1:ledger"],
}


@pytest.mark.parametrize(
    ("containers", "policy", "severity"),
    [
        ((QUITTING, PROXY), "OnFailure", "warn"),
        ((QUITTING, PROXY), "Never", None),
        ((QUITTING, {"name": "api", "image": "registry.example/api"}, PROXY), "OnFailure", None),
        ((SHOP, probed(AUTH, 3)), "Always", "info"),
        ((SHOP, AUTH), "Always", None),
        ((SHOP, {**AUTH, "command": ["timeout", "3600", "oauth2-proxy"]}), "Always", "warn"),
    ],
)
def test_when_a_crash_waits_for_the_last_sidecar(
    containers: tuple[dict[str, Any], ...], policy: str, severity: str | None
) -> None:
    last = containers[-1]["name"]
    held = found(decided(*containers, restartPolicy=policy)[last], "restart-regating")
    assert (held.severity if held else None) == severity


def test_only_the_last_sidecar_keeps_a_crashed_container_waiting() -> None:
    decisions = decided(SHOP, probed(AUTH, 3), METRICS)
    assert [found(decisions[name], "restart-regating") is not None for name in ("auth", "metrics")] == [False, False]


@pytest.mark.parametrize(
    ("target", "found_ids"),
    [
        ((1, 29, 0), {"never-plus-startupprobe-bug", "job-status-frozen"}),
        ((1, 29, 3), {"never-plus-startupprobe-bug"}),
        ((1, 33, 5), {"never-plus-startupprobe-bug"}),
        ((1, 33, 6), set()),
        ((1, 34, 1), {"never-plus-startupprobe-bug"}),
        ((1, 34, 2), set()),
        ((1, 35, 0), set()),
    ],
)
def test_bugs_have_their_versions(target: tuple[int, int, int], found_ids: set[str]) -> None:
    held = decided(probed(SHOP, 3), probed(AUTH, 3), settings=Settings(target=target), restartPolicy="Never")["auth"].hazards
    bugs = {"never-plus-startupprobe-bug", "startupprobe-after-kubelet-restart", "job-status-frozen"}
    assert {hazard.id for hazard in held} & bugs == found_ids


def test_one_startup_probe_alone_is_asked_again() -> None:
    held = decided(SHOP, probed(AUTH, 3), restartPolicy="Never")["auth"]
    assert found(held, "never-plus-startupprobe-bug") is None


def test_a_pod_that_restarts_nobody_has_no_crash_to_mend() -> None:
    settings = Settings(target=(1, 35, 0))
    ids = [
        found(decided(SHOP, probed(AUTH, 3), settings=settings, restartPolicy=p)["auth"], "startupprobe-after-kubelet-restart")
        for p in ("Always", "Never")
    ]
    assert [held is not None for held in ids] == [True, False]


def test_only_an_earlier_sidecar_waits_for_one_that_has_exited() -> None:
    """Where another can stand behind it, it does."""
    ends = {**AUTH, "command": ["timeout", "3600", "oauth2-proxy"]}
    too = {**METRICS, "command": ["timeout", "60", "statsd_exporter"]}
    for containers, stalls in (((SHOP, too, ends), True), ((SHOP, ends, too), False), ((SHOP, METRICS, ends), False)):
        assert (found(decided(*containers)["auth"], "exited-sidecar-stalls-shutdown") is not None) is stalls


def test_only_an_unsteady_sidecar_that_is_the_last_of_several_stalls_a_job() -> None:
    ends = {**AUTH, "command": ["timeout", "3600", "oauth2-proxy"]}
    too = {**METRICS, "command": ["timeout", "60", "statsd_exporter"]}
    for containers, stalls in (((SHOP, too, ends), True), ((SHOP, ends, too), False), ((SHOP, METRICS, ends), False)):
        assert (found(decided(*containers, kind="Job")["auth"], "last-sidecar-flaky-stall") is not None) is stalls
    assert found(decided(SHOP, too, ends)["auth"], "last-sidecar-flaky-stall") is None


@pytest.mark.parametrize(
    ("position", "said"),
    [
        ("last", False),
        ("first", True),
        ("before:render", True),
        ("after:early", True),
        ("after:render", False),
        ("before:no", False),
    ],
)
def test_a_place_that_was_asked_for_and_is_too_early(position: str, said: bool) -> None:
    inits = [{"name": "early", "image": "x"}, {"name": "render", "image": "x", **SHARED}]
    held = decided(SHOP, {**AUTH, **READ}, settings=Settings(position=position), initContainers=inits, **VOLUMES)["auth"]
    assert (found(held, "needs-init-output") is not None) is said
    assert held.position == 2


@pytest.mark.parametrize(
    ("candidate", "init", "how"),
    [
        ({"ports": [{"containerPort": 5432}]}, {"args": ["postgres://localhost:5432/x"]}, "asks port 5432 on localhost"),
        ({"ports": [{"containerPort": 5432}]}, {"args": ["postgres://db.example:5432/x"]}, None),
        ({"args": ["--socket=/shared/api.sock"]}, {"args": ["unix:///at/api.sock"]}, "uses the socket /at/api.sock"),
        ({"args": ["--socket=/shared/api.sock"]}, {"args": ["unix:///at/other.sock"]}, None),
        ({"args": ["-dir=/shared", "x"]}, {"args": ["--db=/at/acme:europe-west1:x"]}, "uses a socket in /at"),
        ({"args": ["x"]}, {"args": ["--db=/at/acme:europe-west1:x"]}, None),
    ],
)
def test_what_an_init_container_would_use(candidate: dict[str, Any], init: dict[str, Any], how: str | None) -> None:
    mounts = {"volumeMounts": [{"name": "shared", "mountPath": "/at"}]}
    pod = pod_of(
        {"name": "a", "image": "x", **SHARED, **candidate},
        initContainers=[{"name": "i", "image": "y", **mounts, **init}],
        **VOLUMES,
    )
    (view,) = PodView(pod, workload_of()).views
    said = needed_by_init(view, pod.init_containers[0])
    assert (said or "").startswith(how or "")
    assert (said is None) is (how is None)


def test_a_socket_that_another_names_as_well_is_not_known_to_be_its_own() -> None:
    names = {"args": ["--socket=/shared/api.sock"], **SHARED}
    pod = pod_of(
        {"name": "a", "image": "x", **names},
        {"name": "b", "image": "y", **names},
        initContainers=[{"name": "i", "image": "z", **names}],
        **VOLUMES,
    )
    assert needed_by_init(PodView(pod, workload_of()).views[0], pod.init_containers[0]) is None


def test_paths_of_one_file_in_two_containers() -> None:
    mounts = [{"name": "v", "mountPath": "/a/", "subPath": "sub"}, {"name": "w", "mountPath": "/a/deep"}]
    pod = pod_of(
        {"name": "a", "image": "x", "volumeMounts": mounts},
        {"name": "b", "image": "y", "volumeMounts": [{"name": "v", "mountPath": "/b"}], "args": ["--file=/b/sub/f"]},
    )
    a, b = pod.containers
    assert place_of(a, "/a/f") == place_of(b, "/b/sub/f") == ("v", "sub/f")
    assert place_of(a, "/a/deep/f") == ("w", "f")
    assert place_of(a, "/ab") is None
    assert named_in(b, ("v", "sub/f"))
    assert not named_in(a, ("v", "other/f"))


STRANGE: tuple[Any, ...] = (
    "x",
    3,
    None,
    [],
    {},
    ["x"],
    {"exec": "x"},
    {"exec": {"command": [None, {}]}},
    {"tcpSocket": {"port": []}},
)


@pytest.mark.parametrize("strange", STRANGE, ids=str)
@pytest.mark.parametrize(
    "field", ["startupProbe", "livenessProbe", "lifecycle", "env", "envFrom", "image", "ports", "volumeMounts"]
)
def test_no_field_is_too_strange(field: str, strange: Any) -> None:
    odd = {**AUTH, "command": shell(UNTIL_UP), **SHARED, field: strange}
    for position in ("last", "first", "before:i"):
        inits = [{"name": "i", "image": "x", field: strange}]
        decided({**SHOP, field: strange}, odd, settings=Settings(position=position), initContainers=inits, **VOLUMES)


def test_own_ports_are_told_by_what_is_said() -> None:
    pod = pod_of({"name": "a", "image": "x", "args": ["--upstream=http://localhost:8080", "--metrics=9090"]})
    (view,) = PodView(pod, workload_of()).views
    assert [own_port(view, number) for number in (8080, 9090, 7070)] == [False, True, False]
