"""The text of a strategic-merge patch after containers have moved from `containers` to `initContainers`.

What a patch says of a list comes first in it, in the order of the patch, and the rest behind (kustomize 5.5, kyaml
merge2). So an entry that moves has name-only entries for all that starts before its container, or the merge would pull it
to the front.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from migrator.sources.kustomize.model import Pointer
from migrator.sources.kustomize.state import State, woven
from migrator.text.asked import Transfer, Wish
from migrator.text.edits import apply
from migrator.text.errors import Refused, TextError
from migrator.text.lines import Lines
from migrator.text.rewrite import Stretch, proved_layout
from migrator.text.source import check_line_ends
from migrator.text.stubs import Stub, proved_stubs
from migrator.text.tree import Node, parse
from migrator.text.values import is_merge, is_null, scalar

__all__ = ["State", "moved_merge"]

_MARK = ("restartPolicy", "Always")
_AFTER = ("image", "name")
#: What makes lists merge otherwise, or stays in the object as it is (`$setElementOrder`).
_DIRECTIVES = frozenset({"$patch", "$retainKeys", "$setElementOrder/containers", "$setElementOrder/initContainers"})


def moved_merge(text: str, document: int, pod: Pointer, states: Sequence[State], moving: Collection[str]) -> str:
    """The new text of a strategic-merge patch for objects in which the containers `moving` move.

    `pod` leads to the pod spec in the document, `states` are the objects that the patch is applied to. An entry for a
    container that moves comes to `initContainers`, one for a container that there is not yet with the restart policy and
    to the end. The same text where nothing is to change. Raises `Refused` with the reason.
    """
    stretch, lines = _read(text)
    spec = _pod_spec(stretch, document, pod)
    if spec is None or not _concerns(spec, states, moving):
        return text
    entries, own = _entries(spec, "containers"), _entries(spec, "initContainers")
    plans = {_plan(entries, own, state, moving) for state in states}
    if len(plans) > 1:
        raise Refused("the patch applies to objects that need different changes")
    (plan,) = plans
    path = (document, *pod)
    if plan.chosen:
        asked = Transfer("containers", "initContainers", plan.chosen, _MARK, _AFTER, plan.gaps, bare=plan.bare, emptying=True)
        layout, _ = proved_layout(stretch, lines, Wish(path, spec, asked), False)
        text = apply(text, layout.edits)
    if plan.stubs:
        stretch, lines = _read(text)
        edits, _ = proved_stubs(stretch, lines, (*path, "initContainers"), plan.stubs)
        text = apply(text, edits)
    return text


def _read(text: str) -> tuple[Stretch, Lines]:
    try:
        check_line_ends(text)
        return Stretch(text, 0, len(text), tuple(parse(text))), Lines(text)
    except TextError as error:
        raise Refused(f"the patch is not YAML: {error.message}") from None


def _pod_spec(stretch: Stretch, document: int, pod: Pointer) -> Node | None:
    """The mapping at `pod`, None where the patch has none, or takes the object away."""
    node = stretch.roots[document] if document < len(stretch.roots) else None
    for step in pod:
        if node is None or node.kind != "map":
            break
        if (directive := node.get("$patch")) is not None:
            if directive.value == "delete":
                return None
            raise Refused("`$patch` around the pod spec")
        if any(is_merge(key) for key, _ in node.pairs) or [key.value for key, _ in node.pairs].count(str(step)) > 1:
            raise Refused(f"`{step}` is given twice, or comes from a merge key")
        node = node.get(str(step))
    if node is not None and node.kind == "alias":
        raise Refused("the pod spec is an alias")
    return node if node is not None and node.kind == "map" else None


def _concerns(spec: Node, states: Sequence[State], moving: Collection[str]) -> bool:
    """Whether the patch has a list, of an object with containers that move, or with entries for such."""
    lists = [spec.get(key) for key in ("containers", "initContainers")]
    if not states or lists == [None, None]:
        return False
    named = {_name(item) for held in lists if held is not None for item in held.resolved.items}
    return bool(named & set(moving)) or any(set(state.containers) & set(moving) for state in states)


@dataclass(frozen=True)
class _Entry:
    """An item of a list of the patch: it `deletes`, or says something; `policy` is its restartPolicy, if any."""

    name: str
    deletes: bool
    policy: str | None


def _entries(spec: Node, key: str) -> tuple[_Entry, ...]:
    """The items of a list. Raises `Refused` where it is no plain list of named mappings."""
    if found := {name.value for name, _ in spec.pairs} & _DIRECTIVES:
        raise Refused(f"`{min(found)}` in the pod spec")
    if any(is_merge(name) for name, _ in spec.pairs) or [name.value for name, _ in spec.pairs].count(key) > 1:
        raise Refused(f"`{key}` is given twice, or may come from a merge key")
    held = spec.get(key)
    if held is None:
        return ()
    if is_null(held):
        raise Refused(f"`{key}` is null, which takes the whole list away")
    if held.kind != "seq":
        raise Refused(f"`{key}` is {'an alias' if held.kind == 'alias' else 'no list'}")
    entries = tuple(_entry(item, key) for item in held.items)
    if len({entry.name for entry in entries}) < len(entries):
        raise Refused(f"two entries of one name in `{key}`")
    return entries


def _entry(item: Node, key: str) -> _Entry:
    name = _name(item)
    if name is None:
        raise Refused(f"an entry of `{key}` without a name of its own")
    directive, policy = item.get("$patch"), item.get("restartPolicy")
    if directive is not None and directive.value != "delete":
        raise Refused(f"`$patch: {directive.value}` in `{key}`")
    return _Entry(name, directive is not None, policy.resolved.value if policy is not None else None)


def _name(item: Node) -> str | None:
    """The name in a mapping, where it is a text and can be no other."""
    if item.kind != "map" or [key.value for key, _ in item.pairs].count("name") != 1:
        return None
    held = item.get("name")
    value = scalar(held.resolved) if held is not None and held.resolved.kind == "scalar" else None
    return value if isinstance(value, str) and not any(is_merge(key) for key, _ in item.pairs) else None


@dataclass(frozen=True)
class _Plan:
    """The transfer (`chosen`, `gaps`, `bare` as there) and the stubs in the list that it makes."""

    chosen: tuple[int, ...]
    gaps: tuple[int, ...]
    bare: tuple[int, ...]
    stubs: tuple[Stub, ...]


def _plan(entries: Sequence[_Entry], own: Sequence[_Entry], state: State, moving: Collection[str]) -> _Plan:
    """What one object needs."""
    moved = state.moved(moving)
    going = [n for n, entry in enumerate(entries) if entry.name in moving]
    number = {entries[n].name: n for n in going}
    for entry in own:
        if entry.name in moving:
            raise Refused(f"`{entry.name}` is in `initContainers` of the patch already")
    added = [name for name, n in number.items() if name not in moved and not entries[n].deletes]
    for name in (*added, *moved & number.keys()):
        if entries[number[name]].policy not in (None, "Always"):
            raise Refused(f"`{name}` has another restartPolicy in the patch")
        if name in added and name in state.inits:
            raise Refused(f"`{name}` is an init container already")
    live = [entry.name for entry in own if not entry.deletes]
    gone = {entry.name for entry in (*(entries[n] for n in going), *own) if entry.deletes}
    inits = [*live, *(name for name in state.inits if name not in live and name not in gone)]
    stay = [name for name in state.then_inits if name in moved and name not in gone]
    order = woven(inits, [*stay, *added], state.then_inits)
    said = {*live, *(name for name in number if name not in gone)}
    chosen = tuple(_in_order(entries, going, [number[name] for name in order if name in number]))
    # The shortest beginning of the order that has all the patch speaks of: what else is in it needs a stub.
    last = max((n + 1 for n, name in enumerate(order) if name in said), default=0)
    gaps = tuple(_gaps([entries[n] for n in chosen], own, order))
    bare = tuple(n for n in chosen if entries[n].name not in added)
    return _Plan(chosen, gaps, bare, tuple(_stubs(order[:last], said, _final(entries, own, chosen, gaps))))


def _in_order(entries: Sequence[_Entry], going: Sequence[int], live: Sequence[int]) -> Iterator[int]:
    """The entries that move in their new order; those that delete keep their places, for which no order counts."""
    rest = iter(live)
    for n in going:
        yield n if entries[n].deletes else next(rest)


def _gaps(chosen: Sequence[_Entry], own: Sequence[_Entry], order: Sequence[str]) -> Iterator[int]:
    """Before which entry of the patch's own list each goes."""
    place = {name: at for at, name in enumerate(order)}
    gaps = [
        next((n for n, other in enumerate(own) if place.get(other.name, -1) > place[entry.name]), len(own))
        for entry in chosen
        if not entry.deletes
    ]
    at = 0
    for entry in chosen:
        yield gaps[at] if at < len(gaps) else len(own)
        at += not entry.deletes


def _final(entries: Sequence[_Entry], own: Sequence[_Entry], chosen: Sequence[int], gaps: Sequence[int]) -> list[str]:
    """The names in the patch's list of init containers after the transfer."""
    asked = Transfer("containers", "initContainers", tuple(chosen), _MARK, _AFTER, tuple(gaps))
    return asked.woven([entry.name for entry in own], [entries[n].name for n in chosen])


def _stubs(order: Sequence[str], said: Collection[str], there: Sequence[str]) -> Iterator[Stub]:
    """Those of `order` that the patch does not speak of, each before the next one that it does."""
    at: Mapping[str, int] = {name: n for n, name in enumerate(there)}
    for n, name in enumerate(order):
        if name not in said:
            yield Stub(next(at[later] for later in order[n:] if later in said), "name", name)
