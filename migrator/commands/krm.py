"""`sidecar-migrate krm`: a KRM function for kustomize and kpt."""

from __future__ import annotations

import sys

import click


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
def krm() -> None:
    """Read a ResourceList from standard input and write it, containers moved, to standard output.

    The `data` of a ConfigMap as function configuration has the long options of sidecar-migrate as keys: target-version,
    unsafe, confidence, position, select, ignore.
    """
    from migrator.commands.asked import Asked
    from migrator.commands.migrate import migrate
    from migrator.krm.options import defaults_of
    from migrator.krm.resourcelist import NotAResourceList, read
    from migrator.krm.results import results
    from migrator.run import run_text
    from migrator.text.errors import TextError
    from migrator.text.source import decode

    content = sys.stdin.buffer.read()
    try:
        source = decode(content)
        held = read(source.text)
        defaults = defaults_of(held.asked, migrate)
        asked = Asked(**migrate.make_context("krm", ["--no-config"], default_map=defaults).params)
        result = run_text("<stdin>", content, asked.settings()).results[0]
    except (NotAResourceList, TextError) as error:
        raise click.ClickException(str(error)) from None
    found = list(results(result))
    after = decode(result.after).text if result.after is not None else source.text
    sys.stdout.buffer.write(source.encode(held.with_results(after, found)))
    sys.stdout.buffer.flush()
    for entry in found:
        click.echo(f"{entry['severity']}: {entry['message']}", err=True)
    sys.exit(1 if any(entry["severity"] == "error" for entry in found) else 0)
