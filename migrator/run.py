"""The pipeline over many files: outline all, link, work on each candidate, and let other files follow.

The passes are maps of pure functions; how they are mapped is handed in, so that one process, a pool and a
cluster run the same code and give the same bytes.
"""

from __future__ import annotations

import os
import traceback
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from migrator.changeset import ChangeSets, Unit
from migrator.datafile import DataError
from migrator.deliveries import delivered
from migrator.followers.stage import Stage
from migrator.followers.surroundings import with_surroundings
from migrator.judge import rules
from migrator.links import Facts, Links, linked
from migrator.model import FileResult
from migrator.plan.targets import FINDS_SIDECARS
from migrator.settings import Settings
from migrator.sources.kustomize.read import is_kustomization
from migrator.sources.kustomize.texts import Texts
from migrator.trees import Family, applied, families, resolve
from migrator.work import Outline, is_program, outline, script_facts, work

if TYPE_CHECKING:
    from migrator.sources.python.libraries.clients import Pins

#: Bytes of the longest script that is read.
MAX_SCRIPT = 1024 * 1024

Map = Callable[[Callable[[Any], Any], Sequence[Any]], Iterable[Any]]


@dataclass(frozen=True)
class Report:
    """The results of a run, by path, with how many files were looked at, and the kustomizations that belong together."""

    results: tuple[FileResult, ...]
    settings: Settings
    dry_run: bool
    files: int
    families: tuple[Family, ...] = ()

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


def run(
    files: Sequence[str],
    settings: Settings,
    mapper: Map,
    dry_run: bool,
    scripts: Sequence[str] = (),
    others: Sequence[str] = (),
    only: Collection[str] | None = None,
) -> Report:
    """Look at all files. Nothing is written; results come in the order of the paths.

    `scripts` are read for what they say of containers, and not counted. Nor are `others`, manifests that were not asked
    for: only kustomizations among them are looked at, as they may use what was, and Services that find ports by their names.
    With `only`, pods are judged in these of the `files` alone; the others are read for what they say, and change where they
    follow.
    """
    outlines: list[Outline | FileResult] = list(mapper(_outline, files))
    seen = {path: held for path, held in zip(files, outlines, strict=True) if isinstance(held, Outline)}
    links = linked((*(held.facts for held in seen.values()), *mapper(_script, scripts)))
    near = mapper(_outline, [path for path in others if is_kustomization(path)])
    kustomizations = [h.kustomization for h in (*seen.values(), *near) if isinstance(h, Outline) and h.kustomization]
    if settings.target < FINDS_SIDECARS:
        links = with_surroundings(links, files, others, kustomizations, mapper, _read)
    related = families(kustomizations, files, others)
    links = links.without_patches(applied(related))
    asked = [family for family in related if only is None or not set(only).isdisjoint(family.files.values())]
    pass_two = _Second(mapper, settings, _candidates(seen, only), asked)
    results = Stage(pass_two.results, files, _read, settings).results(links)
    results += [held for held in outlines if isinstance(held, FileResult)]
    results += [
        FileResult(path, "skipped", held.unread.message, held.unread.line, source="kustomize")
        for path, held in seen.items()
        if held.unread
    ]
    deliveries = [delivery for held in seen.values() for delivery in held.facts.deliveries]
    results = delivered(results, deliveries, kustomizations, (*files, *others))
    if only is not None:
        results = [r for r in results if r.path in only or r.after is not None or any(pod.moved for pod in r.pods)]
    looked_at = files if only is None else {*only, *(result.path for result in results)}
    return Report(tuple(sorted(results, key=lambda r: r.path)), settings, dry_run, len(looked_at), tuple(related))


def _candidates(seen: Mapping[str, Outline], only: Collection[str] | None) -> list[str]:
    return [path for path, held in seen.items() if held.candidate and (only is None or path in only)]


@dataclass(frozen=True)
class _Second:
    """The second pass: `candidates` one by one, but for those that belong to a kustomization together."""

    mapper: Map
    settings: Settings
    candidates: Sequence[str]
    families: Sequence[Family]

    def results(self, links: Links, only: Collection[str] | None) -> list[FileResult]:
        """The results of the candidates, or of those of `only` with all that belongs to them."""
        together = {path for family in self.families for path in family.files.values()}
        alone = [path for path in self.candidates if path not in together and (only is None or path in only)]
        asked = [family for family in self.families if only is None or not set(only).isdisjoint(family.files.values())]
        manifests = [path for path in alone if not is_program(path)]
        results: list[FileResult] = list(self.mapper(partial(_work, settings=self.settings, links=links), manifests))
        results += self.mapper(partial(_program, settings=self.settings, links=links), self._programs(alone))
        of_family = partial(_together, settings=self.settings, links=links, candidates=frozenset(self.candidates))
        for found in self.mapper(of_family, asked):
            results += found
        return results

    def _programs(self, paths: Sequence[str]) -> list[tuple[str, Pins]]:
        """The Python files, with what their projects say of versions."""
        programs = [path for path in paths if is_program(path)]
        if not programs:
            return []
        from migrator.projects import pins

        return list(pins(programs, _read).items())


