"""The command itself: look at files, rewrite them or show what would be rewritten."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from migrator import __version__
from migrator.report.formats import FORMATS, listed

if TYPE_CHECKING:
    from migrator.run import Report
    from migrator.screen import Screen
    from migrator.settings import Settings

CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": 110}
DONE, FOUND, FAILED = 0, 1, 3


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


def _words(values: tuple[str, ...]) -> tuple[str, ...]:
    """`-s a,b -s c` as three words."""
    return tuple(word.strip() for value in values for word in value.split(",") if word.strip())


@click.command(context_settings=CONTEXT)
@click.argument("paths", nargs=-1, metavar="[PATHS]...")
@click.option(
    "-n", "--dry-run", "--diff", "dry_run", is_flag=True, help="Write nothing: a git patch on stdout, the findings on stderr."
)
@click.option("--check", is_flag=True, help="Write nothing; exit 1 if anything would change or awaits review.")
@click.option("--unsafe", is_flag=True, help="Also move what awaits review, unless it is certain to break the pod.")
@click.option("--confidence", type=click.FloatRange(0.5, 1.0), default=0.9, show_default=True, help="Move from this sure on.")
@click.option("-t", "--target-version", callback=_version, default="1.29", show_default=True, help="Oldest cluster to run on.")
@click.option("--position", callback=_position, default="last", show_default=True, metavar="WHERE",
              help="Where in initContainers: last, first, before:NAME or after:NAME.")  # fmt: skip
@click.option("--remove-quit-hacks", is_flag=True, help="Take out what made a helper end for a Job, where it is understood.")
@click.option("--enable-native-injectors", is_flag=True, help="Set the annotation that makes an injected proxy native.")
@click.option("--verify-render", is_flag=True, help="Build kustomizations before and after, and compare.")
@click.option("-s", "--select", multiple=True, metavar="WORD", help="Move only these purposes, rules or container names.")
@click.option("--ignore", multiple=True, metavar="WORD", help="Leave these purposes, rules or container names alone.")
@click.option("--rules-dir", "rules_dirs", multiple=True, metavar="DIR", help="Rules of your own; see `schema rules`.")
@click.option(
    "-f",
    "--format",
    "formats",
    callback=_formats,
    multiple=True,
    metavar="F[=FILE]",
    help=f"{listed()}; repeatable; =FILE writes there.",
)
@click.option("-o", "--output", type=click.Path(dir_okay=False), help="Where the one format goes instead of stdout.")
@click.option("--python-client-version", metavar="VERSION", help="Of the library that builds pods in Python, if no file says.")
@click.option("-j", "--jobs", type=click.IntRange(min=0), default=1, show_default=True, help="Processes; 0 is one a CPU.")
@click.option("--include", multiple=True, metavar="PATTERN", help="Only files that match, as in .gitignore.")
@click.option("--exclude", multiple=True, metavar="PATTERN", help="No files that match, as in .gitignore.")
@click.option("--layout", type=click.Choice(["smallest", "canonical"]), default="smallest", show_default=True,
              help="Fewest changed lines, or initContainers always before containers.")  # fmt: skip
@click.option("--stdin-filename", default="<stdin>", metavar="NAME", help="What to call `-` in reports.")
@click.option("-q", "--quiet", is_flag=True, help="Only errors and what was asked for with -f.")
@click.option("-v", "--verbose", is_flag=True, help="All evidence, for containers that stay as well.")
@click.option("--color", type=click.Choice(["auto", "always", "never"]), default="auto", show_default=True)
@click.version_option(__version__, prog_name="sidecar-migrate", message="%(prog)s %(version)s")
def migrate(
    paths: tuple[str, ...],
    dry_run: bool,
    check: bool,
    unsafe: bool,
    confidence: float,
    target_version: tuple[int, int, int],
    position: str,
    remove_quit_hacks: bool,
    enable_native_injectors: bool,
    verify_render: bool,
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    rules_dirs: tuple[str, ...],
    formats: tuple[tuple[str, str | None], ...],
    output: str | None,
    python_client_version: str | None,
    jobs: int,
    include: tuple[str, ...],
    exclude: tuple[str, ...],
    layout: str,
    stdin_filename: str,
    quiet: bool,
    verbose: bool,
    color: str,
) -> None:
    """Move pseudo-sidecars in Kubernetes manifests to native sidecar containers.

    PATHS are files and folders (default: the current folder); `-` reads standard input and writes the
    result to standard output. Without --dry-run or --check the files are rewritten in place.
    """
    from migrator.plan.choice import idle
    from migrator.screen import Screen
    from migrator.settings import Settings

    if output is not None:
        if len(formats) > 1 or any(path for _, path in formats):
            raise click.UsageError("-o goes with one format that has no =FILE")
        formats = ((formats[0][0] if formats else "diff" if dry_run else "text", output),)
    settings = Settings(
        target=target_version,
        unsafe=unsafe,
        migrate_from=confidence,
        position=position,
        remove_quit_hacks=remove_quit_hacks,
        enable_native_injectors=enable_native_injectors,
        layout="canonical" if layout == "canonical" else "smallest",
        include=include,
        exclude=exclude,
        select=_words(select),
        ignore=_words(ignore),
        rules_dirs=rules_dirs,
        python_client_version=python_client_version,
        jobs=jobs or os.cpu_count() or 1,
    )
    preview = dry_run or check
    if "-" in paths:
        if len(paths) > 1:
            raise click.UsageError("`-` stands alone")
        sys.exit(_stdin(settings, stdin_filename, dry_run, check, formats, Screen(color, quiet, verbose)))
    report = _look(paths or (".",), settings, preview)
    notes: list[str] = []
    if verify_render:
        from migrator.verify import verified

        report, notes = verified(report)
    if check and not report.files:
        raise click.UsageError("nothing to check")
    screen = Screen(color, quiet, verbose)
    if not preview:
        report = _write(report)
    screen.show(
        report,
        formats or ((("diff", None),) if dry_run else () if check else (("text", None),)),
        extra=not formats,
        notes=[*notes, *idle(report.results, settings)],
    )
    sys.exit(_exit_code(report, check))


def _look(paths: Sequence[str], settings: Settings, preview: bool) -> Report:
    from migrator.discover import discover
    from migrator.pool import mapping
    from migrator.run import run, with_missing

    found = discover(paths, settings)
    if not found.files and not found.missing:
        click.echo(f"no manifests in {', '.join(paths)}", err=True)
    with mapping(settings.jobs) as mapper:
        return with_missing(run(found.files, settings, mapper, preview, found.scripts, found.others), found.missing)


def _write(report: Report) -> Report:
    """Write what changed; a file that cannot be written is a failure of its own."""
    from dataclasses import replace

    from migrator.followers.failing import in_order, lacking, unwritten
    from migrator.write import write

    results = []
    failed: set[str] = set()
    for result in in_order(report.results):
        if why := lacking(result, failed):
            failed.add(result.path)
            result = unwritten(result, why)
        elif result.after is not None:
            try:
                write(result.path, result.after)
            except OSError as error:
                failed.add(result.path)
                result = unwritten(result, f"cannot be written: {error.strerror or error}")
        results.append(result)
    return replace(report, results=tuple(sorted(results, key=lambda r: r.path)))


def _stdin(
    settings: Settings, name: str, dry_run: bool, check: bool, formats: Sequence[tuple[str, str | None]], screen: Screen
) -> int:
    from dataclasses import replace

    from migrator.plan.choice import idle
    from migrator.run import run_text

    content = sys.stdin.buffer.read()
    preview = dry_run or check
    report = replace(run_text(name, content, settings), dry_run=preview)
    if not preview and all(path for _, path in formats):
        sys.stdout.buffer.write(report.results[0].after or content)
        sys.stdout.buffer.flush()
    screen.show(
        report, formats or ((("diff", None),) if dry_run else ()), extra=not formats, notes=idle(report.results, settings)
    )
    return _exit_code(report, check)


def _exit_code(report: Report, check: bool) -> int:
    if report.failed:
        return FAILED
    return FOUND if check and report.pending else DONE
