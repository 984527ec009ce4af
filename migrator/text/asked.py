"""What is asked of the editor: items to move from one list of a mapping to another, and in which mapping."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from migrator.text.tree import Node

T = TypeVar("T")

#: Leads to a node: the document's number, then keys and item numbers.
Path = tuple[int | str, ...]


@dataclass(frozen=True)
class Transfer:
    """Move the items numbered `chosen` (in the order they shall stand in) from `source` to `target`.

    Each moved item but those in `bare` gets the pair `mark`, behind the first of the keys `after` that it has. `gaps` says
    for each, in rising order, before which item of `target` it goes (their number: behind them all); without it all go to
    the end. Only with `emptying` may all items be chosen: then the key of `source` goes, or becomes that of `target`.
    """

    source: str
    target: str
    chosen: tuple[int, ...]
    mark: tuple[str, str]
    after: tuple[str, ...]
    gaps: tuple[int, ...] = ()
    bare: tuple[int, ...] = ()
    emptying: bool = False

    def woven(self, there: Sequence[T], moved: Sequence[T]) -> list[T]:
        """The items of `target` and the moved ones in the order they shall stand in."""
        gaps = self.gaps or (len(there),) * len(moved)
        return [
            item
            for n in range(len(there) + 1)
            for item in (*(new for gap, new in zip(gaps, moved, strict=True) if gap == n), *there[n : n + 1])
        ]


@dataclass(frozen=True)
class Wish:
    """A transfer that is wanted, in the mapping at `path` (the document's number, then keys and item numbers)."""

    path: Path
    mapping: Node
    transfer: Transfer
