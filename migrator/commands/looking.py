"""From paths to a report, as often as it takes: the files are found once."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass

import click

from migrator.agreed import agreed
from migrator.changed import changed_since
from migrator.discover import Found, discover
from migrator.model import PodResult
from migrator.pool import mapping
from migrator.progress import Progress
from migrator.run import Report, run, with_missing
from migrator.screen import is_terminal
from migrator.settings import Settings


@dataclass(frozen=True)
class Looking:
    """What is looked at. `only` are the files in which pods are judged, all of them where it is None."""

    found: Found
    only: frozenset[str] | None
    preview: bool
    progress: bool

    @classmethod
    def at(cls, paths: Sequence[str], settings: Settings, since: str | None, preview: bool, progress: bool) -> Looking:
        """The files at and below `paths`. Raises `click.UsageError` where `since` cannot be asked for."""
        found = discover(paths, settings)
        if not found.files and not found.missing:
            click.echo(f"no manifests in {', '.join(paths)}", err=True)
        only = changed_since(since, found.files) if since is not None else None
        return cls(found, only, preview, progress)

    @property
    def files(self) -> Sequence[str]:
        """The files in which pods are judged, by name."""
        return self.found.files if self.only is None else sorted(self.only)

    def report(self, settings: Settings) -> Report:
        """A run under these settings. Nothing is written."""
        report = agreed(self._run, settings, self._unchanged) if self.only is not None else self._run(settings)
        return with_missing(report, self.found.missing)

    def _run(self, settings: Settings) -> Report:
        found = self.found
        progress = Progress(sys.stderr) if self.progress and is_terminal(sys.stderr) else None
        try:
            with mapping(settings.jobs) as mapper:
                under = progress.watched(mapper) if progress else mapper
                return run(found.files, settings, under, self.preview, found.scripts, found.others, self.only)
        finally:
            if progress:
                progress.done()

    def _unchanged(self, path: str, pod: PodResult) -> str | None:
        """A patch may bring a container to a pod whose files did not change."""
        return "not in a file that changed" if self.only is not None and path not in self.only else None
