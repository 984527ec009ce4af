"""The elements of lists that merge, found and set by their keys as kyaml does it, with its oddities.

Source: kyaml v0.18, `yaml/fns.go` (ElementMatcher, ElementSetter, FieldMatcher), `yaml/rnode.go` (ElementValuesList),
`yaml/walk/associative_sequence.go`. Without keys the elements are plain values, each its own key.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from migrator.sources.kustomize.jsonpatch import PatchError
from migrator.sources.kustomize.plain import ABSENT, text

Strings = Sequence[str]


def values_of(items: Sequence[Any], keys: Strings) -> list[list[str]]:
    """For each element the texts of its keys, "" for those that it lacks."""
    return [[_value(item, key) for key in keys] if keys else [text(item)] for item in items]


def _value(item: Any, key: str) -> str:
    value = item.get(key) if isinstance(item, dict) else None
    return "" if value is None else text(value)


def united(values: Sequence[list[str]]) -> list[list[str]]:
    """The values with gaps filled: a port without a protocol is taken for the one of that number that has it."""
    result = list(values)
    for i in range(len(result)):
        first = result[i]
        for j, second in enumerate(result):
            if (both := _both(first, second)) is not None:
                result[i] = result[j] = both
    return result


def _both(first: Strings, second: Strings) -> list[str] | None:
    pairs = list(zip(first, second, strict=True))
    if not any(a == b for a, b in pairs) or any(a and b and a != b for a, b in pairs):
        return None
    return [a or b for a, b in pairs]


def used(keys: Strings, among: Sequence[Strings], values: Strings) -> tuple[Strings, Strings]:
    """The keys that any of `among` has a value for, and their `values`; all keys where none has."""
    some = [n for n in range(len(keys)) if any(one[n] for one in among)]
    if not some:
        return keys, values
    return [keys[n] for n in some], [values[n] for n in some]


def find(items: Any, keys: Strings, values: Strings) -> Any:
    """The first element with these values; ABSENT where there is none, or no list."""
    for item in items if isinstance(items, list) else ():
        if not keys:
            if text(item) == values[0]:
                return item
        elif isinstance(item, dict) and all(k in item and text(item[k]) == v for k, v in zip(keys, values, strict=True)):
            return item
    return ABSENT


def put(items: list[Any], keys: Strings, values: Strings, element: Any = ABSENT) -> None:
    """Set `element` in place of those with these values, or behind the last; remove them where it is absent.

    Nulls and empty mappings go as well, and where there are no values at all, so does everything that is not matched.
    """
    kept: list[Any] = []
    found = False
    for item in items:
        if item is None or item == {}:
            continue
        if keys and values and values[0] and not isinstance(item, dict):
            kept.append(item)
        elif not _has(item, keys, values):
            kept += [item] if values else []
        else:
            found = True
            kept += [] if element is ABSENT else [element]
    items[:] = kept
    if not found and element is not ABSENT and element is not None:
        items.append(element)


def _has(item: Any, keys: Strings, values: Strings) -> bool:
    if isinstance(item, list) or isinstance(item, dict) != bool(keys):
        raise PatchError("the elements of a list that merges are not all mappings, or not all plain values")
    if not keys:
        return text(item) == values[0]
    # The empty value matches any. Where values run out, the last answer holds for the other keys.
    return bool(values) and all(key in item and (not v or text(item[key]) == v) for key, v in zip(keys, values, strict=False))


def joined(front: list[Any], rest: Sequence[Any], keys: Strings) -> list[Any]:
    """`front` with the elements of `rest`: in place of those with the same keys, the others behind."""
    for item in rest:
        if not keys:
            put(front, keys, [text(item)], item)
            continue
        if item is not None and not isinstance(item, dict):
            raise PatchError("the elements of a list that merges are not all mappings")
        values = []
        for key in keys:
            if item is None or key not in item:
                front.append(item)
            else:
                values.append(text(item[key]))
        if len(keys) > 1:
            put(front, keys, values)
        put(front, keys, values, item)
    return front
