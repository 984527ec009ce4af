"""What the configuration of a KRM function asks for: options of the command, checked as a configuration is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import click

from migrator.config.check import checked
from migrator.config.keys import Kind, keys
from migrator.config.load import Entry, Loaded

#: The parameters that are about what a list holds; all others are about files, and about what is told of them.
_TAKEN = frozenset({"target_version", "unsafe", "confidence", "position", "select", "ignore"})
_FLAGS = {"true": True, "True": True, "false": False, "False": False}


def defaults_of(asked: Sequence[Entry], command: click.Command) -> dict[str, Any]:
    """The values by the names of the command's parameters. Raises `ConfigError` at the first mistake."""
    taken = click.Command(command.name, params=[param for param in command.params if param.name in _TAKEN])
    known = keys(taken)
    entries = (replace(held, value=_read(held.value, known[held.key].kind)) if held.key in known else held for held in asked)
    return checked(Loaded("<stdin>", tuple(entries)), click.Context(taken)).values


def _read(value: Any, kind: Kind) -> Any:
    """A value of a ConfigMap, which holds texts alone; as it is where it cannot be read as what is wanted."""
    if not isinstance(value, str):
        return value
    if kind == "list":
        return [value]
    if kind == "boolean":
        return _FLAGS.get(value, value)
    if kind == "number":
        try:
            return float(value)
        except ValueError:
            return value
    return value
