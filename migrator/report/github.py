"""Workflow commands that GitHub shows as annotations.

It shows ten of each level for a step, so the worst come first, and the last one says how many are left out. All of them are
in the summary of the job, which is the body of the pull request (`markdown`).
"""

from __future__ import annotations

from migrator.report.findings import LEVELS, Finding, findings
from migrator.report.rooted import rooted
from migrator.report.words import counted
from migrator.run import Report

#: Of each level in a step; so a step stays below the 50 of a job.
MOST = 10
_COMMAND = {"error": "error", "warning": "warning", "note": "notice"}


def render(report: Report) -> str:
    """The commands, a line each."""
    found = findings(report)
    shown: list[Finding] = []
    for level in LEVELS:
        own = [finding for finding in found if finding.level == level]
        # One notice is kept for what is left out.
        shown += own[: MOST - 1 if level == "note" else MOST]
    parts = [_line(finding) for finding in shown]
    if left := len(found) - len(shown):
        parts.append(f"::notice title=sidecar-migrate::{counted(left, 'more finding')}: see the summary of the job\n")
    return "".join(parts)


def _line(finding: Finding) -> str:
    where = {
        "file": rooted(finding.path, "GITHUB_WORKSPACE"),
        "line": str(max(finding.line, 1)),
        "title": finding.rule,
    }
    properties = ",".join(f"{key}={_property(value)}" for key, value in where.items())
    return f"::{_COMMAND[finding.level]} {properties}::{_data(finding.message)}\n"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
