"""What kustomizations and built-in transformers write into the metadata of an object: names, namespace, labels.

Patches find objects by them. Source: kustomize api v0.18, `api/filters` (prefix, suffix, namespace, labels, annotations).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from migrator.sources.kustomize.plain import text, texts
from migrator.workloads import group_of

Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Kinds:
    """The objects that a `fieldSpec` is for; what is empty fits any."""

    group: str = ""
    version: str = ""
    kind: str = ""

    def include(self, said: Mapping[str, Any]) -> bool:
        """Whether the object is one of them."""
        version = text(said.get("apiVersion"))
        return (
            self.group in ("", group_of(version))
            and self.version in ("", version.rpartition("/")[2])
            and self.kind in ("", text(said.get("kind")))
        )


@dataclass(frozen=True)
class Naming:
    """Texts around the name, a namespace, labels and annotations, for objects of these kinds.

    With `unset_only` an object keeps the namespace that it has.
    """

    prefix: str = ""
    suffix: str = ""
    namespace: str | None = None
    labels: Pairs = ()
    annotations: Pairs = ()
    kinds: tuple[Kinds, ...] = (Kinds(),)
    unset_only: bool = False

    def of(self, said: dict[str, Any]) -> dict[str, Any]:
        """The object with its new metadata."""
        old = said.get("metadata")
        meta = dict(old) if isinstance(old, dict) else {}
        if not any(kinds.include(said) for kinds in self.kinds):
            return said
        if self.prefix or self.suffix:
            meta["name"] = f"{self.prefix}{text(meta.get('name', ''))}{self.suffix}"
        if self.namespace and not (self.unset_only and meta.get("namespace")):
            meta["namespace"] = self.namespace
        for field, pairs in (("labels", self.labels), ("annotations", self.annotations)):
            if pairs:
                meta[field] = {**texts(meta.get(field)), **dict(pairs)}
        return {**said, "metadata": meta}


def pairs_of(said: Any) -> Pairs:
    """Labels or annotations of a file."""
    return tuple(texts(said).items())
