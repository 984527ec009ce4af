"""`sidecar-migrate report FILES...`: JSON reports, of many repositories perhaps, as one page."""

from __future__ import annotations

import click


def _format(ctx: click.Context, param: click.Parameter, value: str) -> str | None:
    """The file of `html=FILE`, None for stdout."""
    name, _, path = value.partition("=")
    if name != "html":
        raise click.BadParameter(f"`{name}` is not html", ctx, param)
    return path or None


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False))
@click.option("-f", "--format", "output", callback=_format, default="html", metavar="html[=FILE]",
              help="What to write; =FILE writes there.")  # fmt: skip
def report(files: tuple[str, ...], output: str | None) -> None:
    """One page of the JSON reports FILES (`-f json`), each called by its file."""
    import json
    import sys

    from migrator.report.html import merged
    from migrator.screen import to_file

    documents = []
    for path in files:
        try:
            with open(path, "rb") as stream:
                document = json.load(stream)
        except (ValueError, RecursionError) as error:
            raise click.ClickException(f"{path}: no JSON: {error}") from None
        if not isinstance(document, dict) or document.get("version") != 1:
            raise click.ClickException(f"{path}: not a JSON report of version 1")
        documents.append((path.removesuffix(".json"), document))
    page = merged(documents)
    if output is None:
        sys.stdout.buffer.write(page.encode())
        sys.stdout.buffer.flush()
    else:
        to_file(output, page)
