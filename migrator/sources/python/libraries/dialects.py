"""The libraries of `rules/dialects/`, and which of them a qualified name belongs to."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from fnmatch import fnmatchcase, translate
from functools import lru_cache
from typing import Literal, get_args

from packaging.utils import NormalizedName
from packaging.version import InvalidVersion, Version

from migrator.datafile import DataFile, bundled, folder
from migrator.sources.python.libraries.dialect import Constructor, Dialect, Holder, Package, Role
from migrator.text.tree import Node

_NAME = re.compile(r"(?:[A-Za-z_]\w*\.)*[A-Za-z_]\w*\Z")
_REQUIRED = ("id", "title", "lists", "restart", "spelling", "sources")
_CONSTRUCTORS: dict[Role, str] = {"pod-spec": "pod-specs", "container": "containers", "template": "templates"}
_SPELLINGS: dict[str, Literal["snake", "camel", "both"]] = {"snake": "snake", "camel": "camel", "both": "both"}
_LISTS = ("modules", *_CONSTRUCTORS.values(), "owners", "opaque")
_FLAGS = ("distinctive", "partial", "may-be-output")
_OPTIONAL = (
    *_LISTS, *_FLAGS, "workloads", "holders", "methods", "fields", "positional", "packages", "examples",
)  # fmt: skip
#: What the examples of a file are of; `others` are names that mean something else.
EXAMPLES = (*_CONSTRUCTORS.values(), "workloads", "holders", "owners", "others")


@lru_cache(maxsize=1)
def dialects() -> tuple[Dialect, ...]:
    """All that are known, by id. Raises `DataError`."""
    return tuple(read_dialect(file) for file in folder(bundled() / "dialects", "dialects/"))


def dialect(identity: str) -> Dialect:
    """The one with this id. Raises KeyError."""
    return {one.id: one for one in dialects()}[identity]


def constructor(qualified: str, stars: Iterable[str] = ()) -> Constructor | None:
    """What a call of this qualified name makes, mostly; None where it is nothing of a pod.

    A name without a module may come from one of the modules in `stars`, of which the file imports everything.
    """
    module, _, last = qualified.rpartition(".")
    if last not in last_names():
        return None
    tried = (qualified,) if module else (*(f"{star}.{qualified}" for star in stars), qualified)
    return next((one for name in tried for one in roles(name)), None) or _distinctive(last)


def roles(qualified: str) -> tuple[Constructor, ...]:
    """All that a call of this qualified name makes: cdk8s-plus' Deployment is a workload and has the lists as well."""
    module, _, last = qualified.rpartition(".")
    return tuple(replace(one, module=module) for pattern, one in _patterns().get(last, ()) if pattern.match(qualified))


@lru_cache(maxsize=1)
def last_names() -> frozenset[str]:
    """The last parts of all the constructors' names: a call whose name ends otherwise need not be resolved."""
    return frozenset(_patterns())


def holder(keyword: str, callee: str | None) -> tuple[Dialect, Holder] | None:
    """Which library takes a pod by this argument of a call of `callee`, or by this key of a mapping (no callee)."""
    for one in dialects():
        for held in one.holders:
            if held.keyword == keyword and (not held.of or (callee and any(fnmatchcase(callee, of) for of in held.of))):
                return one, held
    return None


def owned(owner: str, attribute: str) -> Dialect | None:
    """The library of which an attribute of an object, as in `c.KubeSpawner.extra_containers`, is one of the two lists."""
    known = (one for one in dialects() if attribute in one.lists and any(fnmatchcase(owner, glob) for glob in one.owners))
    return next(known, None)


def packages(of: Dialect, module: str) -> tuple[Package, ...]:
    """The distributions that may have brought a module of a library; all of the library where it is not known (empty)."""
    return tuple(one for one in of.packages if not module or fnmatchcase(module, one.imports))


@lru_cache(maxsize=1)
def distributions() -> frozenset[NormalizedName]:
    """The names of all distributions that decide about a library's fields."""
    return frozenset(name for one in dialects() for package in one.packages for name in package.names)


def _distinctive(last: str) -> Constructor | None:
    """A name that says Kubernetes wherever it comes from, imported from a module that is not known."""
    for _, one in _patterns().get(last, ()):
        if one.dialect.distinctive:
            return replace(one, sure=False)
    return None


@lru_cache(maxsize=1)
def _patterns() -> dict[str, list[tuple[re.Pattern[str], Constructor]]]:
    made: dict[str, list[tuple[re.Pattern[str], Constructor]]] = {}
    for one in dialects():
        for role, module, name, kind, api_version in one.names:
            pattern = re.compile(translate(f"{module}.{name}"))
            made.setdefault(name.rpartition(".")[2], []).append((pattern, Constructor(one, role, "", kind, api_version)))
    return made


