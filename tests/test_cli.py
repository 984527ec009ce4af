"""The command line: streams, exit codes, and what it says of bad input."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import migrator.run
from migrator import __version__
from tests.conftest import Run

POD = """\
apiVersion: v1
kind: Pod
metadata:
  name: shop
spec:
  containers:
  - name: shop
    image: registry.example/shop:1
  - name: auth
    image: quay.io/oauth2-proxy/oauth2-proxy:v7
"""
MOVED = POD.replace("  - name: auth\n", "  initContainers:\n  - name: auth\n") + "    restartPolicy: Always\n"
QUIET = POD.replace("quay.io/oauth2-proxy/oauth2-proxy:v7", "mongo:7").replace("auth", "db")
#: More likely a helper than not, but not surely so.
DOUBT = POD.replace("quay.io/oauth2-proxy/oauth2-proxy:v7", "registry.example/x").replace("auth", "collector")


@pytest.fixture
def pod(run: Run) -> Path:
    """A manifest with one helper to move."""
    path = Path("pod.yaml")
    path.write_text(POD)
    return path


def test_a_real_run_rewrites_and_says_what_it_did(run: Run, pod: Path) -> None:
    result = run(".")
    assert result.exit_code == 0
    assert pod.read_text() == MOVED
    assert "migrate auth" in result.stdout
    assert result.stderr == "1 file: 1 rewritten, 0 unchanged\n"


def test_a_dry_run_puts_a_patch_on_stdout_and_the_findings_on_stderr(run: Run, pod: Path) -> None:
    result = run("--dry-run")
    assert result.exit_code == 0
    assert pod.read_text() == POD
    assert result.stdout.startswith("diff --git a/pod.yaml b/pod.yaml\n")
    assert "migrate auth" in result.stderr
    assert result.stderr.endswith("1 file: 1 would be rewritten, 0 unchanged\n")


def test_diff_is_another_word_for_dry_run(run: Run, pod: Path) -> None:
    assert run("--diff").stdout == run("--dry-run").stdout == run("-n").stdout


@pytest.mark.parametrize(("text", "code"), [(POD, 1), (DOUBT, 1), (QUIET, 0)])
def test_check_writes_nothing_and_tells_by_its_exit_code(run: Run, text: str, code: int) -> None:
    Path("pod.yaml").write_text(text)
    result = run("--check")
    assert result.exit_code == code
    assert result.stdout == ""
    assert Path("pod.yaml").read_text() == text


def test_unsafe_moves_what_awaits_review(run: Run) -> None:
    Path("pod.yaml").write_text(DOUBT)
    assert "1 for review" in run(".").stderr
    assert Path("pod.yaml").read_text() == DOUBT
    assert "1 rewritten" in run("--unsafe").stderr
    assert "initContainers:" in Path("pod.yaml").read_text()


def test_how_sure_is_sure_enough_is_the_users_choice(run: Run, pod: Path) -> None:
    assert "1 for review" in run("--confidence", "0.9999", "--dry-run").stderr
    Path("pod.yaml").write_text(DOUBT)
    assert "1 would be rewritten" in run("--confidence", "0.6", "--dry-run").stderr
    assert run("--confidence", "0.4", "--dry-run").exit_code == 2
    assert run("--confidence", "nan", "--dry-run").exit_code == 2


def test_stdin_goes_to_stdout(run: Run) -> None:
    result = run("-", stdin=POD.encode())
    assert result.stdout == MOVED
    assert "<stdin>" in result.stderr


def test_stdin_that_stays_as_it_is_comes_out_as_it_is(run: Run) -> None:
    content = QUIET.replace("\n", "\r\n").encode()
    assert run("-", "-q", stdin=content).stdout_bytes == content


def test_stdin_can_be_previewed_under_a_name(run: Run) -> None:
    result = run("-", "--dry-run", "--stdin-filename", "k8s/pod.yaml", stdin=POD.encode())
    assert result.stdout.startswith("diff --git a/k8s/pod.yaml b/k8s/pod.yaml\n")


def test_stdin_stands_alone(run: Run, pod: Path) -> None:
    assert run("-", "pod.yaml", stdin=b"").exit_code == 2


def test_formats_go_to_their_files_and_leave_stdout_alone(run: Run, pod: Path) -> None:
    result = run("--dry-run", "-f", "json=out.json", "-f", "diff=out.patch", "-f", "text=out.txt", ".")
    assert result.stdout == ""
    assert json.loads(Path("out.json").read_text())["summary"]["moved"] == 1
    assert Path("out.patch").read_text().startswith("diff --git")
    assert "migrate auth" in Path("out.txt").read_text()


def test_output_takes_the_one_format(run: Run, pod: Path) -> None:
    assert run("--dry-run", "-o", "fix.patch").stdout == ""
    assert Path("fix.patch").read_text().startswith("diff --git")
    assert run("-f", "text", "-f", "json", "-o", "x", ".").exit_code == 2
    assert run("-f", "json=y", "-o", "x", ".").exit_code == 2


def test_the_json_report_says_all(run: Run, pod: Path) -> None:
    report = json.loads(run("--dry-run", "-f", "json", ".").stdout)
    assert report["version"] == 1
    assert report["tool"] == f"sidecar-migrate {__version__}"
    assert report["dryRun"] is True
    (file,) = report["files"]
    assert (file["path"], file["status"], file["source"]) == ("pod.yaml", "rewritten", "manifest")
    (held,) = file["pods"]
    assert (held["kind"], held["pointer"], held["line"], held["layout"]) == ("Pod", "/spec", 6, "source-first")
    assert held["changes"] == ["containers.auth removed", "initContainers.auth added"]
    main, helper = held["containers"]
    assert (main["verdict"], main["role"], main["position"]) == ("keep", "main", None)
    assert (helper["verdict"], helper["role"], helper["purpose"], helper["position"]) == ("migrate", "sidecar", "auth-proxy", 0)
    assert helper["line"] == 9
    assert helper["evidence"][0]["line"] == 10


def test_quiet_says_nothing_when_all_is_well(run: Run, pod: Path) -> None:
    result = run("-q", ".")
    assert (result.stdout, result.stderr) == ("", "")
    assert pod.read_text() == MOVED


def test_verbose_shows_the_evidence_for_what_stays(run: Run, pod: Path) -> None:
    assert "named like the Pod" in run("-v", "--dry-run").stderr
    assert "changes: containers.auth removed" in run("-v", "--dry-run").stderr


@pytest.mark.parametrize(
    ("flags", "environment", "coloured"),
    [
        (["--color", "always"], {}, True),
        (["--color", "never"], {"FORCE_COLOR": "1"}, False),
        ([], {}, False),
        ([], {"FORCE_COLOR": "1"}, True),
        ([], {"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
    ],
)
def test_colour(
    run: Run, pod: Path, monkeypatch: pytest.MonkeyPatch, flags: list[str], environment: dict[str, str], coloured: bool
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    done = subprocess.run([sys.executable, "-m", "migrator", "--dry-run", *flags, "."], capture_output=True, check=True)
    assert (b"\x1b[" in done.stdout) is coloured
    assert (b"\x1b[" in done.stderr) is coloured


@pytest.mark.parametrize(
    ("flags", "complaint"),
    [
        (["-t", "latest"], "is no Kubernetes version such as 1.29"),
        (["-f", "xml"], "`xml` is none of text, diff, json"),
        (["--layout", "wide"], "is not one of"),
        (["--colour"], "No such option"),
    ],
)
def test_usage_errors_end_with_2(run: Run, flags: list[str], complaint: str) -> None:
    result = run(*flags, ".")
    assert result.exit_code == 2
    assert complaint in result.stderr


def test_a_path_that_is_not_there_is_an_error_and_the_others_are_done(run: Run, pod: Path) -> None:
    result = run("nowhere.yaml", "pod.yaml")
    assert result.exit_code == 3
    assert "nowhere.yaml" in result.stdout
    assert "no such file or directory" in result.stdout
    assert pod.read_text() == MOVED


def test_a_folder_without_manifests_is_said(run: Run) -> None:
    Path("empty").mkdir()
    result = run("empty")
    assert result.exit_code == 0
    assert result.stderr == "no manifests in empty\n0 files: 0 rewritten, 0 unchanged\n"


def test_check_fails_where_nothing_was_found(run: Run) -> None:
    Path("empty").mkdir()
    assert run("--check", "empty").exit_code == 2


def test_a_file_that_cannot_be_read_is_an_error_and_the_others_are_done(run: Run, pod: Path) -> None:
    Path("gone.yaml").symlink_to("nowhere")
    result = run("gone.yaml", "pod.yaml")
    assert result.exit_code == 3
    assert "No such file or directory" in result.stdout
    assert pod.read_text() == MOVED


def test_a_file_that_cannot_be_written_is_an_error_and_stays(run: Run, pod: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", refuse)
    result = run("pod.yaml")
    assert result.exit_code == 3
    assert "cannot be written: No space left on device" in result.stdout
    assert pod.read_text() == POD
    assert [path.name for path in Path().iterdir()] == ["pod.yaml"]


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (POD.encode() + b"# caf\xe9\n", "pod.yaml:11: not UTF-8: byte 0xe9"),
        (POD.replace("    image: registry", "\timage: registry").encode(), "pod.yaml:8: a tab where YAML wants blanks"),
        (POD.replace("name: auth", 'name: "auth').encode(), "pod.yaml:11: not YAML"),
        (POD.replace("  - name: auth\n", "  -\n").encode(), "pod.yaml:10: a container without a name (number 2 of `containers`)"),
        (POD.encode() + b"    image: other\n", "pod.yaml:11: duplicate key `image`"),
        (POD.replace("auth", "shop").encode(), "pod.yaml:9: two containers are called `shop`"),
        (
            b"apiVersion: v1\nkind: Pod\nspec:\n  containers:\n    a: 1\n",
            "pod.yaml:5: `containers` is a mapping, a list is wanted",
        ),
        (b"apiVersion: v1\nkind: Pod\nspec:\n  containers:\n", "pod.yaml:4: `containers` is null"),
        (b"apiVersion: v1\nkind: Pod\nspec:\n  containers: []\n", "pod.yaml:4: `containers` is empty"),
        (POD.replace("\n", "\r").encode(), "pod.yaml:1: a lone carriage return"),
    ],
)
def test_bad_input_is_told_with_file_and_line_and_left_alone(run: Run, content: bytes, complaint: str) -> None:
    Path("pod.yaml").write_bytes(content)
    Path("good.yaml").write_text(POD)
    result = run("-f", "json=out.json", "pod.yaml", "good.yaml")
    assert result.exit_code == 3
    assert complaint in result.stderr
    assert Path("pod.yaml").read_bytes() == content
    assert Path("good.yaml").read_text() == MOVED


def test_a_helm_template_is_skipped_with_its_line(run: Run) -> None:
    text = POD.replace("  - name: auth\n", "  {{- if .Values.auth }}\n  - name: auth\n") + "  {{- end }}\n"
    Path("pod.yaml").write_text(text)
    result = run(".")
    assert result.exit_code == 0
    assert "skipped: line 9: a Helm or Go template" in result.stdout
    assert Path("pod.yaml").read_text() == text


def test_any_number_of_processes_gives_the_same_bytes(run: Run) -> None:
    for number in range(120):
        Path(f"pod-{number}.yaml").write_text(POD.replace("name: shop", f"name: shop-{number}"))
    one, two = (run("--dry-run", "-j", jobs, "-f", "diff", "-f", "json", ".") for jobs in ("1", "2"))
    assert one.stdout_bytes == two.stdout_bytes
    assert one.stdout.count("diff --git") == 120


def test_include_and_exclude_choose_files(run: Run) -> None:
    for name in ("a/one.yaml", "a/two.yml", "vendor/three.yaml"):
        Path(name).parent.mkdir(exist_ok=True)
        Path(name).write_text(POD)
    said = run("--dry-run", "--include", "*.yaml", "--exclude", "vendor/", ".").stdout
    assert "a/one.yaml" in said
    assert "two.yml" not in said
    assert "three" not in said


def test_mode_and_symlink_are_kept(run: Run, pod: Path) -> None:
    pod.chmod(0o640)
    Path("link.yaml").symlink_to("pod.yaml")
    run("link.yaml")
    assert Path("link.yaml").is_symlink()
    assert stat.S_IMODE(pod.stat().st_mode) == 0o640
    assert pod.read_text() == MOVED


def test_an_unchanged_file_is_not_touched(run: Run) -> None:
    path = Path("pod.yaml")
    path.write_text(QUIET)
    os.utime(path, (1, 1))
    run(".")
    assert path.stat().st_mtime == 1


def test_version(run: Run) -> None:
    assert run("--version").stdout == f"sidecar-migrate {__version__}\n"


@pytest.mark.parametrize("stage", ["outline", "work"])
def test_a_mistake_of_ours_on_one_file_leaves_the_others_to_be_done(
    run: Run, pod: Path, monkeypatch: pytest.MonkeyPatch, stage: str
) -> None:
    real = getattr(migrator.run, stage)

    def stumble(path: str, *rest: Any) -> Any:
        return 1 // 0 if path == "bad.yaml" else real(path, *rest)

    monkeypatch.setattr(migrator.run, stage, stumble)
    Path("bad.yaml").write_text(POD)
    result = run(".")
    assert result.exit_code == 3
    assert "bad.yaml\n  failed: a mistake in sidecar-migrate, please report it: ZeroDivisionError" in result.stdout
    assert Path("bad.yaml").read_text() == POD
    assert pod.read_text() == MOVED


def test_what_nobody_foresaw_ends_with_4() -> None:
    code = "import migrator.discover as d; d.discover = lambda *a: 1 / 0; from migrator.cli import main; main()"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 4
    assert "Please report it" in done.stderr
