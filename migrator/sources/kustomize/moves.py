"""A move written into every patch of a change set, and the proof that what is built is what was built, moved.

Each chain is walked a second time, from the bases as they will be: before a patch is rewritten, all objects that it is
applied to are known in both trees. Shared patches wait until they are met in every chain.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from migrator.sources.kustomize.chains import LISTS, Chain, Source, apply, has_schema
from migrator.sources.kustomize.jsonpatch import PatchError
from migrator.sources.kustomize.moved_merge import State, moved_merge
from migrator.sources.kustomize.moved_ops import moved_ops
from migrator.sources.kustomize.objects import Held, names, patch_documents, pod_of
from migrator.text.errors import Refused

Place = tuple[str, tuple[str | int, ...]]


@dataclass
class Walk:
    """A chain with the names that move in it, and the object as it will be before and after each step so far."""

    chain: Chain
    moving: frozenset[str]
    thens: list[dict[str, Any]]

    @property
    def then(self) -> dict[str, Any]:
        """The object as it will be where the walk has come to."""
        return self.thens[-1]

    @property
    def at(self) -> int:
        """The number of the next step."""
        return len(self.thens) - 1


def rewritten(
    chains: Sequence[tuple[Chain, frozenset[str]]], bases: Mapping[object, Held], texts: Mapping[Place, str]
) -> tuple[dict[Place, str], list[Walk]]:
    """The new texts of the patches that change, for chains with the names of the containers that move in them.

    `bases` has the objects as they will be in their files, by place; `texts` those of the patches, by path and pointer.
    The walks to the end of each chain come with them. Raises `Refused` with the reason where a patch cannot be rewritten
    surely.
    """
    walks = [Walk(chain, moving, [copy.deepcopy(bases[chain.held.place].said)]) for chain, moving in chains]
    new: dict[Place, str] = {}
    while waiting := [walk for walk in walks if walk.at < len(walk.chain.steps)]:
        source = _ready(waiting)
        if source is None:
            raise Refused("patches are applied in a different order in different kustomizations")
        here = [walk for walk in waiting if walk.chain.steps[walk.at].source == source]
        place = (source.path, source.pointer)
        text = _moved(source, here, new.get(place, texts[place]))
        if text != texts[place]:
            new[place] = text
        said = patch_documents(text)[source.document]
        for walk in here:
            _apply(walk, source, said)
    for walk in walks:
        _prove(walk)
    return new, walks


def _ready(waiting: Sequence[Walk]) -> Source | None:
    """A patch that every chain which still has to go through it has come to."""
    for walk in waiting:
        source = walk.chain.steps[walk.at].source
        if all(source not in [step.source for step in other.chain.steps[other.at + 1 :]] for other in waiting):
            return source
    return None


def _moved(source: Source, walks: Sequence[Walk], text: str) -> str:
    """The text of a patch for the objects as they will be."""
    moving = frozenset(name for walk in walks for name in walk.moving)
    if not moving or not any(walk.chain.steps[walk.at].touches for walk in walks):
        return text
    pods = {walk.chain.held.pod for walk in walks}
    if len(pods) > 1:
        raise Refused(f"{source.path} is applied to objects of different kinds")
    if source.form == "merge" and not all(has_schema(walk.chain.said) for walk in walks):
        raise Refused(f"{source.path} is merged into a custom resource, where it replaces whole lists")
    if any(_present(walk) & moving - walk.moving for walk in walks):
        raise Refused(f"{source.path} is applied to objects in which different containers move")
    (pod,) = pods
    states = [_state(walk) for walk in walks]
    if source.form == "merge":
        return moved_merge(text, source.document, pod, states, moving)
    return moved_ops(text, "/" + "/".join(pod), states, moving)


def _after(walk: Walk) -> dict[str, Any]:
    """The object of the original tree behind the step that the walk has come to."""
    steps = walk.chain.steps
    return steps[walk.at + 1].before if walk.at + 1 < len(steps) else walk.chain.said


def _present(walk: Walk) -> frozenset[str]:
    """The containers before and after the patch."""
    pod = walk.chain.held.pod
    said = (walk.chain.steps[walk.at].before, _after(walk))
    return frozenset(name for held in said for name in names(held, pod, "containers"))


def _state(walk: Walk) -> State:
    before, pod = walk.chain.steps[walk.at].before, walk.chain.held.pod
    return State(*(names(before, pod, field) for field in LISTS), *(names(walk.then, pod, field) for field in LISTS))


def _apply(walk: Walk, source: Source, said: Any) -> None:
    # Names, namespaces and labels that kustomizations set are those of the original: no move changes them.
    held = {**walk.then, "metadata": copy.deepcopy(walk.chain.steps[walk.at].before.get("metadata"))}
    try:
        then = apply(source.form, held, said, has_schema(held))
    except PatchError as error:
        raise Refused(f"{source.path} would not fit any more: {error}") from None
    if then is None:
        raise Refused(f"{source.path} would delete the object")
    walk.thens.append(then)


def _prove(walk: Walk) -> None:
    """Raise `Refused` unless the object is what was built, with the containers moved and nothing else changed."""
    pod = walk.chain.held.pod
    was, now = pod_of(walk.chain.said, pod), pod_of(walk.then, pod)
    if was is None or now is None:
        raise Refused("the object would have no pod any more")
    (containers, own_inits), (new_containers, new_inits) = ([_listed(walk, spec, key) for key in LISTS] for spec in (was, now))
    moved = [{**c, "restartPolicy": "Always"} for c in containers if c.get("name") in walk.moving]
    kept = [c for c in containers if c.get("name") not in walk.moving]
    inits = [c for c in new_inits if c.get("name") not in walk.moving]
    if _bare(inits) != _bare(own_inits):
        raise Refused(f"the init containers of {_called(walk)} would come in another order, or change")
    if _by_name(new_inits[len(inits) :]) != _by_name(moved) or _by_name(new_containers) != _by_name(kept):
        raise Refused(f"{_called(walk)} would be built otherwise than planned")
    rest = [{key: value for key, value in spec.items() if key not in LISTS} for spec in (was, now)]
    if _bare(rest[0]) != _bare(rest[1]) or _outside(walk.chain.said, pod) != _outside(walk.then, pod):
        raise Refused(f"more than the containers of {_called(walk)} would change")


def _listed(walk: Walk, spec: dict[str, Any], field: str) -> list[dict[str, Any]]:
    """The containers in a list of a pod spec. Raises `Refused` where something else stands there."""
    held = spec.get(field) or []
    if isinstance(held, list) and all(isinstance(c, dict) and not isinstance(c.get("name"), (dict, list)) for c in held):
        return held
    raise Refused(f"`{field}` of {_called(walk)} is no list of containers")


def _called(walk: Walk) -> str:
    meta = walk.chain.said.get("metadata")
    return f"{walk.chain.said.get('kind')} {meta.get('name') if isinstance(meta, dict) else ''} in {walk.chain.folder or '.'}"


def _outside(said: dict[str, Any], pod: tuple[str, ...]) -> Any:
    """The object without its pod spec and its metadata, which a kustomization may set after the patches."""
    left = copy.deepcopy(said)
    held: Any = left
    for step in pod[:-1]:
        held = held[step]
    held.pop(pod[-1], None)
    left.pop("metadata", None)
    return _bare(left)


def _by_name(items: Sequence[Any]) -> Any:
    return {item.get("name"): _bare(item) for item in items}


def _bare(value: Any) -> Any:
    """The value without keys that say null: kustomize drops them from lists that it has merged."""
    if isinstance(value, dict):
        return {key: _bare(held) for key, held in value.items() if held is not None}
    return [_bare(item) for item in value] if isinstance(value, list) else value
