"""What one place in a project file says of a distribution."""

from __future__ import annotations

import re
from collections.abc import Callable, Set
from dataclasses import dataclass
from functools import lru_cache

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from migrator.sources.python.libraries.pins.bounds import Bounds, specifier

#: No requirement that people write is longer.
_LONGEST = 2000
_LEADING_NAME = re.compile(r"\s*([A-Za-z0-9][A-Za-z0-9._-]*)")


@dataclass(frozen=True)
class Said:
    """`text` is as written, `name` as PEP 503 has it. Where it cannot be read, `problem` says why and the bounds are free."""

    name: str
    bounds: Bounds
    text: str
    path: str
    line: int
    problem: str = ""


class Unreadable(Exception):
    """A file that is not what its name says."""


@dataclass(frozen=True)
class ProjectFile:
    """One file; `wanted` are the names of the distributions that matter (as PEP 503 has them)."""

    path: str
    text: str
    wanted: Set[str]

    def requirement(self, text: str, line: int | None = None) -> Said | None:
        """What a requirement of PEP 508 says; None where it is of no distribution that matters."""
        leading = _LEADING_NAME.match(text)
        if not leading or canonicalize_name(leading[1]) not in self.wanted:
            return None
        return self.said(leading[1], text, lambda whole: _specified(whole), line)

    def said(self, name: str, text: str, read: Callable[[str], Bounds], line: int | None = None) -> Said | None:
        """What is written of a distribution by a name of its own."""
        canonical = canonicalize_name(name)
        if canonical not in self.wanted:
            return None
        at = line or self.line_of(text, name)
        try:
            if len(text) > _LONGEST:
                raise ValueError("too long")
            return Said(canonical, read(text), text.strip(), self.path, at)
        except ValueError:
            return Said(canonical, Bounds(), text.strip(), self.path, at, f"`{text.strip()[:80]}` names no version")

    def line_of(self, text: str, name: str) -> int:
        """The line on which a text stands, or else the first with the name of the distribution."""
        named = _named(name)
        lines = self.text.split("\n")
        both = (n for n, line in enumerate(lines, 1) if text in line and named.search(line))
        alone = (n for n, line in enumerate(lines, 1) if named.search(line))
        return next(both, None) or next(alone, None) or 1


def mentions(text: str, name: str) -> bool:
    """Whether the name of a distribution stands anywhere in a text."""
    return _named(name).search(text) is not None


@lru_cache(maxsize=64)
def _named(name: str) -> re.Pattern[str]:
    parts = "[-_.]".join(map(re.escape, re.split(r"[-_.]+", name)))
    return re.compile(rf"(?<![\w.-]){parts}(?![\w.-])", re.I)


def _specified(text: str) -> Bounds:
    """The bounds of a requirement of PEP 508. Raises ValueError, also where it is an address."""
    requirement = Requirement(text)
    if requirement.url:
        raise ValueError("an address")
    return specifier(str(requirement.specifier))
