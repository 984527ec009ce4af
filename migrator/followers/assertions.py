"""Assertions of kuttl and chainsaw on a workload: what moves there moves in them, too.

Both compare a list by its length and item by item, and a mapping as a subset (kuttl: `testutils.IsSubset`). So one that
holds today has the containers of the workload in their order, and one that is to hold then has them where they then are.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from migrator.model import Container, PodResult
from migrator.plan.decide import moves
from migrator.sources.facts.asserts import asserted
from migrator.sources.facts.reader import File, Text, at, word
from migrator.sources.manifest import transfer
from migrator.text.asked import Wish
from migrator.text.edits import Edit, apply
from migrator.text.errors import Refused
from migrator.text.lines import Lines
from migrator.text.pointing import path_of
from migrator.text.rewrite import Stretch, prove, proved_layout
from migrator.text.source import chunks
from migrator.text.tree import Node


@dataclass(frozen=True)
class Following:
    """What follows in a text: its new text, and the line where `container` of the pod was expected, for each one moved."""

    text: str
    told: tuple[tuple[PodResult, str, int], ...] = ()


def followed(path: str, text: str, pods: Collection[PodResult], canonical: bool) -> Following:
    """The assertions of a file with what moves in these pods moved, where that is certain; else they stay as they are.

    No two of the pods have kind and name in common.
    """
    file, lines = File(path, text), Lines(text)
    by_name = {(pod.site.workload.kind, pod.site.workload.name): pod for pod in pods}
    edits: list[Edit] = []
    told: list[tuple[PodResult, str, int]] = []
    for start, end in chunks(text):
        piece = Text(file, start, end)
        stretch = Stretch(text, start, end, piece.roots)
        wishes: list[Wish] = []
        found: list[Edit] = []
        moved: list[tuple[PodResult, str, int]] = []
        for node, place in asserted(piece) if "containers" in piece.piece else ():
            pod = by_name.get((word(node, "kind"), word(node, "metadata", "name")))
            listed = at(node, *place.steps)
            if pod is None or listed is None or not _agrees(node, listed, pod):
                continue
            try:
                wish = Wish(path_of(piece.roots, listed), listed, transfer(moves(pod.decisions)))
                layout, _ = proved_layout(stretch, lines, wish, canonical)
            except Refused:
                continue
            wishes.append(wish)
            found += layout.edits
            held = listed.get("containers")
            moved += [(pod, d.container.name, lines.of(held.items[d.container.index].start) + 1) for d in pod.moved if held]
        if wishes and _proved(stretch, wishes, found):
            edits += found
            told += moved
    return Following(apply(text, edits), tuple(told))


def _proved(stretch: Stretch, wishes: Sequence[Wish], edits: Sequence[Edit]) -> bool:
    try:
        prove(stretch, wishes, edits)
    except Refused:
        return False
    return True


def _agrees(node: Node, listed: Node, pod: PodResult) -> bool:
    """Whether an assertion can hold for the pod as it is, as far as its lists of containers go."""
    space, own = word(node, "metadata", "namespace"), pod.site.workload.namespace
    held = pod.site.pod
    return (
        (not space or not own or space == own)
        and _lists(listed.get("containers"), held.containers)
        and (
            _lists(listed.get("initContainers"), held.init_containers)
            or not (listed.get("initContainers") or held.init_containers)
        )
    )


def _lists(said: Node | None, containers: Sequence[Container]) -> bool:
    """Whether a list has so many items, and each the name of its container, or none."""
    if said is None or said.kind != "seq" or len(said.items) != len(containers):
        return False
    names = [item.get("name") if item.kind == "map" else None for item in said.items]
    return all(item.kind == "map" for item in said.items) and all(
        name is None or name.resolved.value == container.name for name, container in zip(names, containers, strict=True)
    )
