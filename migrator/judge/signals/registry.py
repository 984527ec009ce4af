"""The register of signals: each is declared once, under the name that rules use."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from migrator.judge.view import View

Signal = Callable[["View"], "str | None"]
SIGNALS: dict[str, Signal] = {}
_SEPARATORS = re.compile(r"[^a-z0-9]+")


def signal(name: str) -> Callable[[Signal], Signal]:
    """Declare a signal under the name that rules use."""

    def declare(function: Signal) -> Signal:
        SIGNALS[name] = function
        return function

    return declare


@lru_cache(maxsize=4096)
def plain(name: str) -> str:
    """A name in lower case, its words joined by dashes."""
    return _SEPARATORS.sub("-", name.lower()).strip("-")


def name_words(name: str) -> set[str]:
    """The words of a name."""
    return set(plain(name).split("-"))
