"""A patch merged into an object, value by value, as kyaml walks them.

Source: kyaml v0.18, `yaml/walk` (Walker) and `yaml/merge2` (Merger), with lists prepended.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from migrator.sources.kustomize.elements import find, joined, put, united, used, values_of
from migrator.sources.kustomize.jsonpatch import PatchError
from migrator.sources.kustomize.mergekeys import Elements, Shape, shape_of
from migrator.sources.kustomize.plain import ABSENT, text

Known = Shape | Elements | None


def walked(held: Any, said: Any, known: Known, at: str = "") -> Any:
    """What becomes of `held` where the patch has `said`; ABSENT for nothing. Raises `PatchError`.

    Both may be absent or null, and both are changed on the way. `known` is what the API says of the field, `at` its path.
    """
    values = [value for value in (held, said) if value is not ABSENT and value is not None]
    kinds = [_kind(value) for value in values]
    if len(set(kinds)) > 1:
        raise PatchError(f"{at or 'the object'} is a {kinds[0]}, and in the patch a {kinds[1]}")
    known = known or next(filter(None, map(_own_shape, values)), None)
    if not kinds or kinds[0] == "mapping":
        return _mapping(held, said, known, at)
    if kinds[0] == "list" and isinstance(known, Elements):
        return _list(held, said, known, at)
    value = held if said is ABSENT else said
    return ABSENT if value is None else value


def _kind(value: Any) -> str:
    return "mapping" if isinstance(value, dict) else "list" if isinstance(value, list) else "scalar"


def _own_shape(value: Any) -> Shape | None:
    """The shape of an object, also of one that stands within another."""
    return shape_of(text(value.get("apiVersion")), text(value.get("kind"))) if isinstance(value, dict) else None


def _mapping(held: Any, said: Any, known: Known, at: str) -> Any:
    if said is ABSENT and not isinstance(held, dict):
        return held
    held = _begun(held, said)
    if held is ABSENT:
        return ABSENT
    names = (*held, *(said if isinstance(said, dict) else ()))
    for name in dict.fromkeys(names):
        patch = said.get(name, ABSENT) if isinstance(said, dict) else ABSENT
        below = known.below(name) if isinstance(known, Shape) else None
        value = walked(held.get(name, ABSENT), patch, below, f"{at}.{name}" if at else name)
        if value is ABSENT:
            held.pop(name, None)
        else:
            held[name] = value
    return held


def _list(held: Any, said: Any, known: Elements, at: str) -> Any:
    held = _begun(held, said)
    if held is ABSENT:
        return ABSENT
    mine, theirs = _by_key(held, known.keys), _by_key(said, known.keys)
    if mine is not None and theirs is not None:
        return _keyed(mine, theirs, known.shape, at)
    values = list(_values((said, held), known.keys))
    if len(known.keys) > 1:
        values = united(values)
    front: list[Any] = []
    keys: Sequence[str] = ()
    for one in values:
        keys, own = used(known.keys, values, one)
        sought = used(keys, [own], own)
        value = walked(find(held, *sought), find(said, *sought), known.shape, at)
        if value is ABSENT or value is None or value == {}:
            put(held, keys, own)
            continue
        for key, there in zip(keys, own, strict=False):
            if there:
                value.setdefault(key, there)
        put(front, keys, own, value)
    return joined(front, held, keys) if values else held


def _by_key(items: Any, keys: Sequence[str]) -> dict[str, Any] | None:
    """The elements by their one key; None unless each has it, and another one than the others."""
    items = items if isinstance(items, list) else []
    found = {one[0]: item for one, item in zip(values_of(items, keys), items, strict=True) if len(keys) == 1 and one[0]}
    return found if len(found) == len(items) else None


def _keyed(mine: dict[str, Any], theirs: dict[str, Any], shape: Shape, at: str) -> list[Any]:
    """What `_list` makes of lists without oddities, in linear time."""
    merged = []
    for value in dict.fromkeys((*theirs, *mine)):
        element = walked(mine.get(value, ABSENT), theirs.get(value, ABSENT), shape, at)
        if element is not ABSENT:
            # Also where the patch has another one to replace it.
            merged.append(mine.get(value, element))
    return merged


def _values(lists: Iterable[Any], keys: Sequence[str]) -> Iterator[list[str]]:
    """The values of the keys of all elements, each once."""
    seen = set()
    for items in lists:
        for one in values_of(items, keys) if isinstance(items, list) else ():
            if tuple(one) not in seen:
                seen.add(tuple(one))
                yield one


def _begun(held: Any, said: Any) -> Any:
    """The mapping or list to go on with: the held one, or that of the patch. ABSENT where the patch says that it goes."""
    if said is ABSENT:
        return held
    if said is None:
        return ABSENT
    new = held is ABSENT or held is None
    if new and isinstance(said, list):
        return said
    directive = _directive(said, lenient=new)
    if directive == "delete":
        return ABSENT
    return said if new or directive == "replace" else held


def _directive(said: Any, lenient: bool) -> str:
    """What `$patch` says, which is taken out. A word that kustomize does not know is an error, or a field if lenient."""
    holder = said if isinstance(said, dict) else next((i for i in said if isinstance(i, dict) and "$patch" in i), {})
    if "$patch" not in holder or (holder is not said and len(holder) > 1):
        return "merge"
    word = text(holder["$patch"])
    if word not in ("delete", "replace", "merge"):
        if not lenient:
            raise PatchError(f"kustomize knows no `$patch: {word}`")
    elif holder is said:
        del said["$patch"]
    else:
        put(said, ("$patch",), (word,))
    return word
