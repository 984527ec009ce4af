"""What git knows of a folder. Git is asked by its command, and only where there is one."""

from __future__ import annotations

import os


def top(folder: str) -> str | None:
    """The folder of the git work tree around a folder, None where there is none."""
    place = os.path.abspath(folder)
    while not os.path.exists(os.path.join(place, ".git")):
        if os.path.dirname(place) == place:
            return None
        place = os.path.dirname(place)
    return place
