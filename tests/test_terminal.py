"""What stands on a terminal: lines that fit, colours, progress, and the summary last. None of it where there is none."""

from __future__ import annotations

import io
import re
from pathlib import Path

import click
import pytest
from hypothesis import given
from hypothesis import strategies as st

from migrator.progress import Progress
from migrator.report.wrap import columns, wrapped
from migrator.run import Map
from tests.conftest import Run
from tests.terminals import on_terminal
from tests.test_cli import DOUBT, MOVED, POD
from tests.test_golden import GOLDEN, lay_out

ANSI = re.compile(r"\x1b\[[0-9;]*m")


@pytest.fixture
def long(run: Run) -> Path:
    """A repository with much to say."""
    lay_out(GOLDEN / "tour", Path.cwd())
    Path("doubt.yaml").write_text(DOUBT)
    return Path.cwd()


def test_lines_fit_a_terminal_of_80_columns(long: Path, run: Run) -> None:
    """But for those of the diff, and words that are longer. Piped, nothing is broken."""
    piped = run("--dry-run", "-v", ".").stderr
    assert max(map(len, piped.splitlines())) > 80
    shown = on_terminal("--dry-run", "-v", "-f", "diff=../out.patch", "-f", "text", ".", environment={"NO_COLOR": "1"}).text
    findings = "\n".join(part for part in re.split(r"(?m)^(?=diff --git |\S+\.yaml$)", shown) if not part.startswith("diff"))
    assert [line for line in findings.splitlines() if len(line) > 80 and " " in line.strip()] == []


def test_on_a_wide_terminal_nothing_is_broken(long: Path, run: Run) -> None:
    piped = run("--check", "-v", ".").stderr
    shown = on_terminal("--check", "-v", ".", columns=1000, environment={"NO_COLOR": "1"}).text
    assert shown == piped


def test_colours_are_for_terminals_and_can_be_refused(long: Path) -> None:
    assert ANSI.search(on_terminal("--check", ".").text)
    assert not ANSI.search(on_terminal("--check", ".", environment={"NO_COLOR": "1"}).text)
    assert not ANSI.search(on_terminal("--check", ".", environment={"TERM": "dumb"}).text)
    assert not ANSI.search(on_terminal("--check", "--color", "never", ".", environment={"FORCE_COLOR": "1"}).text)
    # An empty variable says nothing (no-color.org).
    assert ANSI.search(on_terminal("--check", ".", environment={"NO_COLOR": ""}).text)


@pytest.mark.parametrize("flags", [["--dry-run"], ["--check"], [], ["-v"], ["--unsafe"], ["--verify-render", "--dry-run"]])
def test_the_summary_is_last(long: Path, flags: list[str]) -> None:
    last = on_terminal(*flags, "--ignore", "nobody", ".", "nowhere.yaml").text.rstrip("\n").rpartition("\n")[2]
    assert re.fullmatch(r"\d+ files: \d+ (would be )?rewritten, .*\d+ unchanged", last)


def test_a_short_run_counts_nothing(long: Path) -> None:
    assert "pass " not in on_terminal("--check", ".").text


class Clock:
    """A clock that goes on by itself, `step` seconds each time it is looked at."""

    def __init__(self, step: float) -> None:
        self.now, self.step = 0.0, step

    def __call__(self) -> float:
        self.now += self.step
        return self.now


def counted(step: float, *passes: list[str]) -> str:
    """What progress says of these passes."""
    out = io.StringIO()
    progress = Progress(out, Clock(step))
    for items in passes:
        assert list(progress.watched(map)(str.upper, items)) == [item.upper() for item in items]
    progress.done()
    return out.getvalue()


def test_a_long_run_counts_and_leaves_nothing_behind() -> None:
    said = counted(0.6, ["a", "b", "c"], [], ["d"])
    assert said.split("\r\x1b[K") == ["", "pass 1: 2 of 3", "pass 1: 3 of 3", "pass 2: 1 of 1", ""]


def test_progress_waits_and_keeps_its_pace() -> None:
    assert counted(0.001, ["a"] * 900) == ""
    assert counted(0.01, ["a"] * 200).count("pass") == 10


@pytest.mark.parametrize(("flags", "counts"), [([], True), (["--no-progress"], False), (["-q"], False)])
def test_progress_can_be_refused(run: Run, monkeypatch: pytest.MonkeyPatch, flags: list[str], counts: bool) -> None:
    Path("pod.yaml").write_text(POD)
    asked: list[Map] = []

    def watched(_: Progress, mapper: Map) -> Map:
        asked.append(mapper)
        return mapper

    monkeypatch.setattr("migrator.commands.looking.is_terminal", lambda stream: True)
    monkeypatch.setattr(Progress, "watched", watched)
    run(*flags, ".")
    assert bool(asked) is counts
    assert Path("pod.yaml").read_text() == MOVED


WORD = st.text(st.sampled_from("ab日é/-`"), min_size=1, max_size=30)
LINE = st.builds(lambda depth, words: " " * depth + " ".join(words), st.integers(0, 12), st.lists(WORD, min_size=1, max_size=30))


@given(LINE, st.integers(1, 120))
def test_wrapping_keeps_every_word_and_the_width(line: str, width: int) -> None:
    pieces = wrapped(line, width).split("\n")
    assert " ".join(pieces).split() == line.split()
    assert all(columns(piece) <= max(width, 40) or len(piece.split()) == 1 for piece in pieces)
    assert wrapped(line, None) == line


@given(LINE, st.integers(40, 120))
def test_colours_have_no_width(line: str, width: int) -> None:
    words = line.split(" ")
    coloured = " ".join(click.style(word, fg="green") if word else word for word in words)
    assert click.unstyle(wrapped(coloured, width)) == wrapped(line, width)


def test_what_goes_on_stands_deeper_than_its_line() -> None:
    first, second = wrapped("    + " + "word " * 12, 50).split("\n")
    assert first.startswith("    + word")
    assert second.startswith("      word")
