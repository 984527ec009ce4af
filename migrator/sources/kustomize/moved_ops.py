"""The text of a JSON patch (RFC 6902) after containers have moved from `containers` to `initContainers`.

Indices change inside a patch, so its operations are followed one by one through the lists of names of both trees.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from migrator.sources.kustomize.operation import Operation, index, named, operations
from migrator.sources.kustomize.state import State
from migrator.text.errors import Refused, TextError
from migrator.text.operations import Mark, Part, proved_operations
from migrator.text.source import check_line_ends
from migrator.text.tree import Node, parse

_MARK = Mark(("restartPolicy", "Always"), ("image", "name"))
_Plan = tuple[tuple[Part, ...], ...]


def moved_ops(text: str, pod: str, states: Sequence[State], moving: Collection[str]) -> str:
    """The new text of a JSON patch, in YAML or JSON, for objects in which the containers `moving` move.

    `pod` is the JSON pointer to the pod spec, `states` are the objects that the patch is applied to. A container that moves
    and is not there yet is added to the end of `initContainers`, with the restart policy. The same text where nothing is to
    change. Raises `Refused` with the reason.
    """
    try:
        check_line_ends(text)
        roots = tuple(parse(text))
    except TextError as error:
        raise Refused(f"the patch is not YAML: {error.message}") from None
    held = [(number, root) for number, root in enumerate(roots) if root is not None]
    if not states or not any(_concerns(root, states, moving) for _, root in held):
        return text
    if len(held) > 1:
        raise Refused("a JSON patch of several documents")
    ((document, root),) = held
    found = operations(root, pod)
    plans = {_plan(found, state, moving) for state in states}
    if len(plans) > 1:
        raise Refused("the patch applies to objects that need different changes")
    (plan,) = plans
    if all(parts == (Part(op.path),) for op, parts in zip(found, plan, strict=True)):
        return text
    return proved_operations(text, roots, (document,), plan, _MARK)


def _concerns(root: Node, states: Sequence[State], moving: Collection[str]) -> bool:
    """Whether containers move in one of the objects, or the patch names such."""
    return any(set(state.containers) & set(moving) for state in states) or _mentions(root, moving)


def _mentions(root: Node, moving: Collection[str]) -> bool:
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if node.kind == "scalar" and node.value in moving:
            return True
        waiting.extend(node.children())
    return False


def _plan(found: Sequence[Operation], state: State, moving: Collection[str]) -> _Plan:
    walk = _Walk(state, moving)
    return tuple(walk.parts(op) for op in found)


class _Walk:
    """The names in the lists of one object, in both trees, on the way through a patch."""

    def __init__(self, state: State, moving: Collection[str]) -> None:
        state.moved(moving)
        self.moving = moving
        self.containers = [*state.containers]
        self.inits = [*state.inits]
        self.then = [*state.then_inits]
        #: The migrated list was taken away with its last item; what is added needs it anew.
        self.taken_away = False

    def parts(self, op: Operation) -> tuple[Part, ...]:
        """What is to be written for an operation; the lists are those after it then."""
        if op.above:
            raise Refused("an operation on the pod spec as a whole, or on what is around it")
        if not op.lists or op.steps is None:
            return (Part(op.path),)
        plain = op.steps[0] == "containers"
        if len(op.steps) == 1:
            return self._all_containers(op) if plain else self._all_inits(op)
        if len(op.steps) > 2:
            return self._inside(op, op.steps[1], op.steps[2:], plain)
        if op.kind == "add":
            return self._container_added(op, op.steps[1]) if plain else self._init_added(op, op.steps[1])
        return self._container(op, op.steps[1]) if plain else self._init(op, op.steps[1])

    def _name(self, names: Sequence[str], step: str) -> str:
        at = index(step)
        if at >= len(names):
            raise Refused(f"there is no container number {at}")
        return names[at]

    def _kept(self, at: int | None = None) -> list[str]:
        """The containers that stay, of the first `at`."""
        return [name for name in self.containers[:at] if name not in self.moving]

    def _path(self, op: Operation, name: str) -> str:
        """The path to, or into, a container or init container in the migrated tree."""
        if name in self.then:
            return op.at("initContainers", self.then.index(name))
        return op.at("containers", self._kept().index(name))

    def _inside(self, op: Operation, step: str, below: tuple[str, ...], plain: bool) -> tuple[Part, ...]:
        names = self.containers if plain else self.inits
        name = self._name(names, step)
        path = self._path(op, name)
        if below == ("restartPolicy",) and name in self.moving:
            raise Refused(f"the restartPolicy of `{name}` is set")
        if below == ("name",) and op.kind != "test":
            new = named({"name": op.value})
            if {name, new} & set(self.moving) or new in (*self.containers, *self.inits) or op.kind == "remove":
                raise Refused(f"`{name}` is renamed")
            self._renamed(name, new)
        return (Part(path),)

    def _renamed(self, name: str, new: str) -> None:
        for names in (self.containers, self.inits, self.then):
            names[:] = [new if held == name else held for held in names]

    def _container_added(self, op: Operation, step: str) -> tuple[Part, ...]:
        at = len(self.containers) if step == "-" else index(step)
        name = self._new(op.value, at, self.containers)
        before = len(self._kept(at))
        self.containers.insert(at, name)
        if name not in self.moving:
            return (Part(op.at("containers", step if step == "-" else before)),)
        self.then.append(name)
        if len(self.then) > 1:
            return (Part(op.at("initContainers", "-"), marked=True),)
        self.taken_away = False
        return (Part(op.only("initContainers"), form="list", marked=True),)

    def _new(self, value: Any, at: int, names: Sequence[str]) -> str:
        name = named(value)
        if at > len(names):
            raise Refused(f"there is no place number {at} in the list")
        if name in (*self.containers, *self.inits):
            raise Refused(f"a second container `{name}`")
        return name

    def _init_added(self, op: Operation, step: str) -> tuple[Part, ...]:
        at = len(self.inits) if step == "-" else index(step)
        name = self._new(op.value, at, self.inits)
        if name in self.moving or self.taken_away:
            raise Refused(f"`{name}` is added to `initContainers`")
        place = self._gap(at)
        self.inits.insert(at, name)
        self.then.insert(place, name)
        return (Part(op.at("initContainers", "-" if step == "-" and place == len(self.then) - 1 else place)),)

    def _gap(self, at: int) -> int:
        """Where in the migrated list something goes that goes before init container number `at`, or behind the last."""
        if at < len(self.inits):
            return self.then.index(self.inits[at])
        return self.then.index(self.inits[-1]) + 1 if self.inits else 0

    def _container(self, op: Operation, step: str) -> tuple[Part, ...]:
        """A whole container removed, replaced or tested."""
        name = self._name(self.containers, step)
        moved, path = name in self.moving, self._path(op, name)
        if op.kind == "test":
            if moved:
                raise Refused(f"a `test` of all of `{name}`")
            return (Part(path),)
        if op.kind == "replace":
            self._replaced(name, op.value)
            return (Part(path, marked=moved),)
        self.containers.remove(name)
        if moved:
            self.then.remove(name)
            if not self.then:
                self.taken_away = True
                path = op.only("initContainers")
        return (Part(path),)

    def _replaced(self, name: str, value: Any) -> None:
        new = named(value)
        if new != name and ({name, new} & set(self.moving) or new in (*self.containers, *self.inits)):
            raise Refused(f"`{name}` is replaced by `{new}`")
        self._renamed(name, new)

    def _init(self, op: Operation, step: str) -> tuple[Part, ...]:
        """A whole init container removed, replaced or tested."""
        name = self._name(self.inits, step)
        path = self._path(op, name)
        if op.kind == "replace":
            self._replaced(name, op.value)
        elif op.kind == "remove":
            self.inits.remove(name)
            self.then.remove(name)
        return (Part(path),)

    def _all_containers(self, op: Operation) -> tuple[Part, ...]:
        if any(name in self.moving for name in self.containers):
            raise Refused("an operation on all containers, of which some move")
        if op.kind == "test":
            return (Part(op.path),)
        names = self._list(op)
        moved = tuple(n for n, name in enumerate(names) if name in self.moving)
        kept = tuple(n for n, name in enumerate(names) if name not in self.moving)
        if set(names) & set(self.inits) or (moved and not kept):
            raise Refused("a list of containers of which none would be left, or one is an init container already")
        self.containers = names
        if not moved:
            return (Part(op.path),)
        before = len(self.then)
        self.then += [names[n] for n in moved]
        self.taken_away = False
        first = Part(op.path, kept, "list")
        if not before:
            return (first, Part(op.only("initContainers"), moved, "list", True))
        return (first, *(Part(op.only("initContainers", "-"), (n,), "item", True) for n in moved))

    def _list(self, op: Operation) -> list[str]:
        """The names in a whole list; none where it is removed."""
        if op.kind == "remove":
            return []
        if not isinstance(op.value, list):
            raise Refused("containers that are no list")
        names = [named(item) for item in op.value]
        if len(set(names)) < len(names):
            raise Refused("two containers of one name")
        return names

    def _all_inits(self, op: Operation) -> tuple[Part, ...]:
        moved = len(self.then) > len(self.inits)
        names = self.inits if op.kind == "test" else self._list(op)
        if set(names) & {*self.moving, *self.containers} or (self.taken_away and op.kind != "add"):
            raise Refused("a list of init containers in which some move")
        if not moved:
            self.inits, self.then = [*names], [*names]
            self.taken_away = False
            return (Part(op.path),)
        if op.kind != "add" or self.inits or not names:
            raise Refused("an operation on all init containers, where some have moved to")
        self.inits = names
        self.then = [*names, *self.then]
        return tuple(Part(op.only("initContainers", n), (n,), "item") for n in range(len(names)))
