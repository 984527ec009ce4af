"""`--changed-since`: only what changed is judged, the rest is still read, and what has to follow follows."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.conftest import Run
from tests.test_cli import MOVED, POD, QUIET

AUTH = POD[POD.index("  - name: auth") :]
SHOP = POD[POD.index("  - name: shop") : POD.index("  - name: auth")]


def git(*words: str) -> None:
    """Run git, as somebody."""
    who = ["-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "init.defaultBranch=main"]
    subprocess.run(["git", *who, *words], check=True, capture_output=True)


def commit(**files: str) -> None:
    """Write files (`a__b` is a/b.yaml) and commit all."""
    put(**files)
    git("add", "-A")
    git("commit", "-q", "-m", "x")


def put(**files: str) -> None:
    """Write files."""
    for name, text in files.items():
        path = Path(f"{name.replace('__', '/')}.yaml")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


@pytest.fixture
def branch(run: Run) -> Run:
    """A branch `work` that left `main`, which went on."""
    git("init", "-q")
    commit(old=POD, touched=QUIET, gone=POD, renamed=POD)
    git("checkout", "-q", "-b", "work")
    git("checkout", "-q", "main")
    commit(old="# changed on main alone\n" + POD)
    git("checkout", "-q", "work")
    return run


def test_files_that_differ_from_the_merge_base_and_new_ones(branch: Run) -> None:
    commit(committed=POD)
    Path("gone.yaml").unlink()
    Path("renamed.yaml").rename("name.yaml")
    put(touched=POD, deep__untracked=POD)
    assert branch("--show-files", "--changed-since", "main").stdout.split() == [
        "committed.yaml", "deep/untracked.yaml", "name.yaml", "touched.yaml",
    ]  # fmt: skip
    result = branch("--changed-since", "main", ".")
    assert Path("touched.yaml").read_text() == MOVED
    assert Path("old.yaml").read_text() == POD
    assert result.stderr == "4 files: 4 rewritten, 0 unchanged\n"


def test_what_is_ignored_is_not_new(branch: Run) -> None:
    put(built__out=POD)
    Path(".gitignore").write_text("built/\n")
    assert branch("--show-files", "--changed-since", "main", ".").stdout == ""


def test_from_below_the_top_and_with_odd_names(branch: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    put(**{"app__ä b": POD, "app__c": POD})
    git("add", "app/c.yaml")
    monkeypatch.chdir("app")
    assert branch("--show-files", "--changed-since", "main").stdout == "c.yaml\nä b.yaml\n"
    assert branch("--show-files", "--changed-since", "main", "..").stdout == "../app/c.yaml\n../app/ä b.yaml\n"


def test_check_finds_nothing_pending_where_nothing_changed(branch: Run) -> None:
    assert branch("--check", ".").exit_code == 1
    result = branch("--check", "--changed-since", "HEAD", ".")
    assert (result.exit_code, result.stderr) == (0, "0 files: 0 would be rewritten, 0 unchanged\n")


def test_the_rest_is_read_for_what_it_says(branch: Run) -> None:
    """A Service in a file that did not change finds the port by its name: below 1.33 it gets the number."""
    port = "    ports:\n    - name: web\n      containerPort: 80\n"
    labels = POD.replace("  name: shop\nspec", "  name: shop\n  labels: {app: shop}\nspec")
    service = """\
apiVersion: v1
kind: Service
metadata:
  name: shop
spec:
  selector: {app: shop}
  ports:
  - port: 80
    targetPort: web
"""
    commit(service=service)
    put(touched=labels + port)
    result = branch("--changed-since", "HEAD", ".")
    assert "targetPort: 80" in Path("service.yaml").read_text()
    assert "follows: service.yaml:9 targetPort" in result.stdout
    assert result.stderr == "2 files: 2 rewritten, 0 unchanged\n"


def test_a_patch_that_changed_counts_with_its_kustomization(branch: Run) -> None:
    head, shop, auth = POD.partition("  - name: shop")[0], SHOP, AUTH
    base, patch = head + shop, head + auth
    kustomization = "resources: [base.yaml]\npatches:\n- path: patch.yaml\n"
    commit(k__base=base, k__patch=patch.replace("v7", "v6"), k__kustomization=kustomization)
    assert branch("--check", "--changed-since", "HEAD", "k").exit_code == 0
    put(k__base="# a word\n" + base)
    assert branch("--check", "--changed-since", "HEAD", "k").exit_code == 0
    put(k__patch=patch)
    assert branch("--check", "--changed-since", "HEAD", "k").exit_code == 1
    assert "1 would be rewritten" in branch("--dry-run", "--changed-since", "HEAD", "k").stderr


def test_patches_of_a_changed_base_follow(branch: Run) -> None:
    patch = POD.replace("    image: registry.example/shop:1\n", "").replace("  - name: shop\n", "").replace("v7", "v8")
    commit(k__base=POD, k__patch=patch, k__kustomization="resources: [base.yaml]\npatches:\n- path: patch.yaml\n")
    put(k__base="# a word\n" + POD)
    branch("--changed-since", "HEAD", "k")
    assert "initContainers" in Path("k/base.yaml").read_text()
    assert "initContainers" in Path("k/patch.yaml").read_text()


@pytest.mark.parametrize("ref", ["nowhere", "--output=x", "main:old.yaml"])
def test_a_ref_that_is_none_is_told(branch: Run, ref: str) -> None:
    result = branch("--changed-since", ref, ".")
    assert result.exit_code == 2
    assert f"--changed-since: git knows no commit `{ref}` in ." in result.stderr
    assert Path("old.yaml").read_text() == POD


def test_branches_with_nothing_in_common_are_told(branch: Run) -> None:
    git("checkout", "-q", "--orphan", "alone")
    commit(alone=POD)
    result = branch("--changed-since", "main", ".")
    assert result.exit_code == 2
    assert "HEAD and `main` have no commit in common" in result.stderr


def test_outside_git_it_is_told(run: Run) -> None:
    put(pod=POD)
    result = run("--changed-since", "main", ".")
    assert result.exit_code == 2
    assert "--changed-since wants a git work tree, and pod.yaml is in none" in result.stderr
    Path("empty").mkdir()
    assert run("--changed-since", "main", "empty").exit_code == 2


def test_without_git_it_is_told(branch: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    assert "wants git, which is not on this machine" in branch("--changed-since", "main", "old.yaml").stderr


def test_stdin_has_no_history(run: Run) -> None:
    assert run("-", "--changed-since", "main", stdin=b"").exit_code == 2
