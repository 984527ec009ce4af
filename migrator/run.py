"""The pipeline over many files: outline all, link, then work on each candidate.

Both passes are maps of pure functions; how they are mapped is handed in, so that one process, a pool and a
cluster run the same code and give the same bytes.
"""

from __future__ import annotations

import os
import traceback
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from migrator.datafile import DataError
from migrator.judge import rules
from migrator.links import Facts, Links, linked
from migrator.model import FileResult
from migrator.settings import Settings
from migrator.work import Outline, outline, work

Map = Callable[[Callable[[str], Any], Sequence[str]], Iterable[Any]]


@dataclass(frozen=True)
class Report:
    """The results of a run, by path, with how many files were looked at."""

    results: tuple[FileResult, ...]
    settings: Settings
    dry_run: bool
    files: int

    @property
    def failed(self) -> bool:
        """Whether something could not be read, parsed or proved."""
        return any(result.status == "failed" or result.problems for result in self.results)

    @property
    def pending(self) -> bool:
        """Whether something would change or awaits review."""
        return any(
            result.status == "rewritten" or any(d.action == "review" for pod in result.pods for d in pod.decisions)
            for result in self.results
        )


def run(files: Sequence[str], settings: Settings, mapper: Map, dry_run: bool) -> Report:
    """Look at all files. Nothing is written; results come in the order of the paths."""
    outlines: list[Outline | FileResult] = list(mapper(_outline, files))
    links = linked(held.facts for held in outlines if isinstance(held, Outline))
    candidates = [path for path, held in zip(files, outlines, strict=True) if isinstance(held, Outline) and held.candidate]
    results: list[FileResult] = list(mapper(partial(_work, settings=settings, links=links), candidates))
    results += [held for held in outlines if isinstance(held, FileResult)]
    return Report(tuple(sorted(results, key=lambda r: r.path)), settings, dry_run, len(files))


def run_text(path: str, content: bytes, settings: Settings) -> Report:
    """The pipeline over one text that is no file (standard input)."""
    links = linked([outline(path, content).facts])
    return Report((work(path, content, settings, partial(rules.load, settings.rules_dirs), links),), settings, True, 1)


def with_missing(report: Report, missing: Iterable[tuple[str, str]]) -> Report:
    """The report with paths that could not be looked at."""
    failed = tuple(FileResult(path, "failed", reason) for path, reason in missing)
    results = tuple(sorted((*report.results, *failed), key=lambda r: r.path))
    return replace(report, results=results, files=report.files + len(failed))


def _outline(path: str) -> Outline | FileResult:
    try:
        return outline(path, _read(path))
    except OSError:
        # The second pass meets it too, and says what is wrong.
        return Outline(Facts(), True)
    except Exception as error:
        return _ours(path, error)


def _work(path: str, settings: Settings, links: Links) -> FileResult:
    try:
        return work(path, _read(path), settings, partial(rules.load, settings.rules_dirs), links)
    except OSError as error:
        return FileResult(path, "failed", error.strerror or str(error))
    except DataError:
        raise
    except Exception as error:
        return _ours(path, error)


def _ours(path: str, error: Exception) -> FileResult:
    """A mistake of ours on one file, which must not keep the others from being done."""
    frame = traceback.extract_tb(error.__traceback__)[-1]
    where = f"{os.path.basename(frame.filename)}:{frame.lineno}"
    told = f"a mistake in sidecar-migrate, please report it: {type(error).__name__}: {error} ({where})"
    return FileResult(path, "failed", told)


def _read(path: str) -> bytes:
    with open(path, "rb") as stream:
        return stream.read()
