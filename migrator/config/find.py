"""Where the configuration lies: the first one from the folder that holds all paths up to the top of its git work tree."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence

from migrator.config.load import NAMES, PYPROJECT, speaks_of_us
from migrator.worktree import top


def common_folder(paths: Sequence[str]) -> str:
    """The deepest folder that holds all paths; the current one where they have nothing in common."""
    whole = [os.path.abspath(path) for path in paths]
    folders = [path if os.path.isdir(path) else os.path.dirname(path) for path in whole]
    try:
        return os.path.commonpath(folders) if folders else os.getcwd()
    except ValueError:
        # Paths on several drives.
        return os.getcwd()


def found(folder: str) -> str | None:
    """The file that counts for a folder, or None. Files are not merged: the nearest says all."""
    for place in _upwards(folder):
        for name in NAMES:
            path = os.path.relpath(os.path.join(place, name))
            if os.path.isfile(path) and (name != PYPROJECT or speaks_of_us(path)):
                return path
    return None


def _upwards(folder: str) -> Iterator[str]:
    """The folders from `folder` up to the top of the work tree; without one, up to the current folder if that is above."""
    here = os.getcwd()
    last = top(folder) or (here if os.path.commonpath([here, folder]) == here else folder)
    place = folder
    while True:
        yield place
        if place in (last, os.path.dirname(place)):
            return
        place = os.path.dirname(place)
