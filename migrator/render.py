"""Proof by rendering: what kustomize builds from the rewritten files is what it built before, with the containers moved.

`render(migrate(tree))` must equal `migrate(render(tree))`, object by object. The program itself is asked (`kustomize`, or
`kubectl kustomize`); nothing is fetched: a kustomization that does not build today is not looked at.
"""

from __future__ import annotations

import os
import posixpath
import shutil
import subprocess
import tempfile
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from migrator.followers.rendered import Numbered, numbers_written, renumbered
from migrator.sources.kustomize.objects import pod_of
from migrator.text.differ import differences
from migrator.text.errors import TextError
from migrator.text.tree import parse
from migrator.text.values import data
from migrator.workloads import paths_of

_SECONDS = 60
_LISTS = ("containers", "initContainers")
Objects = dict[tuple[str, str, str], dict[str, Any]]


@dataclass(frozen=True)
class Rendering:
    """How many kustomizations were compared, and what is wrong: `folder: what`. `unbuilt` ones do not build today."""

    compared: int
    wrong: tuple[str, ...]
    unbuilt: tuple[str, ...]


def renderer() -> tuple[str, ...] | None:
    """The command that renders a folder, None where there is none on this machine."""
    for name, rest in (("kustomize", ("build",)), ("kubectl", ("kustomize",))):
        if found := shutil.which(name):
            return (found, *rest)
    return None


def compare(tool: Sequence[str], folders: Sequence[str], new: Mapping[str, bytes]) -> Rendering:
    """Render each folder as it is, and as it is with the files of `new` (by path) in place.

    The tree around them is copied for that: `folders` and `new` name paths below the current folder, or absolute ones.
    Of Services, those `targetPort`s may differ that become numbers in these files.
    """
    root = posixpath.commonpath([os.path.abspath(path) for path in (*folders, *map(os.path.dirname, new))])
    numbers = {number for path, content in new.items() for number in numbers_written(Path(path).read_bytes(), content)}
    wrong, unbuilt, compared = [], [], 0
    with tempfile.TemporaryDirectory() as place:
        copy = os.path.join(place, "tree")
        shutil.copytree(root, copy, symlinks=True, ignore=shutil.ignore_patterns(".git", "node_modules", ".venv"))
        for path, content in new.items():
            Path(copy, os.path.relpath(os.path.abspath(path), root)).write_bytes(content)
        for folder in folders:
            name = os.path.relpath(folder)
            before = _rendered(tool, folder)
            if isinstance(before, str):
                unbuilt.append(f"{name}: {before}")
                continue
            after = _rendered(tool, os.path.join(copy, os.path.relpath(os.path.abspath(folder), root)))
            compared += 1
            found = after if isinstance(after, str) else _difference(before, after, numbers)
            if found:
                wrong.append(f"{name}: {found}")
    return Rendering(compared, tuple(wrong), tuple(unbuilt))


def _rendered(tool: Sequence[str], folder: str) -> Objects | str:
    """What a folder builds, or what the program complains of."""
    try:
        done = subprocess.run([*tool, folder or "."], capture_output=True, text=True, timeout=_SECONDS, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        return str(error)
    if done.returncode:
        return done.stderr.strip().splitlines()[-1] if done.stderr.strip() else "it does not build"
    try:
        found = [data(root) for root in parse(done.stdout) if root is not None]
    except TextError as error:
        return error.message
    return {_identity(said): said for said in found if isinstance(said, dict)}


def _identity(said: Mapping[str, Any]) -> tuple[str, str, str]:
    meta = said.get("metadata") or {}
    return f"{said.get('apiVersion')} {said.get('kind')}", str(meta.get("namespace")), str(meta.get("name"))


def _difference(before: Objects, after: Objects, numbers: Collection[Numbered] = ()) -> str | None:
    """What is not as it was, but for containers that moved and the numbers of their ports; None where nothing is."""
    if before.keys() != after.keys():
        odd = sorted(before.keys() ^ after.keys())[0]
        return f"{odd[0]} {odd[2]} would appear or vanish"
    for key, was in before.items():
        now = after[key]
        if was == now:
            # Whatever it says, valid or not.
            continue
        was = renumbered(was, now, numbers)
        for path in paths_of(str(was.get("apiVersion")), str(was.get("kind"))):
            was, now = migrated(was, now, path.steps)
        if found := differences(_bare(was), _bare(now)):
            return f"{key[0]} {key[2]}: {', '.join(found[:3])}"
    return None


def migrated(was: dict[str, Any], now: dict[str, Any], steps: tuple[str, ...]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Both objects in a shape in which they are equal if `now` is `was` with containers moved behind the init containers."""
    old, new = pod_of(was, steps), pod_of(now, steps)
    if old is None or new is None or "*" in steps:
        return was, now
    left = {container.get("name") for container in new.get("containers") or []}
    gone = [container for container in old.get("containers") or [] if container.get("name") not in left]
    inits = list(old.get("initContainers") or [])
    planned = {
        "containers": {c.get("name"): c for c in old.get("containers") or [] if c.get("name") in left},
        "initContainers": [init.get("name") for init in inits],
        "init": {c.get("name"): c for c in inits},
        "moved": {c.get("name"): {**c, "restartPolicy": "Always"} for c in gone},
    }
    held = new.get("initContainers") or []
    found = {
        "containers": {c.get("name"): c for c in new.get("containers") or []},
        "initContainers": [init.get("name") for init in held[: len(inits)]],
        "init": {c.get("name"): c for c in held[: len(inits)]},
        "moved": {c.get("name"): c for c in held[len(inits) :]},
    }
    return _with(was, steps, planned), _with(now, steps, found)


def _with(said: dict[str, Any], steps: tuple[str, ...], lists: dict[str, Any]) -> dict[str, Any]:
    if not steps:
        return {**{key: value for key, value in said.items() if key not in _LISTS}, **lists}
    return {**said, steps[0]: _with(said[steps[0]], steps[1:], lists)}


def _bare(value: Any) -> Any:
    """The value without keys that say null."""
    if isinstance(value, dict):
        return {str(key): _bare(held) for key, held in value.items() if held is not None}
    return [_bare(item) for item in value] if isinstance(value, list) else value
