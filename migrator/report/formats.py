"""The formats of a report, by name. Each is the module of that name here, and is imported only where it is asked for."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from migrator.run import Report

#: Every module has `render(report) -> str`. The order is that of the help.
FORMATS = {
    "text": "for people, with the diff",
    "diff": "a git patch",
    "json": "everything, for programs",
    "sarif": "SARIF 2.1.0, for code scanning",
    "github": "annotations of a GitHub workflow",
    "gitlab": "GitLab code quality",
    "rdjson": "reviewdog, with suggestions",
    "junit": "JUnit XML",
    "markdown": "the body of a pull request",
    "html": "a page to read",
}


def render(name: str, report: Report) -> str:
    """The report in a format of `FORMATS`, with a line break at its end unless it is empty."""
    text: str = import_module(f"migrator.report.{name}").render(report)
    return text


def listed() -> str:
    """The names as the help gives them: `text, diff or json`."""
    *names, last = FORMATS
    return f"{', '.join(names)} or {last}"
