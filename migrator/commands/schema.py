"""`sidecar-migrate schema WHAT`: the JSON Schemas of what users write and of what programs read."""

from __future__ import annotations

import click


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("what", type=click.Choice(["config", "report", "rules"]))
def schema(what: str) -> None:
    """The JSON Schema of WHAT: a configuration, the JSON report, or a rule."""
    import json

    from migrator.commands.migrate import migrate
    from migrator.config.schema import config_schema
    from migrator.judge.schema import rule_schema
    from migrator.report.schema import report_schema

    made = {"config": lambda: config_schema(migrate), "report": report_schema, "rules": rule_schema}
    click.echo(json.dumps(made[what](), indent=2))
