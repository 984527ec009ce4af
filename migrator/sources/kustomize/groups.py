"""Change sets: chains that share a base, or a patch of containers, change together."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass

from migrator.sources.kustomize.chains import Chain


@dataclass(frozen=True)
class Group:
    """The chains of one change set, in the order in which they were built."""

    chains: tuple[Chain, ...]


def grouped(chains: Iterable[Chain]) -> list[Group]:
    """The change sets in which a patch says something of containers; what only has bases needs none."""
    held = list(chains)
    roots: dict[Hashable, Hashable] = {}

    def root(item: Hashable) -> Hashable:
        while roots.setdefault(item, item) != item:
            item = roots[item]
        return item

    for chain in held:
        for step in chain.steps:
            if step.touches:
                roots[root(step.source)] = root(chain.held.place)
    touched = {root(step.source) for chain in held for step in chain.steps if step.touches}
    groups: dict[Hashable, list[Chain]] = {}
    for chain in held:
        if (top := root(chain.held.place)) in touched:
            groups.setdefault(top, []).append(chain)
    return [Group(tuple(found)) for found in groups.values()]
