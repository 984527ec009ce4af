"""Which version of a client library a project works with, and whether that one knows `restartPolicy` of a container.

A constructor that does not know the field raises TypeError, or loses it where it is set as an attribute. So a file is
changed only where the project itself says that its client is new enough.
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from functools import lru_cache
from itertools import islice

from packaging.version import InvalidVersion, Version

from migrator.sources.python.libraries.dialect import Dialect, Package
from migrator.sources.python.libraries.dialects import distributions, packages
from migrator.sources.python.libraries.pins import locks, projects
from migrator.sources.python.libraries.pins.requirements import includes, requirements
from migrator.sources.python.libraries.pins.said import ProjectFile, Said, Unreadable, mentions

_Reader = Callable[[ProjectFile], Iterator[Said]]
_NAMED: dict[str, _Reader] = {
    "pyproject.toml": projects.pyproject,
    "poetry.lock": locks.toml_lock,
    "uv.lock": locks.toml_lock,
    "pdm.lock": locks.toml_lock,
    "pylock.toml": locks.toml_lock,
    "Pipfile": projects.pipfile,
    "Pipfile.lock": locks.pipfile_lock,
    "setup.cfg": projects.setup_cfg,
    "setup.py": projects.setup_py,
    "cdk8s.yaml": projects.cdk8s,
}
_PATTERNS: tuple[tuple[str, _Reader], ...] = (
    ("pylock.*.toml", locks.toml_lock),
    ("environment.y*ml", projects.environment),
    ("environment[-._]*.y*ml", projects.environment),
    ("*requirements*.txt", requirements),
    ("*requirements*.in", requirements),
    ("*constraints*.txt", requirements),
)
#: No file says more of the distributions that matter.
_MOST = 200
#: Whatever lies in a folder of this name is about the project in the folder above.
_FOLDERS = frozenset({"requirements", "reqs", "constraints"})


@dataclass(frozen=True)
class Pins:
    """What the files near a Python file say of distributions, by name; for the others in `unknown`, why nothing is known."""

    said: Mapping[str, Said] = field(default_factory=dict)
    unknown: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Enough:
    """The client knows the field. `where` is the place (`requirements.txt:3`) that says so, empty where any version does."""

    where: str = ""


@dataclass(frozen=True)
class TooOld:
    """The client may be, or is, `version`, in which the field is not known; the first one with it is `wanted`, or none is."""

    where: str
    package: str
    version: str
    wanted: str | None


@dataclass(frozen=True)
class Unknown:
    """Nothing says which version it is."""

    reason: str


def says_versions(path: str) -> bool:
    """Whether a file of this name may say which versions a project works with."""
    return _reader(path) is not None


def pinned(files: Mapping[str, str], path: str) -> Pins:
    """What the `files` (paths with `/`, and their texts) say for the Python file at `path`.

    For each distribution the folder nearest to the file decides that says anything of its version. Of what stands in one
    folder, a lock or an exact version counts more than a range, and among equals the lowest version.
    """
    said: dict[str, Said] = {}
    unknown: dict[str, str] = {}
    left = set(distributions())
    homes = _homes(files)
    for folder in _upwards(path):
        found = _beside(files, homes.get(folder, []))
        for name in sorted(left):
            ones = [one for one in found.said if one.name == name]
            clear = [one for one in ones if not one.bounds.free]
            problem = next((one for one in ones if one.problem), None)
            broken = next((reason for reason, text in found.broken if text is None or mentions(text, name)), None)
            if clear:
                said[name] = min(clear, key=_rank)
                unknown.pop(name, None)
            elif problem or broken:
                unknown[name] = f"{_place(problem)}: {problem.problem}" if problem else str(broken)
            elif ones:
                unknown.setdefault(name, f"{_place(ones[0])}: `{ones[0].text or name}` has no lower bound")
            if clear or problem or broken:
                left.discard(name)
    return Pins(said, unknown)


def enough(dialect: Dialect, pins: Pins, module: str = "", override: str | None = None) -> Enough | TooOld | Unknown:
    """Whether the client in use knows `restartPolicy` of a container.

    `module` is what the constructor is imported from: it can name a distribution. `override` is a version that the user
    gives for the client. Of several distributions that decide, the first is the client and others depend on it.
    """
    known = packages(dialect, module)
    if not dialect.packages:
        return Enough()
    if not known:
        return Unknown(f"it is not known which package `{module}` is of")
    if len({one.imports for one in known}) > 1:
        return Unknown(f"it is not known which module of {dialect.title} is meant")
    first = known[0]
    if first.since is None:
        return TooOld("", first.name, "", None)
    if first.without is None:
        return Enough()
    if override is not None:
        return _overridden(first, override)
    if any(one.bounds.exact for one in _of(pins, first)):
        known = known[:1]
    verdicts = [_judged(package, one) for package in known for one in _of(pins, package)]
    reasons = (pins.unknown[name] for package in known for name in package.names if name in pins.unknown)
    unknown = Unknown(next(reasons, f"no file says which version of {first.name} is used"))
    told = (verdict for kind in (Enough, TooOld, Unknown) for verdict in verdicts if isinstance(verdict, kind))
    return next(told, unknown)


def _of(pins: Pins, package: Package) -> Iterator[Said]:
    return (pins.said[name] for name in package.names if name in pins.said)


def _judged(package: Package, said: Said) -> Enough | TooOld | Unknown:
    bounds, place = said.bounds, _place(said)
    if package.since and bounds.below(package.since):
        return TooOld(place, package.name, str(bounds.lowest or f"below {bounds.highest}"), str(package.since))
    if bounds.lowest is None:
        return Unknown(f"{place}: `{said.text}` has no lower bound")
    return Enough(place) if package.knows(bounds.lowest) else TooOld(place, package.name, str(bounds.lowest), str(package.since))


def _overridden(package: Package, override: str) -> Enough | TooOld | Unknown:
    version = _version(override)
    if version is None:
        return Unknown(f"`{override}` is no version")
    return Enough() if package.knows(version) else TooOld("", package.name, override, str(package.since))


def _version(text: str) -> Version | None:
    try:
        return Version(text)
    except InvalidVersion:
        return None


def _reader(path: str) -> _Reader | None:
    folder, name = posixpath.split(path)
    if name in _NAMED:
        return _NAMED[name]
    for pattern, read in _PATTERNS:
        if fnmatchcase(name, pattern):
            return read
    return requirements if posixpath.basename(folder) in _FOLDERS and name.endswith((".txt", ".in")) else None


def _home(path: str) -> str:
    folder = posixpath.dirname(path)
    return posixpath.dirname(folder) if posixpath.basename(folder) in _FOLDERS else folder


def _upwards(path: str) -> Iterator[str]:
    """The folders of a file, from its own to the root, which is empty."""
    folder = posixpath.dirname(path)
    while folder and folder != "/":
        yield folder
        folder = posixpath.dirname(folder)
    yield folder


def _homes(files: Mapping[str, str]) -> dict[str, list[str]]:
    """The files by the folder whose project they are about."""
    homes: dict[str, list[str]] = {}
    for name in sorted(files):
        if says_versions(name):
            home = _home(name)
            of = [posixpath.normpath(posixpath.join(home, one)) for one in locks.members(files[name])] if _is_uv(name) else []
            for folder in dict.fromkeys([home, *(one for one in of if one != ".")]):
                homes.setdefault(folder, []).append(name)
    return homes


def _is_uv(path: str) -> bool:
    return posixpath.basename(path) == "uv.lock"


@dataclass(frozen=True)
class _Found:
    """What the files of a folder say, and why some could not be read; with their texts, where they are there."""

    said: list[Said] = field(default_factory=list)
    broken: list[tuple[str, str | None]] = field(default_factory=list)


def _beside(files: Mapping[str, str], names: list[str]) -> _Found:
    """What these files say with all that they include."""
    found = _Found()
    seen = set(names)
    left = list(names)
    # Files are added while the list is walked.
    for name in left:
        text = files.get(name)
        if text is None:
            found.broken.append((f"{name} is not there to be read", None))
            continue
        read = _reader(name) or requirements
        said, problem = _read(read, name, text)
        found.said.extend(said)
        if problem:
            found.broken.append((f"{name} {problem}", text))
        if read is requirements:
            others = {posixpath.normpath(posixpath.join(posixpath.dirname(name), one)) for one in includes(text)}
            left += sorted(others - seen)
            seen |= others
    return found


@lru_cache(maxsize=256)
def _read(read: _Reader, name: str, text: str) -> tuple[tuple[Said, ...], str]:
    """What one file says, and why it cannot be read (empty: it can)."""
    try:
        said = tuple(islice(read(ProjectFile(name, text, distributions())), _MOST + 1))
        return (said, "") if len(said) <= _MOST else ((), "names too many versions")
    except Unreadable as error:
        return (), str(error)


def _rank(said: Said) -> tuple[bool, Version]:
    return not said.bounds.exact, said.bounds.lowest or Version("0")


def _place(said: Said) -> str:
    return f"{said.path}:{said.line}"
