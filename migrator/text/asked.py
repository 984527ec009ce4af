"""What is asked of the editor: items to move from one list of a mapping to another, and in which mapping."""

from __future__ import annotations

from dataclasses import dataclass

from migrator.text.tree import Node

#: Leads to a node: the document's number, then keys and item numbers.
Path = tuple[int | str, ...]


@dataclass(frozen=True)
class Transfer:
    """Move the items numbered `chosen` (in the order they shall stand in) from `source` to the end of `target`.

    Each moved item gets the pair `mark`, behind the first of the keys `after` that it has.
    """

    source: str
    target: str
    chosen: tuple[int, ...]
    mark: tuple[str, str]
    after: tuple[str, ...]


@dataclass(frozen=True)
class Wish:
    """A transfer that is wanted, in the mapping at `path` (the document's number, then keys and item numbers)."""

    path: Path
    mapping: Node
    transfer: Transfer
