"""The kustomizations of a run: which files belong together, and which of those are worth looking at together.

Inside a family files go by their paths below the folder that holds everything, whatever they are called in reports.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace

from migrator.sources.kustomize.model import Kustomization
from migrator.sources.kustomize.tree import Unit, grow, place


@dataclass(frozen=True)
class Family:
    """Files that change together: the kustomizations by folder, and how all files that they read are called outside.

    `root` is the folder that the paths start from; `writable` are the files that were given to be rewritten.
    """

    root: str
    kustomizations: Mapping[str, Kustomization]
    files: Mapping[str, str]
    writable: frozenset[str]
    unit: Unit


def families(kustomizations: Iterable[Kustomization], files: Collection[str], others: Collection[str] = ()) -> list[Family]:
    """The units that patch or replace something; in the others each file is for itself.

    `others` are known and not to be written.
    """
    held = list(kustomizations)
    if not held:
        return []
    root, inside = below_one((*files, *others))
    outside = {name: path for path, name in inside.items()}
    moved = renamed(held, inside)
    by_folder = {one.folder: one for one in moved}
    given = frozenset(inside[path] for path in files)
    found = []
    for unit in grow(moved, frozenset(outside)).units():
        own = {folder: by_folder[folder] for folder in unit.folders if folder in by_folder}
        names = {*unit.files, *(one.path for one in own.values())}
        if any(map(_says_more, own.values())) and not given.isdisjoint(names):
            found.append(Family(root, own, {name: outside[name] for name in sorted(names)}, given & names, unit))
    return found


def below_one(files: Iterable[str]) -> tuple[str, dict[str, str]]:
    """The folder that holds all these files, and their paths below it."""
    whole = {path: os.path.abspath(path) for path in files}
    root = os.path.commonpath([os.path.dirname(path) for path in whole.values()])
    return root, {path: os.path.relpath(at, root).replace(os.sep, "/") for path, at in whole.items()}


def renamed(kustomizations: Iterable[Kustomization], inside: Mapping[str, str]) -> list[Kustomization]:
    """The kustomizations, called by their paths `inside` one folder."""
    named = ((one, inside[one.path]) for one in kustomizations)
    return [replace(one, path=name, folder=name.rpartition("/")[0]) for one, name in named]


def applied(related: Iterable[Family]) -> frozenset[str]:
    """The files of families that are whole: what is patched there is known.

    Nobody knows what components alone are for, nor what else a patch may mean where something is missing.
    """
    return frozenset(
        path
        for family in related
        if not family.unit.problems and any(one.kind == "Kustomization" for one in family.kustomizations.values())
        for path in family.files.values()
    )


def _says_more(one: Kustomization) -> bool:
    """Whether a kustomization does more than to bring resources together, and so may know their containers."""
    return bool(one.patches or one.field_paths or one.replacement_files or one.sides)


def resolve(kustomizations: Mapping[str, Kustomization], own: Kustomization, path: str) -> tuple[str, str] | None:
    """What an entry of a kustomization means: a `folder` with a kustomization of these, else perhaps a `file`."""
    at = place(own.folder, path)
    if at is None:
        return None
    return ("folder", at) if at in kustomizations else ("file", at)
