"""The options of the command itself. A new one is a key of configurations as well, unless `config.keys` says otherwise."""

from __future__ import annotations

from collections.abc import Callable
from math import isnan
from typing import Any

import click

from migrator import __version__
from migrator.report.formats import FORMATS, listed

CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": 110}


class _Range(click.FloatRange):
    """To click's own, what is not a number lies in any range, as every comparison with it fails."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        number = super().convert(value, param, ctx)
        return self.fail(f"{number} is no number", param, ctx) if isnan(number) else number


def _version(ctx: click.Context, param: click.Parameter, value: str) -> tuple[int, int, int]:
    from migrator.versions import version

    try:
        return version(value)
    except ValueError as error:
        raise click.BadParameter(str(error), ctx, param) from None


def _position(ctx: click.Context, param: click.Parameter, value: str) -> str:
    word, colon, name = value.partition(":")
    if value in ("last", "first") or (word in ("before", "after") and colon and name):
        return value
    raise click.BadParameter(f"`{value}` is none of last, first, before:NAME, after:NAME", ctx, param)


def _formats(ctx: click.Context, param: click.Parameter, value: tuple[str, ...]) -> tuple[tuple[str, str | None], ...]:
    wanted = []
    for text in value:
        name, _, path = text.partition("=")
        if name not in FORMATS:
            raise click.BadParameter(f"`{name}` is none of {', '.join(FORMATS)}", ctx, param)
        wanted.append((name, path or None))
    return tuple(wanted)


_OPTIONS = (
    click.argument("paths", nargs=-1, metavar="[PATHS]..."),
    click.option("-n", "--dry-run", "--diff", "dry_run", is_flag=True,
                 help="Write nothing: a git patch on stdout, the findings on stderr."),
    click.option("--check", is_flag=True, help="Write nothing; exit 1 if anything would change or awaits review."),
    click.option("-i", "--interactive", is_flag=True, help="Ask pod by pod what moves."),
    click.option("--unsafe", is_flag=True, help="Also move what awaits review, unless it is certain to break the pod."),
    click.option("--confidence", type=_Range(0.5, 1.0), default=0.9, show_default=True,
                 help="Move from this sure on."),
    click.option("-t", "--target-version", callback=_version, default="1.29", show_default=True,
                 help="Oldest cluster to run on."),
    click.option("--position", callback=_position, default="last", show_default=True, metavar="WHERE",
                 help="Where in initContainers: last, first, before:NAME or after:NAME."),
    click.option("--remove-quit-hacks", is_flag=True, help="Take out what made a helper end for a Job, where it is understood."),
    click.option("--enable-native-injectors", is_flag=True, help="Set the annotation that makes an injected proxy native."),
    click.option("--verify-render", is_flag=True, help="Build kustomizations before and after, and compare."),
    click.option("-s", "--select", multiple=True, metavar="WORD", help="Move only these purposes, rules or container names."),
    click.option("--ignore", multiple=True, metavar="WORD", help="Leave these purposes, rules or container names alone."),
    click.option("--rules-dir", "rules_dirs", multiple=True, metavar="DIR", help="Rules of your own; see `schema rules`."),
    click.option("--baseline", metavar="FILE", help="Leave alone, and do not count, the findings that are listed there."),
    click.option("--write-baseline", is_flag=True, help="Write no manifest, but all findings into the baseline."),
    click.option("-f", "--format", "formats", callback=_formats, multiple=True, metavar="F[=FILE]",
                 help=f"{listed()}; repeatable; =FILE writes there."),
    click.option("-o", "--output", type=click.Path(dir_okay=False), help="Where the one format goes instead of stdout."),
    click.option("--python-client-version", metavar="VERSION",
                 help="Of the library that builds pods in Python, if no file says."),
    click.option("-j", "--jobs", type=click.IntRange(min=0), default=1, show_default=True, help="Processes; 0 is one a CPU."),
    click.option("--include", multiple=True, metavar="PATTERN", help="Only files that match, as in .gitignore."),
    click.option("--exclude", multiple=True, metavar="PATTERN", help="No files that match, as in .gitignore."),
    click.option("--changed-since", metavar="REF", help="Only files that changed since the branch left REF, or are new."),
    click.option("--layout", type=click.Choice(["smallest", "canonical"]), default="smallest", show_default=True,
                 help="Fewest changed lines, or initContainers always before containers."),
    click.option("--stdin-filename", default="<stdin>", metavar="NAME", help="What to call `-` in reports."),
    click.option("--config", type=click.Path(dir_okay=False), metavar="FILE",
                 help="The configuration, instead of the .sidecar-migrate.yaml or pyproject.toml that is found."),
    click.option("--no-config", is_flag=True, help="No configuration at all."),
    click.option("--show-settings", is_flag=True, help="What holds for these paths, and where each setting is from."),
    click.option("--show-files", is_flag=True, help="The files that would be looked at."),
    click.option("-q", "--quiet", is_flag=True, help="Only errors and what was asked for with -f."),
    click.option("-v", "--verbose", is_flag=True, help="All evidence, for containers that stay as well."),
    click.option("--color", type=click.Choice(["auto", "always", "never"]), default="auto", show_default=True,
                 help="On a terminal, always or never."),
    click.option("--no-progress", is_flag=True, help="Do not count files on the terminal while at work."),
    click.version_option(__version__, prog_name="sidecar-migrate", message="%(prog)s %(version)s"),
)  # fmt: skip


def options(command: Callable[..., Any]) -> Callable[..., Any]:
    """All arguments and options, in the order of the help."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command
