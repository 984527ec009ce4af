"""GitLab code quality (docs.gitlab.com, "Code Quality report format"): a list of issues, by line."""

from __future__ import annotations

import json
from collections import Counter
from hashlib import sha256

from migrator.report.findings import Finding, findings
from migrator.report.rooted import rooted
from migrator.run import Report

_SEVERITY = {"error": "critical", "warning": "major", "note": "info"}


def render(report: Report) -> str:
    """The issues; an empty list where there are none."""
    told: Counter[str] = Counter()
    issues = []
    for finding in findings(report):
        identity = _identity(finding)
        issues.append(
            {
                # GitLab shows the description alone.
                "description": f"{finding.rule}: {finding.message}",
                "check_name": finding.rule,
                "fingerprint": _hashed(identity, told[identity]),
                "severity": _SEVERITY[finding.level],
                "location": {"path": rooted(finding.path, "CI_PROJECT_DIR"), "lines": {"begin": max(finding.line, 1)}},
            }
        )
        told[identity] += 1
    return json.dumps(issues, indent=1) + "\n"


def _identity(finding: Finding) -> str:
    """What a finding is about, without its line and its words: it stays the same issue where these change."""
    return "\0".join((finding.rule, finding.path, finding.subject))


def _hashed(identity: str, before: int) -> str:
    """The fingerprint. Of two issues with the same one GitLab drops one, so that those after the first get a number."""
    text = f"{identity}\0{before}" if before else identity
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
