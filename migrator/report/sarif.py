"""SARIF 2.1.0 as GitHub code scanning takes it (docs.github.com, "SARIF support for code scanning"), and others read it.

Columns are UTF-16 code units. A preview has fixes, which GitHub passes over.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterator
from hashlib import sha256
from typing import Any
from urllib.parse import quote

from migrator import __version__
from migrator.model import FileResult, Place
from migrator.report.findings import LEVELS, Finding, findings_of
from migrator.report.guide import HOME, Rule, guide
from migrator.report.positions import Lines, Region, utf16
from migrator.report.rooted import rooted
from migrator.report.words import counted
from migrator.run import Report

#: So many results GitHub takes in a run; of these it shows the first 5,000 by severity.
MOST = 25_000
_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"

Object = dict[str, Any]


def render(report: Report) -> str:
    """One run, the worst first, with the rules that it names; `results` is there where there are none, too."""
    rules = guide()
    everything = [held for result in report.results for held in _found(result, report.dry_run)]
    found = sorted(everything, key=lambda held: LEVELS.index(held[0].level))[:MOST]
    used = sorted({finding.rule for finding, _ in found})
    numbers = {rule: number for number, rule in enumerate(used)}
    run: Object = {
        "tool": {
            "driver": {
                "name": "sidecar-migrate",
                "informationUri": HOME,
                "version": __version__,
                "semanticVersion": __version__,
                "rules": [_rule(rules[rule]) for rule in used],
            }
        },
        "columnKind": "utf16CodeUnits",
        "results": list(_results(found, numbers)),
    }
    if left := len(everything) - len(found):
        text = f"{counted(left, 'result')} of the least severe left out: GitHub takes {MOST}"
        notes = [{"level": "warning", "message": {"text": text}}]
        run["invocations"] = [{"executionSuccessful": True, "toolExecutionNotifications": notes}]
    return json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, indent=1) + "\n"


def _found(result: FileResult, dry_run: bool) -> list[tuple[Finding, Lines]]:
    lines = Lines(result)
    return [(finding, lines) for finding in findings_of(result, dry_run)]


def _rule(rule: Rule) -> Object:
    return {
        "id": rule.id,
        "shortDescription": {"text": rule.title},
        "fullDescription": {"text": rule.what},
        "helpUri": rule.url,
        "help": {
            "text": f"{rule.what}\n\nWhat to do: {rule.todo}",
            "markdown": f"{rule.what}\n\n**What to do:** {rule.todo}",
        },
        "properties": {"tags": ["kubernetes", "sidecar"], "precision": "high"},
    }


def _results(found: list[tuple[Finding, Lines]], numbers: dict[str, int]) -> Iterator[Object]:
    told: Counter[tuple[str, str]] = Counter()
    for finding, lines in found:
        about = (finding.path, _fingerprint(finding, lines))
        told[about] += 1
        yield {
            "ruleId": finding.rule,
            "ruleIndex": numbers[finding.rule],
            "level": finding.level,
            "message": {"text": finding.message},
            "locations": [_location(finding.path, _region(lines.region(finding.line, utf16)))],
            **({"relatedLocations": [_related(place) for place in finding.places]} if finding.places else {}),
            "partialFingerprints": {"primaryLocationLineHash": f"{about[1]}:{told[about]}"},
            **({"fixes": [_fix(finding)]} if finding.change else {}),
        }


def _fingerprint(finding: Finding, lines: Lines) -> str:
    """The same for as long as the line and what stands in it are about the same, wherever in the file it is."""
    parts = (finding.rule, finding.subject, lines.content(finding.line))
    return sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _location(path: str, region: Object) -> Object:
    return {"physicalLocation": {"artifactLocation": {"uri": _uri(path)}, "region": region}}


def _related(place: Place) -> Object:
    """A place in another file, of which no more than the line is known."""
    return {**_location(place.path, {"startLine": place.line}), "message": {"text": "what the finding names"}}


def _region(region: Region) -> Object:
    return {
        "startLine": region.start_line,
        "startColumn": region.start_column,
        "endLine": region.end_line,
        "endColumn": region.end_column,
    }


def _uri(path: str) -> str:
    """A relative URI from the root of the checkout; absolute only for what is outside and was named so."""
    told = rooted(path, "GITHUB_WORKSPACE")
    spelled = quote(os.fsencode(told))
    return f"file://{spelled}" if os.path.isabs(told) else spelled


def _fix(finding: Finding) -> Object:
    assert finding.change is not None
    replacement = {
        "deletedRegion": _region(finding.change.region(utf16)),
        "insertedContent": {"text": finding.change.text},
    }
    return {
        "description": {"text": "Write it as a sidecar."},
        "artifactChanges": [{"artifactLocation": {"uri": _uri(finding.path)}, "replacements": [replacement]}],
    }