def read_dialect(file: DataFile) -> Dialect:
    """The library in a file called `dialects/<id>.yaml`. Raises `DataError`."""
    node = file.mapping()
    file.keys(node, _REQUIRED, _OPTIONAL)
    identity = file.identity(node)
    lists = {key: _texts(file, node, key) for key in _LISTS}
    flags = {key: _flag(file, node, key) for key in _FLAGS}
    restart = node.get("restart")
    assert restart is not None
    file.keys(restart, ("keyword", "value"))
    return Dialect(
        identity,
        file.text(node, "title"),
        _names(file, node, lists["modules"]),
        tuple(_holder(file, item) for item in _items(file, node, "holders")),
        lists["owners"],
        flags["partial"],
        flags["distinctive"],
        _pair(file, node, "lists"),
        _pair(file, node, "methods") if node.get("methods") else None,
        (file.text(restart, "keyword"), file.text(restart, "value")),
        _SPELLINGS[file.one_of(node, "spelling", tuple(_SPELLINGS))],
        _mapping(file, node, "fields"),
        frozenset(lists["opaque"]),
        _positional(file, node),
        flags["may-be-output"],
        tuple(_package(file, item) for item in _items(file, node, "packages")),
        _texts(file, node, "sources"),
        _examples(file, node),
    )


def _items(file: DataFile, node: Node, key: str) -> list[Node]:
    """The entries of a list that may be missing."""
    return file.items(node, key) if node.get(key) is not None else []


def _texts(file: DataFile, node: Node, key: str) -> tuple[str, ...]:
    items = _items(file, node, key)
    for item in items:
        if item.kind != "scalar" or not item.value:
            file.fail(item, key, "a list of texts is wanted here")
    return tuple(item.value for item in items)


def _flag(file: DataFile, node: Node, key: str) -> bool:
    return node.get(key) is not None and file.one_of(node, key, ("true", "false")) == "true"


def _pair(file: DataFile, node: Node, key: str) -> tuple[str, str]:
    texts = _texts(file, node, key)
    if len(texts) != 2:
        file.fail(node.get(key), key, "two are wanted: for the containers and for the init containers")
    return texts[0], texts[1]


def _mapping(file: DataFile, node: Node, key: str) -> tuple[tuple[str, str], ...]:
    held = node.get(key)
    if held is None:
        return ()
    names = tuple(name.value for name, _ in held.pairs) if held.kind == "map" else ()
    file.keys(held, names)
    return tuple((name, file.text(held, name)) for name in names)


def _version(file: DataFile, node: Node, key: str) -> Version | None:
    if node.get(key) is None:
        return None
    try:
        return Version(file.text(node, key))
    except InvalidVersion as error:
        file.fail(node.get(key), key, str(error))


def _names(file: DataFile, node: Node, modules: tuple[str, ...]) -> tuple[tuple[Role, str, str, str, str], ...]:
    """Every constructor by every module."""
    made: list[tuple[Role, str, str, str, str]] = []
    for role, key in _CONSTRUCTORS.items():
        made += [(role, module, name, "", "") for name in _texts(file, node, key) for module in modules]
    for item in _items(file, node, "workloads"):
        file.keys(item, ("kind", "api", "names"))
        kind, api = file.text(item, "kind"), file.text(item, "api")
        made += [("workload", module, name, kind, api) for name in _texts(file, item, "names") for module in modules]
    for _, _, name, _, _ in made:
        if not _NAME.match(name):
            file.fail(node, "modules", f"`{name}` is no name without wildcards")
    return tuple(made)


def _holder(file: DataFile, node: Node) -> Holder:
    file.keys(node, ("keyword",), ("of", "partial"))
    return Holder(file.text(node, "keyword"), _texts(file, node, "of"), _flag(file, node, "partial"))


def _positional(file: DataFile, node: Node) -> tuple[tuple[Role, tuple[str, ...]], ...]:
    held = node.get("positional")
    if held is None:
        return ()
    file.keys(held, (), get_args(Role))
    return tuple((role, _texts(file, held, role)) for role in get_args(Role) if held.get(role))


def _package(file: DataFile, node: Node) -> Package:
    file.keys(node, ("name",), ("since", "without", "imports", "also-called"))
    since, without = _version(file, node, "since"), _version(file, node, "without")
    if without and (not since or without >= since):
        file.fail(node.get("without"), "without", "must be a release before `since`")
    imports = file.text(node, "imports") if node.get("imports") else "*"
    return Package(file.text(node, "name"), since, without, imports, _texts(file, node, "also-called"))


def _examples(file: DataFile, node: Node) -> tuple[tuple[str, tuple[str, ...]], ...]:
    held = node.get("examples")
    if held is None:
        return ()
    file.keys(held, (), EXAMPLES)
    return tuple((key, _texts(file, held, key)) for key in EXAMPLES if held.get(key))
