"""The evidence on each container, and with it the verdicts on a pod."""

from __future__ import annotations

from migrator.judge.roles import Lone, as_a_pod
from migrator.judge.rules import Catalogue, Clue, Rule
from migrator.judge.signals import SIGNALS
from migrator.judge.view import PodView, View
from migrator.links import Links
from migrator.model import Evidence, PodSpec, Verdict, Workload


def judge(pod: PodSpec, workload: Workload, rules: Catalogue, links: Links | None = None) -> tuple[Verdict, ...]:
    """A verdict for each container, in the order of `containers`."""
    return as_a_pod([_alone(view, rules) for view in PodView(pod, workload, links).views])


def evidence(view: View, rules: Catalogue) -> list[tuple[Rule, Evidence]]:
    """What each rule that matches has to say, strongest first."""
    found = []
    for rule, clues in rules.about(view).values():
        seen = [hit for clue in clues if (hit := see(view, clue))]
        if seen:
            weight, message, line = max(seen, key=lambda hit: abs(hit[0]))
            subject = f"{rule.title}: " if rule.purpose else ""
            found.append((rule, Evidence(rule.id, round(weight, 2), subject + message, line)))
    return sorted(found, key=lambda pair: (-abs(pair[1].weight), pair[1].rule))


def see(view: View, clue: Clue) -> tuple[float, str, int] | None:
    """The clue's weight, what was seen and its line, or None where it does not match."""
    if len(clue.match) == 1 and clue.match[0][0] == "image" and _signal(view, "all-same-image"):
        # An image that all containers run does not tell them apart.
        return None
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
    return clue.weight, " and ".join(" ".join(word.split()) for word in said if word), view.container.line_of(*keys)


def _signal(view: View, name: str) -> str | None:
    """What a signal says, looked at once for all rules."""
    if name not in view.said:
        view.said[name] = SIGNALS[name](view)
    return view.said[name]


#: The field of a Container that shows what a clue key looked at, where their names differ.
_FIELDS = {"binary": "command", "mount": "volumeMounts", "volume": "volumeMounts", "port": "ports", "probe": "livenessProbe"}


def _alone(view: View, rules: Catalogue) -> Lone:
    found = evidence(view, rules)
    said = view.container.directive
    if said and said.word in _SAID:
        words = f"its author says so: `sidecar-migrate: {said.word}`" + (f" ({said.reason})" if said.reason else "")
        rule, weight = _SAID[said.word]
        found.insert(0, (rule, Evidence(rule.id, weight, words, said.line)))
    elif view.container.main_as:
        rule, weight = _SAID["main"]
        found.insert(0, (rule, Evidence(rule.id, weight, view.container.main_as, view.container.line)))
    return Lone(found)


#: The user's word outweighs all evidence there can be.
_FINAL = 100.0
_SAID = {
    "sidecar": (Rule("said-sidecar", "Said to be a sidecar", None, "sidecar", ()), _FINAL),
    "main": (Rule("said-main", "Said to be the main container", None, "main", ()), -_FINAL),
}
