"""A configuration as defaults of the command line: each value goes through the checks of its option."""

from __future__ import annotations

import os
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

import click

from migrator.config.errors import ConfigError
from migrator.config.keys import PATHS, PER_RUN, Key, flag, keys
from migrator.config.load import Entry, Loaded, folder_of


@dataclass(frozen=True)
class Config:
    """A checked file: `values` by the parameter's name as the option takes them, and the line of each."""

    path: str
    values: dict[str, Any]
    lines: dict[str, int]

    @property
    def folder(self) -> str:
        """What its paths and patterns start from."""
        return folder_of(self.path)


def checked(loaded: Loaded, ctx: click.Context) -> Config:
    """The file's values by the names of parameters. Raises `ConfigError` at the first mistake."""
    known = keys(ctx.command)
    values: dict[str, Any] = {}
    lines: dict[str, int] = {}
    for entry in loaded.entries:
        key = known.get(entry.key)
        if key is None:
            raise ConfigError(loaded.path, entry.line, f"{entry.key}: {_unknown(entry.key, known, ctx.command)}")
        name = str(key.option.name)
        if name in values:
            raise ConfigError(loaded.path, entry.line, f"{entry.key}: given twice")
        values[name] = _value(entry, key, loaded.path, ctx)
        lines[name] = entry.line
    return Config(loaded.path, values, lines)


def _value(entry: Entry, key: Key, path: str, ctx: click.Context) -> Any:
    if not key.takes(entry.value):
        quotes = ", in quotes" if key.kind == "string" else ""
        raise ConfigError(path, entry.line, f"{entry.key}: {key.wanted} is wanted here{quotes}")
    try:
        key.option.process_value(ctx, entry.value)
    except click.BadParameter as error:
        raise ConfigError(path, entry.line, f"{entry.key}: {error.message}") from None
    if key.option.name in PATHS:
        return _below(entry.value, folder_of(path))
    return entry.value


def _below(value: str | list[str], folder: str) -> str | list[str]:
    if isinstance(value, str):
        return os.path.normpath(os.path.join(folder, value))
    return [os.path.normpath(os.path.join(folder, item)) for item in value]


def _unknown(word: str, known: dict[str, Key], command: click.Command) -> str:
    """What to say of a key that is none."""
    flags = {flag(option) for option in command.params if isinstance(option, click.Option) and option.name in PER_RUN}
    if word in flags:
        return "says what one run does, and belongs on the command line"
    near = get_close_matches(word.replace("_", "-"), known, n=1)
    return f"unknown key; did you mean `{near[0]}`?" if near else f"unknown key; known are {', '.join(known)}"
