"""What goes wrong by hand, lesson by lesson as `docs/by-hand.md` tells it: the whole tool on small manifests."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from migrator.plan.hazards.pages import pages
from tests.conftest import Run

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs" / "by-hand.md").read_text()

SHOP = {"name": "shop", "image": "registry.example/shop:1"}
METRICS = {"name": "metrics", "image": "prom/statsd-exporter:v0.27.1"}
LOGS = {"name": "logs", "image": "fluent/fluent-bit:3.1"}
AUTH = {"name": "auth", "image": "quay.io/oauth2-proxy/oauth2-proxy:v7.6.0"}
SQL = {"name": "db", "image": "gcr.io/cloud-sql-connectors/cloud-sql-proxy:2.14.1", "args": ["--port=5432", "acme:eu:shop"]}
BOOKS = {"name": "books", "image": "registry.example/books:2"}
SHUTDOWN = "./close-books; failed=$?; curl -X POST http://localhost:9091/quitquitquit; exit $failed"


def deployment(*containers: dict[str, Any], name: str = "shop", labels: dict[str, str] | None = None, **pod: Any) -> str:
    """A Deployment with these containers; the other fields are those of its pod spec."""
    template = {"metadata": {"labels": {"app": name, **(labels or {})}}, "spec": {**pod, "containers": [*containers]}}
    spec = {"selector": {"matchLabels": {"app": name}}, "template": template}
    return written({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": name}, "spec": spec})


def job(*containers: dict[str, Any]) -> str:
    """A Job called `books` with these containers."""
    pod = {"restartPolicy": "Never", "containers": [*containers]}
    return written({"apiVersion": "batch/v1", "kind": "Job", "metadata": {"name": "books"}, "spec": {"template": {"spec": pod}}})


def service(port: str | int) -> str:
    """The Service of the pods of `shop`, with this targetPort."""
    spec = {"selector": {"app": "shop"}, "ports": [{"port": 80, "targetPort": port}]}
    return written({"apiVersion": "v1", "kind": "Service", "metadata": {"name": "shop"}, "spec": spec})


def written(manifest: dict[str, Any]) -> str:
    return yaml.safe_dump(manifest, sort_keys=False, width=200)


def told(run: Run, text: str, *flags: str) -> dict[str, dict[str, Any]]:
    """What a dry run over the folder says of each container of the one pod that is in it, written to `pod.yaml`."""
    Path("pod.yaml").write_text(text)
    report = json.loads(run("--dry-run", *flags, "-f", "json", ".").stdout)
    (pod,) = [pod for file in report["files"] for pod in file["pods"]]
    return {container["name"]: container for container in pod["containers"]}


def hazard(container: dict[str, Any], identity: str) -> dict[str, Any] | None:
    """What was said of this hazard, or None."""
    found: dict[str, Any] | None = next((held for held in container["hazards"] if held["id"] == identity), None)
    return found


def moved(said: dict[str, dict[str, Any]]) -> list[str]:
    return [name for name, container in said.items() if container["position"] is not None]


def after(run: Run, text: str, *flags: str) -> dict[str, Any]:
    """The pod spec that a real run leaves in `pod.yaml`."""
    Path("pod.yaml").write_text(text)
    assert run(*flags, ".").exit_code == 0
    found: dict[str, Any] = yaml.safe_load(Path("pod.yaml").read_text())["spec"]["template"]["spec"]
    return found


def names(containers: list[dict[str, Any]]) -> list[str]:
    return [container["name"] for container in containers]


def test_01_a_stripped_field_is_foretold_with_the_error_that_the_cluster_gives(run: Run) -> None:
    """A webhook of old drops the field. With a probe the pod is then rejected, without any it waits and nobody says why."""
    old = {"azure.workload.identity/use": "true"}
    silent = hazard(told(run, deployment(SHOP, METRICS, labels=old))["metrics"], "webhook-strips-field")
    loud = hazard(
        told(run, deployment(SHOP, {**METRICS, "readinessProbe": {"tcpSocket": {"port": 9102}}}, labels=old))["metrics"],
        "webhook-strips-field",
    )
    assert silent is not None
    assert loud is not None
    assert "the pod would then wait for ever" in silent["message"]
    assert "Kubernetes would then reject the pod" in loud["message"]
    assert "may not be set for init containers without restartPolicy=Always" in " ".join(
        run("explain", "webhook-strips-field").stdout.split()
    )
    assert hazard(told(run, deployment(SHOP, METRICS))["metrics"], "webhook-strips-field") is None


def test_01_a_pod_spec_inside_a_custom_resource_is_told_and_left_alone(run: Run) -> None:
    pod = yaml.safe_load(deployment({"name": "grafana", "image": "grafana/grafana:11.2.0"}, METRICS))["spec"]
    text = written(
        {
            "apiVersion": "grafana.integreatly.org/v1beta1",
            "kind": "Grafana",
            "metadata": {"name": "boards"},
            "spec": {"deployment": {"spec": pod}},
        }
    )
    said = told(run, text, "--unsafe")["metrics"]
    assert (said["verdict"], said["position"]) == ("keep", None)
    assert hazard(said, "crd-embedded-podspec") is not None
    assert run("--unsafe", ".").exit_code == 0
    assert Path("pod.yaml").read_text() == text


@pytest.mark.parametrize(("field", "sidecar"), [({"restart": "Always"}, True), ({"restartPolicy": "Always"}, True), ({}, False)])
def test_01_a_marker_misspelt_or_in_the_wrong_list_counts(run: Run, field: dict[str, str], sidecar: bool) -> None:
    """The image and the name say nothing here."""
    left = after(run, deployment(SHOP, {"name": "extra", "image": "registry.example/extra:1", **field}))
    assert names(left.get("initContainers", [])) == (["extra"] if sidecar else [])
    assert all(container["restartPolicy"] == "Always" for container in left.get("initContainers", []))


@pytest.mark.parametrize(("policy", "ends"), [(None, True), ("Never", True), ("OnFailure", True), ("Always", False)])
def test_01_only_always_makes_a_sidecar_of_an_init_container(run: Run, policy: str | None, ends: bool) -> None:
    """What ends is not there any more when the others run, so that a sidecar in front of it adds to what it asks for."""
    unpack = {"name": "unpack", "image": "registry.example/unpack:1", "resources": {"requests": {"memory": "2Gi"}}}
    shop, metrics = ({**one, "resources": {"requests": {"memory": "500Mi"}}} for one in (SHOP, METRICS))
    text = deployment(shop, metrics, initContainers=[unpack if policy is None else {**unpack, "restartPolicy": policy}])
    said = told(run, text, "--position", "first")["metrics"]
    assert said["position"] == 0
    assert (hazard(said, "resources-increase") is not None) is ends


def test_02_order_last_by_default_and_the_others_keep_theirs(run: Run) -> None:
    inits = [{"name": name, "image": "registry.example/prepare:1"} for name in ("settle", "migrate", "warm")]
    left = after(run, deployment(AUTH, SHOP, METRICS, initContainers=inits))
    assert names(left["initContainers"]) == ["settle", "migrate", "warm", "auth", "metrics"]
    assert left["initContainers"][:3] == inits


@pytest.mark.parametrize(
    ("position", "order"),
    [
        ("first", ["db", "settle", "migrate"]),
        ("before:migrate", ["settle", "db", "migrate"]),
        ("after:settle", ["settle", "db", "migrate"]),
        ("last", ["settle", "migrate", "db"]),
    ],
)
def test_02_order_is_what_is_asked_for(run: Run, position: str, order: list[str]) -> None:
    inits = [{"name": name, "image": "registry.example/prepare:1"} for name in ("settle", "migrate")]
    assert names(after(run, deployment(SHOP, SQL, initContainers=inits), "--position", position)["initContainers"]) == order


def test_02_order_an_init_container_that_asks_for_the_sidecar_is_told(run: Run) -> None:
    """A migration through a database proxy. It is told how to have it, and nothing is placed first unasked."""
    ask = [{"name": "DATABASE_URL", "value": "postgres://shop@localhost:5432/shop"}]
    text = deployment(SHOP, SQL, initContainers=[{"name": "migrate", "image": "registry.example/shop:1", "env": ask}])
    said = told(run, text)["db"]
    found = hazard(said, "init-needs-candidate")
    assert found is not None
    assert (said["position"], found["severity"], found["remedy"]) == (1, "info", "ask for `--position before:migrate`")
    placed = told(run, text, "--position", "before:migrate")["db"]
    warned = hazard(placed, "init-needs-candidate")
    assert warned is not None
    assert (placed["position"], warned["severity"]) == (0, "warn")


@pytest.mark.parametrize("flags", [[], ["--unsafe"], ["--position", "first", "--layout", "canonical", "--remove-quit-hacks"]])
def test_03_no_probe_is_made_up_and_those_there_are_move_as_they_are(run: Run, flags: list[str]) -> None:
    probes: dict[str, Any] = {
        "startupProbe": {"httpGet": {"path": "/ping", "port": 4180}, "failureThreshold": 24},
        "readinessProbe": {"httpGet": {"path": "/ready", "port": "entry"}, "periodSeconds": 3},
        "livenessProbe": {"tcpSocket": {"port": 4180}},
    }
    probed = {**AUTH, "ports": [{"name": "entry", "containerPort": 4180}], **probes}
    ready = {**SQL, "readinessProbe": {"tcpSocket": {"port": 5432}}}
    left = after(run, deployment(SHOP, probed, ready, METRICS), *flags)
    found = {container["name"]: container for container in (*left["initContainers"], *left["containers"])}
    always = {"restartPolicy": "Always"}
    assert found == {"shop": SHOP, "auth": {**probed, **always}, "db": {**ready, **always}, "metrics": {**METRICS, **always}}


def test_03_a_startup_probe_that_the_application_answers_keeps_its_container(run: Run) -> None:
    shop = {**SHOP, "ports": [{"containerPort": 8080}]}
    probed = {**AUTH, "startupProbe": {"httpGet": {"path": "/ready", "port": 8080}}}
    said = told(run, deployment(shop, probed), "--unsafe")["auth"]
    assert (said["verdict"], said["position"]) == ("review", None)
    assert hazard(said, "startup-probe-needs-main") is not None


def test_04_templates_are_left_alone_and_listed_with_their_line(run: Run) -> None:
    """One file moves, and the other is counted in the last line, named in the text and in the JSON report."""
    whole = deployment(SHOP, METRICS)
    Path("chart.yaml").write_text(whole.replace("- name: metrics", "{{- if .Values.metrics }}\n      - name: metrics"))
    template = Path("chart.yaml").read_text()
    line = template[: template.index("{{-")].count("\n") + 1
    Path("pod.yaml").write_text(whole)
    shown = run("--dry-run", ".").stderr
    assert f"chart.yaml\n  skipped: line {line}: a Helm or Go template" in shown
    assert shown.endswith("2 files: 1 would be rewritten, 1 skipped, 0 unchanged\n")
    report = json.loads(run("-f", "json", ".").stdout)
    assert [(file["path"], file["status"]) for file in report["files"]] == [("chart.yaml", "skipped"), ("pod.yaml", "rewritten")]
    assert Path("chart.yaml").read_text() == template


def test_04_what_a_template_renders_can_be_piped_through(run: Run) -> None:
    rendered = deployment(SHOP, METRICS)
    pod = yaml.safe_load(run("-", stdin=rendered.encode()).stdout)["spec"]["template"]["spec"]
    assert (names(pod["containers"]), names(pod["initContainers"])) == (["shop"], ["metrics"])


def test_05_nothing_is_written_for_a_cluster_that_is_too_old(run: Run) -> None:
    text = deployment(SHOP, METRICS)
    Path("pod.yaml").write_text(text)
    refused = run("-t", "1.28", "--unsafe", ".")
    assert refused.exit_code == 0
    assert Path("pod.yaml").read_text() == text
    assert "left: Kubernetes 1.28 has no sidecar containers" in refused.stdout
    assert "moves with --target-version 1.29\n" in refused.stdout
    assert moved(told(run, text, "-t", "1.29")) == moved(told(run, text)) == ["metrics"]


@pytest.mark.parametrize(
    ("version", "heard"), [("1.33", True), ("1.33.5", True), ("1.33.6", False), ("1.34", True), ("1.35", False)]
)
def test_05_a_bug_of_some_versions_is_told_for_those_alone(run: Run, version: str, heard: bool) -> None:
    """Two startupProbes in a pod that restarts nobody."""
    probed = ({**one, "startupProbe": {"tcpSocket": {"port": port}}} for one, port in ((SQL, 5432), (AUTH, 4180)))
    said = told(run, job(BOOKS, *probed), "-t", version)
    assert moved(said) == ["db", "auth"]
    assert (hazard(said["db"], "never-plus-startupprobe-bug") is not None) is heard


def quitting(script: str) -> str:
    """A Job whose work tells its proxy to quit."""
    return job({**BOOKS, "command": ["sh", "-c", script]}, {**SQL, "args": ["--quitquitquit", "--port=5432", "acme:eu:books"]})


def script_of(pod: dict[str, Any]) -> str:
    found: str = pod["containers"][0]["command"][2]
    return found


def test_06_a_quit_hack_is_told_with_its_line_and_left_in(run: Run) -> None:
    text = quitting(SHUTDOWN)
    found = hazard(told(run, text)["db"], "quit-hack-http")
    assert found is not None
    assert text.splitlines()[found["line"] - 1].strip() == "command:"
    assert "quitquitquit" in found["message"]
    left = after(run, text)
    assert names(left["initContainers"]) == ["db"]
    assert script_of(left) == SHUTDOWN


def test_06_a_quit_hack_is_taken_out_where_that_is_asked_for_and_understood(run: Run) -> None:
    assert script_of(after(run, quitting(SHUTDOWN), "--remove-quit-hacks")) == "./close-books; failed=$?; exit $failed"
    needed = "./close-books && curl -X POST http://localhost:9091/quitquitquit && ./wait-for-the-proxy-to-end"
    found = hazard(told(run, quitting(needed), "--remove-quit-hacks")["db"], "quit-hack-http")
    assert found is not None
    assert found["remedy"].startswith("take it out by hand: ")
    assert script_of(after(run, quitting(needed), "--remove-quit-hacks")) == needed


def test_06_a_helper_that_ends_by_itself_stays(run: Run) -> None:
    args = ["agent", "-config=/etc/agent.hcl", "-exit-after-auth"]
    said = told(run, job(BOOKS, {"name": "vault-agent", "image": "hashicorp/vault:1.18", "args": args}), "--unsafe")[
        "vault-agent"
    ]
    assert (said["verdict"], said["position"]) == ("review", None)
    assert hazard(said, "run-to-completion-candidate") is not None


@pytest.mark.parametrize(
    ("target_port", "version", "follows"), [("entry", "1.32", True), ("entry", "1.33", False), (4180, "1.29", False)]
)
def test_07_a_service_that_names_the_port_gets_its_number_before_1_33(
    run: Run, target_port: str | int, version: str, follows: bool
) -> None:
    Path("service.yaml").write_text(service(target_port))
    auth = {**AUTH, "ports": [{"name": "entry", "containerPort": 4180}]}
    said = told(run, deployment(SHOP, auth), "-t", version, "--unsafe")["auth"]
    assert said["position"] is not None
    assert (hazard(said, "service-named-target-port") is not None) is follows
    assert ("follows" in said) is follows


def test_07_a_service_that_cannot_get_the_number_holds_it(run: Run) -> None:
    """Another pod that the Service sends to means another number by the name."""
    Path("service.yaml").write_text(service("entry"))
    other = deployment({**SHOP, "ports": [{"name": "entry", "containerPort": 9000}]})
    Path("other.yaml").write_text(other)
    auth = {**AUTH, "ports": [{"name": "entry", "containerPort": 4180}]}
    said = told(run, deployment(SHOP, auth), "-t", "1.32", "--unsafe")["auth"]
    assert (said["verdict"], said["position"]) == ("review", None)
    assert hazard(said, "service-named-target-port") is not None


@pytest.mark.parametrize("version", ["1.29", "1.33"])
def test_07_two_ports_of_one_name_keep_a_service_where_it_sends_to(run: Run, version: str) -> None:
    """So far `http` is found in the proxy, which stands first; of an init container it would be found last."""
    Path("service.yaml").write_text(service("http"))
    auth = {**AUTH, "ports": [{"name": "http", "containerPort": 4180}]}
    shop = {**SHOP, "ports": [{"name": "http", "containerPort": 8080}]}
    text = deployment(auth, shop)
    assert hazard(told(run, text, "-t", version)["auth"], "port-name-shadowing") is not None
    assert after(run, text, "-t", version) == yaml.safe_load(text)["spec"]["template"]["spec"]


def test_08_whoever_takes_the_first_container_is_told_of_the_next(run: Run) -> None:
    found = hazard(told(run, deployment(AUTH, SHOP))["auth"], "default-container-shift")
    assert found is not None
    assert "take `shop` from then on; up to now they took `auth`" in found["message"]
    assert hazard(told(run, deployment(SHOP, AUTH))["auth"], "default-container-shift") is None


def test_08_the_annotation_that_names_the_container_settles_it(run: Run) -> None:
    said = "metadata:\n  annotations: {kubectl.kubernetes.io/default-container: shop}\n"
    assert hazard(told(run, deployment(AUTH, SHOP).replace("metadata:\n", said, 1))["auth"], "default-container-shift") is None


@pytest.mark.parametrize(("index", "listed"), [(0, False), (1, True)])
def test_08_a_script_that_counts_containers_is_named(run: Run, index: int, listed: bool) -> None:
    path = f"'{{.spec.template.spec.containers[{index}].image}}'"
    Path("image.sh").write_text(f"kubectl get deployment shop -o jsonpath={path}\n")
    found = hazard(told(run, deployment(SHOP, METRICS))["metrics"], "jsonpath-scripts")
    assert (found is not None and "(image.sh:1)" in found["message"]) is listed


def patch(key: str) -> str:
    """A strategic-merge patch of `metrics` in `shop`, in this list."""
    pod = {key: [{"name": "metrics", "args": ["--log.level=debug"]}]}
    return written(
        {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "shop"}, "spec": {"template": {"spec": pod}}}
    )


def test_09_a_patch_in_another_file_holds_its_base(run: Run) -> None:
    Path("overlay").mkdir()
    Path("overlay/debug.yaml").write_text(patch("containers"))
    text = deployment(SHOP, METRICS, LOGS)
    said = told(run, text, "--unsafe")
    assert moved(said) == ["logs"]
    found = hazard(said["metrics"], "kustomize-smp-left-behind")
    assert found is not None
    assert "overlay/debug.yaml:9" in found["message"]
    Path("overlay/debug.yaml").write_text(patch("initContainers"))
    assert moved(told(run, text)) == ["metrics", "logs"]


@pytest.mark.parametrize("layout", ["smallest", "canonical"])
@pytest.mark.parametrize("held", ["", "      initContainers:\n", "      initContainers: []\n", "      initContainers: null\n"])
@pytest.mark.parametrize("order", [(METRICS, SHOP), (SHOP, METRICS), (METRICS, SHOP, LOGS)])
def test_09_no_empty_key_is_left(run: Run, layout: str, held: str, order: tuple[dict[str, Any], ...]) -> None:
    """`initContainers:` with nothing below deletes those of the base where the text is used as a patch."""
    text = deployment(*order).replace("      containers:\n", f"{held}      containers:\n")
    left = after(run, text, "--layout", layout)
    keys = re.findall(r"(?m)^ +(containers|initContainers):(.*)\n( *- )?", Path("pod.yaml").read_text())
    assert sorted((key, value) for key, value, _ in keys) == [("containers", ""), ("initContainers", "")]
    assert all(item for _, _, item in keys)
    assert names(left["containers"]) == ["shop"]
    assert names(left["initContainers"]) == [one["name"] for one in order if one is not SHOP]


@pytest.mark.parametrize("identity", ["dashboards", "exit-code-consumers", "events-and-kubelet-metrics"])
def test_10_what_no_file_shows_has_a_page_that_says_so(run: Run, identity: str) -> None:
    shown = run("explain", identity)
    assert shown.exit_code == 0
    assert "What to do" in shown.stdout
    assert "No file shows it" in shown.stdout


@pytest.mark.parametrize(("query", "listed"), [('container="metrics"', True), ('container="shop"', False)])
def test_10_an_alert_that_would_fall_silent_is_named(run: Run, query: str, listed: bool) -> None:
    rule = {"alert": "Down", "expr": f"kube_pod_container_status_ready{{{query}}} == 0"}
    Path("rules.yaml").write_text(written({"groups": [{"name": "pods", "rules": [rule]}]}))
    found = hazard(told(run, deployment(SHOP, METRICS))["metrics"], "ksm-metrics-alerts")
    assert (found is not None and "the alert `Down` (rules.yaml:" in found["message"]) is listed


@pytest.mark.parametrize(("name", "listed"), [("metrics", True), ("shop", False)])
def test_11_an_autoscaler_of_the_container_is_named(run: Run, name: str, listed: bool) -> None:
    target = {"apiVersion": "apps/v1", "kind": "Deployment", "name": "shop"}
    policies = [{"containerName": name}, {"containerName": "*", "mode": "Off"}]
    spec = {"targetRef": target, "resourcePolicy": {"containerPolicies": policies}}
    head = {"apiVersion": "autoscaling.k8s.io/v1", "kind": "VerticalPodAutoscaler", "metadata": {"name": "shop"}}
    Path("vpa.yaml").write_text(written({**head, "spec": spec}))
    found = hazard(told(run, deployment(SHOP, METRICS))["metrics"], "vpa")
    assert (found is not None and "`shop` (vpa.yaml:" in found["message"]) is listed


def requests(pod: dict[str, Any]) -> int:
    """What the pod asks of a node in MiB: all that run at once, at the start or from then on (KEP-753)."""
    sidecars, peak = 0, 0
    for container in pod.get("initContainers", []):
        own = int(container["resources"]["requests"]["memory"].removesuffix("Mi"))
        peak = max(peak, sidecars + own)
        sidecars += own if container.get("restartPolicy") == "Always" else 0
    return max(peak, sidecars + sum(int(c["resources"]["requests"]["memory"].removesuffix("Mi")) for c in pod["containers"]))


@pytest.mark.parametrize("size", [100, 2000])
def test_11_appended_it_asks_for_no_more_and_placed_first_that_is_told(run: Run, size: int) -> None:
    def sized(container: dict[str, Any], memory: int) -> dict[str, Any]:
        return {**container, "resources": {"requests": {"memory": f"{memory}Mi"}}}

    unpack = sized({"name": "unpack", "image": "registry.example/unpack:1"}, size)
    text = deployment(sized(SHOP, 800), sized(METRICS, 300), sized(LOGS, 200), initContainers=[unpack])
    before = requests(yaml.safe_load(text)["spec"]["template"]["spec"])
    for position in ("last", "first"):
        said = told(run, text, "--position", position)
        assert moved(said) == ["metrics", "logs"]
        more = requests(after(run, text, "--position", position)) > before
        assert more is (position == "first" and size == 2000)
        assert any(hazard(container, "resources-increase") for container in said.values()) is more


def test_12_a_pre_stop_hook_is_told_of_and_never_deleted(run: Run) -> None:
    hooks: dict[str, dict[str, Any]] = {
        "auth": {"preStop": {"exec": {"command": ["sh", "-c", "kill -TERM 1"]}}},
        "metrics": {"preStop": {"sleep": {"seconds": 10}}},
    }
    text = deployment(SHOP, *({**one, "lifecycle": hooks[one["name"]]} for one in (AUTH, METRICS)))
    said = told(run, text)
    assert hazard(said["auth"], "prestop-self-terminates") is not None
    assert hazard(said["metrics"], "prestop-sleep-obsolete") is not None
    left = after(run, text, "--remove-quit-hacks")
    assert {container["name"]: container["lifecycle"] for container in left["initContainers"]} == hooks


TRAILING = """\
# Two documents, odd spacing and a version: all of it stays.
apiVersion:   v1
kind: ConfigMap
metadata: {name:  shop,   labels: {chart: "shop-1.4.2"} }
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: shop
spec:
  selector: {matchLabels: {app: shop}}
  template:
    metadata: {labels: {app: shop}}
    spec:

      containers:
        - image: 'registry.example/shop:1'   # pinned
          name: "shop"

        # Ships what the shop writes.
        - name: metrics
          image: prom/statsd-exporter:v0.27.1
          args: [ "--log.level=warn" ]
      terminationGracePeriodSeconds:  20
