"""What each kustomization builds: every object with the patches that it goes through, in the order of kustomize.

Resources first, then components, then the kustomization's own patches; the prefix is set before `patchesJson6902`. Patches
find an object by each name that it has had (kustomize: accumulateTarget, runTransformers).
"""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import chain as one_after_another
from itertools import islice
from typing import Any

from migrator.sources.kustomize.jsonpatch import PatchError, patched
from migrator.sources.kustomize.merge import merged
from migrator.sources.kustomize.model import FieldPath, Kustomization, Patch, Target
from migrator.sources.kustomize.naming import Naming
from migrator.sources.kustomize.objects import Held, name_of, patch_documents, pod_of
from migrator.sources.kustomize.plain import text as text_of
from migrator.sources.kustomize.reach import reach
from migrator.sources.kustomize.read import form_of
from migrator.sources.kustomize.select import identifies, matches
from migrator.sources.kustomize.sides import Sides
from migrator.sources.kustomize.texts import Texts
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
class Passed:
    """A field path of the file `path` that leads into the containers of an object, as it is after so many `steps`."""

    path: str
    field_path: FieldPath
    steps: int
    said: dict[str, Any]


@dataclass(frozen=True)
class Chain:
    """An object on its way through the kustomizations up to `folder`: where it began, its steps, and what it is then.

    `passed` are the field paths that lead into its containers. It is `bound` where something that is not simulated may do
    so as well.
    """

    folder: str
    held: Held
    steps: tuple[Step, ...]
    said: dict[str, Any]
    #: All names and namespaces that it has had so far.
    names: frozenset[str]
    namespaces: frozenset[str]
    #: Kustomizations on the way that do what is not simulated, or that are remote, in words.
    unsure: tuple[str, ...] = ()
    passed: tuple[Passed, ...] = ()
    bound: bool = False


