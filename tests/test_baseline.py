"""The baseline: what stands in it is left alone and does not count; what is new, does; what is gone, is told."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from tests.conftest import Run
from tests.test_cli import DOUBT, MOVED, POD, QUIET
from tests.test_golden import GOLDEN, args_of, cases, lay_out, tree

TWO = f"{POD}---\n{DOUBT.replace('name: shop', 'name: desk')}"
KNOWN = """\
{"version": 1, "findings": [
{"path": "k8s/pod.yaml", "kind": "Pod", "name": "desk", "container": "collector", "what": "review"},
{"path": "k8s/pod.yaml", "kind": "Pod", "name": "shop", "container": "auth", "what": "migrate"}
]}
"""


@pytest.fixture
def pods(run: Run) -> Path:
    """A file with a helper to move and one to review, both in the baseline."""
    path = Path("k8s/pod.yaml")
    path.parent.mkdir()
    path.write_text(TWO)
    assert "known.json: 2 findings\n" in run("--baseline", "known.json", "--write-baseline", ".").stderr
    return path


def test_it_is_sorted_and_readable_and_no_manifest_is_written(run: Run, pods: Path) -> None:
    assert Path("known.json").read_text() == KNOWN
    assert pods.read_text() == TWO
    run("--baseline", "known.json", "--write-baseline", ".")
    assert Path("known.json").read_text() == KNOWN


def test_what_is_in_it_is_left_alone_and_does_not_count(run: Run, pods: Path) -> None:
    assert run("--check", ".").exit_code == 1
    assert run("--check", "--baseline", "known.json", ".").exit_code == 0
    result = run("--baseline", "known.json", ".")
    assert pods.read_text() == TWO
    assert "auth: in the baseline" in result.stdout
    assert "collector: in the baseline: not sure enough" in result.stdout
    assert result.stderr == "2 files: 0 rewritten, 2 unchanged\n"


def test_what_is_new_counts(run: Run, pods: Path) -> None:
    pods.write_text(TWO + "---\n" + POD.replace("name: shop", "name: till"))
    result = run("--check", "--baseline", "known.json", ".")
    assert result.exit_code == 1
    run("--baseline", "known.json", ".")
    assert pods.read_text() == TWO + "---\n" + MOVED.replace("name: shop", "name: till")


def test_lines_do_not_matter_and_names_do(run: Run, pods: Path) -> None:
    pods.write_text("# moved down\n" + TWO.replace("---\n", "---\n# by a comment\n"))
    assert run("--check", "--baseline", "known.json", ".").exit_code == 0
    pods.write_text(TWO.replace("name: desk", "name: table"))
    assert run("--check", "--baseline", "known.json", ".").exit_code == 1


def test_a_namespace_is_part_of_the_name(run: Run, pods: Path) -> None:
    pods.write_text(TWO.replace("  name: desk\n", "  name: desk\n  namespace: far\n"))
    assert run("--check", "--baseline", "known.json", ".").exit_code == 1
    run("--baseline", "known.json", "--write-baseline", ".")
    assert '"kind": "Pod", "namespace": "far", "name": "desk"' in Path("known.json").read_text()
    assert run("--check", "--baseline", "known.json", ".").exit_code == 0


def test_a_review_that_could_move_now_is_new(run: Run, pods: Path) -> None:
    result = run("--check", "--baseline", "known.json", "--confidence", "0.6", ".")
    assert result.exit_code == 1
    assert "known.json: k8s/pod.yaml: Pod/desk/collector (review) is found no more\n" in result.stderr


def test_stale_entries_are_told_where_their_files_were_looked_at_or_are_gone(run: Run, pods: Path) -> None:
    Path("other.yaml").write_text(QUIET)
    pods.write_text(QUIET)
    assert "found no more" not in run("--baseline", "known.json", "other.yaml").stderr
    told = run("--baseline", "known.json", ".").stderr
    assert "known.json: k8s/pod.yaml: Pod/shop/auth (migrate) is found no more\n" in told
    assert told.count("found no more") == 2
    pods.unlink()
    assert run("--baseline", "known.json", "other.yaml").stderr.count("found no more") == 2
    run("--baseline", "known.json", "--write-baseline", ".")
    assert Path("known.json").read_text() == '{"version": 1, "findings": []}\n'


def test_what_was_not_looked_at_stays_in_it(run: Run, pods: Path) -> None:
    Path("other.yaml").write_text(POD)
    run("--baseline", "known.json", "--write-baseline", "other.yaml")
    held = json.loads(Path("known.json").read_text())["findings"]
    assert [entry["path"] for entry in held] == ["k8s/pod.yaml", "k8s/pod.yaml", "other.yaml"]


def test_paths_start_from_its_folder(run: Run, pods: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir("k8s")
    assert run("--check", "--baseline", "../known.json", ".").exit_code == 0
    assert run("--check", "--baseline", "../known.json", "..").exit_code == 0


def test_a_configuration_names_it(run: Run, pods: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    subprocess.run(["git", "init", "-q", "."], check=True)
    Path(".sidecar-migrate.yaml").write_text("baseline: known.json\n")
    monkeypatch.chdir("k8s")
    assert run("--check").exit_code == 0
    assert run("--write-baseline", "--no-config").exit_code == 2


def test_it_counts_for_stdin(run: Run, pods: Path) -> None:
    result = run("-", "--check", "--baseline", "known.json", "--stdin-filename", "k8s/pod.yaml", stdin=TWO.encode())
    assert result.exit_code == 0


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        (None, ": cannot be read: No such file or directory"),
        ('{"version": 1,\n', ":2: not JSON: "),
        ("[" * 100_000, ": not JSON: "),
        ("[]", ": no baseline of version 1"),
        ('{"version": 2, "findings": []}', ": no baseline of version 1"),
        ('{"version": 1, "findings": {}}', ": no baseline of version 1"),
        ('{"version": 1, "findings": [3]}', ": finding 1 is no mapping of texts"),
        ('{"version": 1, "findings": [{"path": "a", "what": "review"}]}', ": finding 1 wants path, kind, name, container"),
        ('{"version": 1, "findings": [{"path": "a", "container": "b", "what": "go"}]}', ": finding 1 wants path, kind"),
    ],
)
def test_a_bad_one_ends_with_2(run: Run, text: str | None, complaint: str) -> None:
    Path("pod.yaml").write_text(POD)
    if text is not None:
        Path("known.json").write_text(text)
    result = run("--baseline", "known.json", ".")
    assert result.exit_code == 2
    assert f"Error: known.json{complaint}" in result.stderr
    assert Path("pod.yaml").read_text() == POD


def test_one_that_cannot_be_written_ends_with_2(run: Run) -> None:
    Path("pod.yaml").write_text(POD)
    assert run("--baseline", "no/such/folder.json", "--write-baseline", ".").exit_code == 2


def test_what_stays_in_a_base_stays_in_what_is_built_of_it(run: Run, pods: Path) -> None:
    """Also where a patch brings another container, and the pod is reported under the kustomization as well."""
    pods.write_text(POD)
    added = POD[: POD.index("  - name: shop")] + "  - name: log\n    image: fluent/fluent-bit:3\n"
    Path("o").mkdir()
    Path("o/patch.yaml").write_text(added)
    Path("o/kustomization.yaml").write_text("resources: [../k8s]\npatches:\n- path: patch.yaml\n")
    Path("k8s/kustomization.yaml").write_text("resources: [pod.yaml]\n")
    expected = {True: ("keep", "in the baseline", None), False: ("migrate", None, 0)}
    for known in (True, False):
        flags = ["--baseline", "known.json"] if known else []
        report = json.loads(run("--dry-run", "-f", "json", *flags, ".").stdout)
        found = {file["path"]: container for file in report["files"] for pod in file["pods"] for container in pod["containers"]
                 if container["name"] == "auth"}  # fmt: skip
        assert found.keys() == {"k8s/pod.yaml", "o/kustomization.yaml"}
        assert {(c["verdict"], c["reason"], c["position"]) for c in found.values()} == {expected[known]}


def test_any_number_of_processes_leaves_the_same(run: Run, pods: Path) -> None:
    one, two = (run("--check", "--baseline", "known.json", "-v", "-j", jobs, ".") for jobs in ("1", "2"))
    assert (one.exit_code, one.stderr) == (two.exit_code, two.stderr)
    assert one.exit_code == 0


EXTRAS_ALONE = ("injectors-made-native", "quit-of-a-native-sidecar")
AREAS = ("extras", "followers", "kustomize", "python", "refused")


@pytest.mark.parametrize(
    "case",
    [case for case in cases() if case.parent.name in AREAS and case.name not in EXTRAS_ALONE],
    ids=lambda case: case.relative_to(GOLDEN).as_posix(),
)
def test_a_whole_repository_can_be_in_it(run: Run, case: Path) -> None:
    """Nothing is pending any more, nothing is written, and nothing is stale: not what follows a move, nor what goes with it.

    What is done to pods in which nothing moves, because a flag asks for it, is no finding.
    """
    lay_out(case, Path.cwd())
    flags = [*args_of(case), "--baseline", "../known.json", "."]
    run(*flags, "--write-baseline")
    before = tree(Path.cwd())
    checked = run(*flags, "--check")
    assert checked.exit_code in (0, 3)
    assert "found no more" not in checked.stderr
    assert run(*flags).exit_code == checked.exit_code
    assert tree(Path.cwd()) == before
