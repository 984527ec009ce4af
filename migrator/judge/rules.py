"""Load `rules/`: one product or pattern a file.

A rule's *clues* say what to look at; all keys of a clue must match, any entry of a key's list suffices, and
the strongest clue that matches counts, once. What a clue can look at is `matchers.KEYS` and, under `signals`
and `lacks`, the structural signals of `signals.SIGNALS`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from migrator.datafile import DataError, DataFile, bundled, folder
from migrator.judge.matchers import KEYS, Entry
from migrator.judge.signals import SIGNALS
from migrator.judge.weights import WEIGHTS
from migrator.text.tree import Node
from migrator.text.values import data

if TYPE_CHECKING:
    from importlib.abc import Traversable

ROLES = ("sidecar", "main", "peer", "one-shot")
_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*\Z")


@dataclass(frozen=True)
class Clue:
    """What must be seen, key by key, and its weight in log-odds (negative where it speaks against a sidecar)."""

    weight: float
    match: tuple[tuple[str, tuple[Entry, ...]], ...]
    signals: tuple[str, ...] = ()
    lacks: tuple[str, ...] = ()


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


@lru_cache(maxsize=1)
def load() -> tuple[Rule, ...]:
    """All bundled rules, by id. Raises `DataError`."""
    return load_tree(bundled())


def load_tree(root: Traversable) -> tuple[Rule, ...]:
    """The rules of a folder of folders, by id; `workloads/` holds no rules. Raises `DataError`."""
    rules: dict[str, Rule] = {}
    for entry in sorted(root.iterdir(), key=lambda e: e.name):
        if not entry.is_dir() or entry.name == "workloads":
            continue
        for file in folder(entry, f"{entry.name}/"):
            rule = read_rule(file)
            if rule.id in rules:
                raise DataError(f"{file.name}:1: id: `{rule.id}` is also the id of {rules[rule.id].path}")
            rules[rule.id] = rule
    return tuple(rules[key] for key in sorted(rules))


def read_rule(file: DataFile) -> Rule:
    """The rule in a file called `folder/<id>.yaml`. Raises `DataError`."""
    node = file.mapping()
    file.keys(node, ("id", "title", "role", "clues", "examples"), ("purpose", "sources"))
    identity = file.text(node, "id")
    stem = file.name.rpartition("/")[2].removesuffix(".yaml")
    if not _ID.match(identity) or identity != stem:
        file.fail(node.get("id"), "id", f"`{identity}` must be kebab-case and the name of the file, `{stem}`")
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
    match = tuple(
        (key, tuple(file.compiled(item, key, build) for item in file.items(node, key)))
        for key, build in KEYS.items()
        if node.get(key) is not None
    )
    signals, lacks = (_signals(file, node, key) for key in ("signals", "lacks"))
    if not match and not signals:
        file.fail(node, "clues", "a clue that looks at nothing")
    return Clue(weight, match, signals, lacks)


def _signals(file: DataFile, node: Node, key: str) -> tuple[str, ...]:
    items = file.items(node, key) if node.get(key) is not None else []
    for item in items:
        if item.value not in SIGNALS:
            file.fail(item, key, f"no signal is called `{item.value}`")
    return tuple(item.value for item in items)
