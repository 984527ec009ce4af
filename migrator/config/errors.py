"""What can be wrong with a configuration."""

from __future__ import annotations

import click


class ConfigError(click.ClickException):
    """A mistake in a file; the text is `file:line: key: what is wrong`."""

    exit_code = 2

    def __init__(self, path: str, line: int, message: str) -> None:
        super().__init__(f"{path}:{line}: {message}")
