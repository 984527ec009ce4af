"""The nouns: a quit hack, and what taking it off changes in the scripts of both sides."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from migrator.judge.view import PodView, View
from migrator.model import Container, PodSpec

Field = Literal["command", "args"]
ContainerList = Literal["containers", "initContainers"]
_LONGEST = 80


class Kept(Exception):
    """A script that is left as it is. Says why, in plain words."""


@dataclass(frozen=True)
class Change:
    """The script at `item` of a container's `field` becomes `after`. `inside` is the list that holds the container."""

    container: str
    field: Field
    item: int
    before: str
    after: str
    inside: ContainerList = "containers"


@dataclass(frozen=True)
class QuitHack:
    """One container (`caller`) makes another (`sidecar`) end, so that the pod can.

    `sidecar` is None where the pod does not hold the one that is told, or it is not known which it is. `listened`
    says that the other side is there and waits to be told so. `removal` is empty, and `why_not` says why, where the
    hack cannot be taken off surely. What it changes holds together, and only once every sidecar in it is native:
    hacks of one removal are done together or not at all.
    """

    kind: Literal["http", "file", "signal", "wrapper"]
    caller: str
    sidecar: str | None
    what: str
    caller_field: str
    sidecar_field: str | None
    listened: bool
    removal: tuple[Change, ...]
    why_not: str
    leftovers: tuple[str, ...]
    #: The file that tells it, as the caller sees it.
    file: str | None = None

    @property
    def pair(self) -> tuple[str | None, ...]:
        """What stays the same of a hack when others are taken off the same scripts."""
        return self.kind, self.caller, self.caller_field, self.sidecar, self.file


def applied(pods: PodView, changes: Sequence[Change]) -> PodView:
    """The pod with these changes made."""
    pod = pods.pod
    after: PodSpec = replace(
        pod,
        containers=tuple(_changed(c, [x for x in changes if x.inside == "containers"]) for c in pod.containers),
        init_containers=tuple(_changed(c, [x for x in changes if x.inside == "initContainers"]) for c in pod.init_containers),
    )
    return PodView(after, pods.workload, pods.links)


def _changed(container: Container, changes: Sequence[Change]) -> Container:
    words = {"command": list(container.command), "args": list(container.args)}
    mine = [change for change in changes if change.container == container.name]
    for change in mine:
        words[change.field][change.item] = change.after
    if not mine:
        return container
    raw = {**container.raw, **{field: list(held) for field, held in words.items() if field in container.raw}}
    return replace(container, command=tuple(words["command"]), args=tuple(words["args"]), raw=raw)


def list_of(view: View) -> ContainerList:
    """The list of the pod spec that holds a container."""
    return "initContainers" if view.native else "containers"


def shortened(text: str) -> str:
    """A command in one line of a report."""
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST else f"{line[: _LONGEST - 1]}…"
