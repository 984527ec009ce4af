"""Hazards of completion, Jobs and quit hacks: the corners that golden cases do not show."""

from __future__ import annotations

from typing import Any

import pytest

from migrator.judge import rules
from migrator.judge.verdict import judge
from migrator.judge.view import PodView
from migrator.links import Links
from migrator.model import Decision, Hazard, Site, Workload
from migrator.plan.decide import decide
from migrator.plan.pid1 import deaf
from migrator.settings import Settings
from tests.pods import pod_of, workload_of
from tests.test_plan import decided

WORK = {"name": "books", "image": "registry.example/books:2"}
STATSD = {"name": "statsd", "image": "prom/statsd-exporter:v0.27.1"}
SQL = {
    "name": "cloud-sql-proxy",
    "image": "gcr.io/cloud-sql-connectors/cloud-sql-proxy:2.14.1",
    "args": ["--quitquitquit", "--port=5432", "a:b:c"],
}
QUIT = "curl -X POST http://localhost:9091/quitquitquit"
SHELL = "registry.example/tools:2"
Data = dict[str, Any]


def in_job(*containers: Data, workload: Workload | None = None, spec: Any = None, **fields: Any) -> dict[str, Decision]:
    """The decision for each container of a Job's pod, by name; `spec` is what stands beside its template."""
    pod = pod_of(*containers, **{"restartPolicy": "Never", **fields})
    owner = workload or workload_of("nightly", "Job", runs_to_completion=True, spec=spec or {})
    found = decide(Site(owner, pod, 0, (), 1), judge(pod, owner, rules.load()), Settings(), Links())
    return {decision.container.name: decision for decision in found}


def found(decision: Decision, name: str) -> Hazard | None:
    return next((hazard for hazard in decision.hazards if hazard.id == name), None)


def script(text: str, name: str = "beat-sidecar", **fields: Any) -> Data:
    return {"name": name, "image": SHELL, "command": ["sh", "-c", text], **fields}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("while true; do beat; sleep 5; done", "a loop of `sh`"),
        ("while :; do beat; sleep 60; done & sleep infinity", "a loop of `sh`"),
        ("inotifywait -m /in | while read f; do put $f; done", "a loop of `sh`"),
        ("trap '' TERM; while :; do beat; sleep 5; done", "a loop of `sh`"),
        ("sleep infinity", "`sleep` under `sh`"),
        ("touch /l; exec tail -F /l", "`tail` under `sh`"),
        ("trap 'exit 0' TERM; sleep infinity", "`sleep` in the foreground of `sh`, whose trap has to wait for it"),
        ("trap 'exit 0' TERM; sleep infinity & wait", None),
        ("trap 'exit 0' SIGTERM; while :; do beat; sleep 5; done", None),
        ("trap clean EXIT; while :; do beat; sleep 5; done", None),
        ("trap 'echo hup' HUP; while :; do beat; sleep 5; done", "a loop of `sh`"),
        ("while :; do rotate; sleep 60; done & exec nginx -g 'daemon off;'", None),
        ("nginx -g 'daemon off;'", None),
        ("prepare; agent", None),
        ("agent & tail -f /dev/null", None),
        ("until test -f /done; do sleep 1; done", None),
        ("{{ .Values.setup }}; while true; do beat; sleep 5; done", None),
    ],
)
def test_which_scripts_sigterm_does_not_end(text: str, words: str | None) -> None:
    assert deaf(PodView(pod_of(script(text)), workload_of()).views[0]) == words


