"""The versions that a requirement admits, as pip, Poetry and conda write them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from packaging.specifiers import Specifier, SpecifierSet
from packaging.version import Version

_OPERATOR = re.compile(r"(===|==|!=|<=|>=|~=|[<>=^~])?\s*v?(.*)\Z", re.S)


@dataclass(frozen=True)
class Bounds:
    """From `lowest` on (None: no lower bound), up to `highest` (None: none), which is within it where `closed`.

    `exact` is one version alone.
    """

    lowest: Version | None = None
    highest: Version | None = None
    closed: bool = False
    exact: bool = False

    @property
    def free(self) -> bool:
        """Whether they say nothing."""
        return self.lowest is None and self.highest is None

    def below(self, version: Version) -> bool:
        """Whether every version is lower than this one."""
        return self.highest is not None and (self.highest < version or (self.highest == version and not self.closed))


def exactly(text: str) -> Bounds:
    """One version. Raises ValueError."""
    version = Version(text)
    return Bounds(version, version, closed=True, exact=True)


def specifier(text: str) -> Bounds:
    """Specifiers of PEP 440: `>=28,<30`, `~=26.1`, `==28.*`, or nothing. Raises ValueError."""
    return _all(_one(each) for each in SpecifierSet(text.strip()))


def poetry(text: str) -> Bounds:
    """Poetry's and PDM's manner: `^28.1`, `~28.1`, `28.*`, `28.1` for exactly that, `>=26 || ^30`. Raises ValueError."""
    return _union(_all(_loose(part) for part in _parts(each)) for each in text.split("|") if each.strip())


def conda(text: str) -> Bounds:
    """Conda's manner: `=28.1` for 28.1 and all below it, `28.1.*`, `>=28,<30`, a build behind the version. Raises ValueError."""
    return _union(_all(_fuzzy(part) for part in each.split(",")) for each in text.split("|") if each.strip())


def _one(one: Specifier) -> Bounds:
    wild = one.version.endswith(".*")
    version = Version(one.version.removesuffix(".*"))
    if one.operator in ("==", "===") and not wild:
        return Bounds(version, version, closed=True, exact=True)
    if one.operator == "==":
        return Bounds(version, _next(version, len(version.release) - 1))
    if one.operator == "~=":
        return Bounds(version, _next(version, len(version.release) - 2))
    if one.operator in (">=", ">"):
        return Bounds(version)
    if one.operator in ("<", "<="):
        return Bounds(None, version, closed=one.operator == "<=")
    return Bounds()


def _loose(part: str) -> Bounds:
    found = _OPERATOR.match(part)
    operator, version = (found[1], found[2].strip()) if found else (None, part)
    if version in ("*", ""):
        return Bounds()
    if operator in (None, "=") and version.endswith(".*"):
        return specifier(f"=={version}")
    if operator in (None, "="):
        return exactly(version)
    if operator in ("^", "~"):
        lowest = Version(version)
        # Poetry's caret keeps the first number that is not 0, its tilde the first two.
        kept = next((i for i, number in enumerate(lowest.release) if number), len(lowest.release) - 1)
        return Bounds(lowest, _next(lowest, kept if operator == "^" else min(1, len(lowest.release) - 1)))
    return specifier(f"{operator}{version}")


def _parts(text: str) -> list[str]:
    """The specifiers between commas or blanks: `>=26 <30`, `>= 26, < 30`."""
    return [part for part in re.sub(r"([<>=^~!])\s+", r"\1", text).replace(",", " ").split(" ") if part]


def _fuzzy(part: str) -> Bounds:
    text = part.strip()
    if text.startswith("=") and not text.startswith("=="):
        version = text[1:].partition("=")[0].strip().removesuffix("*").removesuffix(".")
        return specifier(f"=={version}.*") if version else Bounds()
    if text[:1].isdigit():
        version, _, _ = text.replace("=", " ").partition(" ")
        return specifier(f"=={version}")
    return Bounds() if text in ("*", "") else specifier(text)


def _next(version: Version, at: int) -> Version:
    """The version in which the number at this place is one higher and all behind it are gone."""
    at = max(at, 0)
    numbers = (*version.release[:at], version.release[at] + 1)
    return Version(f"{version.epoch}!{'.'.join(map(str, numbers))}")


def _all(found: Iterable[Bounds]) -> Bounds:
    """What all of them admit."""
    made = Bounds()
    for one in found:
        lowest = max((each for each in (made.lowest, one.lowest) if each), default=None)
        highest, opened = min(((each.highest, each.closed) for each in (made, one) if each.highest), default=(None, False))
        made = Bounds(lowest, highest, opened, made.exact or one.exact)
    return made


def _union(found: Iterable[Bounds]) -> Bounds:
    """What any of them admits."""
    ones = list(found)
    if len(ones) == 1:
        return ones[0]
    lows = [one.lowest for one in ones]
    highs = [(one.highest, one.closed) for one in ones if one.highest]
    highest, closed = max(highs) if highs and len(highs) == len(ones) else (None, False)
    lowest = min((low for low in lows if low), default=None) if None not in lows else None
    return Bounds(lowest, highest, closed)
