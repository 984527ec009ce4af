"""What all tests share: the switch that writes golden expectations, and a way to run the tool in a folder."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from migrator.cli import cli
from migrator.judge import rules

Run = Callable[..., Result]


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--update-golden` writes what the tool says now into golden/; the diff is then yours to read."""
    parser.addoption("--update-golden", action="store_true", help="write the expectations in golden/ anew")


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run the tool in an empty folder of its own: `run("--dry-run", ".", input=b"...")`."""
    folder = tmp_path / "repository"
    folder.mkdir()
    monkeypatch.chdir(folder)
    for name in ("FORCE_COLOR", "GITHUB_WORKSPACE", "GITHUB_STEP_SUMMARY", "CI_PROJECT_DIR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "0")

    def invoke(*args: str, stdin: bytes | None = None) -> Result:
        # A run is a process of its own: folders of rules may have changed since the last one.
        rules.load.cache_clear()
        return CliRunner().invoke(cli, list(args), input=stdin)

    return invoke
