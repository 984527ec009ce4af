"""Queries of kube-state-metrics for a container: in rules of Prometheus, dashboards of Grafana, wherever they stand.

The series of regular containers and of init containers are two families. A query of the former for one container, or an
alert on the state of all of them, loses a container that moves, unless it asks for the latter beside it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from migrator.references import Pods, Reference
from migrator.sources.facts.reader import Reader, Text

_FAMILY = "kube_pod_container_"
_QUERY = re.compile(r"(?<![\w:])kube_pod_container_(\w+)(?![\w:])\s*(\{[^{}]{0,2000}\})?")
_MATCHER = re.compile(r"""(\w+)\s*(=~|=|!=|!~)\s*(?:\\+["']|''|["'`])([^"'`]*?)(?:\\+["']|''|["'`])""")
_RULE = re.compile(r"""(?m)^[ \t]*(?:-[ \t]+)?["']?(alert|record)["']?[ \t]*:[ \t]*["']?([^"'\n]+?)["']?[ \t]*$""")
_ALERTED = re.compile(r"status_(?:waiting|restarts_total|terminated|last_terminated|ready|running)")
_GLOB = re.compile(r"[\w-]*(?:\.[*+])?[\w-]*\Z")
_DASHBOARD = re.compile(r"""["']?(?:panels|schemaVersion)["']?\s*:""")
_WORDS = {"alert": "alert", "record": "rule"}
#: How far the other half of a query may be, and the name of the alert it belongs to.
_NEAR = 500
_RULE_LENGTH = 1500
#: A comment begins not further before what it hides.
_LINE = 2000


def _read(text: Text) -> Iterator[Reference]:
    told: set[tuple[int, str]] = set()
    otherwise = "a dashboard" if _DASHBOARD.search(text.piece) else "a query"
    for query in _QUERY.finditer(text.piece):
        line = text.line(query.start())
        if _commented(text.piece, query.start()) or _asks_both(text.piece, query):
            continue
        matchers = [found.groups() for found in _MATCHER.finditer(query[2] or "")]
        pods = Pods(_globs(matchers, "namespace"), names=_globs(matchers, "pod"))
        containers = _globs(matchers, "container")
        what = _rule(text.piece, query.start()) or otherwise
        if any(label == "container" for label, _, _ in matchers):
            for name in containers:
                if (line, name) not in told and name.strip("*"):
                    told.add((line, name))
                    yield Reference(text.path, line, "state-metric", what, pods, name, _FAMILY + query[1])
        elif _ALERTED.match(query[1]) and what.startswith("the alert") and (line, "") not in told:
            told.add((line, ""))
            yield Reference(text.path, line, "state-alert", what, pods, "", _FAMILY + query[1])


def _commented(piece: str, at: int) -> bool:
    begin = max(0, at - _LINE)
    return piece[max(begin, piece.rfind("\n", begin, at) + 1) : at].lstrip().startswith("#")


def _asks_both(piece: str, query: re.Match[str]) -> bool:
    """Whether init containers are asked for the same beside it."""
    return f"kube_pod_init_container_{query[1]}" in piece[max(0, query.start() - _NEAR) : query.end() + _NEAR]


def _globs(matchers: list[tuple[str, ...]], label: str) -> tuple[str, ...]:
    """The values that a label may have, as globs; empty where anything may be, or where it is not understood."""
    found: list[str] = []
    for name, operator, value in matchers:
        if name != label or operator not in ("=", "=~"):
            continue
        values = value.removeprefix("(").removesuffix(")").split("|") if operator == "=~" else [value]
        if not all(_GLOB.match(one) for one in values):
            return ()
        found += [one.replace(".*", "*").replace(".+", "*") for one in values]
    return tuple(held for held in found if held)


def _rule(piece: str, at: int) -> str:
    """The alert or recording rule that the query belongs to, in words; empty where it belongs to none."""
    rules = _RULE.findall(piece, max(0, at - _RULE_LENGTH), at)
    return f"the {_WORDS[rules[-1][0]]} `{rules[-1][1]}`" if rules else ""


READER = Reader((_FAMILY,), _read)
