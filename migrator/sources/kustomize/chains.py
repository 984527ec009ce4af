"""What each kustomization builds: every object with the patches that it goes through, in the order of kustomize.

Resources first, then components, then the kustomization's own patches; the prefix is set before `patchesJson6902`. Patches
find an object by each name that it has had (kustomize: accumulateTarget, runTransformers).
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from migrator.sources.kustomize.jsonpatch import PatchError, patched
from migrator.sources.kustomize.merge import merged
from migrator.sources.kustomize.model import Kustomization, Patch
from migrator.sources.kustomize.objects import Held, patch_documents, pod_of
from migrator.sources.kustomize.read import form_of
from migrator.sources.kustomize.select import identifies, matches
from migrator.text.errors import TextError
from migrator.workloads import custom_resources, group_of


@dataclass(frozen=True)
class Source:
    """One document of a patch: in a file, or inline in a kustomization at `pointer` (empty for a file)."""

    path: str
    pointer: tuple[str | int, ...]
    document: int
    form: str


@dataclass(frozen=True)
class Step:
    """A patch applied to an object, as it is `before`; `touches` is whether it may say anything of the lists of containers.

    `folder` has the kustomization that is being built, and `line` is that of the patch in it (1 where a component brings it).
    """

    source: Source
    before: dict[str, Any]
    touches: bool
    folder: str
    line: int


@dataclass(frozen=True)
class Chain:
    """An object on its way through the kustomizations up to `folder`: where it began, its steps, and what it is then."""

    folder: str
    held: Held
    steps: tuple[Step, ...]
    said: dict[str, Any]
    names: frozenset[str]
    #: Kustomizations on the way that do what is not simulated, or that are remote, in words.
    unsure: tuple[str, ...] = ()


LISTS = ("containers", "initContainers")


class Broken(Exception):
    """A kustomization that does not build; `path` and `line` (1-based) say where."""

    def __init__(self, message: str, path: str, line: int) -> None:
        super().__init__(message)
        self.message = message
        self.path = path
        self.line = line


@dataclass
class Builder:
    """Builds kustomizations from what was read of a repository.

    `resolve` gives for a kustomization and one of its entries the file (`("file", path)`) or folder it means, or None.
    `text` gives the text of a patch with the path and pointer of its place; `harmless` says whether a field that is not
    simulated leaves the containers alone.
    """

    kustomizations: Mapping[str, Kustomization]
    resolve: Callable[[Kustomization, str], tuple[str, str] | None]
    objects: Callable[[str], list[Held]]
    text: Callable[[Kustomization, Patch], tuple[str, str, tuple[str | int, ...]]]
    harmless: Callable[[Kustomization, str], bool]
    _built: dict[str, list[Chain]] = field(default_factory=dict)
    _building: list[str] = field(default_factory=list)

    def build(self, folder: str) -> list[Chain]:
        """The chains of a kustomization. Raises `Broken`, or `TextError` where a patch is not there."""
        if folder not in self._built:
            own = self.kustomizations[folder]
            if folder in self._building:
                raise Broken("the bases go round in a circle", own.path, 1)
            self._building.append(folder)
            try:
                self._built[folder] = self._applied(own, [])
            finally:
                self._building.pop()
        return self._built[folder]

    def _applied(self, own: Kustomization, chains: list[Chain]) -> list[Chain]:
        """The chains after a kustomization, or a component that finds some already."""
        here = [replace(chain, folder=own.folder) for chain in (*chains, *self._resources(own))]
        for ref in own.components:
            kind, there = self.resolve(own, ref.path) or ("", "")
            if kind != "folder":
                here = [_doubted(chain, f"{own.path}:{ref.line}: the component {ref.path} is not here") for chain in here]
            elif there in self._building:
                raise Broken("the components go round in a circle", own.path, ref.line)
            else:
                self._building.append(there)
                here = [replace(chain, folder=own.folder) for chain in self._applied(self.kustomizations[there], here)]
                self._building.pop()
        late = [patch for patch in own.patches if patch.field == "patchesJson6902"]
        for patch in own.patches:
            if patch not in late:
                here = self._patched(own, patch, here)
        here = [_renamed(chain, own) for chain in here]
        for patch in late:
            here = self._patched(own, patch, here)
        for name, line in own.unmodelled:
            if not self.harmless(own, name):
                here = [_doubted(chain, f"{own.path}:{line}: `{name}` may change it") for chain in here]
        return here

    def _builds(self) -> str:
        """The kustomization that is being built; components work for it."""
        return next(folder for folder in reversed(self._building) if self.kustomizations[folder].kind == "Kustomization")

    def _resources(self, own: Kustomization) -> Iterator[Chain]:
        for ref in own.resources:
            kind, there = self.resolve(own, ref.path) or ("", "")
            if kind == "folder":
                yield from self.build(there)
            elif kind == "file":
                for held in self.objects(there):
                    said = copy.deepcopy(held.said)
                    yield Chain(own.folder, held, (), said, frozenset((_name(said),)))

    def _patched(self, own: Kustomization, patch: Patch, chains: list[Chain]) -> list[Chain]:
        text, path, pointer = self.text(own, patch)
        try:
            form = patch.form or form_of(text)
            documents = patch_documents(text)
        except TextError as error:
            at = patch.line if pointer else error.line or 1
            raise Broken(f"the patch cannot be read: {error.message}", own.path if pointer else path, at) from None
        for number, said in enumerate(documents[:1] if form == "json6902" else documents):
            source = Source(path, pointer, number, form)
            after = []
            for chain in chains:
                if not _meant(patch, said, chain):
                    after.append(
                        _doubted(chain, f"{own.path}:{patch.line}: labels may make the patch mean it")
                        if _near(patch, chain)
                        else chain
                    )
                    continue
                changed = _changed(form, patch, said, chain, own)
                if changed is not None:
                    touches = _touches(form, said, chain.held.pod)
                    line = patch.line if own.kind == "Kustomization" else 1
                    step = Step(source, chain.said, touches, self._builds(), line)
                    after.append(replace(chain, said=changed, steps=(*chain.steps, step)))
            chains = after
        return chains


def apply(form: str, said: Any, patch: Any, schema: bool) -> dict[str, Any] | None:
    """What a document of a patch makes of an object; None deletes it. Raises `PatchError`."""
    if form == "json6902":
        if not isinstance(patch, list):
            raise PatchError("a JSON patch is a list of operations")
        return patched(said, patch)
    return merged(said, patch, schema)


def has_schema(said: Mapping[str, Any]) -> bool:
    """Whether kustomize knows how the lists of such an object merge: built-in kinds do, custom resources do not."""
    return (group_of(str(said.get("apiVersion"))), str(said.get("kind"))) not in custom_resources()


def _changed(form: str, patch: Patch, said: Any, chain: Chain, own: Kustomization) -> dict[str, Any] | None:
    try:
        return apply(form, chain.said, said, has_schema(chain.said))
    except PatchError as error:
        what = f"{chain.said.get('kind')} {_name(chain.said)}"
        raise Broken(f"the patch does not fit {what}: {error}", own.path, patch.line) from None


def _touches(form: str, said: Any, pod: tuple[str, ...]) -> bool:
    if form == "merge":
        spec = pod_of(said, pod) if isinstance(said, dict) else None
        return spec is not None and any(field in spec for field in LISTS)
    if not isinstance(said, list):
        return False
    paths = [str(op.get(key, "")) for op in said if isinstance(op, dict) for key in ("path", "from")]
    lists = [f"/{'/'.join(pod)}/{field}" for field in LISTS]
    return any(f"{path}/".startswith(f"{one}/") or f"{one}/".startswith(f"{path}/") for path in paths if path for one in lists)


def _meant(patch: Patch, said: Any, chain: Chain) -> bool:
    if patch.target is not None:
        return matches(patch.target, chain.said, chain.names)
    return isinstance(said, dict) and identifies(said, chain.said, chain.names)


def _near(patch: Patch, chain: Chain) -> bool:
    """Whether only labels or annotations, which a kustomization may set, keep the patch from meaning the object."""
    target = patch.target
    if target is None or (target.labels is None and target.annotations is None):
        return False
    return matches(replace(target, labels=None, annotations=None), chain.said, chain.names)


def _doubted(chain: Chain, why: str) -> Chain:
    return replace(chain, unsure=(*chain.unsure, why))


def _name(said: Mapping[str, Any]) -> str:
    meta = said.get("metadata")
    return str(meta.get("name")) if isinstance(meta, dict) else ""


def _renamed(chain: Chain, own: Kustomization) -> Chain:
    """The object under the name, and in the namespace, that the kustomization gives it."""
    name = _name(chain.said)
    new = f"{own.name_prefix}{name}{own.name_suffix}"
    if new == name and own.namespace is None:
        return chain
    meta = dict(chain.said.get("metadata") or {})
    meta["name"] = new
    if own.namespace is not None:
        meta["namespace"] = own.namespace
    return replace(chain, said={**chain.said, "metadata": meta}, names=chain.names | {new})
