"""What is asked for beside the moves: together with them or not at all."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import yaml

from tests.conftest import Run

JOB = """\
apiVersion: batch/v1
kind: Job
metadata: {name: load}
spec:
  backoffLimit: 0
  template:
    spec:
      restartPolicy: OnFailure
      containers:
      - name: load
        image: registry.example/load
        command:
        - sh
        - -c
        - SCRIPT
      - name: cloud-sql-proxy
        image: gcr.io/cloud-sql-connectors/cloud-sql-proxy:2.11.4
        args: [--quitquitquit, "shop:eu:db"]
"""
HACK = 'trap "curl -X POST localhost:9091/quitquitquit; sleep 10" EXIT;'
FOLDED = f">-\n          {HACK}\n          /load"


def containers(report: str) -> dict[str, Any]:
    (file,) = json.loads(report)["files"]
    (pod,) = file["pods"]
    return {**{container["name"]: container for container in pod["containers"]}, "extras": pod["extras"]}


def test_a_script_that_cannot_be_edited_leaves_the_pod_as_it_would_be_without_the_flag(run: Run) -> None:
    """The hack is still there, so the hazard that it makes is, too, and nothing moves."""
    Path("job.yaml").write_text(JOB.replace("SCRIPT", FOLDED))
    found = containers(run("--dry-run", "--remove-quit-hacks", "-f", "json", ".").stdout)
    assert found["cloud-sql-proxy"]["verdict"] == "review"
    assert found["cloud-sql-proxy"]["hazards"][0]["id"] == "job-backofflimit-counts-sidecar"
    (said,) = found["extras"]
    assert said.startswith("`curl -X POST localhost:9091/quitquitquit`, with which `load` stops `cloud-sql-proxy`")
    assert ": not done, " in said


def test_the_same_script_on_a_line_of_its_own(run: Run) -> None:
    Path("job.yaml").write_text(JOB.replace("SCRIPT", f"'{HACK} /load'"))
    shown = run("--remove-quit-hacks", ".")
    assert shown.exit_code == 0
    spec = yaml.safe_load(Path("job.yaml").read_text())["spec"]["template"]["spec"]
    assert spec["containers"][0]["command"] == ["sh", "-c", 'trap "sleep 10" EXIT; /load']
    assert [c["name"] for c in spec["initContainers"]] == ["cloud-sql-proxy"]
    assert "also: `curl -X POST" in shown.stdout


def test_without_the_flag_no_script_is_touched(run: Run) -> None:
    Path("job.yaml").write_text(JOB.replace("SCRIPT", f"'{HACK} /load'").replace("backoffLimit: 0", "backoffLimit: 6"))
    run(".")
    assert HACK in Path("job.yaml").read_text()
    assert "restartPolicy: Always" in Path("job.yaml").read_text()


def test_an_annotation_that_cannot_be_written_keeps_nothing_else_from_being_done(run: Run) -> None:
    pod = "spec:\n  containers:\n  - {name: shop, image: shop}\n  - {name: logs, image: 'fluent/fluent-bit:3'}\n"
    Path("pod.yaml").write_text(
        "apiVersion: v1\nkind: Pod\nmetadata:\n  name: shop\n  labels: &same {sidecar.istio.io/inject: 'true'}\n"
        "  annotations: *same\n" + pod
    )
    found = containers(run("--dry-run", "--enable-native-injectors", "-f", "json", ".").stdout)
    assert found["logs"]["verdict"] == "migrate"
    assert found["extras"] == ['the annotation sidecar.istio.io/nativeSidecar: "true" is set: not done, an alias']


def test_what_newer_clusters_settle_is_said_of_the_pod_as_it_will_be(run: Run) -> None:
    """With the hack taken out, only the resizePolicy is left to keep it."""
    text = JOB.replace("SCRIPT", f"'{HACK} /load'") + "        resizePolicy: [{resourceName: cpu, restartPolicy: NotRequired}]\n"
    Path("job.yaml").write_text(text)
    found = containers(run("--dry-run", "--remove-quit-hacks", "-f", "json", ".").stdout)
    assert found["cloud-sql-proxy"]["settledBy"] == "1.33"
    assert found["extras"] == []
    bare = containers(run("--dry-run", "-f", "json", ".").stdout)
    assert bare["cloud-sql-proxy"]["settledBy"] is None
