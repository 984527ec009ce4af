"""The containers of one object around a patch, by name, in the tree as it is and in the migrated one."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from migrator.text.errors import Refused


@dataclass(frozen=True)
class State:
    """One object that a patch is applied to, by the names in its lists before the patch.

    `containers` and `inits` as they are; `then_containers` and `then_inits` in the migrated tree.
    """

    containers: tuple[str, ...]
    inits: tuple[str, ...]
    then_containers: tuple[str, ...]
    then_inits: tuple[str, ...]

    def moved(self, moving: Collection[str]) -> frozenset[str]:
        """The containers that stand in `initContainers` by now.

        Raises `Refused` unless the migrated lists are the original ones with just these moved.
        """
        moved = frozenset(name for name in self.containers if name in moving)
        names = (*self.containers, *self.inits)
        if len(set(names)) < len(names):
            raise Refused("two containers of one name")
        if (
            tuple(name for name in self.containers if name not in moved) != self.then_containers
            or tuple(name for name in self.then_inits if name not in moved) != self.inits
            or sorted(self.then_inits) != sorted((*self.inits, *moved))
        ):
            raise Refused("the patched object is not known well enough: its containers are not those of the original, moved")
        return moved


def woven(inits: Sequence[str], moved: Sequence[str], migrated: Sequence[str]) -> tuple[str, ...]:
    """All names of `initContainers` after a patch: `inits` and `moved`, each in its order.

    A moved container stays behind, and ahead of, the same ones as in `migrated`, the list before the patch; what is new in
    `inits` goes ahead of it where nothing says otherwise. Raises `Refused` where the patch reorders what it stands between.
    """
    place = {name: at for at, name in enumerate(migrated)}
    gaps = []
    for name in moved:
        at = place.get(name, len(migrated))
        first = max((n + 1 for n, init in enumerate(inits) if place.get(init, at) < at), default=0)
        last = min((n for n, init in enumerate(inits) if place.get(init, at) > at), default=len(inits))
        if first > last:
            raise Refused(f"the patch reorders the init containers around `{name}`")
        gaps.append(last)
    return tuple(
        name
        for n in range(len(inits) + 1)
        for name in (*(new for gap, new in zip(gaps, moved, strict=True) if gap == n), *inits[n : n + 1])
    )
