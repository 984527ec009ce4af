"""`sidecar-migrate explain [ID]`: what a rule looks at or a hazard means, and where that is known from."""

from __future__ import annotations

import click


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("identity", required=False, metavar="[ID]")
@click.option("--rules-dir", "rules_dirs", multiple=True, metavar="DIR", help="Rules of your own.")
def explain(identity: str | None, rules_dirs: tuple[str, ...]) -> None:
    """What the rule or hazard ID is; without an ID, all of them in a line each."""
    from difflib import get_close_matches

    from migrator.judge import rules
    from migrator.plan.hazards.pages import pages
    from migrator.report import hazard, rule

    hazards = {page.id: page for page in pages()}
    known = {held.id: held for held in rules.load(rules_dirs).rules}
    if identity is None:
        for page in hazards.values():
            click.echo(hazard.line(page))
        for held in known.values():
            click.echo(rule.line(held))
    elif identity in hazards:
        click.echo(hazard.page_of(hazards[identity]), nl=False)
    elif identity in known:
        click.echo(rule.page(known[identity]), nl=False)
    else:
        near = get_close_matches(identity, [*hazards, *known], n=1)
        hint = f"; did you mean `{near[0]}`?" if near else ""
        raise click.UsageError(f"no rule or hazard is called `{identity}`{hint}")
