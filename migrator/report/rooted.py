"""Paths as a CI system shows them: from the root of its checkout, also where the command was started in a folder below."""

from __future__ import annotations

import os
from pathlib import PurePath


def rooted(path: str, variable: str) -> str:
    """`path`, told from the working directory, as it is told from the folder that the environment variable names.

    Unchanged where the variable is not set, or does not name a folder around the file.
    """
    root = os.environ.get(variable)
    if not root:
        return path
    told = os.path.relpath(os.path.abspath(path), os.path.abspath(root))
    return path if told.split(os.sep)[0] == os.pardir or os.path.isabs(told) else PurePath(told).as_posix()
