"""The entry point: which command is meant, and what becomes of errors. No logic of its own."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any

import click

from migrator.commands.completion import completion
from migrator.commands.configured import Configured
from migrator.commands.explain import explain
from migrator.commands.krm import krm
from migrator.commands.migrate import DONE, migrate
from migrator.commands.options import CONTEXT
from migrator.commands.report import report
from migrator.commands.schema import schema

USAGE, BROKEN, INTERRUPTED = 2, 4, 130
COMMANDS = {command.name: command for command in (completion, explain, krm, report, schema)}


class _Root(Configured):
    """Migrates, unless the first word is a command: words are paths (one that is called like a command is `./explain`)."""

    def main(self, args: Sequence[str] | None = None, prog_name: str | None = None, **extra: Any) -> Any:  # type: ignore[override]
        """As in click; the arguments default to the process's."""
        words = list(sys.argv[1:] if args is None else args)
        prog_name = "sidecar-migrate"
        if words and words[0] in COMMANDS:
            return COMMANDS[words[0]].main(words[1:], prog_name=f"{prog_name} {words[0]}", **extra)
        return super().main(words, prog_name=prog_name, **extra)


cli = _Root(
    "sidecar-migrate",
    context_settings=CONTEXT,
    callback=migrate.callback,
    params=migrate.params,
    help=migrate.help,
    epilog="Commands: completion SHELL, explain [RULE], krm, report FILES, schema config|rules|report; each has its own --help.",
)


def main() -> None:
    """The entry point: what nobody foresaw ends with exit code 4 and a request to report it."""
    try:
        cli.main(standalone_mode=False)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        sys.exit(INTERRUPTED)
    except BrokenPipeError:
        sys.stdout = None
        sys.exit(DONE)
    except Exception as error:
        from migrator.datafile import DataError

        if isinstance(error, DataError):
            click.echo(f"rules: {error}", err=True)
            sys.exit(USAGE)
        import traceback

        traceback.print_exc()
        click.echo("This is a mistake in sidecar-migrate; no file was half-written. Please report it.", err=True)
        sys.exit(BROKEN)
