"""`sidecar-migrate explain [ID]`: what a rule looks at, how much it counts, and where that is known from."""

from __future__ import annotations

import click


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("identity", required=False, metavar="[ID]")
@click.option("--rules-dir", "rules_dirs", multiple=True, metavar="DIR", help="Rules of your own.")
def explain(identity: str | None, rules_dirs: tuple[str, ...]) -> None:
    """What the rule ID is; without an ID, all rules."""
    from difflib import get_close_matches

    from migrator.judge import rules
    from migrator.report.rule import line, page

    catalogue = rules.load(rules_dirs)
    if identity is None:
        for rule in catalogue.rules:
            click.echo(line(rule))
        return
    found = {rule.id: rule for rule in catalogue.rules}
    if identity not in found:
        near = get_close_matches(identity, found, n=1)
        raise click.UsageError(f"no rule is called `{identity}`" + (f"; did you mean `{near[0]}`?" if near else ""))
    click.echo(page(found[identity]), nl=False)
