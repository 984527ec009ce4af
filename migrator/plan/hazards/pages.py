"""What there is to say of a hazard beyond its check: `rules/hazards/<id>.yaml`, for `explain` and the generated docs.

Also hazards that are not looked for have a page: those that only other files of a repository can show, and those
that only a cluster can.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from migrator.datafile import DataFile, bundled, folder
from migrator.plan.hazards import CHECKS
from migrator.plan.hazards.check import Check


@dataclass(frozen=True)
class Page:
    """One hazard in words. `check` is None where nothing looks for it; `seen` says where it can be seen:
    in the manifest, in other files of the repository, in kustomizations (which are rewritten), or only in a cluster.

    `before` is a manifest in which it is found, `after` one in which it is not any more, both under `flags`.
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
    seen = file.one_of(root, "seen", ("repository", "cluster", "kustomize")) if root.get("seen") is not None else "manifest"
    if (check is None) == (seen == "manifest"):
        file.fail(root, "seen", "is for hazards that no check looks for, and only for those")
    title, what, why, todo = (" ".join(file.text(root, key).split()) for key in ("title", "what", "why", "do"))
    sources = tuple(node.value for node in file.items(root, "sources"))
    example = root.get("example")
    if (check is None) != (example is None):
        file.fail(root, "example", "is for hazards that a check looks for, and for all of those")
    if example is None:
        return Page(identity, title, what, why, todo, sources, seen, check)
    file.keys(example, ("before", "after"), ("flags",))
    before, after = (file.text(example, key) for key in ("before", "after"))
    flags = file.text(example, "flags") if example.get("flags") is not None else ""
    return Page(identity, title, what, why, todo, sources, seen, check, flags, before, after)
