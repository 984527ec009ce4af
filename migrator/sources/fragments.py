"""Workloads that are no whole objects: patches for others, whatever applies them.

Source: `spec.selector` and labels that it selects are required (apps/validation, ValidateDeploymentSpec and its like); the
versions before apps/v1 took the selector from the labels.
"""

from __future__ import annotations

from migrator.text.tree import Node

_SELECTING = frozenset({"DaemonSet", "Deployment", "ReplicaSet", "StatefulSet"})
_GROUPS = ("apps/", "extensions/")


def fragment(owner: Node, kind: str, api_version: str, pod: Node) -> str | None:
    """Why an object can be no whole one, or None; `pod` is the pod spec in it.

    People leave the selector out of an example, too. A patch shows by a container of which it only says the image.
    """
    if kind not in _SELECTING or not api_version.startswith(_GROUPS):
        return None
    if _below(owner, "spec", "selector") is not None or _below(owner, "spec", "template", "metadata", "labels") is not None:
        return None
    held = pod.get("containers")
    bare = next((item for item in (held.items if held else ()) if _is_bare(item)), None)
    if bare is None:
        return None
    name = bare.get("name")
    return (
        f"neither selector nor labels, and of `{name.value if name else ''}` only the image: "
        "this looks like a patch, whose base must change with it"
    )


def _is_bare(container: Node) -> bool:
    return {key.value for key, _ in container.resolved.pairs} <= {"name", "image"}


def _below(node: Node, *steps: str) -> Node | None:
    """The value, aliases followed; whatever may bring it by a merge key counts."""
    held: Node | None = node
    for step in steps:
        if held is None:
            return None
        below = held.resolved.get(step)
        held = held.resolved.get("<<") if below is None else below
    return held
