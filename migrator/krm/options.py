"""What the configuration of a KRM function asks for, as settings."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from difflib import get_close_matches
from typing import Any

from migrator.settings import Settings
from migrator.versions import version


def settings_of(asked: Mapping[str, str]) -> Settings:
    """The settings. Raises ValueError, with the key, on one that is not known or has a wrong value."""
    settings = Settings()
    for key, value in asked.items():
        if key not in _OPTIONS:
            near = get_close_matches(key, _OPTIONS, 1)
            raise ValueError(f"`{key}` is no option" + (f"; did you mean `{near[0]}`?" if near else ""))
        field, read = _OPTIONS[key]
        try:
            settings = replace(settings, **{field: read(value)})
        except ValueError as error:
            raise ValueError(f"{key}: {error}") from None
    return settings


def _flag(value: str) -> bool:
    if value not in ("true", "false", "True", "False"):
        raise ValueError(f"`{value}` is neither true nor false")
    return value.lower() == "true"


def _share(value: str) -> float:
    number = float(value)
    if not 0.5 <= number <= 1:
        raise ValueError(f"`{value}` is not between 0.5 and 1")
    return number


def _position(value: str) -> str:
    word, colon, name = value.partition(":")
    if value in ("last", "first") or (word in ("before", "after") and colon and name):
        return value
    raise ValueError(f"`{value}` is none of last, first, before:NAME, after:NAME")


def _words(value: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in value.split(",") if word.strip())


_OPTIONS: dict[str, tuple[str, Callable[[str], Any]]] = {
    "target-version": ("target", version),
    "unsafe": ("unsafe", _flag),
    "confidence": ("migrate_from", _share),
    "position": ("position", _position),
    "select": ("select", _words),
    "ignore": ("ignore", _words),
}
