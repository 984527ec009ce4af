"""What is changed in a manifest beside the moves, each as an edit of its own that is proved on its own."""

from __future__ import annotations

from migrator.model import Extras
from migrator.sources.manifest import Handle, Manifest, node_at, read
from migrator.text.asked import Path
from migrator.text.edits import apply
from migrator.text.errors import Refused
from migrator.text.insert import path_in
from migrator.text.insertproof import prove_pair
from migrator.text.scalars import proved_values


def extended(manifest: Manifest, number: int, extras: Extras) -> Manifest:
    """The manifest with the extras of its site `number` written. Raises `Refused`, in which case nothing is."""
    if extras.texts:
        handle = manifest.handles[number]
        at = (handle.document, *handle.path)
        for text in extras.texts:
            if node_at(handle.stretch.roots, (*at, *text.pointer)).value != text.before:
                raise Refused("a script is not written as it is read")
        edits, _ = proved_values(handle.stretch, manifest.lines, {(*at, *text.pointer): text.after for text in extras.texts})
        manifest = read(apply(manifest.text, edits))
    for key, value in extras.annotations:
        handle = manifest.handles[number]
        owner = _owner(handle)
        root = node_at(handle.stretch.roots, owner)
        edits = path_in(manifest.text, manifest.lines, root, ("metadata", "annotations"), key, value)
        prove_pair(handle.stretch, (*owner, "metadata", "annotations"), key, value, edits)
        manifest = read(apply(manifest.text, edits))
    return manifest


def _owner(handle: Handle) -> Path:
    """The path of what has the pod spec as its `spec`: the pod template, or the Pod itself."""
    if handle.path[-1:] != ("spec",):
        raise Refused("the pod spec belongs to no pod template that could be annotated")
    return (handle.document, *handle.path[:-1])