LISTS = ("containers", "initContainers")
#: So many objects are followed. Bases that are named twice double, and those who name these, too.
MOST = 10_000
#: No regular expression but the dot.
_PLAIN = re.compile(r"[A-Za-z0-9.-]+\Z")


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
    `texts` has those of all files, `sides` what stands outside of a kustomization's own file. After a build, `met` holds
    the patches that were applied to an object.
    """

    kustomizations: Mapping[str, Kustomization]
    resolve: Callable[[Kustomization, str], tuple[str, str] | None]
    objects: Callable[[str], list[Held]]
    texts: Texts
    sides: Sides
    met: set[Source] = field(default_factory=set)
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
                variables = list(self._variables(own))
                self._built[folder] = [_with_variables(chain, variables) for chain in self._applied(own, [])]
            finally:
                self._building.pop()
        return self._built[folder]

    def _applied(self, own: Kustomization, chains: list[Chain]) -> list[Chain]:
        """The chains after a kustomization, or a component that finds some already."""
        here = [replace(chain, folder=own.folder) for chain in islice(one_after_another(chains, self._resources(own)), MOST + 1)]
        if len(here) > MOST:
            raise Broken(f"more than {MOST} objects with pods", own.path, 1)
        for ref in own.components:
            kind, there = self.resolve(own, ref.path) or ("", "")
            if kind != "folder":
                here = [_doubted(chain, f"{own.path}:{ref.line}: the component {ref.path} is not here", False) for chain in here]
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
        set_here = Naming(own.name_prefix, own.name_suffix, own.namespace, own.labels, own.annotations)
        here = [_renamed(chain, set_here) for chain in here]
        for patch in late:
            here = self._patched(own, patch, here)
        here = self._replaced(own, here)
        for name, line in own.unmodelled:
            namings = self.sides.namings(own) if name.lower() == "transformers" else None
            if namings is not None:
                for naming in namings:
                    here = [_renamed(chain, naming) for chain in here]
            elif not self.sides.harmless(own, name):
                bound = name.lower() in ("transformers", "configurations")
                here = [_doubted(chain, f"{own.path}:{line}: `{name}` may change it", bound) for chain in here]
        return here

    def _replaced(self, own: Kustomization, chains: list[Chain]) -> list[Chain]:
        """The chains with the replacements that lead into them."""
        for path, one in self.texts.field_paths(own):
            chains = [_passing(chain, path, one) for chain in chains]
        return chains

    def _variables(self, own: Kustomization) -> Iterator[tuple[str, FieldPath]]:
        """The vars of a kustomization and of all that it uses, each with its file."""
        waiting, seen = [own], {own.folder}
        while waiting:
            one = waiting.pop()
            yield from ((one.path, path) for path in one.field_paths if path.field == "vars")
            for ref in (*one.resources, *one.components):
                kind, there = self.resolve(one, ref.path) or ("", "")
                if kind == "folder" and there not in seen:
                    seen.add(there)
                    waiting.append(self.kustomizations[there])

    def _builds(self) -> str:
        """The kustomization that is being built; components work for it."""
        return next(folder for folder in reversed(self._building) if self.kustomizations[folder].kind == "Kustomization")

    def _resources(self, own: Kustomization) -> Iterator[Chain]:
        for ref in own.resources:
            kind, there = self.resolve(own, ref.path) or ("", "")
            if kind == "folder":
                for chain in self.build(there):
                    yield replace(chain, passed=tuple(p for p in chain.passed if p.field_path.field != "vars"))
            elif kind == "file":
                for held in self.objects(there):
                    said = copy.deepcopy(held.said)
                    yield Chain(own.folder, held, (), said, frozenset((name_of(said),)), frozenset((_namespace(said),)))

    def _patched(self, own: Kustomization, patch: Patch, chains: list[Chain]) -> list[Chain]:
        text, path, pointer = self.texts.patch(own, patch)
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
                    after.append(chain)
                    continue
                self.met.add(source)
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
        what = f"{chain.said.get('kind')} {name_of(chain.said)}"
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
        return matches(patch.target, chain.said, {name_of(chain.held.said)}, {_namespace(chain.held.said)})
    return isinstance(said, dict) and identifies(said, chain.said, chain.names, chain.namespaces)


def _with_variables(chain: Chain, variables: Iterable[tuple[str, FieldPath]]) -> Chain:
    """A chain at its end, where kustomize looks vars up."""
    for path, one in variables:
        chain = _passing(chain, path, one)
    return chain


def _passing(chain: Chain, path: str, one: FieldPath) -> Chain:
    """The chain, with the field path if that leads into its containers."""
    if reach(one.text, chain.held.pod) is None or not _selected(one.select, chain):
        return chain
    if any(_is_called(reject, chain) for reject in one.reject):
        return chain
    return replace(chain, passed=(*chain.passed, Passed(path, one, len(chain.steps), chain.said)))


def _is_called(target: Target, chain: Chain) -> bool:
    """Whether a `reject` surely leaves the object out: what it says is said in full."""
    plain = replace(target, labels=None, annotations=None)
    said = [word for word in (target.group, target.version, target.kind, target.name, target.namespace) if word]
    return plain == target and bool(said) and all(map(_PLAIN.match, said)) and _selected(target, chain)


def _selected(target: Target, chain: Chain) -> bool:
    """Whether replacements and vars mean the object; they know it by all that it was called."""
    return matches(target, chain.said, chain.names, chain.namespaces)


def _doubted(chain: Chain, why: str, bound: bool) -> Chain:
    return replace(chain, unsure=(*chain.unsure, why), bound=chain.bound or bound)


def _namespace(said: Mapping[str, Any]) -> str:
    meta = said.get("metadata")
    return text_of(meta.get("namespace") or "") if isinstance(meta, dict) else ""


def _renamed(chain: Chain, naming: Naming) -> Chain:
    """The object under the name, in the namespace and with the labels that it gets."""
    said = naming.of(chain.said)
    names, namespaces = chain.names | {name_of(said)}, chain.namespaces | {_namespace(said)}
    return replace(chain, said=said, names=names, namespaces=namespaces)
