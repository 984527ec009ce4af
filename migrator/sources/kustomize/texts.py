"""The texts of a unit: patches wherever they stand, and rewritten ones put back there."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from migrator.sources.kustomize.fieldpaths import read_replacements
from migrator.sources.kustomize.model import FieldPath, Kustomization, Patch, Pointer
from migrator.text.edits import apply
from migrator.text.errors import TextError
from migrator.text.lines import Lines
from migrator.text.rewrite import Stretch
from migrator.text.scalars import proved_values
from migrator.text.source import Source, decode
from migrator.text.tree import Node, parse
from migrator.text.twins import with_twins

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

    def field_paths(self, own: Kustomization) -> list[tuple[str, FieldPath]]:
        """The paths of all replacements of a kustomization, each with the file that it stands in. Raises `TextError`."""
        found = [(own.path, path) for path in own.field_paths if path.field == "replacements"]
        for ref in own.replacement_files:
            path = posixpath.normpath(posixpath.join(own.folder, ref.path))
            if path not in self.contents:
                raise TextError(f"the replacements {ref.path} are not here", ref.line)
            try:
                found += [(path, one) for one in read_replacements(decode(self.contents[path]).text)]
            except TextError as error:
                raise TextError(f"{path}:{error.line or 1}: {error.message}", ref.line) from None
        return found

    def written(self, new: Mapping[Place, str], twins: Mapping[Place, Sequence[str]]) -> dict[str, bytes]:
        """The bytes of the files in which these texts stand, with the `twins` of items of lists behind them.

        Raises `Refused` where one cannot be put back surely.
        """
        found: dict[str, bytes] = {}
        inline: dict[str, dict[Pointer, str]] = {}
        for (path, pointer), text in new.items():
            if pointer:
                inline.setdefault(path, {})[pointer] = text
            else:
                found[path] = decode(self.contents[path]).encode(text)
        behind: dict[str, dict[Pointer, Sequence[str]]] = {}
        for (path, pointer), more in twins.items():
            at = (0, *pointer)
            behind.setdefault(path, {})[at] = more
        for path in inline.keys() | behind.keys():
            source = decode(self.contents[path])
            text = _with_values(source, inline[path]) if path in inline else source.text
            found[path] = source.encode(with_twins(text, behind[path]) if path in behind else text)
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
