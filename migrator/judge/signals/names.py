"""Whose name is the workload's, who stands where, whom an annotation names."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from migrator.judge.signals.registry import name_words, plain, signal

if TYPE_CHECKING:
    from migrator.judge.view import View

DEFAULT_CONTAINER = "kubectl.kubernetes.io/default-container"
_OLD_DEFAULT_CONTAINER = "kubectl.kubernetes.io/default-logs-container"
#: A workload called `web-with-proxy` or `app-log-sidecar` is named for what it is made of, not for its main container.
_DESCRIBES_PARTS = frozenset({"with", "and", "sidecar", "sidecars", "multi"})
#: In the name of a variable, a function or a class.
_SIDECAR = re.compile(r"(?:^|_)[sS]ide_?[cC]ars?(?:_|$)|[a-z]Sidecar")


@signal("default-container")
def default_container(view: View) -> str | None:
    """The `kubectl.kubernetes.io/default-container` annotation names it (kubectl: pkg/cmd/util/podcmd)."""
    named = _annotated(view)
    return f"the default-container annotation names `{view.name}`" if named == view.name else None


@signal("other-default-container")
def other_default_container(view: View) -> str | None:
    """The annotation names a neighbour."""
    named = _annotated(view)
    if named and any(other.name == named for other in view.neighbours):
        return f"the default-container annotation names `{named}`"
    return None


def _annotated(view: View) -> str | None:
    notes = view.workload.annotations
    return notes.get(DEFAULT_CONTAINER) or notes.get(_OLD_DEFAULT_CONTAINER)


@signal("named-like-workload")
def named_like_workload(view: View) -> str | None:
    """Its name is the workload's, or the `app` label's."""
    labels = view.workload.labels
    names = {view.workload.name, *(labels.get(k, "") for k in ("app", "app.kubernetes.io/name", "k8s-app", "name"))}
    return f"named like the {view.workload.kind}" if plain(view.name) in {plain(n) for n in names if n} else None


def named_for_image(view: View) -> bool:
    """Whether its image's last segment is the workload's name."""
    return bool(view.repository) and plain(view.repository[-1]) == plain(view.workload.name)


@signal("beside-namesake")
def beside_namesake(view: View) -> str | None:
    """A neighbour, and not it, is named like the workload."""
    if named_like_workload(view) or part_of_workload_name(view):
        return None
    other = next((o for o in view.neighbours if named_like_workload(o) or part_of_workload_name(o)), None)
    return f"stands beside `{other.name}`, which bears the {view.workload.kind}'s name" if other else None


@signal("part-of-workload-name")
def part_of_workload_name(view: View) -> str | None:
    """All words of its name are words of the workload's, and no neighbour can say so."""
    if named_like_workload(view) or any(named_like_workload(other) for other in view.neighbours):
        return None
    words = name_words(view.workload.name)
    if words & _DESCRIBES_PARTS:
        return None
    if name_words(view.name) <= words and not any(name_words(other.name) <= words for other in view.neighbours):
        return f"its name is part of the {view.workload.kind}'s"
    return None


@signal("image-like-workload")
def image_like_workload(view: View) -> str | None:
    """Its image's last segment is the workload's name, and no neighbour's is."""
    if not named_for_image(view) or any(other.repository[-1:] == view.repository[-1:] for other in view.neighbours):
        return None
    return f"its image is named like the {view.workload.kind}"


@signal("numbered-like-neighbour")
def numbered(view: View) -> str | None:
    """Its name differs from a neighbour's in a number alone: workers of one kind."""
    stem = re.sub(r"\d+", "", view.name).strip("-")
    for other in view.neighbours:
        if stem == re.sub(r"\d+", "", other.name).strip("-") and re.search(r"\d", view.name + other.name):
            return f"its name differs from `{other.name}` only in the number"
    return None


@signal("first")
def first(view: View) -> str | None:
    """It stands first in `containers`."""
    return "stands first" if view.container.index == 0 and not view.native else None


@signal("called-sidecar")
def called_sidecar(view: View) -> str | None:
    """The code that makes it calls it a sidecar: a variable or function, whose name nobody but its author sees."""
    named = next((name for name in view.container.called if _SIDECAR.search(name)), None)
    return f"the code calls it `{named}`" if named else None
