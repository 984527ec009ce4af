"""A strategic merge patch, as kustomize applies it.

Source: kustomize api v0.18, `Resource.ApplySmPatch` and `resWrangler.ApplySmPatch`. It is not what `kubectl patch` does:
- every element of a list that merges is gone through, patched or not; those of the patch come first, in its order;
- `$patch: replace` works for a mapping and for a whole list, and changes nothing for an element or the whole object;
- `$retainKeys` and `$setElementOrder/…` mean nothing, and stay in the object as fields;
- a port of the patch without `protocol` is lost where the object has that port with one.

Plain data does not tell all that kustomize sees. A null that is written out stays in the object, an empty value goes when a
merge comes by: all are taken for the first, so compare results without the fields that are null. And a number that takes the
place of a quoted text is quoted by kustomize, and not here.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from migrator.sources.kustomize.jsonpatch import PatchError
from migrator.sources.kustomize.mergekeys import Shape
from migrator.sources.kustomize.plain import ABSENT, fresh, texts
from migrator.sources.kustomize.walk import walked


def merged(
    obj: dict[str, Any], patch: Any, schema: bool, *, selected: bool = False, options: Collection[str] = ()
) -> dict[str, Any] | None:
    """The object after the patch, None where the patch deletes it. Raises `PatchError` where it does not fit.

    With `schema`, version and kind of the object say which of its lists merge (`mergekeys`); without, all are replaced.
    `selected` is for a patch with a `target` and for `patchesStrategicMerge`: the labels and annotations of the patch itself
    are taken as texts there, so null deletes none. Name, namespace, kind and version stay, unless `options` of the patch
    (`allowNameChange`, `allowKindChange`) say otherwise.
    """
    if not isinstance(patch, dict):
        raise PatchError("a strategic merge patch is a mapping")
    after: dict[str, Any] = fresh(obj)
    said: dict[str, Any] = fresh(patch)
    said["apiVersion"] = obj.get("apiVersion")
    if selected:
        _quote(said)
    if walked(after, said, None if schema else Shape()) is ABSENT or not after:
        return None
    _keep(after, obj, "kind" if "allowKindChange" not in options else "")
    before = obj.get("metadata")
    if isinstance(before, dict):
        meta = after.setdefault("metadata", {})
        _keep(meta, before, "namespace", "name" if "allowNameChange" not in options else "")
    return after


def _quote(patch: dict[str, Any]) -> None:
    meta = patch.get("metadata")
    if isinstance(meta, dict):
        for name in ("labels", "annotations"):
            if said := texts(meta.pop(name, None)):
                meta[name] = said


def _keep(after: dict[str, Any], before: dict[str, Any], *names: str) -> None:
    for name in filter(None, names):
        after.pop(name, None)
        if before.get(name) not in (None, ""):
            after[name] = before[name]
