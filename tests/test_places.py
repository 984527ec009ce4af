"""The tool where people work: shells, man pages, pre-commit, the GitHub action, kubectl."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import click
import pytest
import yaml

from migrator.cli import cli
from migrator.commands.completion import SHELLS
from tests.conftest import Run
from tests.generate import DOCS
from tests.manpage import man

ROOT = Path(__file__).parent.parent
SCRIPT = str(Path(sys.executable).with_name("sidecar-migrate"))
POD = """\
apiVersion: v1
kind: Pod
metadata: {name: web}
spec:
  containers:
  - name: web
    image: registry.example/web:1
  - name: cloud-sql-proxy
    image: gcr.io/cloud-sql-connectors/cloud-sql-proxy:2.14.1
"""


@pytest.mark.parametrize("shell", SHELLS)
def test_each_shell_gets_a_script_that_asks_the_tool(run: Run, shell: str) -> None:
    done = run("completion", shell)
    assert done.exit_code == 0
    assert f"_SIDECAR_MIGRATE_COMPLETE={shell}_complete" in done.stdout


def test_bash_completes_options() -> None:
    asked = {"_SIDECAR_MIGRATE_COMPLETE": "bash_complete", "COMP_WORDS": "sidecar-migrate --dry", "COMP_CWORD": "1"}
    done = subprocess.run([SCRIPT], env={**os.environ, **asked}, capture_output=True, text=True, check=False)
    assert "plain,--dry-run" in done.stdout.splitlines()


def test_the_man_page_is_fresh_and_has_every_option() -> None:
    page = (DOCS / "sidecar-migrate.1").read_text()
    assert page == man(), "python -m tests.generate"
    for option in cli.params:
        if isinstance(option, click.Option):
            assert all(name.replace("-", "\\-") in page for name in option.opts)


def test_a_cluster_is_asked_through_kubectl(run: Run) -> None:
    """What `kubectl get -o yaml` prints, with the fields that the API server adds."""
    listed = json.loads(json.dumps(yaml.safe_load(POD)))
    listed["metadata"] |= {
        "uid": "0b3c0a4e-0000-4000-8000-000000000000",
        "resourceVersion": "1",
        "creationTimestamp": "2026-01-01T00:00:00Z",
        "managedFields": [
            {
                "manager": "kubectl",
                "operation": "Update",
                "fieldsType": "FieldsV1",
                "fieldsV1": {"f:spec": {"f:containers": {'k:{"name":"web"}': {".": {}, "f:image": {}}, 'k:{"name":"log"}': {}}}},
            }
        ],
    }
    listed["status"] = {"containerStatuses": [{"name": "web"}, {"name": "cloud-sql-proxy"}]}
    text = yaml.safe_dump({"apiVersion": "v1", "kind": "List", "items": [listed]})
    done = run("-", stdin=text.encode())
    assert done.exit_code == 0
    (pod,) = yaml.safe_load(done.stdout)["items"]
    assert [held["name"] for held in pod["spec"]["initContainers"]] == ["cloud-sql-proxy"]
    assert {key: pod[key] for key in ("metadata", "status")} == {key: listed[key] for key in ("metadata", "status")}


def test_kubectl_finds_the_tool_as_a_plugin() -> None:
    plugin = Path(sys.executable).with_name("kubectl-sidecar_migrate")
    done = subprocess.run([str(plugin), "--version"], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("sidecar-migrate ")


def git(*words: str, at: Path) -> str:
    """Git, as nobody in particular."""
    told = ["git", "-C", str(at), "-c", "user.name=nobody", "-c", "user.email=nobody@example.com", "-c", "commit.gpgsign=false"]
    return subprocess.run([*told, *words], capture_output=True, text=True, check=True).stdout.strip()


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project as a repository of its own, as it stands here."""
    folder = tmp_path_factory.mktemp("clone")
    for name in git("ls-files", "--cached", "--others", "--exclude-standard", at=ROOT).splitlines():
        if not name.startswith(("tests/", "golden/")) and (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)
    git("init", "-q", at=folder)
    git("add", "-A", at=folder)
    git("commit", "-qm", "all", at=folder)
    return folder


