"""Where in `initContainers` the moved containers stand.

By default at the end: the init containers that are there see what they saw, nothing they prepare is missing, and the
effective requests stay. Among themselves the moved ones keep the order of `containers`, except that what one needs
from another comes first: sidecars start in this order and stop in reverse. A container that is dialled stands before
the one that dials it, a network proxy before what is none, a log shipper before the one whose files it reads (so that
it outlives it). One that others make quit never stands last where another can: a Job ends only once the last sidecar
was seen started (kubelet: computePodActions returns early on what the last init container says).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from migrator.judge.view import View
from migrator.model import Container
from migrator.plan.needs import prepares

_NETWORK = frozenset({"service-mesh", "vpn"})
Moving = tuple[View, str | None]


@dataclass(frozen=True)
class Placed:
    """One entry of `initContainers` after the move, with its place and, for those that moved, the reason of it."""

    name: str
    position: int
    moved: bool = False
    sidecar: bool = False
    why: str = ""


def placed(moving: Sequence[Moving], inits: Sequence[Container], position: str, unsteady: Collection[str]) -> tuple[Placed, ...]:
    """All init containers in their order after the move, from (view, purpose) pairs in the order of `containers`.

    `position` is `last`, `first`, `before:NAME` or `after:NAME`; `unsteady` names containers that exit now and then.
    """
    asked, said = _asked(inits, position)
    gaps: list[tuple[int, Moving, str]] = []
    for mover, why in _steadied(_ordered(moving), unsteady):
        needed = max((init.index for init in inits if prepares(init, mover[0])), default=-1)
        held = [(gap, other) for gap, other, _ in gaps if gap > asked and _before(other, mover)]
        if asked <= needed:
            gaps.append((len(inits), mover, f"last and not {position}: it needs what `{inits[needed].name}` prepares"))
        elif held:
            gap, (other, _) = max(held, key=lambda pair: pair[0])
            gaps.append((gap, mover, f"behind `{other.name}` and not {position}"))
        else:
            gaps.append((asked, mover, "; ".join(part for part in (said, why) if part)))
    order: list[Placed] = []
    for gap in range(len(inits) + 1):
        for at, (view, _), why in gaps:
            if at == gap:
                order.append(Placed(view.name, len(order), True, True, why))
        if gap < len(inits):
            init = inits[gap]
            order.append(Placed(init.name, len(order), sidecar=init.raw.get("restartPolicy") == "Always"))
    return tuple(order)


def _asked(inits: Sequence[Container], position: str) -> tuple[int, str]:
    """Before which init container the moved ones shall stand, and the words for it."""
    if position == "first":
        return 0, "first, as asked" if inits else ""
    word, _, name = position.partition(":")
    for init in inits:
        if name and init.name == name:
            return init.index + (word == "after"), f"{word} `{name}`, as asked"
    if name and inits:
        return len(inits), f"last: no init container is called `{name}`"
    return len(inits), f"behind `{inits[-1].name}`: what starts before sees no change" if inits else ""


def _ordered(moving: Sequence[Moving]) -> list[tuple[Moving, str]]:
    """A stable topological sort, each with the reason why it stands before another; on a circle the order stays."""
    left = list(moving)
    order: list[tuple[Moving, str]] = []
    while left:
        ready = next((pair for pair in left if not any(_before(other, pair) for other in left if other is not pair)), None)
        if ready is None:
            return [(mover, "a circle of needs: in the order of `containers`") for mover in moving]
        left.remove(ready)
        order.append((ready, next((why for other in left if (why := _before(ready, other))), "")))
    return order


def _before(one: Moving, other: Moving) -> str:
    """Why `other` needs `one` to be there first, or nothing."""
    view, purpose = one
    then, what = other
    if any(target.name == view.name for target, _ in then.dialled):
        return f"before `{then.name}`, which dials it"
    if purpose in _NETWORK and what not in _NETWORK:
        return f"before `{then.name}`, whose traffic it carries"
    if purpose == "log-shipper" and any(
        neighbour.name == then.name and view.reads_only(volume) and not then.reads_only(volume)
        for volume, neighbour in view.shared
    ):
        return f"before `{then.name}`, so that it outlives it and reads its last lines"
    return ""


def _steadied(order: list[tuple[Moving, str]], unsteady: Collection[str]) -> list[tuple[Moving, str]]:
    """The order with a steady container last, where one may stand there."""
    if not order or order[-1][0][0].name not in unsteady:
        return order
    for n in range(len(order) - 2, -1, -1):
        mover, why = order[n]
        if mover[0].name not in unsteady and not why:
            return [*order[:n], *order[n + 1 :], (mover, f"last: `{order[-1][0][0].name}` is made to quit now and then")]
    return order
