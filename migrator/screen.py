"""Reports to their places: each format to its file or to stdout, everything for people to stderr."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Sequence
from typing import TextIO

import click

from migrator.run import Report


class Unwritten(click.ClickException):
    """A report that could not be written; what it is about is done all the same."""

    exit_code = 3


class Screen:
    """What the user asked to see, and how."""

    def __init__(self, color: str, quiet: bool, verbose: bool) -> None:
        self.quiet = quiet
        self.verbose = verbose
        self.color = color

    def show(self, report: Report, formats: Iterable[tuple[str, str | None]], extra: bool, notes: Sequence[str]) -> None:
        """Each format where it belongs; with `extra` the findings as text on stderr unless they are on stdout.

        Raises `Unwritten`, once all the rest is shown, where a format could not be written to its file.
        """
        from migrator.report.summary import newer, sentence

        shown = set()
        unwritten: list[Unwritten] = []
        for name, path in formats:
            if path is None:
                shown.add(name)
                self._stdout(report, name)
            else:
                try:
                    to_file(path, self._rendered(report, name, coloured=False))
                except Unwritten as error:
                    unwritten.append(error)
            if name == "github":
                _summarise(report)
        if extra and "text" not in shown and not self.quiet:
            self._findings(report)
        elif "text" not in shown:
            self._errors(report)
        for note in notes if not self.quiet else ():
            click.echo(note, err=True)
        if not self.quiet:
            if lifted := newer(report):
                click.echo(lifted, err=True)
            click.echo(sentence(report), err=True)
        if unwritten:
            raise Unwritten("\n".join(error.message for error in unwritten))

    def _stdout(self, report: Report, name: str) -> None:
        if name == "text" and self.quiet:
            return
        coloured = self._coloured(sys.stdout)
        text = self._rendered(report, name, coloured, width_of(sys.stdout))
        sys.stdout.flush()
        sys.stdout.buffer.write(_spelled(text))
        sys.stdout.buffer.flush()

    def _rendered(self, report: Report, name: str, coloured: bool, width: int | None = None) -> str:
        from migrator.report import diff, formats, text

        if name == "diff" and coloured:
            return text.coloured(diff.render(report), click.style)
        if name == "text":
            return text.render(report, click.style if coloured else text.plain, self.verbose, width=width)
        return formats.render(name, report)

    def _findings(self, report: Report) -> None:
        from migrator.report import text

        sys.stderr.write(text.render(report, self.style_of(sys.stderr), self.verbose, False, width_of(sys.stderr)))

    def style_of(self, stream: object) -> Callable[..., str]:
        """How text on this stream is coloured, if it is."""
        from migrator.report import text

        return click.style if self._coloured(stream) else text.plain

    def _errors(self, report: Report) -> None:
        for result in report.results:
            for problem in result.problems:
                click.echo(f"{result.path}:{problem.line}: {problem.message}", err=True)
            if result.status == "failed" and not result.problems:
                where = f"{result.path}:{result.line}" if result.line else result.path
                click.echo(f"{where}: {result.reason}", err=True)

    def _coloured(self, stream: object) -> bool:
        if self.color != "auto":
            return self.color == "always"
        # Both count where they say something (no-color.org, force-color.org).
        if os.environ.get("NO_COLOR"):
            return False
        return bool(os.environ.get("FORCE_COLOR")) or (is_terminal(stream) and os.environ.get("TERM") != "dumb")


def width_of(stream: TextIO) -> int | None:
    """The columns of the terminal that a stream goes to; None where it goes to none, and lines stay whole."""
    if not is_terminal(stream):
        return None
    said = os.environ.get("COLUMNS", "")
    try:
        # A terminal that does not tell how wide it is says 0.
        return (int(said) if said.isdecimal() else 0) or os.get_terminal_size(stream.fileno()).columns or None
    except OSError:
        return None


def is_terminal(stream: object) -> bool:
    """Whether somebody looks at what is written there."""
    return bool(getattr(stream, "isatty", lambda: False)())


def to_file(path: str, text: str) -> None:
    """Write a report. Raises `Unwritten`."""
    try:
        with open(path, "wb") as stream:
            stream.write(_spelled(text))
    except OSError as error:
        raise Unwritten(f"{path}: the report cannot be written: {error.strerror or error}") from None


def _spelled(text: str) -> bytes:
    """The bytes of a report; those of file names that are no UTF-8 come out as they went in."""
    return text.encode("utf-8", "surrogateescape")


def _summarise(report: Report) -> None:
    """Add the body of a pull request to the summary of the GitHub job, in which there is room for more than annotations."""
    path = os.environ.get("GITHUB_STEP_SUMMARY")
    if not path:
        return
    from migrator.report import markdown

    try:
        with open(path, "ab") as stream:
            stream.write(_spelled(markdown.render(report)))
    except OSError as error:
        click.echo(f"{path}: the summary cannot be written: {error.strerror or error}", err=True)
