"""The kustomizations of a repository as a graph: who builds on whom, what must change together, and what does not resolve.

Paths are taken as they are written: a symbolic link is a file of its own.
"""

from __future__ import annotations

import posixpath
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from migrator.sources.kustomize.model import Kustomization, Ref, TreeProblem
from migrator.sources.kustomize.read import NAMES, is_kustomization
from migrator.sources.kustomize.remote import is_url

#: So many folders of a circle are named from each end.
_NAMED = 4


@dataclass(frozen=True)
class Unit:
    """Kustomizations that share bases, components or files, however far apart: they change together or not at all.

    `folders` stand so that bases come before their users (around a circle, as far as can be). `files` are the manifests,
    patches and replacements they read, sorted. `remote`: something is fetched from elsewhere; `outside`: something lies
    outside the repository.
    """

    folders: tuple[str, ...]
    files: tuple[str, ...]
    problems: tuple[TreeProblem, ...] = ()
    remote: bool = False
    outside: bool = False


@dataclass(frozen=True)
class Tree:
    """All kustomizations of a repository, by folder (the root is the empty text)."""

    _uses: Mapping[str, tuple[str, ...]]
    _users: Mapping[str, tuple[str, ...]]
    _units: tuple[Unit, ...]
    _files: Mapping[str, frozenset[str]]

    def uses(self, folder: str) -> tuple[str, ...]:
        """The bases and components that the kustomization in `folder` names itself, in the order in which it builds them."""
        return self._uses.get(folder, ())

    def users(self, folder: str) -> tuple[str, ...]:
        """The folders whose kustomizations name `folder` themselves, sorted."""
        return self._users.get(folder, ())

    def reads(self, folder: str) -> frozenset[str]:
        """All files that building the kustomization in `folder` reads: it, its bases and components, and what they name."""
        ahead, seen = [folder], {folder}
        while ahead:
            further = [used for used in self.uses(ahead.pop()) if used not in seen]
            ahead += further
            seen.update(further)
        return frozenset().union(*(self._files.get(name, frozenset()) for name in seen))

    def units(self) -> tuple[Unit, ...]:
        """What must change together, each kustomization in one unit; sorted by each one's first folder by name."""
        return self._units


def place(folder: str, path: str) -> str | None:
    """Where a path written in `folder` leads; None out of the repository."""
    at = posixpath.normpath(posixpath.join(folder, path))
    if at == ".." or at.startswith(("/", "../")):
        return None
    return "" if at == "." else at


def grow(kustomizations: Iterable[Kustomization], files: Collection[str]) -> Tree:
    """The tree of `kustomizations`; `files` are all known paths of the run. The order of either does not matter."""
    found: dict[str, dict[str, Kustomization]] = {}
    for one in kustomizations:
        found.setdefault(one.folder, {})[one.path] = one
    known = frozenset(files)
    folders: dict[str, _Folder] = {}
    for name in sorted(found):
        folder = folders[name] = _Folder(name)
        for path in sorted(found[name]):
            _Reading(found, known, folder, found[name][path]).read()
    order = list(_bases_first(folders))
    users: dict[str, list[str]] = {}
    for name in folders:
        for used in folders[name].uses:
            users.setdefault(used, []).append(name)
    return Tree(
        {name: tuple(folder.uses) for name, folder in folders.items()},
        {name: tuple(named) for name, named in users.items()},
        _units(folders, order),
        {name: frozenset(folder.files) | frozenset(found[name]) for name, folder in folders.items()},
    )


@dataclass
class _Folder:
    """What the kustomization in a folder reads. `uses` are other folders, each with the place where it is named first."""

    name: str
    uses: dict[str, tuple[str, int]] = field(default_factory=dict)
    files: set[str] = field(default_factory=set)
    problems: set[TreeProblem] = field(default_factory=set)
    remote: bool = False
    outside: bool = False


