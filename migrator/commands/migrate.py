"""The command itself: look at files, rewrite them or show what would be rewritten."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from migrator.commands.configured import KEY, Configured
from migrator.commands.options import CONTEXT, options

if TYPE_CHECKING:
    from migrator.baseline import Baseline
    from migrator.commands.asked import Asked
    from migrator.commands.looking import Looking
    from migrator.config import Config
    from migrator.interactive.dialogue import Answers
    from migrator.interactive.questions import Question
    from migrator.run import Report
    from migrator.screen import Screen
    from migrator.settings import Settings

DONE, FOUND, FAILED = 0, 1, 3


@click.command(cls=Configured, context_settings=CONTEXT)
@options
@click.pass_context
def migrate(ctx: click.Context, /, **given: Any) -> None:
    """Move pseudo-sidecars in Kubernetes manifests to native sidecar containers.

    PATHS are files and folders (default: the current folder); `-` reads standard input and writes the
    result to standard output. Without --dry-run or --check the files are rewritten in place.
    """
    from migrator.commands.asked import Asked
    from migrator.commands.looking import Looking
    from migrator.screen import Screen

    asked = Asked(**given)
    asked.confirm()
    config: Config | None = ctx.meta.get(KEY)
    if asked.show_settings:
        from migrator.commands.show import settings_shown

        click.echo("\n".join(settings_shown(ctx, config)))
        return
    of_config = [name for name in given if ctx.get_parameter_source(name) is ParameterSource.DEFAULT_MAP]
    settings = asked.settings(config.folder if config else ".", of_config)
    screen = Screen(asked.color, asked.quiet, asked.verbose)
    if asked.paths == ("-",):
        sys.exit(_stdin(settings, asked, screen))
    progress = not (asked.quiet or asked.no_progress)
    looking = Looking.at(asked.paths or (".",), settings, asked.changed_since, asked.preview, progress)
    if asked.show_files:
        click.echo("".join(f"{path}\n" for path in looking.files), nl=False)
        return
    if asked.write_baseline:
        sys.exit(_write_baseline(asked, looking, settings, screen))
    sys.exit(_look(asked, looking, settings, screen))


def _look(asked: Asked, looking: Looking, settings: Settings, screen: Screen) -> int:
    from migrator.plan.choice import idle

    known = _baseline(asked)
    if known is not None:
        settings = replace(settings, left=known.left(looking.found.files))
    if asked.interactive:
        _confirm_terminal()
    report = looking.report(settings)
    if asked.check and not report.files and asked.changed_since is None:
        raise click.UsageError("nothing to check")
    notes: list[str] = []
    if asked.interactive:
        report, notes = _asked(report, looking, settings, known, screen)
    if asked.verify_render:
        from migrator.verify import verified

        report, said = verified(report)
        notes += said
    if not asked.preview:
        from migrator.commands.writing import written

        report = written(report)
    if known is not None:
        report = known.applied(report)
        notes += [f"{known.path}: {entry} is found no more" for entry in known.stale(report, looking.files)]
    formats = asked.chosen_formats()
    usual = (("diff", None),) if asked.dry_run else () if asked.check or asked.interactive else (("text", None),)
    extra = not formats and not asked.interactive
    screen.show(report, formats or usual, extra, [*notes, *idle(report.results, settings)])
    return _exit_code(report, asked.check)


def _baseline(asked: Asked) -> Baseline | None:
    from migrator import baseline

    if asked.baseline is None:
        return None
    if not os.path.exists(asked.baseline) and (asked.interactive or asked.write_baseline):
        return baseline.Baseline(asked.baseline)
    return baseline.load(asked.baseline)


def _write_baseline(asked: Asked, looking: Looking, settings: Settings, screen: Screen) -> int:
    """Put all findings into the baseline; of files that were not looked at it keeps what it has."""
    from migrator import baseline
    from migrator.report.words import counted

    known = _baseline(asked)
    assert known is not None
    report = looking.report(settings)
    number = baseline.write(known.path, [*baseline.found(report), *baseline.kept(known, looking.files)])
    screen.show(report, (), extra=False, notes=[f"{known.path}: {counted(number, 'finding')}"])
    return _exit_code(report, False)


def _confirm_terminal() -> None:
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise click.UsageError("--interactive asks on the terminal, and here is none")


def _asked(
    report: Report, looking: Looking, settings: Settings, known: Baseline | None, screen: Screen
) -> tuple[Report, list[str]]:
    """The report of what was agreed to on the terminal."""
    from migrator.interactive.dialogue import Dialogue
    from migrator.interactive.session import Session
    from migrator.screen import width_of

    def ask(preview: Report, questions: Sequence[Question]) -> Answers:
        style, width = screen.style_of(sys.stderr), width_of(sys.stderr)
        return Dialogue(preview, sys.stderr, sys.stdin, style, width, known is not None).asked(questions)

    return Session(looking.report, ask, known).report(report, settings)


def _stdin(settings: Settings, asked: Asked, screen: Screen) -> int:
    from migrator.plan.choice import idle
    from migrator.run import run_text

    content = sys.stdin.buffer.read()
    formats = asked.chosen_formats()
    known = _baseline(asked)
    if known is not None:
        settings = replace(settings, left=known.left([asked.stdin_filename]))
    report = replace(run_text(asked.stdin_filename, content, settings), dry_run=asked.preview)
    if known is not None:
        report = known.applied(report)
    if not asked.preview and all(path for _, path in formats):
        sys.stdout.buffer.write(report.results[0].after or content)
        sys.stdout.buffer.flush()
    usual = (("diff", None),) if asked.dry_run else ()
    screen.show(report, formats or usual, extra=not formats, notes=idle(report.results, settings))
    return _exit_code(report, asked.check)


def _exit_code(report: Report, check: bool) -> int:
    if report.failed:
        return FAILED
    return FOUND if check and report.pending else DONE
