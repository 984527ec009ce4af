"""The schema of the JSON report. Fields may be added to it, so it forbids none that it does not know."""

from __future__ import annotations

from typing import Any, get_args

from migrator.model import Action, Role, Severity, Status

_TEXT = {"type": "string"}
_PERHAPS_TEXT = {"type": ["string", "null"]}
_TEXTS = {"type": "array", "items": _TEXT}
_LINE = {"type": "integer", "minimum": 1}
_COUNT = {"type": "integer", "minimum": 0}


def report_schema() -> dict[str, Any]:
    """JSON Schema (draft 2020-12) of what `-f json` writes."""
    counts = ("files", "rewritten", "unchanged", "skipped", "failed", "pods", "moved", "review")
    summary = _object(dict.fromkeys(counts, _COUNT) | {"settledBy": {"type": "object", "additionalProperties": _COUNT}})
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A report of sidecar-migrate, version 1",
        **_object(
            {
                "version": {"const": 1},
                "tool": _TEXT,
                "targetVersion": {"type": "string", "description": "The oldest cluster that the manifests must run on."},
                "dryRun": {"type": "boolean", "description": "Whether the report says what would happen."},
                "summary": summary,
                "files": _list(_file()),
            }
        ),
    }


def _file() -> dict[str, Any]:
    message = _object({"line": _LINE, "message": _TEXT})
    return _object(
        {
            "path": {"type": "string", "description": "From the folder the command was started in."},
            "source": {"enum": ["manifest", "kustomize", "python"]},
            "status": {"enum": list(get_args(Status))},
            "reason": _PERHAPS_TEXT,
            "line": {"type": ["integer", "null"], "minimum": 1},
            "problems": _list(message),
            "pods": _list(_pod()),
        },
        {
            "notes": _list(message),
            "deployedBy": _list(_object({"kind": _TEXT, "name": _TEXT, "path": _TEXT, "line": _LINE})),
        },
    )


def _pod() -> dict[str, Any]:
    return _object(
        {
            "kind": _TEXT,
            "apiVersion": _TEXT,
            "name": _TEXT,
            "namespace": _PERHAPS_TEXT,
            "document": {**_COUNT, "description": "The number of the document in its file, from 0."},
            "pointer": {"type": "string", "description": "Where the pod spec is in its document, RFC 6901."},
            "line": _LINE,
            "layout": _PERHAPS_TEXT,
            "changes": _TEXTS,
            "extras": _TEXTS,
            "containers": _list(_container()),
        }
    )


def _container() -> dict[str, Any]:
    confidence = {"type": "number", "minimum": 0, "maximum": 1, "description": "The probability that it is a sidecar."}
    return _object(
        {
            "name": _TEXT,
            "image": _PERHAPS_TEXT,
            "line": _LINE,
            "verdict": {"enum": list(get_args(Action))},
            "role": {"enum": list(get_args(Role))},
            "purpose": _PERHAPS_TEXT,
            "confidence": confidence,
            "position": {"type": ["integer", "null"], "minimum": 0, "description": "Among the init containers, if it moves."},
            "reason": {**_PERHAPS_TEXT, "description": "Why it does not move."},
            "placement": _PERHAPS_TEXT,
            "settledBy": {**_PERHAPS_TEXT, "description": "The target version from which on it would move."},
            "evidence": _list(_object({"rule": _TEXT, "weight": {"type": "number"}, "message": _TEXT, "line": _LINE})),
            "hazards": _list(_hazard()),
        },
        {"follows": {**_TEXTS, "description": "What changes elsewhere in the same change."}},
    )


def _hazard() -> dict[str, Any]:
    return _object(
        {
            "id": _TEXT,
            "severity": {"enum": list(get_args(Severity))},
            "certain": {"type": "boolean"},
            "message": _TEXT,
            "line": _LINE,
            "remedy": _TEXT,
            "lifted": _PERHAPS_TEXT,
        },
        {"places": _list(_object({"path": _TEXT, "line": _LINE}))},
    )


def _list(item: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": item}


def _object(always: dict[str, Any], sometimes: dict[str, Any] | None = None) -> dict[str, Any]:
    return {"type": "object", "required": list(always), "properties": always | (sometimes or {})}
