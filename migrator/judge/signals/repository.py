"""What the rest of the repository says of a container."""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrator.judge.signals.images import utility
from migrator.judge.signals.registry import signal

if TYPE_CHECKING:
    from migrator.judge.view import View


@signal("beside-many")
def beside_many(view: View) -> str | None:
    """Elsewhere in the repository its image keeps company with different others: a helper of many mains."""
    companies = view.of.links.beside.get("/".join(view.repository), frozenset())
    others = {image for company in companies for image in company}
    if utility(view) or alone_elsewhere(view):
        return None
    if len(companies) > 2 and not frozenset.intersection(*companies):
        return f"stands beside {len(others)} other images in this repository"
    return None


@signal("alone-elsewhere")
def alone_elsewhere(view: View) -> str | None:
    """Elsewhere in the repository its image is a pod of its own."""
    if view.repository and not utility(view) and "/".join(view.repository) in view.of.links.alone:
        return "is a pod of its own elsewhere in this repository"
    return None


@signal("patched-as-sidecar")
def patched_as_sidecar(view: View) -> str | None:
    """A patch in this repository that adds or changes it has `sidecar` in its path: its author's word."""
    found = view.of.links.patched_as_sidecar.get(view.name)
    return f"the patch {found} calls it a sidecar" if found else None
