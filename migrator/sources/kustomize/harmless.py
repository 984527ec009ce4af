"""Whether what a kustomization says outside of its own file leaves the lists of containers alone."""

from __future__ import annotations

from migrator.text.errors import TextError
from migrator.text.tree import parse
from migrator.text.values import data

#: Built-in transformers that change neither the lists of containers nor kind and name of a workload.
_BUILT_IN = frozenset(
    {
        "AnnotationsTransformer",
        "ImageTagTransformer",
        "LabelTransformer",
        "NamespaceTransformer",
        "ReplicaCountTransformer",
    }
)


def harmless(field: str, text: str) -> bool:
    """Whether a file of `transformers` or `configurations` holds nothing that could matter to a container that moves."""
    if field == "configurations":
        return "ontainers" not in text
    try:
        held = [data(root) for root in parse(text) if root is not None]
    except TextError:
        return False
    return all(isinstance(h, dict) and h.get("apiVersion") == "builtin" and h.get("kind") in _BUILT_IN for h in held)
