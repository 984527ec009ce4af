"""Plain data as kustomize handles it: what is not there, the text of a scalar, copies."""

from __future__ import annotations

from enum import Enum
from typing import Any, Final


class _Absent(Enum):
    ABSENT = "absent"


#: What is not there, which is not the same as what is null.
ABSENT: Final = _Absent.ABSENT


def text(value: Any) -> str:
    """The text of a scalar, which is what kustomize compares; a list or a mapping has none."""
    if isinstance(value, (dict, list)):
        return ""
    if value is None:
        return "null"
    return str(value).lower() if isinstance(value, bool) else str(value)


def texts(value: Any) -> dict[str, str]:
    """Labels or annotations as kustomize reads them: scalars as their texts, none where there is no mapping."""
    return {key: text(held) for key, held in value.items()} if isinstance(value, dict) else {}


def fresh(value: Any) -> Any:
    """A copy that shares nothing with the value, and in which no two places share anything."""
    if isinstance(value, dict):
        return {key: fresh(held) for key, held in value.items()}
    return [fresh(item) for item in value] if isinstance(value, list) else value
