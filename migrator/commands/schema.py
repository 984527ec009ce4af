"""`sidecar-migrate schema rules`: the JSON Schema of rule files, for editors."""

from __future__ import annotations

import click


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("what", type=click.Choice(["rules"]))
def schema(what: str) -> None:
    """The JSON Schema of WHAT users may write."""
    import json

    from migrator.judge.schema import rule_schema

    click.echo(json.dumps({"rules": rule_schema}[what](), indent=2))
