"""The configuration: where it is found, what it may say, and that the command line wins over it."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import click
import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from migrator.cli import cli
from migrator.config.keys import PER_RUN, keys
from migrator.config.schema import config_schema
from migrator.report.schema import report_schema
from tests.conftest import Run
from tests.test_cli import DOUBT, MOVED, POD
from tests.test_golden import cases

KEYS = keys(cli)


@pytest.fixture
def pod(run: Run) -> Path:
    """A manifest with one helper to move, in a folder of its own."""
    path = Path("k8s/pod.yaml")
    path.parent.mkdir()
    path.write_text(POD)
    return path


def write(text: str, path: str = ".sidecar-migrate.yaml") -> None:
    """Write a configuration."""
    Path(path).write_text(text)


def settings(run: Run, *args: str) -> dict[str, tuple[Any, str]]:
    """What `--show-settings` says: value and origin by key."""
    lines = [line for line in run("--show-settings", *args).stdout.splitlines() if not line.startswith("#")]
    told = [line.rpartition("  # ") for line in lines]
    return {key: (json.loads(value), origin) for said, _, origin in told for key, _, value in [said.partition(": ")]}


def test_without_a_configuration_all_is_as_the_help_says(run: Run) -> None:
    shown = settings(run)
    assert {origin for _, origin in shown.values()} == {"default"}
    assert shown["target-version"] == ("1.29", "default")
    assert set(shown) == set(KEYS)


def test_keys_are_flags_and_the_command_line_wins(run: Run, pod: Path) -> None:
    write('target-version: "1.33"\nexclude: [vendor/, "*.json"]\nunsafe: true\njobs: 2\nformat: [diff]\n')
    shown = settings(run, "-t", "1.31", "k8s")
    assert shown["target-version"] == ("1.31", "--target-version")
    assert shown["exclude"] == (["vendor/", "*.json"], ".sidecar-migrate.yaml:2")
    assert shown["unsafe"] == (True, ".sidecar-migrate.yaml:3")
    assert shown["jobs"] == (2, ".sidecar-migrate.yaml:4")
    assert shown["format"] == (["diff"], ".sidecar-migrate.yaml:5")
    assert shown["layout"] == ("smallest", "default")


def test_a_configuration_is_heeded(run: Run) -> None:
    Path("pod.yaml").write_text(DOUBT)
    assert "1 for review" in run("--dry-run").stderr
    write("confidence: 0.6\n")
    assert "1 would be rewritten" in run("--dry-run").stderr
    assert "1 for review" in run("--dry-run", "--no-config").stderr
    assert "1 for review" in run("--dry-run", "--confidence", "0.9").stderr


def test_pyproject_has_a_table(run: Run, pod: Path) -> None:
    write('[project]\nname = "x"\n\n[tool.sidecar-migrate]\nexclude = [\n  "k8s/",\n]\nconfidence = 1\n', "pyproject.toml")
    shown = settings(run, "k8s")
    assert shown["exclude"] == (["k8s/"], "pyproject.toml:5")
    assert shown["confidence"] == (1.0, "pyproject.toml:8")
    assert run("--show-files").stdout == ""


def test_a_pyproject_that_is_about_something_else_is_passed_over(run: Run, pod: Path) -> None:
    write('[tool.other]\nname = "x"\n', "k8s/pyproject.toml")
    write("unsafe: true\n")
    assert settings(run, "k8s")["unsafe"] == (True, ".sidecar-migrate.yaml:1")
    write("[tool.other\n", "k8s/pyproject.toml")
    assert settings(run, "k8s")["unsafe"] == (True, ".sidecar-migrate.yaml:1")


def test_the_nearest_counts_alone(run: Run, pod: Path) -> None:
    write('unsafe: true\ntarget-version: "1.33"\n')
    write("layout: canonical\n", "k8s/.sidecar-migrate.yaml")
    shown = settings(run, "k8s/pod.yaml")
    assert shown["layout"] == ("canonical", "k8s/.sidecar-migrate.yaml:1")
    assert shown["unsafe"] == (False, "default")
    assert settings(run, "k8s", ".")["unsafe"] == (True, ".sidecar-migrate.yaml:1")


def test_the_top_of_the_work_tree_is_the_end(run: Run, pod: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write("unsafe: true\n")
    subprocess.run(["git", "init", "-q", "k8s"], check=True)
    assert settings(run, "k8s")["unsafe"] == (False, "default")
    assert settings(run, "--config", ".sidecar-migrate.yaml", "k8s")["unsafe"] == (True, ".sidecar-migrate.yaml:1")
    subprocess.run(["git", "init", "-q", "."], check=True)
    Path("k8s/deep").mkdir()
    monkeypatch.chdir("k8s/deep")
    write("jobs: 3\n", "../.sidecar-migrate.yml")
    assert settings(run)["jobs"] == (3, "../.sidecar-migrate.yml:1")


def test_outside_git_the_current_folder_is_the_end(run: Run, pod: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write("unsafe: true\n")
    assert settings(run, "k8s/pod.yaml")["unsafe"] == (True, ".sidecar-migrate.yaml:1")
    monkeypatch.chdir("k8s")
    assert settings(run)["unsafe"] == (False, "default")


def test_stdin_has_that_of_its_name(run: Run, pod: Path) -> None:
    write("confidence: 0.6\n", "k8s/.sidecar-migrate.yaml")
    assert "1 for review" in run("-", "--dry-run", stdin=DOUBT.encode()).stderr
    assert "1 would be" in run("-", "--dry-run", "--stdin-filename", "k8s/x.yaml", stdin=DOUBT.encode()).stderr


def test_paths_and_patterns_start_from_the_file(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("app/pod.yaml", "app/vendor/pod.yaml", "vendor/pod.yaml"):
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_text(POD)
    subprocess.run(["git", "init", "-q", "."], check=True)
    write("exclude: [/vendor/]\nbaseline: known.json\nrules-dir: [own/rules]\n")
    monkeypatch.chdir("app")
    assert run("--show-files").stdout == "pod.yaml\nvendor/pod.yaml\n"
    assert run("--show-files", "--exclude", "/vendor/").stdout == "pod.yaml\n"
    assert settings(run)["baseline"][0] == "../known.json"
    assert settings(run)["rules-dir"][0] == ["../own/rules"]
    assert run("--show-files", "..").stdout == "../.sidecar-migrate.yaml\n../app/pod.yaml\n../app/vendor/pod.yaml\n"


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("unsafe: true\ntarget_version: '1.30'\n", ":2: target_version: unknown key; did you mean `target-version`?"),
        ("colour: never\n", ":1: colour: unknown key; did you mean `color`?"),
        ("xyzzy: 1\n", ":1: xyzzy: unknown key; known are unsafe, confidence, "),
        ("check: true\n", ":1: check: says what one run does, and belongs on the command line"),
        ("target-version: 1.30\n", ":1: target-version: a text is wanted here, in quotes"),
        ("target-version: latest\n", ":1: target-version: `latest` is no Kubernetes version such as 1.29"),
        ("\n\nunsafe: 1\n", ":3: unsafe: true or false is wanted here"),
        ("exclude: vendor/\n", ":1: exclude: a list of texts is wanted here"),
        ("exclude: [1]\n", ":1: exclude: a list of texts is wanted here"),
        ("jobs: many\n", ":1: jobs: a whole number is wanted here"),
        ("jobs: true\n", ":1: jobs: a whole number is wanted here"),
        ("jobs: -1\n", ":1: jobs: -1 is not in the range"),
        ("confidence: 2\n", ":1: confidence: 2"),
        ("layout: wide\n", ":1: layout: 'wide' is not one of"),
        ("format: [xml]\n", ":1: format: `xml` is none of"),
        ("position: middle\n", ":1: position: `middle` is none of"),
        ("unsafe: true\nunsafe: false\n", ":2: unsafe: given twice"),
        ("- unsafe\n", ":1: one mapping of keys is wanted in the file"),
        ("unsafe: true\n---\nunsafe: true\n", ":3: one mapping of keys is wanted in the file"),
        ("unsafe: 'true\n", ":2: not YAML"),
        ("unsafe:\n", ":1: unsafe: true or false is wanted here"),
        ("? [a]\n: 1\n", ":1: "),
    ],
)
def test_mistakes_are_told_with_their_line_and_end_with_2(run: Run, pod: Path, text: str, complaint: str) -> None:
    write(text)
    result = run("k8s")
    assert result.exit_code == 2
    assert f"Error: .sidecar-migrate.yaml{complaint}" in result.stderr
    assert pod.read_text() == POD


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("[tool.sidecar-migrate]\n\nunsafe = 1\n", ":3: unsafe: true or false is wanted here"),
        ("[tool.sidecar-migrate]\n# a = 1\n'colour' = 'x'\n", ":3: colour: unknown key; did you mean `color`?"),
        ("[tool]\nsidecar-migrate = {colour = 1}\n", ":1: colour: unknown key"),
        ("[tool.sidecar-migrate.jobs]\nx = 1\n", ":1: jobs: a whole number is wanted here"),
        ("[tool]\nsidecar-migrate = 1\n", ":1: [tool.sidecar-migrate] is no table"),
        ("[tool.sidecar-migrate]\nunsafe = yes\n", ":2: not TOML"),
        ("[tool.sidecar-migrate]\nx = " + "[" * 5000, ":1: not TOML"),
    ],
)
def test_mistakes_in_pyproject_too(run: Run, pod: Path, text: str, complaint: str) -> None:
    write(text, "pyproject.toml")
    result = run("k8s")
    assert result.exit_code == 2
    assert f"Error: pyproject.toml{complaint}" in result.stderr


def test_a_named_file_must_be_there(run: Run, pod: Path) -> None:
    assert "nowhere.yaml:1: cannot be read: No such file" in run("--config", "nowhere.yaml").stderr
    write("", "other.toml")
    assert "other.toml:1: has no [tool.sidecar-migrate]" in run("--config", "other.toml").stderr
    assert run("--config", "other.toml", "--no-config").exit_code == 2
    write("# nothing\n", "empty.yaml")
    assert run("--config", "empty.yaml", "k8s").exit_code == 0
    assert pod.read_text() == MOVED


def test_a_broken_configuration_does_not_keep_anybody_from_help(run: Run) -> None:
    write("colour: 1\n")
    assert run("--help").exit_code == run("--version").exit_code == run("--no-config").exit_code == 0


def test_show_files_writes_nothing(run: Run, pod: Path) -> None:
    Path("notes.txt").write_text("no manifest")
    assert run("--show-files").stdout == "k8s/pod.yaml\n"
    assert pod.read_text() == POD


def test_every_option_is_a_key_or_about_one_run() -> None:
    options = {str(param.name) for param in cli.params if isinstance(param, click.Option)}
    assert options - {str(key.option.name) for key in KEYS.values()} == PER_RUN - {"help"}


VALUES = st.one_of(
    st.booleans(),
    st.integers(-3, 3),
    st.floats(0, 2),
    st.text("ab", max_size=2),
    st.sampled_from(["smallest", "canonical", "auto", "never"]),
    st.lists(st.sampled_from(["a", "b", 1]), max_size=2),
    st.none(),
)


@given(st.sampled_from(sorted(KEYS)), VALUES)
def test_the_schema_takes_what_the_loader_takes(name: str, value: object) -> None:
    """But for what only the callbacks of options look at: formats of texts."""
    key = KEYS[name]
    fits = jsonschema.Draft202012Validator(config_schema(cli)).is_valid({name: value})
    takes = key.takes(value)
    if takes and key.option.callback is None:
        try:
            key.option.type_cast_value(click.Context(cli), value)
        except click.BadParameter:
            takes = False
    # A whole number is one however it is written, to JSON Schema.
    assert fits == takes or (key.kind == "integer" and isinstance(value, float))


def test_the_schema_forbids_other_keys() -> None:
    assert not jsonschema.Draft202012Validator(config_schema(cli)).is_valid({"colour": "auto"})


@pytest.mark.parametrize("what", ["config", "report", "rules"])
def test_schemas_are_schemas(run: Run, what: str) -> None:
    jsonschema.Draft202012Validator.check_schema(json.loads(run("schema", what).stdout))


def closed(schema: Any) -> Any:
    """The schema where it allows no field that it does not name."""
    if isinstance(schema, list):
        return [closed(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    held = {key: closed(value) for key, value in schema.items()}
    return held | {"additionalProperties": False} if "required" in schema and "properties" in schema else held


def test_the_schema_of_reports_names_every_field_of_every_golden_report() -> None:
    validator = jsonschema.Draft202012Validator(closed(report_schema()))
    seen: set[str] = set()
    for case in cases():
        text = (case / "expected.json").read_text()
        seen |= {name for name in ("notes", "deployedBy", "places", "follows", "settledBy") if f'"{name}"' in text}
        assert [error.message for error in validator.iter_errors(json.loads(text))] == [], case
    assert seen == {"notes", "deployedBy", "places", "follows", "settledBy"}
