"""From paths to the files to look at: what git tracks or does not ignore, else a walk that honours .gitignore."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from migrator import worktree
from migrator.settings import Settings
from migrator.sources.kustomize.read import is_kustomization

SUFFIXES = (".yaml", ".yml", ".json")
PROGRAM = ".py"
#: Scripts, pipelines, policies and tests, which may name containers.
_SCRIPT = re.compile(
    r"(?:GNUm|[mM])akefile(?:\.[\w.-]+)?|Jenkinsfile[\w.-]*|[jJ]ustfile|Tiltfile|.*\.(?:sh|bash|bats|mk|rego|groovy|py)"
    r"|.*_test\.go|.*\.(?:test|spec)\.[jt]s"
)
#: In a folder of tests every program is one.
_PROGRAM = (".go", ".ts", ".js")
_TESTS = re.compile(r"(?:^|/)(?:tests?|e2e|integration)/")
_PYTHON_TEST = re.compile(r"(?:^|/)(?:test_[^/]*|[^/]*_test|conftest)\.py\Z")
#: What others wrote.
_FOREIGN = re.compile(r"(?:^|/)(?:vendor|node_modules|third_party|\.venv|site-packages)/")


@dataclass(frozen=True)
class Found:
    """`files` to look at, as given or below a folder that was given; `missing` paths with the reason.

    `scripts` are other files below those folders, which may say something of the containers in `files`; `others` are
    manifests of the same git work trees that were not asked for.
    """

    files: tuple[str, ...]
    missing: tuple[tuple[str, str], ...] = ()
    scripts: tuple[str, ...] = ()
    others: tuple[str, ...] = ()


def discover(paths: Sequence[str], settings: Settings) -> Found:
    """The files at and below `paths`, each once, in the order of their names."""
    files: set[str] = set()
    scripts: set[str] = set()
    missing: list[tuple[str, str]] = []
    chosen = _Chosen(settings)
    for path in paths:
        if os.path.isdir(path):
            for name in map(_from_here, _below(path)):
                of = files if _is_manifest(name) or _is_program(name) else scripts if _is_script(name) else None
                if of is not None and chosen.takes(name):
                    of.add(name)
        elif os.path.lexists(path):
            # A file that is named is meant, whatever it is called.
            files.add(_from_here(path))
        else:
            missing.append((path, "no such file or directory"))
    others = {name for name in _around(files, () if settings.include or settings.exclude else paths) if name not in files}
    return Found(tuple(sorted(files)), tuple(missing), tuple(sorted(scripts - files)), tuple(sorted(others)))


def _around(files: Iterable[str], paths: Iterable[str]) -> Iterator[str]:
    """The manifests of the git work trees that these files lie in, but for those that were looked at as a whole."""
    tops = {top for folder in {os.path.dirname(path) for path in files} if (top := worktree.top(folder))}
    for top in tops - {os.path.abspath(path) for path in paths}:
        for name in _git_files(top) or ():
            if _is_manifest(name):
                yield _reported(os.path.join(top, name))


def _reported(path: str) -> str:
    """A path from the directory the command was started in, also where it is not below that."""
    return os.path.relpath(path)


def _is_script(path: str) -> bool:
    path = path.replace(os.sep, "/")
    name = path.rpartition("/")[2]
    found = _SCRIPT.fullmatch(name) or (name.endswith(_PROGRAM) and _TESTS.search(path))
    return bool(found) and not _FOREIGN.search(path)


def _is_manifest(name: str) -> bool:
    return name.endswith(SUFFIXES) or is_kustomization(name)


def _is_program(path: str) -> bool:
    """Whether pods may be built there: in Python that is neither a test nor what others wrote."""
    path = path.replace(os.sep, "/")
    return path.endswith(PROGRAM) and not (_FOREIGN.search(path) or _TESTS.search(path) or _PYTHON_TEST.search(path))


def _from_here(path: str) -> str:
    """The path as it is reported: from the directory the command was started in, where it is below that."""
    path, here = os.path.normpath(path), os.getcwd()
    return os.path.relpath(path) if os.path.isabs(path) and path.startswith(here + os.sep) else path


def _below(folder: str) -> Iterator[str]:
    """All files below a folder; git's own answer where there is one."""
    listed = _git_files(folder)
    yield from (os.path.normpath(os.path.join(folder, name)) for name in listed) if listed is not None else _walk(folder)


def _git_files(folder: str) -> list[str] | None:
    """What git tracks or does not ignore; None outside a work tree. Links are left to what they point at."""
    command = ["git", "-C", folder, "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--deduplicate"]
    try:
        answer = subprocess.run(command, capture_output=True, check=False)
    except OSError:
        return None
    if answer.returncode:
        return None
    names = [os.fsdecode(name) for name in answer.stdout.split(b"\0") if name]
    return [name for name in names if _is_file(os.path.join(folder, name))]


def _is_file(path: str) -> bool:
    return os.path.isfile(path) and not os.path.islink(path)


def _walk(folder: str) -> Iterator[str]:
    """Files below a folder that no .gitignore on the way down excludes."""
    from pathspec import GitIgnoreSpec

    def walk(place: Path, specs: list[tuple[Path, GitIgnoreSpec]]) -> Iterator[str]:
        ignore = place / ".gitignore"
        if ignore.is_file():
            lines = ignore.read_text(encoding="utf-8", errors="replace").splitlines()
            specs = [*specs, (place, GitIgnoreSpec.from_lines(lines))]
        for entry in sorted(os.scandir(place), key=lambda e: e.name):
            here = place / entry.name
            folder_here = entry.is_dir(follow_symlinks=False)
            if entry.name == ".git" or _ignored(here, folder_here, specs):
                continue
            if folder_here:
                yield from walk(here, specs)
            elif entry.is_file(follow_symlinks=False):
                yield os.path.normpath(str(here))

    def _ignored(path: Path, is_folder: bool, specs: list[tuple[Path, GitIgnoreSpec]]) -> bool:
        verdict: bool | None = None
        for base, spec in specs:
            name = path.relative_to(base).as_posix() + ("/" if is_folder else "")
            decided = spec.check_file(name).include
            verdict = decided if decided is not None else verdict
        return bool(verdict)

    yield from walk(Path(folder), [])


class _Chosen:
    """`--include` and `--exclude`: gitignore patterns against the path from the folder they start at."""

    def __init__(self, settings: Settings) -> None:
        self.include = self.exclude = None
        self.include_from, self.exclude_from = settings.include_from, settings.exclude_from
        if settings.include or settings.exclude:
            from pathspec import GitIgnoreSpec

            self.include = GitIgnoreSpec.from_lines(settings.include) if settings.include else None
            self.exclude = GitIgnoreSpec.from_lines(settings.exclude) if settings.exclude else None

    def takes(self, name: str) -> bool:
        """Whether a file found below a folder is wanted."""
        if self.include is not None and not self.include.match_file(_path_from(self.include_from, name)):
            return False
        return self.exclude is None or not self.exclude.match_file(_path_from(self.exclude_from, name))


def _path_from(folder: str, name: str) -> str:
    return Path(os.path.relpath(name, folder) if folder != "." else name).as_posix()