def run_text(path: str, content: bytes, settings: Settings) -> Report:
    """The pipeline over one text that is no file (standard input)."""
    links = linked([outline(path, content).facts])
    if settings.target < FINDS_SIDECARS:
        links = with_surroundings(links, (path,), (), (), map, lambda _: content)

    def decide(under: Links, only: Collection[str] | None) -> list[FileResult]:
        catalogue = partial(rules.load, settings.rules_dirs)
        if is_program(path):
            from migrator import code

            return [_quotable(code.work(path, content, settings, catalogue, under), content)]
        return [_quotable(work(path, content, settings, catalogue, under), content)]

    results = Stage(decide, (path,), lambda _: content, settings).results(links)
    return Report(tuple(results), settings, True, 1)


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


def _script(path: str) -> Facts:
    """The facts in a script. None where it cannot be read, or is longer than people write them."""
    try:
        with open(path, "rb") as stream:
            content = stream.read(MAX_SCRIPT + 1)
        return script_facts(path, content) if len(content) <= MAX_SCRIPT else Facts()
    except OSError:
        return Facts()


def _work(path: str, settings: Settings, links: Links) -> FileResult:
    catalogue = partial(rules.load, settings.rules_dirs)
    return _guarded(path, lambda content: work(path, content, settings, catalogue, links))


def _program(program: tuple[str, Pins], settings: Settings, links: Links) -> FileResult:
    from migrator import code

    path, pins = program
    catalogue = partial(rules.load, settings.rules_dirs)
    return _guarded(path, lambda content: code.work(path, content, settings, catalogue, links, pins))


def _guarded(path: str, worked: Callable[[bytes], FileResult]) -> FileResult:
    """What is made of a file's bytes; a mistake of ours fails that file alone, one in the rules the run."""
    try:
        content = _read(path)
        return _quotable(worked(content), content)
    except OSError as error:
        return FileResult(path, "failed", error.strerror or str(error))
    except DataError:
        raise
    except Exception as error:
        return _ours(path, error)


def _together(family: Family, settings: Settings, links: Links, candidates: frozenset[str]) -> list[FileResult]:
    """The files of a family; a mistake of ours fails them all, as none may be written without the others."""
    own = [name for name, path in family.files.items() if path in candidates]
    settings = replace(settings, left={name: settings.left[path] for name, path in family.files.items() if path in settings.left})
    try:
        texts = Texts({name: _read(path) for name, path in family.files.items()})
        unit = Unit(texts, family.kustomizations, partial(resolve, family.kustomizations), own, family.writable)
        known = links.without_patches(frozenset(family.files.values()))
        results = ChangeSets(unit, settings, partial(rules.load, settings.rules_dirs), known).results()
    except OSError as error:
        return [FileResult(str(error.filename), "failed", error.strerror or str(error))]
    except DataError:
        raise
    except Exception as error:
        return [_ours(family.files[name], error) for name in own]
    told = {result.path for result in results}
    if any(d.action != "keep" for result in results for pod in result.pods for d in pod.decisions):
        # What a kustomization lacks is worth a word only where something could have moved.
        skipped = {problem.path: problem for problem in reversed(family.unit.problems) if problem.path not in told}
        results += [FileResult(p.path, "skipped", p.message, p.line, source="kustomize") for p in skipped.values()]
    return [
        replace(_quotable(result, texts.contents.get(result.path)), path=family.files[result.path])
        for result in results
        if result.path in family.writable
    ]


def _quotable(result: FileResult, content: bytes | None) -> FileResult:
    """The result with the file's bytes where there is something to say of it: reports count columns in them."""
    said = result.pods or result.problems or result.notes or result.status != "unchanged"
    return replace(result, before=content) if result.before is None and said else result


def _ours(path: str, error: Exception) -> FileResult:
    """A mistake of ours on one file, which must not keep the others from being done."""
    frame = traceback.extract_tb(error.__traceback__)[-1]
    where = f"{os.path.basename(frame.filename)}:{frame.lineno}"
    told = f"a mistake in sidecar-migrate, please report it: {type(error).__name__}: {error} ({where})"
    return FileResult(path, "failed", told)


def _read(path: str) -> bytes:
    with open(path, "rb") as stream:
        return stream.read()
