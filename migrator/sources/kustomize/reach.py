"""Which containers a field path of `replacements` or `vars` leads to.

Source: kyaml v0.18, `yaml/match.go` (PathMatcher, for targets), `yaml/fns.go` (PathGetter, for sources) and kustomize's
`RNode.GetFieldValue` (for vars). In targets `[name=app]` is a regular expression that matches anywhere: `app-proxy` too.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from migrator.sources.kustomize.plain import text as text_of
from migrator.text.errors import Refused

_LISTS = "containers|initContainers"
#: Entries of a list: `[name=app]`, a number, `*`, and `-` for the last one.
_CHOSEN = r"\.(?P<chosen>\[[^\[\]]*\]|\*|-|[0-9]{1,9})|\[(?P<number>[0-9]{1,9})\]"
_STEP = re.compile(r"\[[^\[\]]*\]|[^.]+")
_PAIR = re.compile(r"\[([^=\[\]]+)=(.*)\]\Z", re.DOTALL)
#: Regular expressions that are read alike everywhere, and quickly.
_SIMPLE = re.compile(r"\^?[A-Za-z0-9_.-]*\$?\Z")


@dataclass(frozen=True)
class Reach:
    """A path with the parts that a move changes: the list, and which of its entries (None: all of it, or not understood)."""

    head: str
    field: str
    chosen: str | None
    tail: str
    bracketed: bool = False

    def spelled(self, field: str, chosen: str) -> str:
        """The path to these entries of this list."""
        return f"{self.head}{field}[{chosen}]{self.tail}" if self.bracketed else f"{self.head}{field}.{chosen}{self.tail}"

    def entries(self, items: Sequence[dict[str, Any]], is_source: bool, creates: bool) -> list[int]:
        """The numbers of the entries of its list that it leads into. Raises `Refused` where that is not known.

        Of several only those count that have what it leads to, unless it `creates` that.
        """
        fits = self._fitting(items, is_source)
        if creates or len(fits) < 2 or not self.tail:
            return fits
        having = [n for n in fits if _leads(self.tail, items[n])]
        if not having:
            raise Refused("none of the containers it means has what it leads to")
        return having

    def _fitting(self, items: Sequence[dict[str, Any]], is_source: bool) -> list[int]:
        if self.chosen is None:
            raise Refused("which containers it means is not known")
        if self.chosen == "*" and not is_source:
            return list(range(len(items)))
        if self.chosen == "-" and is_source:
            return [len(items) - 1] if items else []
        if self.chosen.isdecimal():
            return [int(self.chosen)] if int(self.chosen) < len(items) else []
        pair = _PAIR.match(self.chosen)
        if pair is None:
            raise Refused("which containers it means is not known")
        key, value = pair.groups()
        if not is_source and not _SIMPLE.match(value):
            raise Refused(f"`{value}` is a regular expression that is not followed here")
        fits = [
            n
            for n, item in enumerate(items)
            if key in item and (text_of(item[key]) == value if is_source else re.search(value, text_of(item[key])))
        ]
        return fits[:1] if is_source else fits


def _leads(tail: str, item: Any) -> bool:
    """Whether a path leads somewhere in a value."""
    held = [item]
    for step in _STEP.findall(tail):
        pair = _PAIR.match(step)
        found: list[Any] = []
        for value in held:
            if isinstance(value, dict) and step in value:
                found.append(value[step])
            elif isinstance(value, list) and step == "*":
                found += value
            elif isinstance(value, list) and step.isdecimal():
                found += value[int(step) : int(step) + 1]
            elif isinstance(value, list) and pair is not None:
                found += _with(value, *pair.groups())
        held = found
    return bool(held)


def _with(items: Sequence[Any], key: str, value: str) -> list[Any]:
    """The items of a list with the text somewhere in the value of the key."""
    if not _SIMPLE.match(value):
        raise Refused(f"`{value}` is a regular expression that is not followed here")
    return [item for item in items if isinstance(item, dict) and key in item and re.search(value, text_of(item[key]))]


def reach(path: str, pod: tuple[str, ...]) -> Reach | None:
    """How a path leads into the containers of a pod spec at `pod`, or to all or more of them; None where it does not."""
    steps = ".".join(pod)
    if f"{steps}.".startswith(f"{path}."):
        return Reach(path, "", None, "")
    found = _pattern(pod).match(path)
    if found is None:
        return None
    known = re.match(f"(?:{_CHOSEN})(?P<tail>(?:\\..*)?)\\Z", found["rest"], re.DOTALL)
    if known is None:
        return Reach(found["head"], found["field"], None, found["rest"])
    return Reach(found["head"], found["field"], known["chosen"] or known["number"], known["tail"], known["chosen"] is None)


@lru_cache(maxsize=64)
def _pattern(pod: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(rf"(?P<head>{re.escape('.'.join(pod))}\.)(?P<field>{_LISTS})(?P<rest>(?:[.\[].*)?)\Z", re.DOTALL)
