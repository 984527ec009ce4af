"""Files that must change together: bases, and the patches of kustomizations that name what moves in them.

A container moves only if it moves in everything that is built from it, and only with every patch rewritten; otherwise
all of the change set stays as it is, with the reason.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from migrator.effective import Effective, effective
from migrator.judge.rules import Catalogue
from migrator.left import Subject, of_containers
from migrator.links import Links
from migrator.loose import Loose, Resolve
from migrator.model import Decision, FileResult, PodResult, Problem
from migrator.settings import Settings
from migrator.sources.kustomize.chains import Broken, Builder, Chain, Source
from migrator.sources.kustomize.groups import Group, grouped
from migrator.sources.kustomize.model import Kustomization
from migrator.sources.kustomize.moves import rewritten
from migrator.sources.kustomize.objects import Held, name_of, names, objects
from migrator.sources.kustomize.repaths import repathed
from migrator.sources.kustomize.sides import Sides
from migrator.sources.kustomize.texts import Place, Texts
from migrator.text.errors import Refused, TextError
from migrator.text.source import decode
from migrator.work import work

#: Kind and name of a workload as its file says them, and the name of a container.
Key = tuple[str, str, str]
#: How often what is held back may hold back more.
_ROUNDS = 4


@dataclass(frozen=True)
class Unit:
    """Files that belong together: their `texts`, the `kustomizations` by folder, the `candidates` that may hold pods.

    Only what is `writable` was asked for; the rest is known.
    """

    texts: Texts
    kustomizations: Mapping[str, Kustomization]
    resolve: Resolve
    candidates: Sequence[str]
    writable: frozenset[str]


@dataclass
class ChangeSets:
    """Decides and rewrites the files of a unit; `results` is all that is asked of it."""

    unit: Unit
    settings: Settings
    catalogue: Callable[[], Catalogue]
    links: Links
    _problems: list[tuple[str, Problem]] = field(default_factory=list)
    _broken: dict[str, str] = field(default_factory=dict)
    _met: set[Source] = field(default_factory=set)

    def results(self) -> list[FileResult]:
        """Decide, rewrite, and hold back what cannot be, until nothing more is held back."""
        chains = self._chains()
        groups = grouped(chains)
        found = {id(c): effective(c, self.settings, self.catalogue, self._leaving(c)) for group in groups for c in group.chains}
        held = dict(self._unseen())
        for _ in range(_ROUNDS):
            files = self._files(held)
            more, patches = self._tried(groups, found, files, held)
            if not more.keys() - held.keys():
                return self._put_together(files, patches, groups, found, held)
            held |= {key: why for key, why in more.items() if key not in held}
        for group in groups:
            held |= {
                key: "its kustomizations cannot be brought to agree" for c in group.chains for key in _keys(c) if key not in held
            }
        return self._put_together(self._files(held), {}, groups, found, held)

    def _chains(self) -> list[Chain]:
        """What all kustomizations build; one that does not build is a problem of its own."""
        parsed: dict[str, list[Held]] = {}

        def held(path: str) -> list[Held]:
            if path not in parsed:
                try:
                    parsed[path] = objects(path, decode(self.unit.texts.contents[path]).text)
                except (TextError, KeyError):
                    parsed[path] = []
            return parsed[path]

        sides = Sides(self.unit.kustomizations, self.unit.resolve, self.unit.texts.contents)
        builder = Builder(self.unit.kustomizations, self.unit.resolve, held, self.unit.texts, sides, self._met)
        chains: list[Chain] = []
        for folder, own in sorted(self.unit.kustomizations.items()):
            if own.kind == "Component":
                continue
            try:
                chains += builder.build(folder)
            except Broken as broken:
                self._problems.append((broken.path, Problem(broken.line, broken.message)))
                self._broken[folder] = f"{broken.path}:{broken.line}: {broken.message}"
            except TextError as error:
                self._problems.append((own.path, Problem(error.line or 1, error.message)))
                self._broken[folder] = f"{own.path}:{error.line or 1}: {error.message}"
        return chains

    def _leaving(self, chain: Chain) -> Links:
        """The links with what is left of a chain's pod, in the file that it begins with or where a patch brings it."""
        left, path = self.settings.left, self.unit.kustomizations[chain.folder].path
        if not left:
            return self.links
        there, then = (_workload(said) for said in (chain.held.said, chain.said))
        names = dict(of_containers(left.get(chain.held.path, {}), *there)) | dict(of_containers(left.get(path, {}), *then))
        return replace(self.links, left={Subject(*then, name): why for name, why in names.items()})

    def _unseen(self) -> Iterator[tuple[Key, str]]:
        """What kustomizations use that do not build: what becomes of it there nobody can say."""
        for folder, why in self._broken.items():
            waiting, seen = [folder], {folder}
            while waiting:
                own = self.unit.kustomizations[waiting.pop()]
                for ref in (*own.resources, *own.components):
                    kind, there = self.unit.resolve(own, ref.path) or ("", "")
                    if kind == "folder" and there not in seen:
                        seen.add(there)
                        waiting.append(there)
                    elif kind == "file" and there in self.unit.texts.contents:
                        yield from ((key, why) for key in self._keys_of(there))

    def _keys_of(self, path: str) -> list[Key]:
        try:
            held = objects(path, decode(self.unit.texts.contents[path]).text)
        except TextError:
            return []
        return [(*_called(one), name) for one in held for name in names(one.said, one.pod, "containers")]

    def _files(self, held: Mapping[Key, str]) -> dict[str, FileResult]:
        """The results of the manifests, with these containers held back."""
        links = replace(self.links, held_back=dict(held))
        contents = self.unit.texts.contents
        return {path: work(path, contents[path], self.settings, self.catalogue, links) for path in self.unit.candidates}

    def _tried(
        self, groups: Sequence[Group], found: Mapping[int, Effective], files: Mapping[str, FileResult], held: Mapping[Key, str]
    ) -> tuple[dict[Key, str], dict[str, bytes]]:
        """What has to be held back as well, and the patches as they will be."""
        more: dict[Key, str] = {}
        texts: dict[Place, str] = {}
        twins: dict[Place, tuple[str, ...]] = {}
        bases = self._bases(files, groups)
        for group in groups:
            moving = {id(c): _moving(c, files, found[id(c)], held) for c in group.chains}
            disagreed = dict(_disagreements(group, found, moving))
            more |= disagreed
            if disagreed or not any(moving.values()):
                continue
            try:
                pairs = [(chain, moving[id(chain)]) for chain in group.chains]
                new, walks = rewritten(pairs, bases, {**self.unit.texts.patches, **texts})
                paths = repathed(walks)
                written = self.unit.texts.written({**texts, **new, **paths.texts}, twins | paths.twins)
                if odd := sorted(written.keys() - self.unit.writable):
                    raise Refused(f"{odd[0]} would have to change as well, and is not among the files that were given")
                texts |= {**new, **paths.texts}
                twins |= paths.twins
            except Refused as refusal:
                more |= {(*_called(c.held), name): str(refusal) for c in group.chains for name in moving[id(c)]}
        return more, self.unit.texts.written(texts, twins)

    def _bases(self, files: Mapping[str, FileResult], groups: Sequence[Group]) -> dict[object, Held]:
        """The objects that chains begin with, as their files will say them."""
        bases: dict[object, Held] = {}
        for path in {chain.held.path for group in groups for chain in group.chains}:
            after = files[path].after if path in files else None
            bases |= {held.place: held for held in objects(path, decode(after or self.unit.texts.contents[path]).text)}
        return bases

    def _put_together(
        self,
        files: dict[str, FileResult],
        patches: Mapping[str, bytes],
        groups: Sequence[Group],
        found: Mapping[int, Effective],
        held: Mapping[Key, str],
    ) -> list[FileResult]:
        """The results of manifests, patches and kustomizations, each file once."""
        for path, after in patches.items():
            there = files.get(path, FileResult(path, "unchanged", source="kustomize"))
            files[path] = replace(there, status="rewritten", reason=None, before=self.unit.texts.contents[path], after=after)
        for path, problem in self._problems:
            there = files.get(path, FileResult(path, "failed", problem.message, problem.line, source="kustomize"))
            files[path] = replace(there, problems=(*there.problems, problem))
        for chain in (chain for group in groups for chain in _brought(group)):
            path = self.unit.kustomizations[chain.folder].path
            pod = found[id(chain)].result({key[2]: why for key, why in held.items() if key[:2] == _called(chain.held)})
            if pod is not None:
                pod = _as_in_base(pod, _base_of(chain, files))
                there = files.get(path, FileResult(path, "unchanged", source="kustomize"))
                files[path] = replace(there, pods=(*there.pods, pod))
        loose = Loose(self.unit.kustomizations, self.unit.resolve, self.unit.texts, self._met)
        for path, pod in loose.results(self.settings, self.catalogue, self.links):
            there = files.get(path, FileResult(path, "unchanged", source="kustomize"))
            files[path] = replace(there, pods=(*there.pods, pod))
        for path, pointer in self.unit.texts.patches:
            if not pointer and path in files:
                files[path] = replace(files[path], pods=tuple(_as_patch(pod) for pod in files[path].pods))
        return list(files.values())


