"""Every folder `golden/<area>/<case>/` (and `golden/tour/`) is a repository; what the tool says of it is kept to the byte.

To add a case, add its input and run `pytest --update-golden -k <case>`; then read the diff. A file `formats` in it names
further formats of the report, which are kept as well.
"""

from __future__ import annotations

import json
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest

from migrator import __version__
from migrator.report.formats import FORMATS
from tests.conftest import Run

GOLDEN = Path(__file__).parent.parent / "golden"
EXPECTED = ("expected.patch", "expected.json", "args", "formats", *(f"expected.{name}" for name in FORMATS))


def cases() -> list[Path]:
    """All case folders; `tour` is one itself, the others are areas of cases."""
    areas = [area for area in sorted(GOLDEN.iterdir()) if area.is_dir()]
    return [
        case for area in areas for case in ([area] if area.name == "tour" else sorted(p for p in area.iterdir() if p.is_dir()))
    ]


def tree(folder: Path) -> dict[str, bytes]:
    """The input files of a case, or what became of them, by path."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.relative_to(folder).as_posix() not in EXPECTED
    }


def args_of(case: Path) -> list[str]:
    """The flags of a case, if it has any."""
    flags = case / "args"
    return shlex.split(flags.read_text()) if flags.exists() else []


def formats_of(case: Path) -> list[str]:
    """The formats that are kept beside patch and JSON."""
    named = case / "formats"
    return named.read_text().split() if named.exists() else []


def lay_out(case: Path, at: Path) -> None:
    """Copy a case's input into an empty folder."""
    for name, content in tree(case).items():
        (at / name).parent.mkdir(parents=True, exist_ok=True)
        (at / name).write_bytes(content)


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.relative_to(GOLDEN).as_posix())
def test_golden(case: Path, run: Run, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    """The preview is as expected, `git apply` takes it, the real run gives the same bytes, a second run changes nothing."""
    flags = args_of(case)
    here = Path.cwd()
    lay_out(case, here)
    before = tree(here)

    formats = formats_of(case)
    asked = [word for name in formats for word in ("-f", f"{name}=../report.{name}")]
    preview = run(*flags, "--dry-run", "-f", "diff", "-f", "json=../report.json", *asked, ".")
    assert preview.exit_code in (0, 3), preview.output
    assert tree(here) == before, "a dry run wrote something"
    report = json.loads((tmp_path / "report.json").read_text())
    report["tool"] = "sidecar-migrate"
    said = json.dumps(report, indent=1, ensure_ascii=False) + "\n"
    check(case / "expected.patch", preview.stdout_bytes, request)
    check(case / "expected.json", said.encode(), request)
    for name in formats:
        kept = (tmp_path / f"report.{name}").read_bytes().replace(__version__.encode(), b"VERSION")
        check(case / f"expected.{name}", kept, request)

    applied = tmp_path / "applied"
    shutil.copytree(here, applied)
    if preview.stdout_bytes:
        subprocess.run(["git", "apply", "-"], cwd=applied, input=preview.stdout_bytes, check=True)
    real = run(*flags, ".")
    assert real.exit_code == preview.exit_code
    assert tree(here) == tree(applied), "the preview and the real run differ"

    after = tree(here)
    assert run(*flags, ".").exit_code == preview.exit_code
    assert tree(here) == after, "a second run changed something"


def check(expected: Path, content: bytes, request: pytest.FixtureRequest) -> None:
    """Compare with the file (none stands for nothing), or write it where the update switch is on."""
    if request.config.getoption("--update-golden"):
        if content:
            expected.write_bytes(content)
        else:
            expected.unlink(missing_ok=True)
    assert content == (expected.read_bytes() if expected.exists() else b"")


def test_no_patch_lies_about_without_its_report() -> None:
    """A case without expected.json was never run; what is expected of another format is asked for."""
    assert [case for case in cases() if not (case / "expected.json").exists()] == []
    kept = {path.name.partition(".")[2] for case in cases() for path in case.glob("expected.*")} - {"patch", "json"}
    assert kept <= {name for case in cases() for name in formats_of(case)}
