"""What is changed in a manifest beside the moves, each as an edit of its own that is proved on its own."""

from __future__ import annotations

from collections.abc import Sequence

from migrator.model import Extras
from migrator.sources.manifest import Handle, Manifest, node_at, read
from migrator.text.asked import Path
from migrator.text.edits import Edit, apply
from migrator.text.errors import Refused, TextError
from migrator.text.insert import path_in
from migrator.text.insertproof import prove_pair
from migrator.text.rewrite import Stretch
from migrator.text.scalars import prove_replaced, replaced
from migrator.text.tree import parse


def extended(manifest: Manifest, number: int, extras: Extras) -> Manifest:
    """The manifest with the extras of its site `number` written. Raises `Refused`, in which case nothing is."""
    for text in extras.texts:
        handle = manifest.handles[number]
        path = (handle.document, *handle.path, *text.pointer)
        node = node_at(handle.stretch.roots, path)
        if node.value != text.before:
            raise Refused("a script is not written as it is read")
        edits = replaced(manifest.text, manifest.lines, node, text.after)
        _prove(handle.stretch, path, text.after, edits)
        manifest = read(apply(manifest.text, edits))
    for key, value in extras.annotations:
        handle = manifest.handles[number]
        owner = _owner(handle)
        root = node_at(handle.stretch.roots, owner)
        edits = path_in(manifest.text, manifest.lines, root, ("metadata", "annotations"), key, value)
        prove_pair(handle.stretch, (*owner, "metadata", "annotations"), key, value, edits)
        manifest = read(apply(manifest.text, edits))
    return manifest


def _prove(stretch: Stretch, path: Path, value: str, edits: Sequence[Edit]) -> None:
    """Raise `Refused` unless the edits give the text at `path` this value and change nothing else."""
    before = stretch.text[stretch.start : stretch.end]
    after = apply(before, [Edit(e.start - stretch.start, e.end - stretch.start, e.text) for e in edits])
    try:
        roots = tuple(parse(after))
    except TextError as error:
        raise Refused(f"the text would not parse any more ({error.message})") from None
    prove_replaced(before, stretch.roots, after, roots, {path: value}, stretch.start)


def _owner(handle: Handle) -> Path:
    """The path of what has the pod spec as its `spec`: the pod template, or the Pod itself."""
    if handle.path[-1:] != ("spec",):
        raise Refused("the pod spec belongs to no pod template that could be annotated")
    return (handle.document, *handle.path[:-1])
