"""From evidence to roles: each container on its own first, then the pod as a whole.

A pod has a main container. Where that cannot be told from the helpers, nobody is taken for a helper.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from migrator.judge.rules import Catalogue, Clue, Rule
from migrator.judge.signals import SIGNALS
from migrator.judge.view import PodView, View
from migrator.judge.weights import ECHO, PRIOR, REVIEW, WEIGHTS, probability
from migrator.links import Links
from migrator.model import Evidence, PodSpec, Role, Verdict, Workload

#: By how much the least helper-like of several helpers must differ from the next to be the main one.
_MARGIN = WEIGHTS["fair"]


def judge(pod: PodSpec, workload: Workload, rules: Catalogue, links: Links | None = None) -> tuple[Verdict, ...]:
    """A verdict for each container, in the order of `containers`."""
    views = PodView(pod, workload, links).views
    return _as_a_pod([_alone(view, rules) for view in views], views)


def evidence(view: View, rules: Catalogue) -> list[tuple[Rule, Evidence]]:
    """What each rule that matches has to say, strongest first."""
    found = []
    for rule in rules.about(view):
        seen = [hit for clue in rule.clues if (hit := see(view, clue))]
        if seen:
            weight, message, line = max(seen, key=lambda hit: abs(hit[0]))
            subject = f"{rule.title}: " if rule.purpose else ""
            found.append((rule, Evidence(rule.id, round(weight, 2), subject + message, line)))
    return sorted(found, key=lambda pair: (-abs(pair[1].weight), pair[1].rule))


def see(view: View, clue: Clue) -> tuple[float, str, int] | None:
    """The clue's weight, what was seen and its line, or None where it does not match."""
    said: list[str] = []
    keys: list[str] = []
    for key, look in clue.match:
        hit = look(view)
        if hit is None:
            return None
        said.append(hit)
        keys.append(_FIELDS.get(key, key))
    for name in clue.signals:
        hit = _signal(view, name)
        if hit is None:
            return None
        said.append(hit)
    if any(_signal(view, name) for name in clue.lacks):
        return None
    return clue.weight, " and ".join(word for word in said if word), view.container.line_of(*keys)


def _signal(view: View, name: str) -> str | None:
    """What a signal says, looked at once for all rules."""
    if name not in view.said:
        view.said[name] = SIGNALS[name](view)
    return view.said[name]


#: The field of a Container that shows what a clue key looked at, where their names differ.
_FIELDS = {"binary": "command", "mount": "volumeMounts", "volume": "volumeMounts", "port": "ports", "probe": "livenessProbe"}


class _Lone:
    """What a container looks like before its neighbours have had their say."""

    def __init__(self, found: list[tuple[Rule, Evidence]]) -> None:
        self.found = [(rule, replace(item, weight=weight)) for (rule, item), weight in zip(found, _weights(found), strict=True)]
        self.score = PRIOR + sum(item.weight for _, item in self.found)
        self.purpose = next((r.purpose for r, e in self.found if e.weight > 0 and r.purpose), None)

    def weight(self, role: str) -> float:
        return -sum(item.weight for rule, item in self.found if rule.role == role)

    @property
    def helps(self) -> bool:
        """Likelier a sidecar than not, and not by mere hints."""
        return probability(self.score) >= REVIEW and any(item.weight >= WEIGHTS["fair"] for _, item in self.found)


def _weights(found: list[tuple[Rule, Evidence]]) -> list[float]:
    """Each weight, lessened where a stronger rule of the same purpose has said it already."""
    said: set[str] = set()
    weights = []
    for rule, item in found:
        weights.append(round(item.weight * ECHO, 2) if rule.purpose in said else item.weight)
        if rule.purpose:
            said.add(rule.purpose)
    return weights


def _alone(view: View, rules: Catalogue) -> _Lone:
    found = evidence(view, rules)
    said = view.container.directive
    if said and said.word in _SAID:
        words = f"its author says so: `sidecar-migrate: {said.word}`" + (f" ({said.reason})" if said.reason else "")
        rule, weight = _SAID[said.word]
        found.insert(0, (rule, Evidence(rule.id, weight, words, said.line)))
    return _Lone(found)


#: The user's word outweighs all evidence there can be.
_FINAL = 100.0
_SAID = {
    "sidecar": (Rule("said-sidecar", "Said to be a sidecar", None, "sidecar", ()), _FINAL),
    "main": (Rule("said-main", "Said to be the main container", None, "main", ()), -_FINAL),
}


def _as_a_pod(lone: list[_Lone], views: Sequence[View]) -> tuple[Verdict, ...]:
    helpers = [n for n, one in enumerate(lone) if one.helps]
    doubt = ""
    if len(helpers) == len(lone):
        ranked = sorted(helpers, key=lambda n: lone[n].score)
        if len(ranked) > 1 and lone[ranked[1]].score - lone[ranked[0]].score >= _MARGIN:
            helpers.remove(ranked[0])
        else:
            doubt = "which container is the main one cannot be told"
            helpers = []
    roles = _roles(lone, helpers, bool(doubt))
    verdicts = []
    for one, role, view in zip(lone, roles, views, strict=True):
        items = tuple(item for _, item in one.found)
        if doubt:
            items = (Evidence("no-main", -WEIGHTS["decisive"], doubt, view.container.line), *items)
        confidence = probability(one.score)
        if role != "sidecar":
            confidence = min(confidence, 1 - REVIEW - 0.01)
        verdicts.append(Verdict(role, one.purpose if role == "sidecar" else None, round(confidence, 4), items))
    return tuple(verdicts)


def _roles(lone: list[_Lone], helpers: list[int], doubt: bool) -> list[Role]:
    roles: list[Role] = ["sidecar" if n in helpers else "unknown" for n in range(len(lone))]
    if doubt:
        return roles
    others = [n for n in range(len(lone)) if n not in helpers]
    for n in others:
        if lone[n].weight("one-shot") >= WEIGHTS["fair"] and len(others) > 1:
            roles[n] = "one-shot"
    left = [n for n in others if roles[n] == "unknown"]
    ranked = sorted(left, key=lambda n: lone[n].weight("peer") - lone[n].weight("main"))
    equal = len(ranked) > 1 and _rank(lone[ranked[0]]) == _rank(lone[ranked[1]])
    for place, n in enumerate(ranked):
        roles[n] = "main" if place == 0 and not equal else "peer"
    return roles


def _rank(one: _Lone) -> float:
    return one.weight("peer") - one.weight("main")
