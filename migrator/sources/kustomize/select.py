"""Which objects a patch is meant for: the `target` of a patch, or what the patch itself is called.

Source: kustomize api v0.18, `resWrangler.Select` and `GetById`, `types.SelectorRegex`; kyaml v0.18, `resid.ResId`.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Any

from migrator.sources.kustomize.jsonpatch import PatchError
from migrator.sources.kustomize.labels import selects
from migrator.sources.kustomize.model import Target
from migrator.sources.kustomize.plain import text, texts

#: What Go reads and Python reads otherwise: classes like `[[:alpha:]]`.
_UNREAD = re.compile(r"\[:\^?[a-z]+:\]")


def matches(target: Target, obj: dict[str, Any], names: Collection[str], namespaces: Collection[str] = ()) -> bool:
    """Whether the target selects the object. Raises `PatchError` where the target cannot be read.

    `names` and `namespaces` are those that the object began with, beside the ones that it has now; kustomize asks for no
    others. No namespace is `default`. Regular expressions match the whole; an empty one, like None, matches anything.
    """
    meta = _metadata(obj)
    group, version = _group_version(obj)
    return (
        _fits(target.group, {group})
        and _fits(target.version, {version})
        and _fits(target.kind, {_said(obj, "kind")})
        and _fits(target.name, {_said(meta, "name"), *names})
        and _fits(target.namespace, {name or "default" for name in (_said(meta, "namespace"), *namespaces)})
        and selects(target.labels, texts(meta.get("labels")))
        and selects(target.annotations, texts(meta.get("annotations")))
    )


def identifies(patch: dict[str, Any], obj: dict[str, Any], names: Collection[str], namespaces: Collection[str] = ()) -> bool:
    """Whether a merge patch without a target is for the object: version, kind, name and namespace are the same.

    `names` and `namespaces` are all that the object has had on its way, beside the ones that it has now. Kustomize looks for
    both as they were at one time, and refuses to build unless exactly one object is found.
    """
    meta, own = _metadata(patch), _metadata(obj)
    return (
        _group_version(patch) == _group_version(obj)
        and _said(patch, "kind") == _said(obj, "kind")
        and _said(meta, "name") in {_said(own, "name"), *names}
        and (_said(meta, "namespace") or "default") in {n or "default" for n in (_said(own, "namespace"), *namespaces)}
    )


def _metadata(obj: dict[str, Any]) -> dict[str, Any]:
    meta = obj.get("metadata")
    return meta if isinstance(meta, dict) else {}


def _said(holder: dict[str, Any], name: str) -> str:
    value = holder.get(name)
    return "" if value is None else text(value)


def _group_version(obj: dict[str, Any]) -> tuple[str, str]:
    first, slash, rest = _said(obj, "apiVersion").partition("/")
    return (first, rest) if slash else ("", first)


def _fits(pattern: str | None, values: Collection[str]) -> bool:
    if not pattern:
        return True
    try:
        if _UNREAD.search(pattern):
            raise PatchError(f"the target has `{pattern}`, which cannot be read here")
        return any(re.fullmatch(pattern, value, re.ASCII) for value in values)
    except (re.error, RecursionError, OverflowError):
        raise PatchError(f"the target has `{pattern}`, which is no regular expression") from None
