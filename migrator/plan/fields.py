"""Fields of plain data that may be missing, templated, or of any type: what they say where they say it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def number(value: Any, default: int) -> int:
    """An integer field, or what Kubernetes takes where it is not written. What is no integer is as if not written."""
    return value if isinstance(value, int) and not isinstance(value, bool) else default


def mapping(value: Any) -> Mapping[str, Any]:
    """A mapping field, empty where it is none."""
    return value if isinstance(value, dict) else {}


def mappings(value: Any) -> list[Mapping[str, Any]]:
    """The mappings in a list field."""
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def at(value: Any, *keys: str) -> Any:
    """The value below these keys, or None."""
    for key in keys:
        value = mapping(value).get(key)
    return value