@pytest.mark.parametrize(
    ("container", "fields", "words"),
    [
        ({"command": ["tail", "-F", "/l"]}, {}, "`tail`"),
        ({"command": ["/bin/busybox", "sleep", "infinity"]}, {}, "`sleep`"),
        ({"command": ["bash", "-c", "while :; do beat; done"]}, {}, "a loop of `bash`"),
        ({"command": ["tail"], "args": ["-F", "/l"]}, {}, "`tail`"),
        # Who reads `args` is for the image to say, but where it is known to have no entrypoint.
        ({"args": ["tail", "-F", "/l"]}, {}, None),
        ({"args": ["tail", "-F", "/l"], "image": "docker.io/library/busybox:1.36"}, {}, "`tail`"),
        ({"args": ["tail", "-F", "/l"], "image": "registry.example/team/busybox-tools:1"}, {}, None),
        ({"command": ["tini", "--", "tail", "-F", "/l"]}, {}, None),
        ({"command": ["dumb-init", "sh", "-c", "while :; do beat; done"]}, {}, None),
        ({"command": ["/pause"]}, {}, None),
        ({"command": ["tail", "-F", "/l"]}, {"shareProcessNamespace": True}, None),
        ({"command": ["tail", "-F", "/l"]}, {"hostPID": True}, None),
        ({"command": ["tail", "-F", "/l"]}, {"shareProcessNamespace": "{{ .Values.share }}"}, None),
        ({"command": ["tail", "-F", "/l"]}, {"shareProcessNamespace": False}, "`tail`"),
        ({}, {}, None),
    ],
)
def test_which_commands_sigterm_does_not_end(container: Data, fields: Data, words: str | None) -> None:
    assert deaf(PodView(pod_of({"name": "x", "image": SHELL, **container}, **fields), workload_of()).views[0]) == words


def test_a_job_waits_out_the_grace_period_of_a_deaf_sidecar() -> None:
    loop = script("while true; do beat; sleep 60; done")
    hazard = found(in_job(WORK, loop)["beat-sidecar"], "completion-delay")
    assert hazard is not None
    assert "ends 30 s after" in hazard.message
    hazard = found(in_job(WORK, loop, terminationGracePeriodSeconds=300)["beat-sidecar"], "completion-delay")
    assert hazard is not None
    assert "ends 300 s after" in hazard.message


@pytest.mark.parametrize("grace", [0, 2])
def test_a_grace_period_that_is_no_longer_than_the_least_one_delays_nothing(grace: int) -> None:
    loop = script("while true; do beat; sleep 60; done")
    assert found(in_job(WORK, loop, terminationGracePeriodSeconds=grace)["beat-sidecar"], "completion-delay") is None


@pytest.mark.parametrize("kind", ["Deployment", "Pod"])
def test_only_the_end_of_a_job_is_delayed(kind: str) -> None:
    """Elsewhere the grace period was waited out at each shutdown before; and who waits for a Pod is not known."""
    loop = script("while true; do beat; sleep 60; done")
    assert found(decided(WORK, loop, kind=kind, restartPolicy="Never")["beat-sidecar"], "completion-delay") is None


@pytest.mark.parametrize(
    ("hook", "severity", "words"),
    [
        ({"exec": {"command": ["sh", "-c", "deregister; sleep 15"]}}, "warn", "takes 15 s"),
        ({"exec": {"command": ["sh", "-c", "deregister; sleep 90"]}}, "warn", "takes 30 s"),
        ({"exec": {"command": ["sh", "-c", "deregister; sleep 1"]}}, "info", "is now run"),
        ({"exec": {"command": ["sh", "-c", "while busy; do sleep 5; done"]}}, "info", "is now run"),
        ({"httpGet": {"port": 9102, "path": "/flush"}}, "info", "is now run"),
        ({"httpGet": {"port": 9102, "path": "/quitquitquit"}}, None, ""),
        # Of these prestop-sleep-obsolete tells.
        ({"exec": {"command": ["sleep", "15"]}}, None, ""),
        ({"sleep": {"seconds": 15}}, None, ""),
        ({"exec": {"command": "sleep 15"}}, "info", "is now run"),
    ],
)
def test_a_hook_that_is_now_run_at_the_end_of_a_job(hook: Data, severity: str | None, words: str) -> None:
    hazard = found(in_job(WORK, {**STATSD, "lifecycle": {"preStop": hook}})["statsd"], "completion-delay")
    assert (hazard.severity if hazard else None) == severity
    assert words in (hazard.message if hazard else "")


