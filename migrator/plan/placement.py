"""In which order the moved containers stand at the end of `initContainers`.

They keep the order of `containers`, except that what one needs from another comes first: sidecars start in
this order and stop in reverse. A container that is dialled stands before the one that dials it, a network
proxy before what is none, a log shipper before the one whose files it reads (so that it outlives it).
"""

from __future__ import annotations

from collections.abc import Sequence

from migrator.judge.view import View

_NETWORK = frozenset({"service-mesh", "vpn"})


def ordered(moving: Sequence[tuple[View, str | None]]) -> tuple[View, ...]:
    """The views in the order they shall stand in, from (view, purpose) pairs in the order of `containers`.

    A stable topological sort; on a cycle the order of `containers` stays.
    """
    left = list(moving)
    placed: list[View] = []
    while left:
        ready = next((pair for pair in left if not any(_before(other, pair) for other in left if other is not pair)), None)
        if ready is None:
            return tuple(view for view, _ in moving)
        placed.append(ready[0])
        left.remove(ready)
    return tuple(placed)


def _before(one: tuple[View, str | None], other: tuple[View, str | None]) -> bool:
    """Whether `other` needs `one` to be there first."""
    view, purpose = one
    then, what = other
    if any(target.name == view.name for target, _ in then.dialled):
        return True
    if purpose in _NETWORK and what not in _NETWORK:
        return True
    return purpose == "log-shipper" and any(
        neighbour.name == then.name and view.reads_only(volume) and not then.reads_only(volume)
        for volume, neighbour in view.shared
    )
