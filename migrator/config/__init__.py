"""The configuration of a repository: found, loaded, and checked by the options of the command line."""

from __future__ import annotations

from collections.abc import Sequence

import click

from migrator.config.check import Config, checked
from migrator.config.errors import ConfigError
from migrator.config.find import common_folder, found
from migrator.config.load import load

__all__ = ["Config", "ConfigError", "configuration"]


def configuration(ctx: click.Context, paths: Sequence[str], named: str | None) -> Config | None:
    """The configuration for these paths, or that of the file that is `named`. Raises `ConfigError`."""
    path = named if named is not None else found(common_folder(paths))
    return checked(load(path), ctx) if path is not None else None