def test_a_product_is_a_daemon_where_a_name_alone_may_be_the_work() -> None:
    named = {"name": "metrics-exporter", "image": "registry.example/usage:5"}
    shipper = {"name": "logs", "image": "cr.fluentbit.io/fluent/fluent-bit:3.2.1"}
    assert found(in_job(WORK, named)["metrics-exporter"], "run-to-completion-candidate") is not None
    assert found(in_job(WORK, STATSD)["statsd"], "run-to-completion-candidate") is None
    assert found(in_job(WORK, shipper)["logs"], "run-to-completion-candidate") is None
    assert found(decided(WORK, named)["metrics-exporter"], "run-to-completion-candidate") is None


def test_what_others_have_to_make_quit_does_not_end_by_itself() -> None:
    mounts = {"volumeMounts": [{"name": "pod", "mountPath": "/pod"}]}
    stats = {
        **script("collect & while [ ! -f /pod/done ]; do sleep 1; done; kill $!", "stats-sidecar", **mounts),
        "image": "stats",
    }
    volumes = [{"name": "pod", "emptyDir": {}}]
    told = in_job(script("./work; touch /pod/done", "books", **mounts), stats, volumes=volumes)["stats-sidecar"]
    assert (told.action, found(told, "run-to-completion-candidate")) == ("migrate", None)
    assert found(told, "quit-hack-file") is not None
    alone = in_job(script("./work", "books"), stats, volumes=volumes)["stats-sidecar"]
    assert (alone.action, found(alone, "quit-hack-file")) == ("review", None)


def test_in_a_job_what_runs_once_is_the_work() -> None:
    once = [script(f"git clone https://git.example/{name}", name) for name in ("left", "right")]
    assert in_job(SQL, *once)["cloud-sql-proxy"].action == "migrate"
    blocked = decided(SQL, *once)["cloud-sql-proxy"]
    assert found(blocked, "no-main-left") is not None


def test_equals_are_named_once_for_a_pod() -> None:
    pair = [{"name": name, "image": f"registry.example/{name}:1"} for name in ("orders", "customers")]
    several = in_job(SQL, *pair, STATSD)
    warned = [name for name, decision in several.items() if found(decision, "main-ambiguous")]
    assert warned == ["cloud-sql-proxy"]
    hazard = found(several["cloud-sql-proxy"], "main-ambiguous")
    assert hazard is not None
    assert "`orders`, `customers`" in hazard.message
    assert found(decided(SQL, *pair)["cloud-sql-proxy"], "main-ambiguous") is None


@pytest.mark.parametrize(
    ("container", "word"),
    [
        (script("while true; do save; sleep 60; done", "backup-sidecar"), "backup"),
        (script("while true; do git push; sleep 60; done", "git-sidecar"), "push"),
        ({**script("while true; do x; sleep 60; done"), "image": "registry.example/report-writer:1"}, "report"),
        (script("while true; do test -f /a && x; sleep 60; done"), None),
        (script("while true; do x http://pushgateway:9091; sleep 60; done"), None),
        ({**script("while true; do x; sleep 60; done"), "image": "registry.example/tools:latest-test"}, None),
        ({**STATSD, "name": "report-metrics"}, None),
    ],
)
def test_work_with_a_result(container: Data, word: str | None) -> None:
    hazard = found(in_job(WORK, container)[container["name"]], "candidate-failure-significant")
    assert (hazard is None) is (word is None)
    assert hazard is None or f"(`{word}`)" in hazard.message


@pytest.mark.parametrize(
    ("policy", "certain"), [("Never", True), ("OnFailure", True), ("{{ .Values.policy }}", False), (["Never"], False)]
)
def test_a_restart_policy_of_its_own_is_left_alone(policy: Any, certain: bool) -> None:
    hazard = found(decided(WORK, {**STATSD, "restartPolicy": policy})["statsd"], "restartpolicy-on-regular")
    assert hazard is not None
    assert (hazard.severity, hazard.certain) == ("block", certain)


def test_what_is_always_restarted_keeps_only_a_job_from_its_end() -> None:
    always = {**WORK, "restartPolicy": "Always"}
    hazard = found(in_job({**always, "name": "nightly"}, STATSD)["statsd"], "restartpolicy-on-regular")
    assert hazard is not None
    assert (hazard.severity, hazard.line) == ("warn", 6)
    assert found(decided({**always, "name": "shop"}, STATSD)["statsd"], "restartpolicy-on-regular") is None


