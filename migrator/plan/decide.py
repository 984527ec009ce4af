"""From verdicts to decisions: which containers move, where to, and for the others why not."""

from __future__ import annotations

from collections.abc import Sequence

from migrator.judge.view import PodView, View
from migrator.judge.weights import WEIGHTS
from migrator.links import Links
from migrator.model import Action, Decision, Hazard, Move, Site, Verdict
from migrator.plan.case import Case
from migrator.plan.choice import choice
from migrator.plan.hazards import hazards
from migrator.plan.placement import ordered
from migrator.settings import Settings

Found = dict[str, tuple[Hazard, ...]]


def decide(site: Site, verdicts: Sequence[Verdict], settings: Settings, links: Links) -> tuple[Decision, ...]:
    """A decision for each container of the site, in the order of `containers`."""
    views = PodView(site.pod, site.workload, links).views
    judged = dict(zip((view.name for view in views), verdicts, strict=True))
    chosen = {view.name: choice(view.container, judged[view.name], settings) for view in views}
    wanted = {name: _wanted(verdict, settings) if chosen[name] is None else "keep" for name, verdict in judged.items()}
    if not site.supported:
        return tuple(Decision(v.container, judged[v.name], "keep", reason=site.refusal) for v in views)
    candidates = [view for view in views if wanted[view.name] != "keep"]
    found, moving = _settle(site, views, candidates, judged, wanted, settings, links)
    if site.refusal:
        moving = ()
    first = len(site.pod.init_containers)
    positions = {view.name: first + n for n, view in enumerate(moving)}
    return tuple(
        Decision(view.container, judged[view.name], "keep", reason=chosen[view.name])
        if chosen[view.name]
        else _decision(view, judged[view.name], wanted[view.name], found, positions, site.refusal)
        for view in views
    )


def moves(decisions: Sequence[Decision]) -> tuple[Move, ...]:
    """The moves among the decisions, in the order of their new positions."""
    made = [Move(d.container.name, d.container.index, d.position) for d in decisions if d.position is not None]
    return tuple(sorted(made, key=lambda move: move.position))


def _wanted(verdict: Verdict, settings: Settings) -> Action:
    if verdict.role != "sidecar" or verdict.confidence < settings.review_from:
        return "keep"
    return "migrate" if verdict.confidence >= settings.migrate_from else "review"


def _settle(
    site: Site,
    views: Sequence[View],
    candidates: list[View],
    judged: dict[str, Verdict],
    wanted: dict[str, Action],
    settings: Settings,
    links: Links,
) -> tuple[Found, tuple[View, ...]]:
    """Hazards and the containers that move in their order.

    A container that may not move stays, and what stays starts later than what moves: so look again until
    nothing changes. Each round can only take containers out, and what takes one out is what is said of it.
    """
    found: Found = {}
    stopped: list[View] = []
    moving = [view for view in candidates if settings.unsafe or wanted[view.name] == "migrate"]
    while True:
        order = ordered([(view, judged[view.name].purpose) for view in moving])
        for view in (v for v in candidates if v not in stopped):
            staying = tuple(other for other in views if other not in order and other is not view)
            found[view.name] = hazards(
                Case(view, judged[view.name], staying, view.neighbours, site.workload, settings.target, links)
            )
        now = [view for view in moving if _stops(found[view.name], settings.unsafe)]
        if not now:
            return _with_main(found, views, order, judged)
        stopped += now
        moving = [view for view in moving if view not in now]


def _stops(found: tuple[Hazard, ...], unsafe: bool) -> bool:
    return any(hazard.severity == "block" and (hazard.certain or not unsafe) for hazard in found)


def _with_main(
    found: Found, views: Sequence[View], order: tuple[View, ...], judged: dict[str, Verdict]
) -> tuple[Found, tuple[View, ...]]:
    """Nothing moves where no container would be left that can be the main one (API: `containers` is required)."""
    left = [view for view in views if view not in order]
    if not order or any(judged[view.name].role not in ("one-shot", "sidecar") for view in left):
        return found, order
    for view in order:
        hazard = Hazard(
            "no-main-left",
            "block",
            "no container would be left in `containers` that can be the main one",
            view.container.line,
            "say which container is the main one",
            certain=True,
        )
        found[view.name] = (hazard, *found[view.name])
    return found, ()


def _decision(
    view: View, verdict: Verdict, wanted: Action, found: Found, positions: dict[str, int], refusal: str | None
) -> Decision:
    held = found.get(view.name, ())
    position = positions.get(view.name)
    if wanted == "keep":
        return Decision(view.container, verdict, "keep", (), None, _why_kept(verdict))
    blocked = next((hazard.message for hazard in held if hazard.severity == "block"), None)
    reason = refusal or blocked
    if wanted == "review" and reason is None:
        reason = f"not sure enough ({verdict.confidence:.0%})"
    action: Action = "review" if reason else "migrate"
    return Decision(view.container, verdict, action, held, position, reason if position is None else None)


def _why_kept(verdict: Verdict) -> str:
    """The words for a container that stays because of what it is: what decided, not what merely hints at it."""
    against = next((item.message for item in verdict.evidence if item.weight <= -WEIGHTS["fair"]), None)
    title, colon, seen = (against or "").partition(": ")
    told = f"{title} ({seen})" if colon else title
    if verdict.role == "unknown":
        return "which container is the main one cannot be told"
    if verdict.role == "main":
        return f"the main container: {told}" if told else "the main container: no other can be it"
    if verdict.role == "one-shot":
        return f"does its work once and ends: {told}"
    return f"stays: {told}" if told else "stays: nothing shows that it helps another"
