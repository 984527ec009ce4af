"""`sidecar-migrate completion SHELL`: the script with which a shell completes options and commands."""

from __future__ import annotations

import click

SHELLS = ("bash", "zsh", "fish")


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("shell", type=click.Choice(SHELLS))
def completion(shell: str) -> None:
    """The completion script of SHELL, to be read when a shell starts: `eval "$(sidecar-migrate completion bash)"`."""
    from click.shell_completion import get_completion_class

    made = get_completion_class(shell)
    assert made is not None
    # The script asks the tool each time, so it does not depend on the options of today.
    click.echo(made(completion, {}, "sidecar-migrate", "_SIDECAR_MIGRATE_COMPLETE").source())