def test_pre_commit_runs_both_hooks(clone: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The one that checks fails and writes nothing, the one that fixes writes, then both pass."""
    hooks = [{"id": "sidecar-migrate-check"}, {"id": "sidecar-migrate", "stages": ["manual"]}]
    revision = git("rev-parse", "HEAD", at=clone)
    git("init", "-q", at=tmp_path)
    config = {"repos": [{"repo": str(clone), "rev": revision, "hooks": hooks}]}
    (tmp_path / ".pre-commit-config.yaml").write_text(yaml.safe_dump(config))
    (tmp_path / "pod.yaml").write_text(POD)
    git("add", "-A", at=tmp_path)
    monkeypatch.setenv("PRE_COMMIT_HOME", str(tmp_path / ".home"))

    def pre_commit(*words: str) -> tuple[int, str]:
        command = [sys.executable, "-m", "pre_commit", "run", "--all-files", "--verbose", *words]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
        return done.returncode, done.stdout + done.stderr

    code, said = pre_commit("sidecar-migrate-check")
    assert (code, (tmp_path / "pod.yaml").read_text()) == (1, POD), said
    assert "would be rewritten" in said
    code, said = pre_commit("--hook-stage", "manual", "sidecar-migrate")
    assert code == 1, said
    assert "files were modified by this hook" in said
    assert "restartPolicy: Always" in (tmp_path / "pod.yaml").read_text()
    assert pre_commit("sidecar-migrate-check")[0] == 0
    assert pre_commit("--hook-stage", "manual", "sidecar-migrate")[0] == 0


def act(tmp_path: Path, **inputs: str) -> subprocess.CompletedProcess[str]:
    """The script of the action on POD, with the installation left to the environment that is here."""
    work, temp = tmp_path / "work", tmp_path / "temp"
    work.mkdir(parents=True, exist_ok=True)
    (temp / "sidecar-migrate" / "bin").mkdir(parents=True)
    # What the script would install is linked in its place.
    (temp / "sidecar-migrate" / "bin" / "sidecar-migrate").symlink_to(SCRIPT)
    for name, text in (("pip", "exit 0\n"), ("python", "exit 0\n")):
        tool = temp / "sidecar-migrate" / "bin" / name
        tool.write_text(f"#!/bin/sh\n{text}")
        tool.chmod(0o755)
    (work / "pod.yaml").write_text(POD)
    asked = {"PATHS": ".", "ARGS": "", "TARGET": "", "SINCE": "", "FAIL": "true", "SARIF": "", "COMMENT": "", **inputs}
    places = {"RUNNER_TEMP": str(temp), "GITHUB_OUTPUT": str(tmp_path / "output"), "ROOT": str(ROOT)}
    env = {**os.environ, **asked, **places, "PYTHON": str(temp / "sidecar-migrate" / "bin" / "python")}
    env.pop("GITHUB_STEP_SUMMARY", None)
    return subprocess.run([str(ROOT / ".github/action/run")], cwd=work, env=env, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(("fail", "expected"), [("true", 1), ("false", 0)])
def test_the_action_writes_what_was_asked_for(tmp_path: Path, fail: str, expected: int) -> None:
    work = tmp_path / "work"
    done = act(tmp_path, TARGET="1.33", FAIL=fail, SARIF="out.sarif", COMMENT="out.md")
    assert done.returncode == expected, done.stderr
    assert "::" in done.stdout
    assert json.loads((work / "out.sarif").read_text())["runs"][0]["results"]
    assert "cloud-sql-proxy" in (work / "out.md").read_text()
    said = dict(line.split("=", 1) for line in (tmp_path / "output").read_text().splitlines())
    assert said["exit-code"] == "1"
    assert "restartPolicy: Always" in Path(said["patch"]).read_text()


def test_the_action_takes_words_of_several_lines(tmp_path: Path) -> None:
    (tmp_path / "work" / "calm").mkdir(parents=True)
    done = act(tmp_path, PATHS="calm\npod.yaml\n", ARGS="--unsafe\n--layout canonical\n")
    assert "file=pod.yaml," in done.stdout, done.stderr
    assert act(tmp_path / "other", ARGS="--unsafe\n--strange\n").returncode == 2


@pytest.mark.parametrize(("target", "moves"), [("", False), ("1.33", True)])
def test_the_action_goes_by_the_configuration_unless_told(tmp_path: Path, target: str, moves: bool) -> None:
    (tmp_path / "work").mkdir()
    (tmp_path / "work" / ".sidecar-migrate.yaml").write_text('target-version: "1.28"\n')
    done = act(tmp_path, TARGET=target)
    assert ("title=pseudo-sidecar" in done.stdout) is moves, done.stderr


def test_workflows_and_action_are_valid() -> None:
    """Against the schemas of GitHub that check-jsonschema ships, and by zizmor's audits."""
    python = [sys.executable, "-m", "check_jsonschema", "--builtin-schema"]
    workflows = [str(path) for path in sorted((ROOT / ".github/workflows").glob("*.yml"))]
    subprocess.run([*python, "vendor.github-workflows", *workflows], check=True, capture_output=True)
    subprocess.run([*python, "vendor.github-actions", str(ROOT / "action.yml")], check=True, capture_output=True)
    zizmor = str(Path(sys.executable).with_name("zizmor"))
    settings = ["--offline", "--no-progress", "--min-severity", "medium", "--config", str(ROOT / ".github/zizmor.yml")]
    done = subprocess.run(
        [zizmor, *settings, str(ROOT / ".github"), str(ROOT / "action.yml")], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout
