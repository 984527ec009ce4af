"""The texts of a unit: patches wherever they stand, and rewritten ones put back there."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from dataclasses import dataclass, field

from migrator.sources.kustomize.harmless import harmless
from migrator.sources.kustomize.model import Kustomization, Patch, Pointer
from migrator.text.edits import apply
from migrator.text.errors import TextError
from migrator.text.lines import Lines
from migrator.text.rewrite import Stretch
from migrator.text.scalars import proved_values
from migrator.text.source import Source, decode
from migrator.text.tree import Node, parse

Place = tuple[str, Pointer]


@dataclass(frozen=True)
class Texts:
    """`contents` are the bytes of all files, by path; `patches` the texts of the patches met so far."""

    contents: Mapping[str, bytes]
    patches: dict[Place, str] = field(default_factory=dict)

    def patch(self, own: Kustomization, patch: Patch) -> tuple[str, str, Pointer]:
        """The text of a patch with its place. Raises `TextError`."""
        if patch.file is not None:
            path = posixpath.normpath(posixpath.join(own.folder, patch.file))
            if path not in self.contents:
                raise TextError(f"the patch {path} is not here", patch.line)
            place: Place = (path, ())
            text = decode(self.contents[path]).text
        else:
            place = (own.path, patch.pointer)
            text = _at(next(iter(parse(decode(self.contents[own.path]).text))), patch.pointer).value
        self.patches[place] = text
        return text, *place

    def harmless(self, own: Kustomization, field: str) -> bool:
        """Whether what a field of a kustomization names is here, and leaves the containers alone."""
        refs = [ref for name, ref in own.side_files if name == field.lower()]
        paths = [posixpath.normpath(posixpath.join(own.folder, ref.path)) for ref in refs]
        return bool(paths) and all(p in self.contents and harmless(field, decode(self.contents[p]).text) for p in paths)

    def written(self, new: Mapping[Place, str]) -> dict[str, bytes]:
        """The bytes of the files in which these patches stand. Raises `Refused` where one cannot be put back surely."""
        found: dict[str, bytes] = {}
        inline: dict[str, dict[Pointer, str]] = {}
        for (path, pointer), text in new.items():
            if pointer:
                inline.setdefault(path, {})[pointer] = text
            else:
                found[path] = decode(self.contents[path]).encode(text)
        for path, values in inline.items():
            source = decode(self.contents[path])
            found[path] = source.encode(_with_values(source, values))
        return found


def _with_values(source: Source, values: Mapping[Pointer, str]) -> str:
    text = source.text
    stretch = Stretch(text, 0, len(text), tuple(parse(text)))
    edits, _ = proved_values(stretch, Lines(text), {(0, *pointer): value for pointer, value in values.items()})
    return apply(text, edits)


def _at(root: Node | None, pointer: Pointer) -> Node:
    node = root
    for step in pointer:
        if node is not None:
            items = node.resolved.items
            node = items[step] if isinstance(step, int) and step < len(items) else node.resolved.get(str(step))
    if node is None:
        raise TextError("a patch that is not there")
    return node
