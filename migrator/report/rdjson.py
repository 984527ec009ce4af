"""rdjson, which reviewdog reads: a diagnostic for each finding, in a preview with the text that settles it.

Columns are bytes of UTF-8, those of a byte order mark included. A suggestion covers all that changes in a YAML document, and
its diagnostic the same lines: reviewdog shows it only so. Files of another encoding have no suggestions.
"""

from __future__ import annotations

import codecs
import json
from typing import Any

from migrator import __version__
from migrator.model import FileResult
from migrator.report.changes import Change
from migrator.report.findings import Finding, findings_of
from migrator.report.guide import HOME, guide
from migrator.report.positions import Lines, Region, utf8
from migrator.run import Report

_SEVERITY = {"error": "ERROR", "warning": "WARNING", "note": "INFO"}

Object = dict[str, Any]


def render(report: Report) -> str:
    """A `DiagnosticResult`, with paths as they are told on the command line."""
    urls = {rule.id: rule.url for rule in guide().values()}
    found = [diagnostic for result in report.results for diagnostic in _diagnostics(result, report.dry_run, urls)]
    source = {"name": f"sidecar-migrate {__version__}", "url": HOME}
    return json.dumps({"source": source, "severity": "WARNING", "diagnostics": found}, indent=1) + "\n"


def _diagnostics(result: FileResult, dry_run: bool, urls: dict[str, str]) -> list[Object]:
    before = result.before or b""
    mark = "\ufeff" if before.startswith(codecs.BOM_UTF8) else ""
    lines, countable = Lines(result, with_bom=True), _is_utf8(before)
    found = findings_of(result, dry_run)
    return [_diagnostic(f, lines, f.change.behind(mark) if f.change and countable else None, urls[f.rule]) for f in found]


def _is_utf8(content: bytes) -> bool:
    try:
        content.decode()
    except UnicodeDecodeError:
        return False
    return True


def _diagnostic(finding: Finding, lines: Lines, change: Change | None, url: str) -> Object:
    region = change.region(utf8) if change else lines.region(finding.line, utf8)
    return {
        "message": finding.message,
        "location": {"path": finding.path, "range": _range(region)},
        "severity": _SEVERITY[finding.level],
        "code": {"value": finding.rule, "url": url},
        **({"suggestions": [{"range": _range(region), "text": change.text}]} if change else {}),
        **({"related_locations": [_place(place.path, place.line) for place in finding.places]} if finding.places else {}),
    }


def _range(region: Region) -> Object:
    return {
        "start": {"line": region.start_line, "column": region.start_column},
        "end": {"line": region.end_line, "column": region.end_column},
    }


def _place(path: str, line: int) -> Object:
    return {"location": {"path": path, "range": {"start": {"line": line}}}}
