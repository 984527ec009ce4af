"""Kubernetes versions, and the ranges of them that something is true for."""

from __future__ import annotations

import re
from dataclasses import dataclass

Version = tuple[int, int, int]

#: The first version in which a sidecar container is on by default (KEP-753, beta).
FIRST_NATIVE: Version = (1, 29, 0)
_VERSION = re.compile(r"v?(\d{1,4})\.(\d{1,4})(?:\.(\d{1,4}))?\Z")


def version(text: str) -> Version:
    """`1.29`, `v1.29` or `1.29.4`; without a patch level it is the first one, 1.29.0. Raises ValueError."""
    found = _VERSION.match(text.strip())
    if not found:
        raise ValueError(f"`{text}` is no Kubernetes version such as 1.29 or 1.33.6")
    return int(found[1]), int(found[2]), int(found[3] or 0)


def version_text(value: Version) -> str:
    """(1, 29, 0) as `1.29`, (1, 33, 6) as `1.33.6`."""
    major, minor, patch = value
    return f"{major}.{minor}.{patch}" if patch else f"{major}.{minor}"


@dataclass(frozen=True)
class Versions:
    """A set of versions, as a list of ranges: from the first, up to but not including the second (None: no end)."""

    ranges: tuple[tuple[Version, Version | None], ...]
    text: str

    def __contains__(self, value: Version) -> bool:
        return any(value >= first and (end is None or value < end) for first, end in self.ranges)

    def lifted(self, value: Version) -> Version | None:
        """The next version that is in none of the ranges; None where there is none."""
        while value in self:
            ends = [end for first, end in self.ranges if value >= first and (end is None or value < end)]
            if None in ends:
                return None
            value = max(end for end in ends if end is not None)
        return value


def versions(text: str) -> Versions:
    """Ranges as people write them: ``, `<1.33`, `>=1.35`, `1.35.0-1.35.3`, several with commas. Raises ValueError.

    Empty is every version. The second of two with a dash is included, with all its patch levels if it names none.
    """
    if not text:
        return Versions((((0, 0, 0), None),), "all versions")
    return Versions(tuple(_range(part.strip()) for part in text.split(",")), text)


def _range(text: str) -> tuple[Version, Version | None]:
    if text.startswith("<"):
        return (0, 0, 0), version(text[1:])
    if text.startswith(">="):
        return version(text[2:]), None
    first, dash, last = text.partition("-")
    if not dash:
        raise ValueError(f"`{text}` is no range of versions such as <1.33 or 1.35.0-1.35.3")
    major, minor, patch = version(last)
    return version(first), (major, minor, patch + 1) if last.count(".") == 2 else (major, minor + 1, 0)
