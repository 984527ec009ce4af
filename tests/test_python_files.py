"""Python files as a whole: what they cost, what is said of odd ones, and that nothing raises."""

from __future__ import annotations

import ast
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from migrator import code
from migrator.judge import rules
from migrator.links import Links
from migrator.model import FileResult
from migrator.settings import Settings
from tests.conftest import Run

GOLDEN = Path(__file__).parent.parent / "golden" / "python"
PROGRAMS = sorted(path for path in GOLDEN.rglob("*.py"))
SETTINGS = Settings(python_client_version="31.0.0")

POD = """\
from kubernetes import client

SPEC = client.V1PodSpec(
    containers=[
        client.V1Container(name="web", image="registry.example/web:1"),
        client.V1Container(name="cloud-sql-proxy", image="gcr.io/cloud-sql-connectors/cloud-sql-proxy:2.14.1"),
    ],
)
"""


def worked(content: bytes, asked: Settings = SETTINGS) -> FileResult:
    """What becomes of a program."""
    return code.work("pods.py", content, asked, partial(rules.load, ()), Links())


def imported(*words: str) -> set[str]:
    """The modules that a run of the tool has loaded."""
    script = f"""
import sys
from migrator.cli import main
sys.argv = ["sidecar-migrate", *{list(words)!r}]
try:
    main()
except SystemExit:
    pass
print(*sys.modules, file=sys.stderr)
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    return set(done.stderr.split("\n")[-2].split())


def test_libcst_is_loaded_for_programs_that_build_pods_and_for_no_others(tmp_path: Path) -> None:
    (tmp_path / "pod.yaml").write_text("apiVersion: v1\nkind: Pod\nspec:\n  containers: [{name: a}, {name: b}]\n")
    (tmp_path / "plain.py").write_text("containers = 1\nprint(containers)\n")
    assert "libcst" not in imported("--version")
    assert "libcst" not in imported("--dry-run", str(tmp_path))
    (tmp_path / "pods.py").write_text(POD)
    assert "libcst" in imported("--dry-run", str(tmp_path))


def test_a_program_that_is_too_long_is_skipped_with_a_word() -> None:
    result = worked(POD.encode() + b"#" * code.MAX_BYTES)
    assert (result.status, result.reason) == ("skipped", "Python of more than 1 MiB")


def test_a_program_that_cannot_be_decoded_is_skipped_with_a_word() -> None:
    result = worked(b"# -*- coding: martian -*-\n" + POD.encode())
    assert result.status == "skipped"
    assert str(result.reason).startswith("cannot be decoded: unknown encoding: martian")


def test_a_byte_order_mark_stays() -> None:
    result = worked(b"\xef\xbb\xbf" + POD.encode())
    assert result.after is not None
    assert result.after.startswith(b"\xef\xbb\xbffrom")
    assert result.after[3:] == worked(POD.encode()).after


@pytest.mark.parametrize("line", ["import os; import sys", "if True: pass", "x = 1;", "# only a comment", "\f"])
def test_what_stands_around_stays(line: str) -> None:
    plain, framed = worked(POD.encode()), worked(f"{line}\n{POD}{line}\n".encode())
    assert plain.after is not None
    assert framed.after == f"{line}\n{plain.after.decode()}{line}\n".encode()


def test_a_test_is_left_out_unless_it_is_named(run: Run) -> None:
    Path("requirements.txt").write_text("kubernetes==31.0.0\n")
    Path("test_pods.py").write_text(POD)
    assert "no manifests" in run("--dry-run", ".").stderr
    assert "would be rewritten" in run("--dry-run", "test_pods.py").stderr


def test_a_program_on_standard_input(run: Run) -> None:
    done = run("--python-client-version", "31", "--stdin-filename", "pods.py", "-", stdin=POD.encode())
    assert 'restart_policy="Always"' in done.stdout


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_whatever_is_missing_nothing_raises_and_what_is_written_is_stable(data: st.DataObject) -> None:
    """Lines and stretches of real shapes are cut out: broken programs are skipped, others proved, twice is once."""
    lines = data.draw(st.sampled_from(PROGRAMS)).read_bytes().splitlines(keepends=True)
    for _ in range(data.draw(st.integers(0, 3))):
        start = data.draw(st.integers(0, len(lines)))
        del lines[start : start + data.draw(st.integers(1, 2))]
    content = b"".join(lines)
    asked = Settings(python_client_version="31.0.0", unsafe=data.draw(st.booleans()))
    result = worked(content, asked)
    assert result.status in ("rewritten", "unchanged", "skipped")
    if result.after is not None:
        ast.parse(result.after)
        again = worked(result.after, asked)
        assert (again.status, again.after) == ("unchanged", None)
