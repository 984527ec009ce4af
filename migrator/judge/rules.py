"""Load `rules/`: one product or pattern a file.

A rule's *clues* say what to look at; all keys of a clue must match, any entry of a key's list suffices, and
the strongest clue that matches counts, once. What a clue can look at is `matchers.KEYS` and, under `signals`
and `lacks`, the structural signals of `signals.SIGNALS`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from migrator.datafile import DataError, DataFile, bundled, folder
from migrator.judge.matchers import HANDLES, KEYS, See, handles, tokens
from migrator.judge.signals import SIGNALS
from migrator.judge.weights import WEIGHTS
from migrator.text.tree import Node
from migrator.text.values import data

if TYPE_CHECKING:
    from importlib.abc import Traversable

    from migrator.judge.view import View

ROLES = ("sidecar", "main", "peer", "one-shot")


@dataclass(frozen=True, eq=False)
class Clue:
    """What must be seen, key by key, and its weight in log-odds (negative where it speaks against a sidecar).

    `handle` is a key with tokens of which its value must have one where the clue matches (`matchers.handles`).
    `written` is what the file says under each key.
    """

    weight: float
    match: tuple[tuple[str, See], ...]
    signals: tuple[str, ...] = ()
    lacks: tuple[str, ...] = ()
    handle: tuple[str, frozenset[str]] | None = None
    written: tuple[tuple[str, tuple[Any, ...]], ...] = ()


@dataclass(frozen=True)
class Rule:
    """One product or pattern. `role` is what a match speaks for; `purpose` is None for structural rules."""

    id: str
    title: str
    purpose: str | None
    role: str
    clues: tuple[Clue, ...]
    sources: tuple[str, ...] = ()
    matching: tuple[dict[str, Any], ...] = field(default=(), compare=False)
    differing: tuple[dict[str, Any], ...] = field(default=(), compare=False)
    path: str = field(default="", compare=False)


class Catalogue:
    """Rules, and which of their clues may have something to say of a container.

    A clue with a handle is looked up by the container's image, program or name; the others are tried on all.
    """

    def __init__(self, rules: Iterable[Rule]) -> None:
        self.rules = tuple(sorted(rules, key=lambda rule: rule.id))
        self._general: list[tuple[Rule, Clue]] = []
        self._by_handle: dict[tuple[str, str], list[tuple[Rule, Clue]]] = {}
        for rule in self.rules:
            for clue in rule.clues:
                if clue.handle is None:
                    self._general.append((rule, clue))
                for token in clue.handle[1] if clue.handle else ():
                    self._by_handle.setdefault((clue.handle[0], token), []).append((rule, clue))  # type: ignore[index]

    def about(self, view: View) -> dict[str, tuple[Rule, list[Clue]]]:
        """The rules to try on a container, by id, each with the clues to try."""
        found: dict[str, tuple[Rule, list[Clue]]] = {}
        known = (
            pair for key, get in HANDLES.items() for token in tokens(get(view)) for pair in self._by_handle.get((key, token), ())
        )
        for rule, clue in (*self._general, *known):
            found.setdefault(rule.id, (rule, []))[1].append(clue)
        for rule, clues in found.values():
            if len(clues) > 1:
                # As in the file: of clues that weigh the same, the first is told.
                clues.sort(key=rule.clues.index)
        return found


#: Folders of `rules/` with data that is no rule of judgement.
NO_RULES = frozenset({"workloads", "injectors", "hazards", "dialects"})


@lru_cache(maxsize=4)
def load(own: tuple[str, ...] = ()) -> Catalogue:
    """All bundled rules and those of the user's `own` folders, which take the place of rules of the same id.

    Raises `DataError`.
    """
    rules = {rule.id: rule for rule in _ours()}
    for name in own:
        rules |= {rule.id: rule for rule in load_own(Path(name))}
    return Catalogue(rules.values())


@lru_cache(maxsize=1)
def _ours() -> list[Rule]:
    return load_tree(bundled())


def load_own(root: Path) -> list[Rule]:
    """The rules of a user's folder, in it and in the folders below it. Raises `DataError`."""
    if not root.is_dir():
        raise DataError(f"{root}: no such folder of rules")
    folders = sorted({path.parent for path in root.rglob("*.yaml")})
    rules: dict[str, Rule] = {}
    for file in (file for place in folders for file in folder(place, f"{place}/")):
        rule = read_rule(file)
        if rule.id in rules:
            raise DataError(f"{file.name}:1: id: `{rule.id}` is also the id of {rules[rule.id].path}")
        rules[rule.id] = rule
    return list(rules.values())


def load_tree(root: Traversable) -> list[Rule]:
    """The rules of a folder of folders, but for those that hold data of another kind. Raises `DataError`."""
    rules: dict[str, Rule] = {}
    for entry in sorted(root.iterdir(), key=lambda e: e.name):
        if not entry.is_dir() or entry.name in NO_RULES:
            continue
        for file in folder(entry, f"{entry.name}/"):
            rule = read_rule(file)
            if rule.id in rules:
                raise DataError(f"{file.name}:1: id: `{rule.id}` is also the id of {rules[rule.id].path}")
            rules[rule.id] = rule
    return list(rules.values())


def read_rule(file: DataFile) -> Rule:
    """The rule in a file called `folder/<id>.yaml`. Raises `DataError`."""
    node = file.mapping()
    file.keys(node, ("id", "title", "role", "clues", "examples"), ("purpose", "sources"))
    identity = file.identity(node)
    role = file.one_of(node, "role", ROLES)
    examples = node.get("examples")
    assert examples is not None
    file.keys(examples, ("match", "no-match"))
    return Rule(
        identity,
        file.text(node, "title"),
        file.text(node, "purpose") if node.get("purpose") else None,
        role,
        tuple(_clue(file, item, role) for item in file.items(node, "clues")),
        tuple(data(item) for item in file.items(node, "sources")) if node.get("sources") else (),
        tuple(data(item) for item in file.items(examples, "match")),
        tuple(data(item) for item in file.items(examples, "no-match")),
        file.name,
    )


def _clue(file: DataFile, node: Node, role: str) -> Clue:
    file.keys(node, ("weight",), (*KEYS, "signals", "lacks"))
    sign = 1.0 if role == "sidecar" else -1.0
    weight = sign * WEIGHTS[file.one_of(node, "weight", tuple(WEIGHTS))]
    entries = {key: file.items(node, key) for key in KEYS if node.get(key) is not None}
    match = tuple((key, file.compiled(items, key, KEYS[key])) for key, items in entries.items())
    signals, lacks = (_signals(file, node, key) for key in ("signals", "lacks"))
    if not match and not signals:
        file.fail(node, "clues", "a clue that looks at nothing")
    listed = ((key, handles(key, (item.value for item in entries[key]))) for key in HANDLES if key in entries)
    handle = next(((key, values) for key, values in listed if values is not None), None)
    written = tuple((key, tuple(data(item) for item in items)) for key, items in entries.items())
    return Clue(weight, match, signals, lacks, handle, written)


def _signals(file: DataFile, node: Node, key: str) -> tuple[str, ...]:
    items = file.items(node, key) if node.get(key) is not None else []
    for item in items:
        if item.value not in SIGNALS:
            file.fail(item, key, f"no signal is called `{item.value}`")
    return tuple(item.value for item in items)
