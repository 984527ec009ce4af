"""JUnit XML: a suite for each file, a case for each container of its pods.

In a preview a container that would move has failed, as has one that awaits a review; after a run only the latter has. The
elements are those of the schema of Apache Ant's reports (windyroad/JUnit-Schema), in its order.
"""

from __future__ import annotations

import os
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal
from xml.sax.saxutils import escape, quoteattr

from migrator.model import FileResult
from migrator.report.findings import PSEUDO, REVIEW, SKIPPED, UNREADABLE, Finding, findings_of
from migrator.report.words import subject_of
from migrator.run import Report

Outcome = Literal["passed", "failure", "error", "skipped"]

#: What XML 1.0 cannot say, not even escaped.
_NO_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class _Case:
    """One test case; `type` is the rule."""

    name: str
    outcome: Outcome = "passed"
    type: str = ""
    message: str = ""


def render(report: Report) -> str:
    """The suites of all files of which there is something to say."""
    suites = [(result.path, list(_cases(result, report.dry_run))) for result in report.results]
    held = [(path, cases) for path, cases in suites if cases]
    at = _timestamp()
    body = "".join(_suite(number, path, cases, at) for number, (path, cases) in enumerate(held))
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n{body}</testsuites>\n'


def _timestamp() -> str:
    """Now, or what SOURCE_DATE_EPOCH says, for reports that are the same each time."""
    said = os.environ.get("SOURCE_DATE_EPOCH", "")
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(int(said) if said.isdecimal() else None))


def _cases(result: FileResult, dry_run: bool) -> Iterator[_Case]:
    found = findings_of(result, dry_run)
    for finding in found:
        if finding.rule == SKIPPED:
            yield _Case(f"line {finding.line}", "skipped", finding.rule, _told(finding))
        elif finding.rule == UNREADABLE:
            yield _Case(f"line {finding.line}", "error", finding.rule, _told(finding))
    told = {(finding.subject, finding.line): finding for finding in found if finding.rule in (PSEUDO, REVIEW)}
    for pod in result.pods:
        for container in (decision.container for decision in pod.decisions):
            subject = subject_of(pod, container)
            yield _case(f"{subject}, line {container.line}", told.get((subject, container.line)))


def _case(name: str, finding: Finding | None) -> _Case:
    if finding is None or finding.level == "note":
        return _Case(name)
    return _Case(name, "failure", finding.rule, _told(finding))


def _told(finding: Finding) -> str:
    return f"{finding.path}:{finding.line}: {finding.message}"


def _suite(number: int, path: str, cases: list[_Case], at: str) -> str:
    outcomes = [case.outcome for case in cases]
    attributes = {
        "id": str(number),
        "package": "sidecar-migrate",
        "name": path,
        "timestamp": at,
        "hostname": "localhost",
        "tests": str(len(cases)),
        "failures": str(outcomes.count("failure")),
        "errors": str(outcomes.count("error")),
        "skipped": str(outcomes.count("skipped")),
        "time": "0",
    }
    body = "".join(f"    {_element(path, case)}\n" for case in cases)
    head = f"  <testsuite {_attributes(attributes)}>\n    <properties/>\n"
    return f"{head}{body}    <system-out/>\n    <system-err/>\n  </testsuite>\n"


def _element(path: str, case: _Case) -> str:
    head = f"<testcase {_attributes({'classname': path, 'name': case.name, 'time': '0'})}"
    if case.outcome == "passed":
        return f"{head}/>"
    said = {"message": case.message} if case.outcome == "skipped" else {"message": case.message, "type": case.type}
    return f"{head}><{case.outcome} {_attributes(said)}>{escape(_sayable(case.message))}</{case.outcome}></testcase>"


def _attributes(values: dict[str, str]) -> str:
    return " ".join(f"{key}={quoteattr(_sayable(value))}" for key, value in values.items())


def _sayable(text: str) -> str:
    return _NO_XML.sub("\ufffd", text)
