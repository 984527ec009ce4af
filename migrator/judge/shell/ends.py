"""How statements of a script end, and what one makes of another: in turn, as branches, and with jobs behind them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from migrator.judge.shell.programs import Kind

LASTING = frozenset({"loop", "tail", "idle", "server"})


@dataclass(frozen=True)
class End:
    """How a statement ended: what it did (None for nothing of its own), and whether anything is run after it."""

    kind: Kind | Literal["wait", "fork", "exit"] | None = None
    last: bool = False


NOTHING = End()


def conclusion(ended: End, jobs: Sequence[End]) -> Kind:
    """The kind of a script from its end and from what it left running in the background."""
    if ended.kind == "wait" or ended.kind == "fork":
        return "unknown"
    kind: Kind = "one-shot" if ended.kind is None or ended.kind == "exit" else ended.kind
    if ended.last and kind not in ("idle", "tail"):
        return kind
    behind = {job.kind for job in jobs}
    if not behind or kind in ("loop", "server"):
        return kind
    if kind in ("idle", "tail") and behind == {"loop"}:
        return "loop"
    return "tail" if kind == "tail" and behind <= {None, "one-shot"} else "unknown"


def after(before: End, end: End) -> End:
    """Two statements, one after the other."""
    if before.last or end.kind is None:
        return before
    if before.kind == "fork":
        return End("fork", end.last)
    if end.kind == "exit":
        return End(before.kind or "exit", True)
    if before.kind in ("unknown", "server", "loop") and end.kind in ("idle", "tail"):
        # What was started before may have gone to the background: this only keeps the container.
        return End(before.kind, True)
    return end


def either(ends: Sequence[End], exhaustive: bool) -> End:
    """Branches, of which one is taken, or none where they are not exhaustive."""
    open_ends = [end for end in ends if end.kind != "exit"]
    if not open_ends:
        return End("exit", True) if exhaustive and ends else NOTHING
    if exhaustive and len(set(open_ends)) == 1:
        return open_ends[0]
    if any(end.last or end.kind == "fork" for end in open_ends):
        return End("fork")
    kinds = [end.kind for end in open_ends]
    for kind in ("unknown", "server", "loop", "wait", "one-shot"):
        if kind in kinds:
            return open_ends[kinds.index(kind)]
    return NOTHING
