"""What there is to say of a hazard beyond its check: `rules/hazards/<id>.yaml`, for `explain` and the generated docs.

Also hazards that are not looked for have a page: those that kustomizations show, which are rewritten, and those that
only a cluster can show.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from migrator.datafile import DataFile, bundled, folder
from migrator.plan.hazards import CHECKS
from migrator.plan.hazards.check import Check
from migrator.text.tree import Node


@dataclass(frozen=True)
class ExampleFile:
    """A file that an example needs beside its manifest, as it stands with `before` and with `after`."""

    name: str
    before: str
    after: str


@dataclass(frozen=True)
class Page:
    """One hazard in words. `check` is None where nothing looks for it; `seen` says where it can be seen:
    in the files of the repository, in kustomizations (which are rewritten), or only in a cluster.

    `before` is a manifest in which it is found, `after` one in which it is not any more, both under `flags` and with the
    further `files`.
    """

    id: str
    title: str
    what: str
    why: str
    todo: str
    sources: tuple[str, ...]
    seen: str
    check: Check | None
    flags: str = ""
    before: str = ""
    after: str = ""
    files: tuple[ExampleFile, ...] = ()

    @property
    def severity(self) -> str:
        """Its usual severity; `note` where nothing looks for it."""
        return self.check.severity if self.check else "note"

    @property
    def versions(self) -> str:
        """The Kubernetes versions in which it can happen, in words."""
        return self.check.versions.text if self.check else "all versions"


@lru_cache(maxsize=1)
def pages() -> tuple[Page, ...]:
    """All pages, checked hazards by family and the others by name behind them. Raises `DataError`."""
    found = {page.id: page for page in map(read_page, folder(bundled() / "hazards", "hazards/"))}
    order = [check.id for check in CHECKS]
    return tuple(found[name] for name in (*(n for n in order if n in found), *sorted(set(found) - set(order))))


def read_page(file: DataFile) -> Page:
    """One page. Raises `DataError`."""
    root = file.mapping()
    file.keys(root, ("id", "title", "what", "why", "do", "sources"), ("seen", "example"))
    identity = file.text(root, "id")
    check = next((check for check in CHECKS if check.id == identity), None)
    seen = file.one_of(root, "seen", ("cluster", "kustomize")) if root.get("seen") is not None else "files"
    if (check is None) == (seen == "files"):
        file.fail(root, "seen", "is for hazards that no check looks for, and only for those")
    title, what, why, todo = (" ".join(file.text(root, key).split()) for key in ("title", "what", "why", "do"))
    sources = tuple(node.value for node in file.items(root, "sources"))
    example = root.get("example")
    if (check is None) != (example is None):
        file.fail(root, "example", "is for hazards that a check looks for, and for all of those")
    if example is None:
        return Page(identity, title, what, why, todo, sources, seen, check)
    file.keys(example, ("before", "after"), ("flags", "files"))
    before, after = (file.text(example, key) for key in ("before", "after"))
    flags = file.text(example, "flags") if example.get("flags") is not None else ""
    files = _files(file, example.get("files"))
    return Page(identity, title, what, why, todo, sources, seen, check, flags, before, after, files)


def _files(file: DataFile, node: Node | None) -> tuple[ExampleFile, ...]:
    """The further files of an example: a mapping of names to their texts `before` and `after`."""
    if node is None:
        return ()
    if node.kind != "map" or not node.pairs:
        file.fail(node, "files", "a mapping of file names is wanted here")
    for _, held in node.pairs:
        file.keys(held, ("before", "after"))
    return tuple(ExampleFile(key.value, file.text(held, "before"), file.text(held, "after")) for key, held in node.pairs)
