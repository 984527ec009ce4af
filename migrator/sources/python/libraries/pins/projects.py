"""Project files: pyproject.toml, Pipfile, setup.cfg, setup.py, conda's environment.yml and cdk8s.yaml."""

from __future__ import annotations

import ast
import configparser
import sys
import warnings
from collections.abc import Iterable, Iterator
from typing import Any

from migrator.sources.python.libraries.pins.bounds import conda, poetry, specifier
from migrator.sources.python.libraries.pins.said import ProjectFile, Said, Unreadable
from migrator.text.errors import TextError
from migrator.text.tree import Node, line_number, parse

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib


#: Keys of a dependency that comes from an address, and what is written for its version where there is none.
_ADDRESSES = {"git", "path", "url", "file"}
_ELSEWHERE = "from an address"


def pyproject(file: ProjectFile) -> Iterator[Said]:
    """Dependencies after PEP 621 and PEP 735, and those of Poetry, PDM, uv and Hatch. Raises `Unreadable`."""
    held = _toml(file)
    project, tool = _table(held, "project"), _table(held, "tool")
    uv, pdm, hatch, of_poetry = (_table(tool, name) for name in ("uv", "pdm", "hatch", "poetry"))
    yield from _requirements(file, project.get("dependencies"))
    yield from _requirements(file, *_table(project, "optional-dependencies").values())
    yield from _requirements(file, *_table(held, "dependency-groups").values())
    yield from _requirements(file, *(uv.get(f"{kind}-dependencies") for kind in ("dev", "constraint", "override")))
    yield from _requirements(file, *_table(pdm, "dev-dependencies").values())
    for environment in _table(hatch, "envs").values():
        if isinstance(environment, dict):
            yield from _requirements(file, environment.get("dependencies"), environment.get("extra-dependencies"))
    groups = [group for group in _table(of_poetry, "group").values() if isinstance(group, dict)]
    yield from _versions(file, of_poetry.get("dependencies"), of_poetry.get("dev-dependencies"))
    yield from _versions(file, *(group.get("dependencies") for group in groups))


def pipfile(file: ProjectFile) -> Iterator[Said]:
    """Every table of it may hold packages. Raises `Unreadable`."""
    yield from _versions(file, *_toml(file).values())


def setup_cfg(file: ProjectFile) -> Iterator[Said]:
    """`install_requires` and the extras. Raises `Unreadable`."""
    read = configparser.RawConfigParser(strict=False)
    try:
        read.read_string(file.text)
    except configparser.Error:
        raise Unreadable("is no configuration file") from None
    texts = [read.get("options", "install_requires", fallback="")]
    if read.has_section("options.extras_require"):
        texts += [value for _, value in read.items("options.extras_require")]
    yield from _requirements(file, *(text.split("\n") for text in texts))


def setup_py(file: ProjectFile) -> Iterator[Said]:
    """`install_requires` and the extras of a call of `setup`, where they are literal. Raises `Unreadable`."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(file.text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise Unreadable("is no Python that can be read") from None
    variables = {
        target.id: node.value
        for node in tree.body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    for call in ast.walk(tree):
        if not isinstance(call, ast.Call) or getattr(call.func, "attr", getattr(call.func, "id", "")) != "setup":
            continue
        for keyword in call.keywords:
            value = variables.get(keyword.value.id) if isinstance(keyword.value, ast.Name) else keyword.value
            if keyword.arg == "install_requires":
                yield from _listed(file, value)
            elif keyword.arg == "extras_require" and isinstance(value, ast.Dict):
                for entry in value.values:
                    yield from _listed(file, entry)


def environment(file: ProjectFile) -> Iterator[Said]:
    """The dependencies of a conda environment, and those that pip installs into it. Raises `Unreadable`."""
    for node in _entries(file, "dependencies"):
        line = line_number(file.text, node.start)
        if node.kind == "scalar":
            name = node.value.rpartition("::")[2]
            at = next((i for i, sign in enumerate(name) if sign in " =<>!~"), len(name))
            said = file.said(name[:at], name[at:].strip(), conda, line)
            if said:
                yield said
        pip = node.get("pip") if node.kind == "map" else None
        for item in pip.items if pip is not None and pip.kind == "seq" else ():
            if item.kind == "scalar" and (said := file.requirement(item.value, line_number(file.text, item.start))):
                yield said


def cdk8s(file: ProjectFile) -> Iterator[Said]:
    """`imports` of cdk8s.yaml: `k8s@1.29.0`, perhaps behind a name and `:=`. Raises `Unreadable`."""
    for node in _entries(file, "imports"):
        name, at, version = node.value.rpartition(":=")[2].partition("@") if node.kind == "scalar" else ("", "", "")
        said = file.said(name, f"=={version}" if at else "", specifier, line_number(file.text, node.start))
        if said:
            yield said


def _toml(file: ProjectFile) -> dict[str, Any]:
    try:
        held: dict[str, Any] = tomllib.loads(file.text.removeprefix("\ufeff"))
    except (ValueError, RecursionError):
        raise Unreadable("is not TOML") from None
    return held


def _table(held: dict[str, Any], key: str) -> dict[str, Any]:
    value = held.get(key)
    return value if isinstance(value, dict) else {}


def _requirements(file: ProjectFile, *lists: object) -> Iterator[Said]:
    """What lists of requirements say; whatever is no list or no text is none."""
    for each in lists:
        for text in each if isinstance(each, list) else ():
            said = file.requirement(text) if isinstance(text, str) else None
            if said:
                yield said


def _versions(file: ProjectFile, *tables: object) -> Iterator[Said]:
    """What tables of names and versions say: a text, a table with a `version`, or a list of such tables."""
    for table in tables:
        for name, entry in table.items() if isinstance(table, dict) else ():
            for one in entry if isinstance(entry, list) else (entry,):
                version = one.get("version", _ELSEWHERE if one.keys() & _ADDRESSES else "*") if isinstance(one, dict) else one
                said = file.said(name, version, poetry) if isinstance(version, str) else None
                if said:
                    yield said


def _listed(file: ProjectFile, value: ast.expr | None) -> Iterator[Said]:
    """The literal texts of a list."""
    held: Iterable[ast.expr] = value.elts if isinstance(value, ast.List | ast.Tuple) else ()
    for one in held:
        said = file.requirement(one.value, one.lineno) if isinstance(one, ast.Constant) and isinstance(one.value, str) else None
        if said:
            yield said


def _entries(file: ProjectFile, key: str) -> list[Node]:
    try:
        roots = parse(file.text)
    except TextError:
        raise Unreadable("is not YAML") from None
    root = roots[0] if roots else None
    held = root.get(key) if root is not None and root.kind == "map" else None
    return held.items if held is not None and held.kind == "seq" else []
