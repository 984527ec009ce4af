"""What kustomize builds from rewritten trees is what it built before, with the containers moved: asked of kustomize itself."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest

from migrator import render
from migrator.render import compare, renderer
from migrator.sources.kustomize.read import is_kustomization
from tests.conftest import Run
from tests.test_api import NEWEST, objects
from tests.test_golden import GOLDEN, lay_out, tree

TREES = sorted(path for path in (GOLDEN / "kustomize").iterdir())


@pytest.fixture
def tool() -> tuple[str, ...]:
    """kustomize, or kubectl. A machine without either cannot run these tests, and says so by failing."""
    found = renderer()
    assert found is not None, "these tests need kustomize or kubectl on the PATH"
    return found


def folders() -> list[str]:
    """The folders with kustomizations that are no components."""
    found = [path for path in Path().rglob("*") if is_kustomization(path.as_posix())]
    return sorted(path.parent.as_posix() for path in found if "kind: Component" not in path.read_text())


@pytest.mark.parametrize("case", TREES, ids=lambda path: path.name)
def test_a_golden_tree_renders_as_before(case: Path, run: Run, tool: tuple[str, ...]) -> None:
    lay_out(case, Path())
    before = tree(Path())
    shutil.copytree(".", "../as-it-was")
    run(".")
    new = {name: content for name, content in tree(Path()).items() if before[name] != content}
    shutil.rmtree("../after", ignore_errors=True)
    shutil.copytree(".", "../after")
    for name in new:
        Path(name).write_bytes(before[name])
    found = compare(tool, folders(), new)
    assert found.wrong == ()
    assert found.compared or not new
    for folder in folders() if new else ():
        for built in objects(subprocess.run([*tool, f"../after/{folder}"], capture_output=True, check=True).stdout):
            # A folder of transformers builds those.
            for version in ("1.29", NEWEST) if built["apiVersion"] != "builtin" else ():
                kubernetes_validate.validate(built, version, strict=True)


def test_verify_render_says_what_it_did(run: Run, tool: tuple[str, ...]) -> None:
    lay_out(GOLDEN / "kustomize/merge-follows-its-base", Path())
    shown = run("--dry-run", "--verify-render", ".").stderr
    assert "2 kustomizations rendered the same before and after, containers moved\n" in shown


def test_verify_render_takes_the_number_of_a_port_for_its_name(run: Run, tool: tuple[str, ...]) -> None:
    lay_out(GOLDEN / "kustomize/service-follows", Path())
    found = run("--dry-run", "--verify-render", ".")
    assert "3 kustomizations rendered the same before and after, containers moved\n" in found.stderr
    assert "+    targetPort: 4180" in found.stdout


def test_where_nothing_can_render_that_is_said_once(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    lay_out(GOLDEN / "kustomize/merge-follows-its-base", Path())
    monkeypatch.setattr("migrator.verify.renderer", lambda: None)
    found = run("--dry-run", "--verify-render", ".")
    assert found.stderr.count("neither kustomize nor kubectl is on this machine") == 1
    assert found.exit_code == 0


def test_what_renders_otherwise_is_not_written(run: Run, tool: tuple[str, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    """The verifier is given bases without their patches: it has to see that."""
    lay_out(GOLDEN / "kustomize/merge-follows-its-base", Path())
    monkeypatch.setattr("migrator.changeset.rewritten", lambda *_: ({}, []))
    before = tree(Path())
    found = run("--verify-render", ".")
    assert found.exit_code == 3
    assert "it would render otherwise: overlays/prod" in found.stdout
    assert tree(Path()) == before


POD = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "p"}}


@pytest.mark.parametrize(
    ("inits", "equal"),
    [
        ([{"name": "i"}, {"name": "x", "restartPolicy": "Always"}], True),
        ([{"name": "x", "restartPolicy": "Always"}, {"name": "i"}], False),
        ([{"name": "i"}, {"name": "x"}], False),
        ([{"name": "i"}], False),
        ([{"name": "i"}, {"name": "x", "restartPolicy": "Always", "image": "other"}], False),
    ],
)
def test_what_counts_as_the_same(inits: list[dict[str, Any]], equal: bool) -> None:
    was = {**POD, "spec": {"initContainers": [{"name": "i"}], "containers": [{"name": "a"}, {"name": "x"}]}}
    now = {**POD, "spec": {"initContainers": inits, "containers": [{"name": "a"}]}}
    key = ("v1 Pod", "None", "p")
    assert (render._difference({key: was}, {key: now}) is None) is equal


@pytest.mark.parametrize("jobs", ["1", "2"])
@pytest.mark.parametrize("paths", [(".",), ("overlays", "base"), ("base", "overlays")])
def test_the_result_is_the_same_however_it_is_asked_for(run: Run, jobs: str, paths: tuple[str, ...]) -> None:
    """Whatever the order of paths and the number of workers; each file once."""
    lay_out(GOLDEN / "kustomize/merge-follows-its-base", Path())
    shown = run("--dry-run", "-j", jobs, "-f", "json", *paths)
    files = json.loads(shown.stdout)["files"]
    assert [(f["path"], f["status"]) for f in files] == [
        ("base/shop.yaml", "rewritten"),
        ("overlays/prod/proxy.yaml", "rewritten"),
    ]


def test_an_overlay_alone_cannot_move_what_its_base_holds(run: Run) -> None:
    """The base is not among the files that were given: nothing is written."""
    lay_out(GOLDEN / "kustomize/merge-follows-its-base", Path())
    before = tree(Path())
    run("overlays")
    assert tree(Path()) == before


def test_a_base_alone_moves_only_where_nobody_else_uses_it(run: Run) -> None:
    """In a git work tree the overlays are known, and would have to change; elsewhere nobody knows of them."""
    lay_out(GOLDEN / "kustomize/merge-follows-its-base", Path())
    subprocess.run(["git", "init", "-q"], check=True)
    before = tree(Path("base"))
    found = run("base")
    assert "overlays/prod/proxy.yaml would have to change as well, and is not among the files that were given" in found.stdout
    assert tree(Path("base")) == before
    shutil.rmtree(".git")
    run("base")
    assert "restartPolicy: Always" in Path("base/shop.yaml").read_text()


def test_a_file_of_a_tree_that_is_asked_for_from_below(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    lay_out(GOLDEN / "kustomize/merge-follows-its-base", Path())
    subprocess.run(["git", "init", "-q"], check=True)
    monkeypatch.chdir("base")
    assert "not among the files that were given" in run("shop.yaml").stdout
    assert run("..").exit_code == 0
    assert "initContainers" in Path("../overlays/prod/proxy.yaml").read_text()