@pytest.mark.parametrize(
    ("spec", "policy", "after", "expected"),
    [
        ({"backoffLimit": 0}, "OnFailure", "", ("block", False)),
        ({"backoffLimit": 1}, "OnFailure", "", ("block", False)),
        ({"backoffLimit": 1}, "OnFailure", "; sleep 30", ("block", True)),
        ({"backoffLimit": 1}, "OnFailure", "; sleep 1", ("block", False)),
        ({"backoffLimit": 2}, "OnFailure", "; sleep 30", ("warn", False)),
        ({"backoffLimit": 4, "parallelism": 4}, "OnFailure", "", ("block", False)),
        ({}, "OnFailure", "", ("warn", False)),
        ({"backoffLimit": "{{ .Values.limit }}"}, "OnFailure", "", ("warn", False)),
        ({"backoffLimit": 0}, "Never", "", None),
    ],
)
def test_a_restart_counts_against_the_backoff_limit(spec: Data, policy: str, after: str, expected: Any) -> None:
    told = in_job(script(f"./work; {QUIT}{after}", "books"), SQL, spec=spec, restartPolicy=policy)["cloud-sql-proxy"]
    hazard = found(told, "job-backofflimit-counts-sidecar")
    assert ((hazard.severity, hazard.certain) if hazard else None) == expected


def test_what_was_counted_before_is_no_hazard() -> None:
    """A failing livenessProbe restarts a regular container under OnFailure, too."""
    probed = {**SQL, "livenessProbe": {"httpGet": {"port": 9090, "path": "/liveness"}}}
    found_here = in_job(WORK, probed, spec={"backoffLimit": 0}, restartPolicy="OnFailure")["cloud-sql-proxy"]
    assert found(found_here, "job-backofflimit-counts-sidecar") is None


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ({"operator": "In", "values": [143]}, "143"),
        ({"operator": "In", "values": [1, 137]}, "137"),
        ({"operator": "In", "values": [1, 2]}, None),
        ({"operator": "NotIn", "values": [1, 2]}, "143"),
        ({"operator": "NotIn", "values": [137, 143]}, None),
        ({"operator": "NotIn", "values": [143]}, "137"),
        ({"operator": "In", "values": [143], "containerName": "books"}, None),
        ({"operator": "In", "values": [42], "containerName": "statsd"}, "is for exit codes of `statsd`"),
        ({"operator": "In", "values": "143"}, None),
        ({"operator": "{{ .op }}", "values": [143]}, None),
        ({"operator": "NotIn", "values": []}, None),
        ([], None),
    ],
)
def test_which_rules_see_how_a_sidecar_was_stopped(rule: Any, words: str | None) -> None:
    policy = {"rules": [{"action": "FailJob", "onExitCodes": rule}]}
    hazard = found(in_job(WORK, STATSD, spec={"podFailurePolicy": policy})["statsd"], "podfailurepolicy-exit-codes")
    assert (hazard is None) is (words is None)
    assert hazard is None or str(words) in hazard.message


def test_a_deaf_sidecar_is_always_killed() -> None:
    loop = script("while true; do beat; sleep 60; done")
    for code, seen in ((143, False), (137, True)):
        policy = {"rules": [{"action": "Ignore", "onExitCodes": {"operator": "In", "values": [code]}}]}
        decision = in_job(WORK, loop, spec={"podFailurePolicy": policy})["beat-sidecar"]
        assert (found(decision, "podfailurepolicy-exit-codes") is not None) is seen


@pytest.mark.parametrize(
    ("kind", "name", "annotations", "fires"),
    [
        ("Job", "seed", {}, True),
        ("Pod", "seed", {}, True),
        ("CronJob", "seed", {}, False),
        ("Deployment", "seed", {}, False),
        ("Job", "seed-", {}, False),
        ("Job", "", {}, False),
        ("Job", "seed", {"helm.sh/hook": "pre-install"}, False),
        ("Pod", "seed", {"argocd.argoproj.io/hook": "PreSync"}, False),
        ("Job", "seed", {"argocd.argoproj.io/sync-options": "Replace=true,Force=true"}, False),
        ("Job", "seed", {"argocd.argoproj.io/sync-options": "Prune=false"}, True),
        ("Job", "seed", {"kustomize.toolkit.fluxcd.io/force": "enabled"}, False),
        ("Job", "seed", {"kustomize.toolkit.fluxcd.io/force": "disabled"}, True),
    ],
)
def test_what_exists_already_and_cannot_be_changed(kind: str, name: str, annotations: dict[str, str], fires: bool) -> None:
    owner = workload_of(name, kind, runs_to_completion=kind in ("Job", "CronJob"), annotations=annotations)
    decision = in_job(WORK, STATSD, workload=owner)["statsd"]
    assert (found(decision, "immutable-owner") is not None) is fires


@pytest.mark.parametrize(
    ("container", "kind", "expected"),
    [
        (script(f"./work; {QUIT}", "books"), "Job", "warn"),
        # The container was started again before as well: the hack does what it did.
        (script(f"./work; {QUIT}", "books"), "Deployment", "info"),
        # Nothing is started again once the pod is being deleted.
        ({**WORK, "lifecycle": {"preStop": {"exec": {"command": ["sh", "-c", QUIT]}}}}, "Job", None),
        ({**WORK, "command": ["linkerd-await", "--shutdown", "--", "./work"]}, "Job", None),
        (script("./work; curl -X POST http://localhost:15020/quitquitquit", "books"), "Job", None),
    ],
)
def test_who_is_told_to_quit(container: Data, kind: str, expected: str | None) -> None:
    policy = "Always" if kind == "Deployment" else "Never"
    hazard = found(decided(container, SQL, kind=kind, restartPolicy=policy)["cloud-sql-proxy"], "quit-hack-http")
    assert (hazard.severity if hazard else None) == expected


def test_a_call_that_nobody_listens_to_makes_nobody_quit() -> None:
    told = in_job(script("./work; pkill cloud-sql-proxy", "books"), SQL, restartPolicy="OnFailure", spec={"backoffLimit": 0})
    hazard = found(told["cloud-sql-proxy"], "quit-hack-signal")
    assert hazard is not None
    assert hazard.severity == "info"
    assert "nothing shows that `cloud-sql-proxy` listens" in hazard.message
    assert found(told["cloud-sql-proxy"], "job-backofflimit-counts-sidecar") is None


def test_a_second_run_blocks_the_same() -> None:
    """Whether a neighbour has moved already makes no difference to what is blocked."""
    work = script(f"./work; {QUIT}", "books")
    exporter = {"name": "metrics-exporter", "image": "registry.example/usage:5"}
    spec = {"backoffLimit": 0}
    first = in_job(work, SQL, exporter, STATSD, spec=spec, restartPolicy="OnFailure")
    moved = {**STATSD, "restartPolicy": "Always"}
    second = in_job(work, SQL, exporter, spec=spec, restartPolicy="OnFailure", initContainers=[moved])
    assert first["statsd"].position == 0
    for name in ("cloud-sql-proxy", "metrics-exporter"):
        blocked = [[hazard.id for hazard in run[name].hazards if hazard.severity == "block"] for run in (first, second)]
        assert blocked[0] == blocked[1] != []


@pytest.mark.parametrize("junk", [None, 7, True, "text", [], {}, [1], {"rules": 3}, {"rules": [None, {"onExitCodes": 1}]}])
def test_any_value_may_stand_anywhere(junk: Any) -> None:
    spec = {"backoffLimit": junk, "parallelism": junk, "podFailurePolicy": junk}
    odd = {**SQL, "restartPolicyRules": junk, "lifecycle": {"preStop": junk}, "livenessProbe": junk}
    for policy in ("OnFailure", "Never"):
        told = in_job(
            script(f"./work; {QUIT}", "books"), odd, spec=spec, restartPolicy=policy, terminationGracePeriodSeconds=junk
        )
        assert set(told) == {"books", "cloud-sql-proxy"}
