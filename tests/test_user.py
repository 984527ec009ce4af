"""The user's word is final: comments, annotations, --select, --ignore, rules of their own; explain and schema."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from migrator.judge import rules
from migrator.judge.schema import rule_schema
from migrator.report.rule import page
from tests.conftest import Run
from tests.test_cli import POD as ONE
from tests.test_rules import RULE, TREE

POD = ONE + "  - name: metrics\n    image: prom/statsd-exporter:v0.26\n"


def verdicts(run: Run, text: str, *flags: str) -> dict[str, dict[str, Any]]:
    """What the tool says of each container of the pod."""
    Path("pod.yaml").write_text(text)
    result = run(*flags, "--dry-run", "-f", "json", "pod.yaml")
    assert result.exit_code == 0, result.stderr
    (pod,) = json.loads(result.stdout)["files"][0]["pods"]
    return {container["name"]: container for container in pod["containers"]}


def moved(run: Run, text: str, *flags: str) -> list[str]:
    return [name for name, said in verdicts(run, text, *flags).items() if said["position"] is not None]


@pytest.mark.parametrize(
    "text",
    [
        POD.replace("  - name: auth", "  # sidecar-migrate: ignore[the mesh does this]\n  - name: auth"),
        POD.replace("  - name: auth", "  # sidecar-migrate: ignore[the mesh does this]\n  # and more\n  - name: auth"),
        POD.replace("  - name: auth", "  - name: auth # sidecar-migrate: ignore[the mesh does this]"),
        POD.replace("  - name: auth", "  - name: auth # sidecar-migrate: ignore the mesh does this"),
        POD.replace(
            "  name: shop\n", '  name: shop\n  annotations: {sidecar-migrate.dev/ignore: "auth: the mesh does this"}\n', 1
        ),
    ],
)
def test_an_ignore_keeps_a_container_and_tells_its_reason(run: Run, text: str) -> None:
    said = verdicts(run, text)
    assert (said["auth"]["verdict"], said["auth"]["reason"]) == ("keep", "ignored: the mesh does this")
    assert said["metrics"]["verdict"] == "migrate"


def test_a_comment_makes_a_sidecar(run: Run) -> None:
    plain = POD.replace("prom/statsd-exporter:v0.26", "registry.example/x").replace("metrics", "x")
    assert moved(run, plain) == ["auth"]
    marked = plain.replace("  - name: x", "  - name: x # sidecar-migrate: sidecar")
    assert moved(run, marked) == ["auth", "x"]
    assert "its author says so" in verdicts(run, marked)["x"]["evidence"][0]["message"]


def test_a_comment_makes_the_main_container(run: Run) -> None:
    said = verdicts(run, POD.replace("  - name: auth", "  # sidecar-migrate: main\n  - name: auth"))
    assert (said["auth"]["role"], said["auth"]["verdict"]) == ("main", "keep")


def test_a_hazard_still_stops_what_is_said_to_be_a_sidecar(run: Run) -> None:
    text = POD.replace("  - name: auth", "  - name: auth # sidecar-migrate: sidecar") + "    restartPolicy: Never\n"
    assert moved(run, text.replace("    restartPolicy", "    # below\n    restartPolicy")) == ["auth"]
    blocked = POD.replace("  - name: auth\n", "  - name: auth # sidecar-migrate: sidecar\n    restartPolicy: Never\n")
    assert moved(run, blocked) == ["metrics"]


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        (
            POD.replace("  - name: auth", "  - name: auth # sidecar-migrate: ignroe"),
            "pod.yaml:9: sidecar-migrate knows no `ignroe` here",
        ),
        (
            POD.replace("  name: shop\n", "  name: shop\n  annotations: {sidecar-migrate.dev/skip: auth}\n", 1),
            "knows no `skip` here",
        ),
        (
            POD.replace("  name: shop\n", "  name: shop\n  annotations: {sidecar-migrate.dev/ignore: aut}\n", 1),
            "names `aut`, which is no",
        ),
    ],
)
def test_a_misspelt_word_is_told(run: Run, text: str, complaint: str) -> None:
    Path("pod.yaml").write_text(text)
    result = run("-f", "diff", "pod.yaml")
    assert result.exit_code == 3
    assert complaint in result.stderr


def test_the_pod_templates_annotations_are_not_ours(run: Run) -> None:
    body = "".join(f"    {line}\n" for line in POD.split("spec:\n")[1].splitlines())
    text = (
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: shop}\nspec:\n  selector: {}\n  template:\n"
        "    metadata: {annotations: {sidecar-migrate.dev/ignore: auth}}\n    spec:\n" + body
    )
    assert moved(run, text) == ["auth", "metrics"]


@pytest.mark.parametrize(
    ("flags", "expected"),
    [
        (["-s", "auth-proxy"], ["auth"]),
        (["--select", "statsd-exporter"], ["metrics"]),
        (["-s", "met*"], ["metrics"]),
        (["-s", "auth,metrics"], ["auth", "metrics"]),
        (["-s", "nothing"], []),
        (["--ignore", "auth-proxy"], ["metrics"]),
        (["--ignore", "oauth2-proxy"], ["metrics"]),
        (["--ignore", "auth", "--ignore", "metrics"], []),
        (["-s", "auth,metrics", "--ignore", "auth"], ["metrics"]),
    ],
)
def test_select_and_ignore(run: Run, flags: list[str], expected: list[str]) -> None:
    assert moved(run, POD, *flags) == expected


def test_an_ignore_that_ignores_nothing_is_reported(run: Run) -> None:
    Path("pod.yaml").write_text(POD.replace("  - name: shop\n    image", "  - name: shop # sidecar-migrate: ignore\n    image"))
    result = run("--dry-run", "--ignore", "vpn", "--ignore", "auth", ".")
    assert "--ignore vpn ignored nothing" in result.stderr
    assert "--ignore auth ignored nothing" not in result.stderr
    assert "pod.yaml:7: `shop` would stay without being ignored" in result.stderr


def test_rules_of_ones_own(run: Run) -> None:
    Path("own/team").mkdir(parents=True)
    text = POD.replace("prom/statsd-exporter:v0.26", "shipper:1").replace("metrics", "x")
    assert moved(run, text) == ["auth"]
    Path("own/team/shipper.yaml").write_text(RULE)
    assert moved(run, text, "--rules-dir", "own") == ["auth", "x"]
    Path("own/oauth2-proxy.yaml").write_text(
        RULE.replace("id: shipper", "id: oauth2-proxy").replace("image: [shipper]", "image: [x]")
    )
    said = verdicts(run, text, "--rules-dir", "own")
    assert "oauth2-proxy" not in [evidence["rule"] for evidence in said["auth"]["evidence"]]


def test_a_mistake_in_ones_own_rules_ends_with_2(run: Run) -> None:
    Path("own").mkdir()
    Path("own/shipper.yaml").write_text(RULE.replace("role: sidecar", "role: helper"))
    Path("pod.yaml").write_text(POD)
    for folder, complaint in (("own", "own/shipper.yaml:4: role: `helper` is none of"), ("nowhere", "nowhere: no such folder")):
        result = run("--rules-dir", folder, ".")
        assert complaint in str(result.exception)


def test_explain_knows_every_rule(run: Run) -> None:
    listed = {line.split()[0] for line in run("explain").stdout.splitlines()}
    known = rules.load().rules
    assert {rule.id for rule in known} <= listed
    for rule in known:
        shown = page(rule)
        assert shown.startswith(f"{rule.id}: {rule.title}\n")
        assert all(source in shown for source in rule.sources)
    assert run("explain", known[0].id).stdout == page(known[0])


def test_explain_helps_with_a_misspelt_rule(run: Run) -> None:
    result = run("explain", "fluent-bt")
    assert result.exit_code == 2
    assert "did you mean `fluent-bit`?" in result.stderr


def test_a_path_that_is_called_like_a_command(run: Run) -> None:
    Path("explain").mkdir()
    Path("explain/pod.yaml").write_text(POD)
    assert "1 rewritten" in run("./explain").stderr


def test_every_rule_satisfies_the_schema(run: Run) -> None:
    schema = json.loads(run("schema", "rules").stdout)
    assert schema == rule_schema()
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(schema)
    for path in TREE.glob("*/*.yaml"):
        if path.parent.name not in rules.NO_RULES:
            assert [error.message for error in validator.iter_errors(yaml.safe_load(path.read_text()))] == [], path.name
    broken = yaml.safe_load(RULE)
    broken["clues"][0]["weight"] = 3
    assert not validator.is_valid(broken)


def test_the_report_says_what_a_newer_cluster_settles(run: Run) -> None:
    """And it is true: with that version the container moves."""
    port = (
        "- name: auth\n        image: quay.io/oauth2-proxy/oauth2-proxy:v7.6.0\n        ports: [{name: web, containerPort: 4180}]"
    )
    Path("shop.yaml").write_text(
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: shop}\nspec:\n  template:\n    metadata: {labels: {app: shop}}\n"
        f"    spec:\n      containers:\n      - name: shop\n        image: shop\n      {port}\n---\n"
        "apiVersion: v1\nkind: Service\nmetadata: {name: shop}\n"
        "spec:\n  selector: {app: shop}\n  ports: [{port: 80, targetPort: &port web}]\n"
    )
    shown = run("--dry-run", ".").stderr
    assert "moves with --target-version 1.33\n" in shown
    assert "reviews that a newer cluster settles: 1 of 1 with --target-version 1.33\n" in shown
    assert "1 would be rewritten" in run("--dry-run", "-t", "1.33", ".").stderr
    assert "--target-version" not in run("--dry-run", "-t", "1.33", ".").stderr


@pytest.mark.parametrize("where", ["middle", "before", "before:", "after", ":a", "index:1"])
def test_what_is_no_position(run: Run, where: str) -> None:
    found = run("--position", where, ".")
    assert found.exit_code == 2
    assert f"`{where}` is none of last, first, before:NAME, after:NAME" in found.stderr
