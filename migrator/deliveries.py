"""Which Argo CD and Flux objects of the repository deploy a file that was rewritten.

Such an object names a folder, from the top of a repository that need not be this one: it counts where the work tree has the
folder. What lies in it is deployed, or what its kustomization reads, bases and components included.
"""

from __future__ import annotations

import posixpath
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from fnmatch import fnmatchcase

from migrator.model import Deployer, FileResult
from migrator.references import Delivery
from migrator.sources.kustomize.model import Kustomization
from migrator.sources.kustomize.tree import grow
from migrator.trees import below_one, renamed


def delivered(
    results: Iterable[FileResult],
    deliveries: Sequence[Delivery],
    kustomizations: Iterable[Kustomization],
    files: Collection[str],
) -> list[FileResult]:
    """The results, those of rewritten files with who deploys them. `files` are all known paths of the run."""
    held = list(results)
    rewritten = [result.path for result in held if result.status == "rewritten"]
    if not deliveries or not rewritten:
        return held
    by = _Ground(kustomizations, files).deployers(deliveries, rewritten)
    return [replace(result, deployed_by=by[result.path]) if result.path in by else result for result in held]


class _Ground:
    """The folders and kustomizations of a run, by their paths below the folder that holds them all."""

    def __init__(self, kustomizations: Iterable[Kustomization], files: Collection[str]) -> None:
        _, self.inside = below_one(files)
        names = frozenset(self.inside.values())
        self.folders = frozenset(above for name in names for above in _above(posixpath.dirname(name)))
        moved = renamed(kustomizations, self.inside)
        self.kustomized = frozenset(one.folder for one in moved)
        self.tree = grow(moved, names)

    def deployers(self, deliveries: Iterable[Delivery], paths: Iterable[str]) -> Mapping[str, tuple[Deployer, ...]]:
        """Who deploys these files, where anybody does."""
        found: dict[str, set[Deployer]] = {}
        wanted = {self.inside[path]: path for path in paths}
        for delivery in deliveries:
            for folder in self._meant(delivery):
                for name in self._deployed(folder, delivery, wanted):
                    found.setdefault(wanted[name], set()).add(delivery.deployer)
        return {path: tuple(sorted(held)) for path, held in found.items()}

    def _meant(self, delivery: Delivery) -> list[str]:
        """The folders that a delivery means: from the outermost folder above its object that has them."""
        own = posixpath.dirname(self.inside[delivery.deployer.path])
        for above in sorted(_above(own), key=len):
            wanted = _joined(above, delivery.folder)
            if found := [wanted] if wanted in self.folders else self._called(wanted):
                left_out = [_joined(above, path) for path in delivery.excluded]
                return [folder for folder in found if not any(_same(folder, path) for path in left_out)]
        return []

    def _called(self, pattern: str) -> list[str]:
        return [folder for folder in self.folders if _same(folder, pattern)] if "*" in pattern else []

    def _deployed(self, folder: str, delivery: Delivery, names: Iterable[str]) -> Iterator[str]:
        if folder in self.kustomized:
            read = self.tree.reads(folder)
            yield from (name for name in names if name in read)
            return
        for name in names:
            inside = posixpath.relpath(name, folder or ".")
            if inside.startswith("../") or ("/" in inside and not delivery.recursive):
                continue
            taken = not delivery.only or any(fnmatchcase(inside, glob) for glob in delivery.only)
            if taken and not any(fnmatchcase(inside, glob) for glob in delivery.but):
                yield name


def _above(folder: str) -> Iterator[str]:
    """The folder and all those above it, to the root, which is the empty text."""
    while folder:
        yield folder
        folder = posixpath.dirname(folder)
    yield ""


def _joined(above: str, path: str) -> str:
    at = posixpath.normpath(posixpath.join(above, path.strip("/")))
    return "" if at == "." else at


def _same(folder: str, pattern: str) -> bool:
    """Whether a folder is meant; `*` ends at a slash."""
    here, wanted = folder.split("/"), pattern.split("/")
    return len(here) == len(wanted) and all(fnmatchcase(one, glob) for one, glob in zip(here, wanted, strict=True))
