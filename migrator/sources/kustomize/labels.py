"""Label selectors: `app=web,tier in (front, back),!legacy`, for labels and for annotations.

Source: `labels.Parse` and `Requirement.Matches` of Kubernetes, which kyaml has a copy of.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

from migrator.sources.kustomize.jsonpatch import PatchError

_WORD = r"[^\s=!(),<>]+"
_TERM = re.compile(
    rf"\s*(?:!\s*(?P<lacks>{_WORD})"
    rf"|(?P<key>{_WORD})(?:\s*(?P<sign>==|=|!=|<|>)\s*(?P<value>{_WORD})?|\s+(?P<set>in|notin)\s*\((?P<values>[^()]*)\))?"
    r")\s*(?P<end>,|\Z)"
)
_NAME = r"[A-Za-z0-9](?:[-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?"
_VALUE = re.compile(rf"(?:{_NAME})?\Z")
_KEY = re.compile(rf"(?:[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*/)?{_NAME}\Z")
_INTEGER = re.compile(r"[-+]?[0-9]{1,18}\Z")


class Term(NamedTuple):
    """One requirement: the label `key` is there with one of the `values` (`in`), is not (`notin`), or is above or below."""

    key: str
    sign: str
    values: frozenset[str]


def selects(selector: str | None, labels: Mapping[str, str]) -> bool:
    """Whether the labels meet every requirement. Raises `PatchError` where the selector is none."""
    return all(_meets(labels.get(term.key), term) for term in terms(selector or ""))


@lru_cache(maxsize=256)
def terms(selector: str) -> tuple[Term, ...]:
    """The requirements of a selector. Raises `PatchError`."""
    found: list[Term] = []
    at, more = 0, bool(selector.strip())
    while more:
        term = _TERM.match(selector, at)
        if term is None:
            raise PatchError(f"`{selector}` is no label selector")
        found.append(_term(term, selector))
        at, more = term.end(), term["end"] == ","
    return tuple(found)


def _term(found: re.Match[str], selector: str) -> Term:
    key, values = found["key"] or found["lacks"], frozenset[str]()
    sign = {"=": "in", "==": "in", "!=": "notin", None: "exists"}.get(found["sign"], found["sign"])
    if found["lacks"]:
        sign = "lacks"
    elif found["set"]:
        sign, values = found["set"], frozenset(value.strip() for value in found["values"].split(","))
    elif found["sign"]:
        values = frozenset((found["value"] or "",))
    if not _KEY.match(key) or not all(map(_VALUE.match, values)) or (sign in "<>" and not all(map(_INTEGER.match, values))):
        raise PatchError(f"`{selector}` is no label selector")
    return Term(key, sign, values)


def _meets(value: str | None, term: Term) -> bool:
    if value is None:
        return term.sign in ("notin", "lacks")
    if term.sign in ("<", ">"):
        (bound,) = term.values
        if not _INTEGER.match(value):
            return False
        return int(value) < int(bound) if term.sign == "<" else int(value) > int(bound)
    return {"in": value in term.values, "notin": value not in term.values}.get(term.sign, term.sign == "exists")
