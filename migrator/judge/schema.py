"""The schema of rule files as JSON Schema, made from what the loader checks by."""

from __future__ import annotations

from typing import Any

from migrator.judge.matchers import KEYS
from migrator.judge.rules import ROLES
from migrator.judge.signals import SIGNALS
from migrator.judge.weights import WEIGHTS


def rule_schema() -> dict[str, Any]:
    """JSON Schema (draft 2020-12) of a rule file."""
    entries = {
        key: _entries({"type": "integer"} if key == "port" else {"type": "string", "minLength": 1}, build.__doc__)
        for key, build in KEYS.items()
    }
    signals = {"enum": sorted(SIGNALS)}
    clue = {
        "type": "object",
        "required": ["weight"],
        "minProperties": 2,
        "additionalProperties": False,
        "properties": {
            **entries,
            "signals": _entries(signals, "Structural signals, all of which must be there."),
            "lacks": _entries(signals, "Structural signals, none of which may be there."),
            "weight": {"enum": list(WEIGHTS), "description": "What it counts."},
        },
    }
    example = {"type": "object", "minProperties": 1}
    text = {"type": "string", "minLength": 1}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A rule of sidecar-migrate",
        "type": "object",
        "required": ["id", "title", "role", "clues", "examples"],
        "additionalProperties": False,
        "properties": {
            "id": {"type": "string", "pattern": "^[a-z0-9]+(-[a-z0-9]+)*$", "description": "The name of the file."},
            "title": {**text, "description": "What a person calls it."},
            "purpose": {**text, "description": "What such a helper is for; none for rules about structure."},
            "role": {"enum": list(ROLES), "description": "What a match speaks for."},
            "clues": _entries(clue, "The strongest clue that matches counts, once."),
            "sources": _entries(text, "Where this is known from."),
            "examples": {
                "type": "object",
                "required": ["match", "no-match"],
                "additionalProperties": False,
                "properties": {"match": _entries(example, "Must match."), "no-match": _entries(example, "Must not match.")},
            },
        },
    }


def _entries(item: dict[str, Any], description: str | None) -> dict[str, Any]:
    return {"type": "array", "minItems": 1, "items": item, "description": " ".join((description or "").split())}
