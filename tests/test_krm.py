"""The KRM function: a ResourceList goes in, and comes out with what moved and what was found."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from migrator.krm.resourcelist import NotAResourceList, read
from tests.conftest import Run

LIST = """\
apiVersion: config.kubernetes.io/v1
kind: ResourceList
functionConfig:
  apiVersion: v1
  kind: ConfigMap
  metadata: {name: how}
  data: {target-version: "1.33"}
items:
# The web server
- apiVersion: apps/v1
  kind: Deployment
  metadata:
    name: web
    namespace: shop
    annotations:
      config.kubernetes.io/index: '1'
      config.kubernetes.io/path: 'web/deployment.yaml'
      internal.config.kubernetes.io/index: '1'
      internal.config.kubernetes.io/path: 'web/deployment.yaml'
  spec:
    selector: {matchLabels: {app: web}}
    template:
      metadata: {labels: {app: web}}
      spec:
        containers:
        - name: web   # the server
          image: registry.example/web:1
        - name: cloud-sql-proxy
          image: gcr.io/cloud-sql-connectors/cloud-sql-proxy:2.14.1
- apiVersion: v1
  kind: Service
  metadata: {name: web}
"""


def moved(text: str) -> str:
    """The list as it comes out, apart from its results."""
    return text.partition("results:\n")[0]


def test_what_moves_moves_in_the_list_and_nothing_else_changes(run: Run) -> None:
    done = run("krm", stdin=LIST.encode())
    assert done.exit_code == 0
    before, after = LIST.splitlines(), moved(done.stdout).splitlines()
    assert [line for line in after if line not in before] == ["        initContainers:", "          restartPolicy: Always"]
    assert [line for line in before if line not in after] == []


def test_the_result_says_where(run: Run) -> None:
    (result, *_) = yaml.safe_load(run("krm", stdin=LIST.encode()).stdout)["results"]
    assert result == {
        "message": "`cloud-sql-proxy` is a native sidecar now",
        "severity": "info",
        "resourceRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": "web", "namespace": "shop"},
        "field": {"path": "spec.template.spec.initContainers[0]"},
        "file": {"path": "web/deployment.yaml", "index": 1},
    }


@pytest.mark.parametrize("text", [LIST, LIST.replace('"1.33"', '"1.28"'), LIST.replace("name: cloud-sql-proxy", "name: log")])
def test_what_comes_out_is_a_resource_list(run: Run, text: str) -> None:
    schema = json.loads((Path(__file__).parent / "schemas" / "resourcelist.json").read_text())
    said = yaml.safe_load(run("krm", stdin=text.encode()).stdout)
    jsonschema.Draft202012Validator(schema).validate(said)
    assert said["results"]


def test_a_second_run_changes_nothing_but_says_nothing_either(run: Run) -> None:
    once = run("krm", stdin=LIST.encode()).stdout
    again = run("krm", stdin=once.encode())
    assert again.stdout == moved(once)


def test_json_stays_json(run: Run) -> None:
    done = run("krm", stdin=json.dumps(yaml.safe_load(LIST)).encode())
    assert done.exit_code == 0
    said = json.loads(done.stdout)
    assert [c["name"] for c in said["items"][0]["spec"]["template"]["spec"]["initContainers"]] == ["cloud-sql-proxy"]
    assert said["results"][0]["severity"] == "info"


def test_results_of_functions_before_are_replaced(run: Run) -> None:
    said = yaml.safe_load(run("krm", stdin=(LIST + "results:\n- message: old\n  severity: info\n").encode()).stdout)
    assert [result["message"] for result in said["results"]] == ["`cloud-sql-proxy` is a native sidecar now"]


def test_an_old_cluster_is_a_warning_and_nothing_moves(run: Run) -> None:
    text = LIST.replace('"1.33"', '"1.28"')
    done = run("krm", stdin=text.encode())
    assert (done.exit_code, moved(done.stdout)) == (0, text)
    assert yaml.safe_load(done.stdout)["results"][0]["severity"] == "warning"


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("kind: List\n", "`kind: ResourceList` of config.kubernetes.io/v1 is wanted, not `List` of ``"),
        ("- a\n", "one ResourceList is wanted"),
        ("a: [\n", "not YAML"),
        (
            LIST.replace("target-version", "target-versoin"),
            "<stdin>:7: target-versoin: unknown key; did you mean `target-version`?",
        ),
        (LIST.replace('"1.33"', "new"), "<stdin>:7: target-version: "),
        (LIST.replace('{target-version: "1.33"}', "[1]"), "line 7: `data` is a mapping of options"),
        (LIST.replace("kind: ConfigMap", "kind: Strange"), "the function configuration is a ConfigMap, not `Strange`"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_written(run: Run, text: str, complaint: str) -> None:
    done = run("krm", stdin=text.encode())
    assert done.exit_code != 0
    assert done.stdout == ""
    assert complaint in done.stderr


@pytest.mark.parametrize(
    ("config", "complaint"),
    [
        ("confidence: nan", "confidence: nan is no number"),
        ("confidence: high", "confidence: a number is wanted here"),
        ('confidence: "0.2"', "confidence: 0.2 is not in the range"),
        ("unsafe: maybe", "unsafe: true or false is wanted here"),
        ("position: middle", "position: `middle` is none of"),
        ("target-version: [1]", "target-version: a text is wanted here"),
        ("jobs: 2", "jobs: unknown key"),
        ("baseline: b.json", "baseline: unknown key"),
    ],
)
def test_the_configuration_is_checked_as_that_of_a_repository(run: Run, config: str, complaint: str) -> None:
    done = run("krm", stdin=LIST.replace('target-version: "1.33"', config).encode())
    assert (done.exit_code, done.stdout) == (2, "")
    assert f"<stdin>:7: {complaint}" in done.stderr


@pytest.mark.parametrize(
    ("config", "moves"),
    [
        ("target-version: 1.30", True),
        ("unsafe: true, confidence: 0.95", True),
        ("unsafe: 'false', position: first", True),
        ("select: 'log-shipper, cloud-sql-proxy'", True),
        ("ignore: cloud-sql-proxy", False),
        ("ignore: [log, cloud-sql-proxy]", False),
    ],
)
def test_values_are_texts_with_or_without_quotes(run: Run, config: str, moves: bool) -> None:
    done = run("krm", stdin=LIST.replace('target-version: "1.33"', config).encode())
    assert done.exit_code == 0
    assert ("initContainers" in moved(done.stdout)) is moves


@pytest.mark.parametrize("config", ["  data: {}\n", "", "  data:\n"])
def test_a_configuration_that_asks_for_nothing_goes_by_the_defaults(run: Run, config: str) -> None:
    done = run("krm", stdin=LIST.replace('  data: {target-version: "1.33"}\n', config).encode())
    assert done.exit_code == 0
    assert "initContainers" in moved(done.stdout)


def test_a_bad_object_fails_the_function(run: Run) -> None:
    text = LIST.replace("        - name: cloud-sql-proxy", "        - name: web")
    done = run("krm", stdin=text.encode())
    assert done.exit_code == 1
    assert "two containers are called `web`" in done.stderr


@given(
    st.lists(
        st.fixed_dictionaries(
            {
                "message": st.text(st.characters(exclude_categories=["Cs"]), max_size=30),
                "severity": st.sampled_from(["info", "error"]),
            }
        ),
        max_size=3,
    )
)
@settings(deadline=None)
def test_results_are_read_back_as_they_were_written(results: list[dict[str, str]]) -> None:
    held = read(LIST)
    written = held.with_results(LIST, results)
    assert yaml.safe_load(written) == {**yaml.safe_load(LIST), **({"results": results} if results else {})}
    assert read(written).with_results(written, []) == LIST


def test_an_unended_list_is_ended_before_the_results() -> None:
    written = read(LIST.rstrip("\n")).with_results(LIST.rstrip("\n"), [{"message": "m"}])
    assert yaml.safe_load(written)["results"] == [{"message": "m"}]


def test_not_a_list_is_told_by_line() -> None:
    with pytest.raises(NotAResourceList, match="line 2"):
        read("a: 1\n  b: {\n")
