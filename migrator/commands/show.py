"""`--show-settings` and `--show-files`: what a run would go by, and what it would look at."""

from __future__ import annotations

from collections.abc import Iterator

import click
from click.core import ParameterSource

from migrator.config import Config
from migrator.config.keys import Key, keys


def settings_shown(ctx: click.Context, config: Config | None) -> Iterator[str]:
    """A line for each setting: key, value, origin; those that nobody set last."""
    told = [_told(ctx, key, config) for key in keys(ctx.command).values()]
    width = max(len(f"{name}: {value}") for name, value, _ in told if len(value) < 40)
    if config is not None:
        yield f"# configuration: {config.path}"
    for name, value, origin in sorted(told, key=lambda entry: entry[2] == "default"):
        yield f"{f'{name}: {value}':{width}}  # {origin}"


def _told(ctx: click.Context, key: Key, config: Config | None) -> tuple[str, str, str]:
    name = str(key.option.name)
    value = ctx.params.get(name)
    if name == "target_version":
        from migrator.versions import version_text

        value = version_text(ctx.params[name])
    if name == "formats":
        value = tuple("=".join(part for part in pair if part) for pair in ctx.params[name])
    source = ctx.get_parameter_source(name)
    if source is ParameterSource.COMMANDLINE:
        return key.name, _written(value), f"--{key.name}"
    if source is ParameterSource.DEFAULT_MAP and config is not None:
        return key.name, _written(value), f"{config.path}:{config.lines[name]}"
    return key.name, _written(value), "default"


def _written(value: object) -> str:
    import json

    return json.dumps(list(value) if isinstance(value, tuple) else value, ensure_ascii=False)
