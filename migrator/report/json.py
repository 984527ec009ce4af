"""The JSON report, version 1: fields are added, never changed. Lines are 1-based."""

from __future__ import annotations

import json
from typing import Any

from migrator import __version__
from migrator.model import Decision, Deployer, FileResult, Hazard, PodResult
from migrator.report.summary import settled_by, summary
from migrator.run import Report
from migrator.versions import version_text


def render(report: Report) -> str:
    """The report as one JSON document."""
    return json.dumps(document(report), indent=1, ensure_ascii=False) + "\n"


def document(report: Report) -> dict[str, Any]:
    """The report as plain data. Files without pods of two containers are counted, not listed."""
    return {
        "version": 1,
        "tool": f"sidecar-migrate {__version__}",
        "targetVersion": version_text(report.settings.target),
        "dryRun": report.dry_run,
        "summary": {**summary(report), "settledBy": settled_by(report)},
        "files": [_file(result) for result in report.results if result.pods or result.notes or result.status != "unchanged"],
    }


def _file(result: FileResult) -> dict[str, Any]:
    return {
        "path": result.path,
        "source": result.source,
        "status": result.status,
        "reason": result.reason,
        "line": result.line,
        "problems": [{"line": problem.line, "message": problem.message} for problem in result.problems],
        **({"notes": [{"line": note.line, "message": note.message} for note in result.notes]} if result.notes else {}),
        "pods": [_pod(pod) for pod in result.pods],
        **({"deployedBy": [_deployer(held) for held in result.deployed_by]} if result.deployed_by else {}),
    }


def _deployer(held: Deployer) -> dict[str, Any]:
    return {"kind": held.kind, "name": held.name, "path": held.path, "line": held.line}


def _pod(pod: PodResult) -> dict[str, Any]:
    site = pod.site
    return {
        "kind": site.workload.kind,
        "apiVersion": site.workload.api_version,
        "name": site.workload.name,
        "namespace": site.workload.namespace,
        "document": site.document,
        "pointer": "".join(f"/{_escaped(str(step))}" for step in site.pointer),
        "line": site.line,
        "layout": pod.layout,
        "changes": list(pod.changes),
        "extras": list(pod.extras),
        "containers": [_container(decision) for decision in pod.decisions],
    }


def _container(decision: Decision) -> dict[str, Any]:
    container, verdict = decision.container, decision.verdict
    return {
        "name": container.name,
        "image": container.image,
        "line": container.line,
        "verdict": decision.action,
        "role": verdict.role,
        "purpose": verdict.purpose,
        "confidence": verdict.confidence,
        "position": decision.position,
        "reason": decision.reason,
        "placement": decision.placement,
        "settledBy": decision.settled_by,
        "evidence": [{"rule": e.rule, "weight": e.weight, "message": e.message, "line": e.line} for e in verdict.evidence],
        "hazards": [_hazard(hazard) for hazard in decision.hazards],
        **({"follows": [str(follow) for follow in decision.follows]} if decision.follows else {}),
    }


def _hazard(hazard: Hazard) -> dict[str, Any]:
    return {
        "id": hazard.id,
        "severity": hazard.severity,
        "certain": hazard.certain,
        "message": hazard.message,
        "line": hazard.line,
        "remedy": hazard.remedy,
        "lifted": hazard.lifted,
        **({"places": [{"path": place.path, "line": place.line} for place in hazard.places]} if hazard.places else {}),
    }


def _escaped(step: str) -> str:
    """A step of a JSON pointer (RFC 6901)."""
    return step.replace("~", "~0").replace("/", "~1")
