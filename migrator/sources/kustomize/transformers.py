"""The built-in transformers that leave the containers of a pod where they are, and what they do to its metadata.

Source: kustomize api v0.18, `api/internal/builtins`. Without a `fieldSpec` they do nothing or do not build.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from migrator.sources.kustomize.naming import Kinds, Naming, pairs_of
from migrator.sources.kustomize.plain import text as text_of
from migrator.text.errors import TextError
from migrator.text.tree import parse
from migrator.text.values import data

#: Images and replicas: no list, no name.
_NOTHING = frozenset({"ImageTagTransformer", "ReplicaCountTransformer"})
_AFFIXES = {"PrefixTransformer": ("prefix",), "SuffixTransformer": ("suffix",), "PrefixSuffixTransformer": ("prefix", "suffix")}
_PAIRS = {"LabelTransformer": "labels", "AnnotationsTransformer": "annotations"}


def namings(texts: Sequence[str]) -> tuple[Naming, ...] | None:
    """What the transformers in these texts do to names and labels, in their order; None where one may do more."""
    found = []
    for text in texts:
        try:
            held = [data(root) for root in parse(text) if root is not None]
        except TextError:
            return None
        for said in held:
            naming = _naming(said) if isinstance(said, dict) and said.get("apiVersion") == "builtin" else None
            if naming is None:
                return None
            found.append(naming)
    return tuple(found)


def _naming(said: Mapping[str, Any]) -> Naming | None:
    kind, meta = said.get("kind"), said.get("metadata")
    if kind in _NOTHING:
        return Naming()
    if kind == "NamespaceTransformer":
        namespace = meta.get("namespace") if isinstance(meta, dict) else None
        return Naming(namespace=text_of(namespace) if namespace else None, unset_only=said.get("unsetOnly") is True)
    specs = said.get("fieldSpecs")
    if not isinstance(kind, str) or not isinstance(specs, list) or not all(isinstance(spec, dict) for spec in specs):
        return None
    if kind in _PAIRS and not any("ontainers" in text_of(spec.get("path")) for spec in specs):
        field = _PAIRS[kind]
        pairs, kinds = pairs_of(said.get(field)), _kinds(specs, f"metadata/{field}")
        return Naming(labels=pairs, kinds=kinds) if field == "labels" else Naming(annotations=pairs, kinds=kinds)
    if kind in _AFFIXES and specs and all(spec.get("path") == "metadata/name" for spec in specs):
        prefix, suffix = (text_of(said.get(word) or "") if word in _AFFIXES[kind] else "" for word in ("prefix", "suffix"))
        return Naming(prefix, suffix, kinds=_kinds(specs, "metadata/name"))
    return None


def _kinds(specs: Sequence[Mapping[str, Any]], path: str) -> tuple[Kinds, ...]:
    here = [spec for spec in specs if spec.get("path") == path]
    return tuple(Kinds(*(text_of(spec.get(word) or "") for word in ("group", "version", "kind"))) for spec in here)
