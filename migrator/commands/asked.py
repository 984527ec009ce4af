"""The command line as click has checked it, and the settings that it comes to."""

from __future__ import annotations

import os
from collections.abc import Collection
from dataclasses import dataclass

import click

from migrator.settings import Settings
from migrator.versions import Version

Formats = tuple[tuple[str, str | None], ...]


@dataclass(frozen=True)
class Asked:
    """The fields are called like the parameters of the options."""

    paths: tuple[str, ...]
    dry_run: bool
    check: bool
    interactive: bool
    unsafe: bool
    confidence: float
    target_version: Version
    position: str
    remove_quit_hacks: bool
    enable_native_injectors: bool
    verify_render: bool
    select: tuple[str, ...]
    ignore: tuple[str, ...]
    rules_dirs: tuple[str, ...]
    baseline: str | None
    write_baseline: bool
    formats: Formats
    output: str | None
    python_client_version: str | None
    jobs: int
    include: tuple[str, ...]
    exclude: tuple[str, ...]
    changed_since: str | None
    layout: str
    stdin_filename: str
    config: str | None
    no_config: bool
    show_settings: bool
    show_files: bool
    quiet: bool
    verbose: bool
    color: str
    no_progress: bool

    @property
    def preview(self) -> bool:
        """Whether no manifest is written."""
        return self.dry_run or self.check or self.write_baseline

    def confirm(self) -> None:
        """Raise `click.UsageError` where options do not go together."""
        if "-" in self.paths and len(self.paths) > 1:
            raise click.UsageError("`-` stands alone")
        if self.output is not None and (len(self.formats) > 1 or any(path for _, path in self.formats)):
            raise click.UsageError("-o goes with one format that has no =FILE")
        if self.write_baseline and self.baseline is None:
            raise click.UsageError("--write-baseline wants --baseline FILE, to know where")
        if self.interactive and self.preview:
            raise click.UsageError("--interactive writes what you choose: it goes without --dry-run, --check, --write-baseline")
        for name, given in (("--interactive", self.interactive), ("--changed-since", self.changed_since)):
            if given and self.paths == ("-",):
                raise click.UsageError(f"{name} is about files, `-` is none")

    def chosen_formats(self) -> Formats:
        """The formats that were asked for, `-o` included."""
        if self.output is None:
            return self.formats
        return ((self.formats[0][0] if self.formats else "diff" if self.dry_run else "text", self.output),)

    def settings(self, folder: str = ".", of_config: Collection[str] = ()) -> Settings:
        """What every worker gets. Of what a configuration says, patterns start from its `folder`."""
        return Settings(
            target=self.target_version,
            unsafe=self.unsafe,
            migrate_from=self.confidence,
            position=self.position,
            remove_quit_hacks=self.remove_quit_hacks,
            enable_native_injectors=self.enable_native_injectors,
            layout="canonical" if self.layout == "canonical" else "smallest",
            include=self.include,
            exclude=self.exclude,
            include_from=folder if "include" in of_config else ".",
            exclude_from=folder if "exclude" in of_config else ".",
            select=_words(self.select),
            ignore=_words(self.ignore),
            rules_dirs=self.rules_dirs,
            python_client_version=self.python_client_version,
            jobs=self.jobs or os.cpu_count() or 1,
        )


def _words(values: tuple[str, ...]) -> tuple[str, ...]:
    """`-s a,b -s c` as three words."""
    return tuple(word.strip() for value in values for word in value.split(",") if word.strip())
