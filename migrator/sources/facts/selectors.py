"""Label selectors of all kinds, as requirements: what is not understood is left out, and may be anything."""

from __future__ import annotations

import re

from migrator.references import Requirement
from migrator.sources.facts.reader import entries, pairs, word, words
from migrator.text.tree import Node

#: Cilium says where a label comes from.
_SOURCE = re.compile(r"\A(?:k8s|any)[:.]")
_EQUAL = re.compile(r"([\w./-]+)\s*(==|!=)\s*[\"']([^\"']*)[\"']\Z")
_IN = re.compile(r"([\w./-]+)\s+(not in|in)\s*\{([^}]*)\}\Z")
_HAS = re.compile(r"(!?)\s*has\(([\w./-]+)\)\Z")


def label_selector(node: Node | None) -> tuple[Requirement, ...]:
    """A `LabelSelector`: matchLabels and matchExpressions."""
    equal = [Requirement(_key(key), "In", (value,)) for key, value in pairs(node, "matchLabels")]
    terms = [(word(term, "key"), word(term, "operator"), words(term, "values")) for term in entries(node, "matchExpressions")]
    known = [Requirement(_key(key), operator, values) for key, operator, values in terms if operator in _OPERATORS]
    return (*equal, *known)


_OPERATORS = ("In", "NotIn", "Exists", "DoesNotExist")


def _key(key: str) -> str:
    return _SOURCE.sub("", key)


def expression(text: str) -> tuple[Requirement, ...]:
    """A Calico selector: terms joined by `&&`. One with alternatives or brackets says nothing here."""
    if "||" in text or text.lstrip().startswith("("):
        return ()
    return tuple(term for part in text.split("&&") if (term := _term(part.strip())) is not None)


def _term(text: str) -> Requirement | None:
    if found := _EQUAL.match(text):
        return Requirement(found[1], "In" if found[2] == "==" else "NotIn", (found[3],))
    if found := _IN.match(text):
        values = tuple(value.strip().strip("\"'") for value in found[3].split(","))
        return Requirement(found[1], "In" if found[2] == "in" else "NotIn", values)
    if found := _HAS.match(text):
        return Requirement(found[2], "DoesNotExist" if found[1] else "Exists")
    return None
