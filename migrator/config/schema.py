"""The schema of configurations as JSON Schema, made from the table that the loader checks by."""

from __future__ import annotations

from typing import Any

import click

from migrator.config.keys import keys


def config_schema(command: click.Command) -> dict[str, Any]:
    """JSON Schema (draft 2020-12) of `.sidecar-migrate.yaml`, and of `[tool.sidecar-migrate]`."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "The configuration of sidecar-migrate",
        "type": "object",
        "additionalProperties": False,
        "properties": {name: key.schema() for name, key in keys(command).items()},
    }
