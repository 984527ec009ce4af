"""Services that a kustomization may change on the way: what a patch says of their ports is not rewritten, so they stay."""

from __future__ import annotations

import os
import posixpath
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import replace
from typing import Any

from migrator.links import Service
from migrator.sources.kustomize.jsonpatch import PatchError
from migrator.sources.kustomize.model import Kustomization, Patch, Ref, Target
from migrator.sources.kustomize.objects import name_of, patch_documents
from migrator.sources.kustomize.select import matches
from migrator.sources.kustomize.texts import Texts
from migrator.text.errors import TextError

_FIELDS = ("ports", "selector")
#: Fields that are not simulated elsewhere, and only add objects or say how containers and names are found.
_LEAVE_SERVICES = frozenset({"configurations", "generators", "crds", "openapi", "helmcharts", "helmchartinflationgenerator"})
#: So many names of one Service are looked for, with prefixes and suffixes.
_NAMES = 64

Read = Callable[[str], bytes]


class Kustomizations:
    """All kustomizations of a run, wherever they are; `read` gives the bytes of a file."""

    def __init__(self, held: Iterable[Kustomization], read: Read) -> None:
        self.by_folder = {_whole(one.folder): one for one in held}
        self.read = read
        self.users: dict[str, list[Kustomization]] = {}
        for one in self.by_folder.values():
            for ref in (*one.resources, *one.components):
                self.users.setdefault(_there(one, ref), []).append(one)

    def why_fixed(self, service: Service) -> str:
        """Where one of them may change the ports of a Service, or whom it selects; empty where none does."""
        builders = self._builders(_whole(service.path))
        names = {service.name}
        for one in builders:
            names |= {f"{one.name_prefix}{name}{one.name_suffix}" for name in sorted(names)[:_NAMES]}
        found = (why for one in self._with_components(builders) for why in self._touching(one, service, names))
        return next(found, "")

    def _builders(self, path: str) -> list[Kustomization]:
        """Those that build on a file, the nearest first."""
        found: dict[str, Kustomization] = {}
        waiting = list(self.users.get(path, ()))
        for one in waiting:
            if one.path not in found:
                found[one.path] = one
                waiting += self.users.get(_whole(one.folder), ())
        return list(found.values())

    def _with_components(self, builders: Collection[Kustomization]) -> Iterator[Kustomization]:
        waiting, seen = list(builders), set[str]()
        for one in waiting:
            if one.path not in seen:
                seen.add(one.path)
                yield one
                waiting += [there for ref in one.components if (there := self.by_folder.get(_there(one, ref)))]

    def _touching(self, one: Kustomization, service: Service, names: Collection[str]) -> Iterator[str]:
        """What in one kustomization may change the Service, in words."""
        for ref in one.components:
            if _there(one, ref) not in self.by_folder:
                yield f"{one.path}:{ref.line}: the component {ref.path} may change it, and is not here"
        for patch in one.patches:
            where = f"the patch at {one.path}:{patch.line}"
            try:
                if self._patches(one, patch, service, names):
                    yield f"{where} changes it"
            except (PatchError, TextError, OSError) as error:
                yield f"{where} may change it, and cannot be read: {error}"
        for path in one.field_paths:
            where = f"`{path.text}` ({one.path}:{path.line})"
            try:
                if any(field in path.text for field in _FIELDS) and _may_mean(path.select, service, names):
                    yield f"{where} leads into it"
            except PatchError as error:
                yield f"{where} may lead into it: {error}"
        for ref in one.replacement_files:
            yield f"the replacements in {ref.path} ({one.path}:{ref.line}) may lead into it"
        for name, line in one.unmodelled:
            if name.lower() not in _LEAVE_SERVICES:
                yield f"`{name}` ({one.path}:{line}) may change it"

    def _patches(self, one: Kustomization, patch: Patch, service: Service, names: Collection[str]) -> bool:
        wanted = [one.path] if patch.file is None else [posixpath.normpath(posixpath.join(one.folder, patch.file))]
        text, _, _ = Texts({path: self.read(path) for path in wanted}).patch(one, patch)
        for said in patch_documents(text):
            if patch.target is not None:
                meant = _may_mean(patch.target, service, names)
            else:
                meant = isinstance(said, dict) and said.get("kind") == "Service" and name_of(said) in names
            if meant and _touches(said):
                return True
        return False


def fixed(services: Iterable[Service], kustomizations: Iterable[Kustomization], read: Read) -> dict[Service, str]:
    """The Services with a named targetPort that some kustomization may change, and where."""
    held = Kustomizations(kustomizations, read)
    named = [service for service in services if not service.target_port.isdecimal() and not service.fixed]
    return {service: why for service in named if (why := held.why_fixed(service))}


def _whole(path: str) -> str:
    return os.path.abspath(path or ".")


def _there(one: Kustomization, ref: Ref) -> str:
    """Where an entry of a kustomization leads; what is fetched is nowhere here."""
    return ref.path if ref.remote else os.path.normpath(os.path.join(_whole(one.folder), ref.path))


def _may_mean(target: Target, service: Service, names: Collection[str]) -> bool:
    """Whether a target may select the Service; labels, annotations and namespace may be set on the way."""
    meant = {"apiVersion": "v1", "kind": "Service", "metadata": {"name": service.name}}
    return matches(replace(target, labels=None, annotations=None, namespace=None), meant, names)


def _touches(said: Any) -> bool:
    """Whether a document of a patch says something of the ports or the selector, or of all of the object."""
    if isinstance(said, list):
        paths = [str(op.get(key, "/")) for op in said if isinstance(op, dict) for key in ("path", "from") if key in op]
        return any(f"/spec/{field}/".startswith(f"{path.rstrip('/')}/") or path.startswith(f"/spec/{field}/")
                   for path in paths for field in _FIELDS)  # fmt: skip
    if not isinstance(said, dict):
        return False
    spec = said.get("spec")
    return "$patch" in said or ("spec" in said and (not isinstance(spec, dict) or not {*_FIELDS, "$patch"}.isdisjoint(spec)))
