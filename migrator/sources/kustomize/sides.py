"""What the fields `transformers` and `configurations` bring in, from files, folders and the kustomization itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from migrator.sources.kustomize.model import Kustomization
from migrator.sources.kustomize.naming import Naming
from migrator.sources.kustomize.transformers import namings
from migrator.text.errors import TextError
from migrator.text.source import decode


class _Unknown(Exception):
    """Something is not here, or is more than its text."""


@dataclass(frozen=True)
class Sides:
    """`contents` are the bytes of all files; `resolve` gives the file or folder that an entry of a kustomization means."""

    kustomizations: Mapping[str, Kustomization]
    resolve: Callable[[Kustomization, str], tuple[str, str] | None]
    contents: Mapping[str, bytes]

    def namings(self, own: Kustomization) -> tuple[Naming, ...] | None:
        """What the transformers of a kustomization do to its objects; None where one may change their containers."""
        try:
            return namings(list(self._texts(own, "transformers")))
        except _Unknown:
            return None

    def harmless(self, own: Kustomization, field: str) -> bool:
        """Whether what a field brings says nothing of containers."""
        if field.lower() != "configurations":
            return False
        try:
            return not any("ontainers" in text for text in self._texts(own, "configurations"))
        except _Unknown:
            return False

    def _texts(self, own: Kustomization, field: str) -> Iterator[str]:
        for name, ref in own.sides:
            if name == field and "\n" in ref.path:
                yield ref.path
            elif name == field:
                yield from self._of(own, ref.path, set())

    def _of(self, own: Kustomization, path: str, seen: set[str]) -> Iterator[str]:
        """The texts of a file, or of those of a folder; one that is met twice is not built by kustomize either."""
        kind, there = self.resolve(own, path) or ("", "")
        if there in seen:
            raise _Unknown
        seen.add(there)
        if kind == "folder":
            folder = self.kustomizations[there]
            if folder.patches or folder.components or folder.unmodelled or folder.field_paths or folder.replacement_files:
                raise _Unknown
            for ref in folder.resources:
                for text in self._of(folder, ref.path, seen):
                    if folder.namespace and "NamespaceTransformer" in text:
                        raise _Unknown
                    yield text
        elif kind == "file" and there in self.contents:
            try:
                yield decode(self.contents[there]).text
            except TextError:
                raise _Unknown from None
        else:
            raise _Unknown