def _workload(said: Mapping[str, object]) -> tuple[str, str, str]:
    """Kind, namespace (or nothing) and name of an object."""
    meta = said.get("metadata")
    meta = meta if isinstance(meta, dict) else {}
    return str(said.get("kind")), str(meta.get("namespace") or ""), str(meta.get("name") or "")


def _called(held: Held) -> tuple[str, str]:
    """Kind and name of an object."""
    return str(held.said.get("kind")), name_of(held.said)


def _brought(group: Group) -> Iterator[Chain]:
    """The chains whose containers no file shows by itself, each where a patch brings the last of them."""
    for chain in group.chains:
        own, there = (frozenset(names(said, chain.held.pod, "containers")) for said in (chain.held.said, chain.said))
        last = next((n for n, step in enumerate(chain.steps, 1) if frozenset(_after(chain, n)) == there), 0)
        if own != there and last and chain.steps[last - 1].folder == chain.folder:
            yield chain


def _after(chain: Chain, number: int) -> tuple[str, ...]:
    """The containers of a chain behind so many of its steps."""
    said = chain.steps[number].before if number < len(chain.steps) else chain.said
    return names(said, chain.held.pod, "containers")


def _as_patch(pod: PodResult) -> PodResult:
    """A pod of a patch: what becomes of its containers is decided where they are built."""
    why = "a patch: it changes with what it patches"
    decisions = tuple(replace(d, action="keep", hazards=(), position=None, reason=why) for d in pod.decisions)
    return replace(pod, decisions=decisions)