class _Reading:
    """Resolves what one kustomization names."""

    def __init__(
        self, found: Mapping[str, Mapping[str, Kustomization]], files: frozenset[str], folder: _Folder, one: Kustomization
    ) -> None:
        self.found = found
        self.files = files
        self.folder = folder
        self.one = one

    def read(self) -> None:
        beside = [
            name for name in NAMES if (path := posixpath.join(self.one.folder, name)) != self.one.path and path in self.files
        ]
        if beside or len(self.found[self.one.folder]) > 1:
            self._problem(1, "two kustomization files in one folder: kustomize takes neither")
        for ref in self.one.resources:
            self._ref(ref, component=False)
        for ref in self.one.components:
            self._ref(ref, component=True)
        for patch in self.one.patches:
            if patch.file is not None:
                self._file(Ref(patch.file, patch.line, is_url(patch.file)), "the patch")
        for ref in self.one.replacement_files:
            self._file(ref, "the file of replacements")
        for _, ref in self.one.sides:
            at = place(self.one.folder, ref.path) if "\n" not in ref.path else None
            if at is not None and at in self.found:
                self._use(at, ref, component=False)
            elif at is not None and at in self.files:
                self.folder.files.add(at)

    def _ref(self, ref: Ref, component: bool) -> None:
        at = self._place(ref, "the component" if component else "the resource")
        if at is None:
            return
        if at in self.found:
            self._use(at, ref, component)
        elif at in self.files and component:
            self._problem(ref.line, f"the component `{ref.path}` is a file; kustomize takes a folder")
        elif at in self.files and is_kustomization(at):
            self._problem(ref.line, f"the resource `{ref.path}` is a kustomization; kustomize takes its folder, not the file")
        elif at in self.files:
            self.folder.files.add(at)
        elif any(posixpath.join(at, name) in self.files for name in NAMES):
            self._problem(ref.line, f"the kustomization in `{ref.path}` cannot be read")
        else:
            self._problem(ref.line, f"`{ref.path}` is neither a file nor a folder with a kustomization")

    def _use(self, at: str, ref: Ref, component: bool) -> None:
        self.folder.uses.setdefault(at, (self.one.path, ref.line))
        kinds = {one.kind for one in self.found[at].values()}
        if component and "Component" not in kinds:
            self._problem(ref.line, f"`{ref.path}` stands under `components` and is no component")
        elif not component and "Component" in kinds:
            self._problem(ref.line, f"`{ref.path}` is a component and does not stand under `components`")
        if at != self.one.folder and (not at or self.one.folder.startswith(f"{at}/")):
            self._problem(ref.line, f"`{ref.path}` holds the folder of its user; kustomize refuses that as a circle")

    def _file(self, ref: Ref, what: str) -> None:
        at = self._place(ref, what)
        if at is not None and at in self.files:
            self.folder.files.add(at)
        elif at is not None:
            self._problem(ref.line, f"{what} `{ref.path}` names no file")

    def _place(self, ref: Ref, what: str) -> str | None:
        at = place(self.one.folder, ref.path)
        if ref.remote and at not in self.files:
            # kustomize tries a file of that name before it clones.
            self.folder.remote = True
            self._problem(ref.line, f"{what} `{ref.path}` is remote; it is not fetched")
            return None
        if at is None:
            self.folder.outside = True
            self._problem(ref.line, f"{what} `{ref.path}` lies outside the repository")
        return at

    def _problem(self, line: int, message: str) -> None:
        self.folder.problems.add(TreeProblem(self.one.path, line, message))


def _bases_first(folders: Mapping[str, _Folder]) -> Iterator[str]:
    """Every folder after those it uses. A use that closes a circle becomes a problem and is passed over."""
    seen: set[str] = set()
    for start in folders:
        if start in seen:
            continue
        seen.add(start)
        trail, ahead, depth = [start], [iter(folders[start].uses)], {start: 0}
        while trail:
            used = next(ahead[-1], None)
            if used is None:
                ahead.pop()
                del depth[trail[-1]]
                yield trail.pop()
            elif used in depth:
                path, line = folders[trail[-1]].uses[used]
                folders[trail[-1]].problems.add(TreeProblem(path, line, _circle(trail, depth[used])))
            elif used not in seen:
                seen.add(used)
                depth[used] = len(trail)
                trail.append(used)
                ahead.append(iter(folders[used].uses))


def _circle(trail: list[str], start: int) -> str:
    """A circle by the folders on it; a long one by its ends, so that many circles cost no more than their uses."""
    left_out = len(trail) - start - 2 * _NAMED
    names = trail[start:] if left_out <= 0 else [*trail[start : start + _NAMED], f"({left_out} more)", *trail[-_NAMED:]]
    return "the bases go round in a circle: " + " -> ".join(name or "." for name in [*names, trail[start]])


def _units(folders: Mapping[str, _Folder], order: Iterable[str]) -> tuple[Unit, ...]:
    joined = _Joined()
    for name, folder in folders.items():
        for used in folder.uses:
            joined.join(name, used)
        for file in folder.files:
            # The slash tells files from folders.
            joined.join(name, f"/{file}")
    together: dict[str, list[str]] = {}
    for name in order:
        together.setdefault(joined.head(name), []).append(name)
    # The walk begins at the folders by name, so the units already stand by their first.
    return tuple(_unit([folders[name] for name in names]) for names in together.values())


def _unit(folders: list[_Folder]) -> Unit:
    problems = {problem for folder in folders for problem in folder.problems}
    return Unit(
        tuple(folder.name for folder in folders),
        tuple(sorted({file for folder in folders for file in folder.files})),
        tuple(sorted(problems, key=lambda problem: (problem.path, problem.line, problem.message))),
        any(folder.remote for folder in folders),
        any(folder.outside for folder in folders),
    )


class _Joined:
    """Sets of names that only ever grow together (union-find with path halving)."""

    def __init__(self) -> None:
        self.up: dict[str, str] = {}

    def head(self, name: str) -> str:
        while (above := self.up.get(name, name)) != name:
            self.up[name] = self.up.get(above, above)
            name = self.up[name]
        return name

    def join(self, one: str, other: str) -> None:
        one, other = self.head(one), self.head(other)
        if one != other:
            self.up[other] = one