"""


def test_13_a_small_diff_two_lines_for_a_sidecar_that_stood_last(run: Run) -> None:
    chart = "name: shop\nversion: 1.4.2\nappVersion: '1'\n"
    Path("Chart.yaml").write_text(chart)
    Path("pod.yaml").write_text(TRAILING)
    changed = [line for line in run("--dry-run", ".").stdout.splitlines() if re.match(r"[+-](?![+-])", line)]
    assert changed == ["+      initContainers:", "+          restartPolicy: Always"]
    assert run(".").exit_code == 0
    added = ("      initContainers:", "          restartPolicy: Always")
    kept = [line for line in Path("pod.yaml").read_text().splitlines(keepends=True) if line.rstrip("\n") not in added]
    assert "".join(kept) == TRAILING
    assert Path("Chart.yaml").read_text() == chart


INSTALL = {"name": "install", "image": "registry.example/tools:1", "command": ["cp", "-r", "/tools/.", "/shared/"]}
ASKS_MAIN = {"postStart": {"exec": {"command": ["sh", "-c", "until nc -z localhost 8080; do sleep 1; done"]}}}


@pytest.mark.parametrize(
    ("text", "stays"),
    [
        pytest.param(deployment(SHOP, INSTALL), "install", id="a one-shot installer"),
        pytest.param(
            deployment({**SHOP, "ports": [{"containerPort": 8080}]}, {**AUTH, "lifecycle": ASKS_MAIN}),
            "auth",
            id="a helper that needs the application at its start",
        ),
        pytest.param(
            deployment({**SHOP, "args": ["web"], "name": "web"}, {**SHOP, "args": ["worker"], "name": "worker"}),
            "worker",
            id="an equal",
        ),
        pytest.param(deployment({**SQL, "name": "sql"}, name="sql"), "sql", id="the application itself, alone"),
        pytest.param(deployment({**SQL, "name": "sql"}, METRICS, name="sql"), "sql", id="a helper's image as the application"),
    ],
)
def test_14_what_is_no_candidate_stays(run: Run, text: str, stays: str) -> None:
    left = after(run, text)
    assert stays in names(left["containers"])
    assert stays not in names(left.get("initContainers", []))


def sections() -> dict[int, str]:
    """The page's text on each lesson."""
    found = re.split(r"(?m)^## (\d+)\. ", PAGE)
    return {int(number): text for number, text in zip(found[1::2], found[2::2], strict=True)}


def test_each_lesson_has_its_section_and_its_tests() -> None:
    tested = {int(name[5:7]) for name in globals() if re.match(r"test_\d\d_", name)}
    assert list(sections()) == sorted(tested) == list(range(1, 15))


@pytest.mark.parametrize("number", range(1, 15))
def test_a_section_names_only_what_there_is(run: Run, number: int) -> None:
    """Hazards have a page; what is looked for stands above the words on what the tool does not do, and the others below."""
    looked_for = {page.id: page.check is not None for page in pages()}
    does, mark, does_not = sections()[number].partition("*What it does not do:*")
    assert mark
    for text, checked in ((does, True), (does_not, False)):
        links = re.findall(r"\[`([a-z0-9-]+)`\]\(hazards\.md#([a-z0-9-]+)\)", text)
        assert len(links) == text.count("hazards.md#")
        assert [link for link in links if link[0] != link[1] or looked_for.get(link[0]) is not checked] == []
    shown = run("--help").stdout
    options = re.findall(r"`(--?[a-z-]+)", sections()[number])
    assert [option for option in options if not re.search(rf"(?<![\w-]){option}(?![\w-])", shown)] == []