def _keys(chain: Chain) -> list[Key]:
    return [(*_called(chain.held), name) for name in names(chain.said, chain.held.pod, "containers")]


def _base_of(chain: Chain, files: Mapping[str, FileResult]) -> dict[str, Decision]:
    """What was decided, by name, of the containers in the file that a chain begins with."""
    pointer = (*chain.held.pointer, *chain.held.pod)
    pods = files[chain.held.path].pods if chain.held.path in files else ()
    own = (pod for pod in pods if (pod.site.document, pod.site.pointer) == (chain.held.document, pointer))
    return {decision.container.name: decision for pod in own for decision in pod.decisions}


def _as_in_base(pod: PodResult, base: Mapping[str, Decision]) -> PodResult:
    """A pod that a kustomization builds, in which what stays in its base stays as well."""

    def decided(own: Decision) -> Decision:
        there = base.get(own.container.name)
        if own.position is None or there is None or there.position is not None:
            return own
        return replace(own, action=there.action, hazards=(), position=None, placement=None, reason=there.reason)

    return replace(pod, decisions=tuple(map(decided, pod.decisions)))


def _moving(chain: Chain, files: Mapping[str, FileResult], found: Effective, held: Mapping[Key, str]) -> frozenset[str]:
    """The containers that move in a chain: those that its base moves, and those that its patches bring and that may."""
    own = names(chain.held.said, chain.held.pod, "containers")
    of_base = {name for name, decision in _base_of(chain, files).items() if decision.position is not None}
    brought = {name for name in found.moved if name not in own and (*_called(chain.held), name) not in held}
    # Also one that a later patch deletes moves before that.
    return frozenset(of_base | brought)


def _disagreements(
    group: Group, found: Mapping[int, Effective], moving: Mapping[int, frozenset[str]]
) -> Iterator[tuple[Key, str]]:
    """What moves in one place and may not in another, or not surely."""
    moved = {name for names_moved in moving.values() for name in names_moved}
    reasons: dict[str, str] = {}
    for chain in group.chains:
        there = set(names(chain.said, chain.held.pod, "containers"))
        for name in sorted(moved & there):
            where = chain.folder or "."
            if chain.unsure:
                reasons.setdefault(name, f"what {where} makes of it is not known: {chain.unsure[0]}")
            elif name not in found[id(chain)].moved:
                reasons.setdefault(name, f"in {where} it would stay: {found[id(chain)].why(name)}")
            elif name not in moving[id(chain)]:
                reasons.setdefault(name, f"it moves in other kustomizations, but not in {where}")
    for chain in group.chains:
        for name in names(chain.said, chain.held.pod, "containers"):
            if name in reasons:
                yield (*_called(chain.held), name), reasons[name]
