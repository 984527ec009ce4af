"""The files near a Python file that say which versions of its libraries a project works with."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache

from migrator.sources.python.libraries.clients import Pins, pinned, says_versions

#: Folders beside a program in which such files lie.
_FOLDERS = ("requirements", "reqs", "constraints")
#: Longer lock files are there, but not many.
_MOST = 20 * 1024 * 1024


def pins(paths: Sequence[str], read: Callable[[str], bytes]) -> dict[str, Pins]:
    """For each Python file what the files in its folder and those above it say, up to the top of its git work tree.

    The places that they name are reported from the directory the command was started in.
    """
    texts: dict[str, str] = {}
    found: dict[str, Pins] = {}
    for path in paths:
        near: dict[str, str] = {}
        for name in (name for folder in _upwards(os.path.abspath(path)) for name in _saying(folder)):
            if name not in texts:
                texts[name] = _text(name, read)
            near[name.replace(os.sep, "/")] = texts[name]
        found[path] = pinned(near, os.path.abspath(path).replace(os.sep, "/"))
    return found


def _upwards(path: str) -> Iterator[str]:
    """The folders around a file, up to that with `.git`."""
    folder = os.path.dirname(path)
    while True:
        yield folder
        if os.path.exists(os.path.join(folder, ".git")) or os.path.dirname(folder) == folder:
            return
        folder = os.path.dirname(folder)


@lru_cache(maxsize=4096)
def _saying(folder: str) -> tuple[str, ...]:
    """The files of a folder, and of those for requirements in it, that may say a version."""
    found: list[str] = []
    for place in (folder, *(os.path.join(folder, name) for name in _FOLDERS)):
        try:
            names = sorted(os.listdir(place))
        except OSError:
            continue
        found += [path for name in names if says_versions(path := os.path.join(place, name)) and os.path.isfile(path)]
    return tuple(found)


def _text(path: str, read: Callable[[str], bytes]) -> str:
    try:
        return read(path)[:_MOST].decode(errors="replace")
    except OSError:
        return ""
