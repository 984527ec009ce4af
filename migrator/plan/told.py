"""Places in other files, in words: the first two of them, and how many more."""

from __future__ import annotations

from collections.abc import Iterable

from migrator.model import Place

#: What stands at a place, in words, and the place.
Seen = tuple[str, Place]
_NAMED = 2


def told(seen: Iterable[Seen], one: str, more: str) -> str:
    """`the alert `Down` (rules.yaml:9) asks`: what is there, then `one` or, for several, `more`."""
    held = list(dict.fromkeys(seen))
    named = [f"{what} ({place})" for what, place in held[:_NAMED]]
    left = len(held) - len(named)
    if left:
        named.append(f"{left} more")
    words = " and ".join((", ".join(named[:-1]), named[-1])) if len(named) > 1 else named[0]
    return f"{words} {one if len(held) == 1 else more}"


def places(seen: Iterable[Seen]) -> tuple[Place, ...]:
    """All of the places, each once."""
    return tuple(dict.fromkeys(place for _, place in seen))
