"""Field paths of `replacements` and `vars` that lead into a container which moves: spelled so that they still do.

Whatever is tried is followed through the lists as they will be: only what reaches the same containers is written.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from migrator.sources.kustomize.chains import LISTS, Passed
from migrator.sources.kustomize.model import FieldPath, Pointer
from migrator.sources.kustomize.moves import Walk
from migrator.sources.kustomize.objects import containers_of
from migrator.sources.kustomize.reach import reach
from migrator.text.errors import Refused

Items = dict[str, list[dict[str, Any]]]


@dataclass(frozen=True)
class Repathed:
    """New texts of field paths by file and pointer, and those that stand behind them as further items of their lists."""

    texts: dict[tuple[str, Pointer], str]
    twins: dict[tuple[str, Pointer], tuple[str, ...]]


@dataclass(frozen=True)
class _Meeting:
    """An object that a path is followed in: its lists as they were and as they will be, and what moves in it."""

    pod: tuple[str, ...]
    was: Items
    then: Items
    moving: frozenset[str]


def repathed(walks: Iterable[Walk]) -> Repathed:
    """The field paths of all that these walks pass. Raises `Refused` where one cannot be spelled anew."""
    met: dict[tuple[str, Pointer], list[tuple[Passed, _Meeting]]] = {}
    for walk in walks:
        pod = walk.chain.held.pod
        for passed in walk.chain.passed:
            meeting = _Meeting(pod, _lists(passed.said, pod), _lists(walk.thens[passed.steps], pod), walk.moving)
            met.setdefault((passed.path, passed.field_path.pointer), []).append((passed, meeting))
    found = Repathed({}, {})
    for place, there in met.items():
        passed = there[0][0]
        try:
            first, *more = _spelled(passed.field_path, [meeting for _, meeting in there])
        except Refused as refusal:
            where = f"{passed.path}:{passed.field_path.line}: `{passed.field_path.text}`"
            raise Refused(f"{where} may lead into it: {refusal}") from None
        if first != passed.field_path.text:
            found.texts[place] = first
        if more:
            found.twins[place] = tuple(more)
    return found


def _spelled(path: FieldPath, meetings: Sequence[_Meeting]) -> tuple[str, ...]:
    """The paths to write. Raises `Refused`."""
    if not any(meeting.moving & {str(item.get("name")) for item in meeting.was[LISTS[0]]} for meeting in meetings):
        return (path.text,)
    wanted = [_reached(path, (path.text,), meeting.pod, meeting.was) for meeting in meetings]
    for texts in _candidates(path, meetings):
        try:
            if [_reached(path, texts, meeting.pod, meeting.then) for meeting in meetings] == wanted:
                return texts
        except Refused:
            continue
    raise Refused(f"no other {'path leads' if path.is_source else 'paths lead'} to the same containers afterwards")


def _candidates(path: FieldPath, meetings: Sequence[_Meeting]) -> Iterator[tuple[str, ...]]:
    """Spellings to try, the one with the least change first."""
    yield (path.text,)
    for meeting in meetings:
        way = reach(path.text, meeting.pod)
        if way is None or way.chosen is None:
            continue
        names = _reached(path, (path.text,), meeting.pod, meeting.was)
        for field in LISTS:
            yield (way.spelled(field, way.chosen),)
            there = [str(item.get("name")) for item in meeting.then[field]]
            yield from ((way.spelled(field, str(there.index(name))),) for name in names if name in there)
        if not path.is_source:
            yield (path.text, way.spelled("initContainers", way.chosen))
            moved = [name for name in names if name in meeting.moving]
            yield (path.text, *(way.spelled("initContainers", f"[name={name}]") for name in moved))


def _reached(path: FieldPath, texts: Sequence[str], pod: tuple[str, ...], items: Items) -> tuple[str, ...]:
    """The names of the containers that `texts`, in the place of the path's own, lead to; none where one of them does not.

    Raises `Refused` where that is not known.
    """
    found: list[str] = []
    for text in texts:
        way = reach(text, pod)
        if way is not None:
            held = items.get(way.field, [])
            names = [str(held[n].get("name")) for n in way.entries(held, path.is_source, path.creates)]
            if not names:
                return ()
            found += names
    return tuple(sorted(found))


def _lists(said: dict[str, Any], pod: tuple[str, ...]) -> Items:
    return {field: containers_of(said, pod, field) for field in LISTS}
