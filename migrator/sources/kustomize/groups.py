"""Change sets: chains that share a base, or a patch or replacement that reaches containers, change together."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass

from migrator.sources.kustomize.chains import Chain


@dataclass(frozen=True)
class Group:
    """The chains of one change set, in the order in which they were built."""

    chains: tuple[Chain, ...]


def grouped(chains: Iterable[Chain]) -> list[Group]:
    """The change sets in which a kustomization says something of containers; what only has bases needs none."""
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
        for passed in chain.passed:
            roots[root((passed.path, passed.field_path.pointer))] = root(chain.held.place)
    touched = {root(step.source) for chain in held for step in chain.steps if step.touches}
    touched |= {root(chain.held.place) for chain in held if chain.passed or chain.bound}
    groups: dict[Hashable, list[Chain]] = {}
    for chain in held:
        if (top := root(chain.held.place)) in touched:
            groups.setdefault(top, []).append(chain)
    return [Group(tuple(found)) for found in groups.values()]
