"""A JSON patch (RFC 6902), as kustomize applies it.

Source: `evanphx/json-patch` v4.12, which is milder than the RFC: `replace` sets a key that is not there, `copy` of one copies
null, negative indices count from the end, and what stands before the first `/` of a path is ignored.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from migrator.sources.kustomize.plain import fresh, texts

#: While it patches, kustomize keeps notes in the annotations. So there are some, even where the object has none.
_NOTE = "internal.config.kubernetes.io/previousNames"
_INDEX = re.compile(r"[-+]?[0-9]{1,9}\Z")
_ESCAPE = re.compile("~[01]")


class PatchError(Exception):
    """A patch that kustomize refuses to apply. Says why."""


def patched(obj: dict[str, Any], ops: list[dict[str, Any]]) -> dict[str, Any]:
    """The object after the operations. Raises `PatchError` with the number (from 1) and path of the one that fails."""
    after = fresh(obj)
    _note(after)
    for number, op in enumerate(ops, 1):
        try:
            after = _applied(after, op)
        except PatchError as error:
            place = f" ({op.get('op')} {op.get('path')})" if isinstance(op, dict) else ""
            raise PatchError(f"operation {number}{place}: {error}") from None
    if not isinstance(after, dict):
        raise PatchError("the object would be a list")
    _forget(after)
    return after


def _note(obj: dict[str, Any]) -> None:
    meta = obj.get("metadata")
    if isinstance(meta, dict):
        said = meta.get("annotations")
        meta["annotations"] = {**(said if isinstance(said, dict) else {}), _NOTE: ""}


def _forget(obj: dict[str, Any]) -> None:
    """Write the annotations as kustomize does when it takes its notes out."""
    meta = obj.get("metadata")
    if isinstance(meta, dict):
        said = texts(meta.pop("annotations", None))
        said.pop(_NOTE, None)
        if said:
            meta["annotations"] = said


def _applied(doc: Any, op: dict[str, Any]) -> Any:
    if not isinstance(op, dict):
        raise PatchError("an operation is a mapping")
    kind, path = op.get("op"), op.get("path")
    if kind == "replace" and path == "":
        value = fresh(op.get("value"))
        return value if isinstance(value, (dict, list)) else doc
    if not isinstance(kind, str) or kind not in _KINDS:
        raise PatchError(f"kustomize knows no operation `{kind}`")
    _KINDS[kind](doc, op)
    return doc


def _add(doc: Any, op: dict[str, Any]) -> None:
    _put(*_place(doc, op.get("path")), fresh(op.get("value")))


def _remove(doc: Any, op: dict[str, Any]) -> None:
    _take(*_place(doc, op.get("path")))


def _replace(doc: Any, op: dict[str, Any]) -> None:
    holder, key = _place(doc, op.get("path"))
    holder[key if isinstance(holder, dict) else _index(holder, key)] = fresh(op.get("value"))


def _move(doc: Any, op: dict[str, Any]) -> None:
    value = _take(*_place(doc, op.get("from")))
    _put(*_place(doc, op.get("path")), value)


def _copy(doc: Any, op: dict[str, Any]) -> None:
    value = fresh(_get(*_place(doc, op.get("from"))))
    _put(*_place(doc, op.get("path")), value)


def _test(doc: Any, op: dict[str, Any]) -> None:
    held = doc if op.get("path") == "" else _get(*_place(doc, op.get("path")))
    if "value" not in op or not _same(held, op["value"]):
        raise PatchError("the value is another one")


_KINDS: dict[str, Callable[[Any, dict[str, Any]], None]] = {
    "add": _add,
    "remove": _remove,
    "replace": _replace,
    "move": _move,
    "copy": _copy,
    "test": _test,
}


def _place(doc: Any, path: Any) -> tuple[Any, str]:
    """The mapping or list that a path leads into, and the key in it."""
    if not isinstance(path, str) or "/" not in path:
        raise PatchError("it names no place in the object")
    steps = [_ESCAPE.sub(lambda found: "~" if found[0] == "~0" else "/", step) for step in path.split("/")[1:]]
    for step in steps[:-1]:
        doc = _get(doc, step)
        if not isinstance(doc, (dict, list)):
            raise PatchError(f"`{step}` in {path} leads nowhere")
    return doc, steps[-1]


def _get(holder: Any, key: str) -> Any:
    """The value; None also for a key that is not there."""
    return holder.get(key) if isinstance(holder, dict) else holder[_index(holder, key)]


def _put(holder: Any, key: str, value: Any) -> None:
    if isinstance(holder, dict):
        holder[key] = value
    else:
        holder.insert(len(holder) if key == "-" else _index([*holder, None], key), value)


def _take(holder: Any, key: str) -> Any:
    if isinstance(holder, list):
        return holder.pop(_index(holder, key))
    if key not in holder:
        raise PatchError(f"there is no `{key}`")
    return holder.pop(key)


def _index(items: list[Any], key: str) -> int:
    at = int(key) if _INDEX.match(key) else len(items)
    if not -len(items) <= at < len(items):
        raise PatchError(f"there is no item `{key}` in a list of {len(items)}")
    return at % len(items)


def _same(one: Any, other: Any) -> bool:
    """Whether two values are the same JSON: true is not 1. A list with null in it is like none: the library crashes on it."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(_same(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and None not in one and all(map(_same, one, other))
    return isinstance(one, bool) == isinstance(other, bool) and bool(one == other)
