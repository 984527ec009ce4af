"""From verdicts to decisions: which containers move, where to, and for the others why not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from migrator.judge.view import PodView, View
from migrator.judge.weights import WEIGHTS
from migrator.links import Links
from migrator.model import Action, Decision, Hazard, Move, Site, Verdict
from migrator.plan.case import Case
from migrator.plan.choice import choice
from migrator.plan.hazards import hazards
from migrator.plan.placement import Placed, placed
from migrator.plan.quits import QuitHack, hacks
from migrator.plan.steady import why_it_ends
from migrator.settings import Settings

Found = dict[str, tuple[Hazard, ...]]


def decide(site: Site, verdicts: Sequence[Verdict], settings: Settings, links: Links) -> tuple[Decision, ...]:
    """A decision for each container of the site, in the order of `containers`."""
    views = PodView(site.pod, site.workload, links).views
    judged = dict(zip((view.name for view in views), verdicts, strict=True))
    chosen = {
        view.name: choice(view.container, judged[view.name], settings, links.leaves(site.workload, view.name)) for view in views
    }
    wanted = {name: _wanted(verdict, settings) if chosen[name] is None else "keep" for name, verdict in judged.items()}
    candidates = tuple(view for view in views if wanted[view.name] != "keep")
    settled = (
        _Settling(site.supported, views, candidates, judged, wanted, settings, links).settled() if candidates else _Settled()
    )
    if not site.supported:
        return tuple(
            Decision(v.container, judged[v.name], "keep", settled.found.get(v.name, ()), None, site.refusal) for v in views
        )
    moved = {} if site.refusal else {entry.name: entry for entry in settled.order if entry.moved}
    return tuple(
        Decision(view.container, judged[view.name], "keep", reason=chosen[view.name])
        if chosen[view.name]
        else _decision(view, judged[view.name], wanted[view.name], settled.found, moved, site.refusal)
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


@dataclass(frozen=True)
class _Settled:
    """The hazards found, and the init containers as they will be."""

    found: Found = field(default_factory=dict)
    order: tuple[Placed, ...] = ()


@dataclass(frozen=True)
class _Settling:
    """Finds the containers of one pod that move in their order, and the hazards."""

    supported: bool
    views: tuple[View, ...]
    candidates: tuple[View, ...]
    judged: dict[str, Verdict]
    wanted: dict[str, Action]
    settings: Settings
    links: Links

    def settled(self) -> _Settled:
        """A container that may not move stays, and what stays starts later than what moves: so look again until nothing
        changes. Each round can only take containers out, and what takes one out is what is said of it.
        """
        found: Found = {}
        unsafe = self.settings.unsafe
        told = hacks(self.views[0].of)
        stopped: list[View] = []
        moving = [
            view for view in self.candidates if not view.container.fixed and (unsafe or self.wanted[view.name] == "migrate")
        ]
        while True:
            for view in (v for v in self.candidates if v not in stopped):
                found[view.name] = hazards(self._case(view, moving, told))
            now = [view for view in moving if _stops(found[view.name], unsafe)]
            if not now:
                return _Settled(found, self._order(moving, told))
            stopped += now
            moving = [view for view in moving if view not in now]

    def _order(self, moving: Sequence[View], told: tuple[QuitHack, ...]) -> tuple[Placed, ...]:
        unsteady = {view.name for view in self.views if why_it_ends(view, told)}
        pairs = [(view, self.judged[view.name].purpose) for view in self.views if view in moving]
        return placed(pairs, self.views[0].pod.init_containers, self.settings.position, unsteady)

    def _case(self, view: View, moving: Sequence[View], told: tuple[QuitHack, ...]) -> Case:
        order = self._order(moving if view in moving else [*moving, view], told)
        return Case(
            view,
            self.judged[view.name],
            tuple(other for other in self.views if other not in moving and other is not view),
            view.neighbours,
            next(entry for entry in order if entry.moved and entry.name == view.name),
            order,
            told,
            {name: verdict.role for name, verdict in self.judged.items()},
            self.settings,
            self.links,
            self.supported,
        )


def _stops(found: tuple[Hazard, ...], unsafe: bool) -> bool:
    return any(hazard.severity == "block" and (hazard.certain or not unsafe) for hazard in found)


def _decision(
    view: View, verdict: Verdict, wanted: Action, found: Found, moved: dict[str, Placed], refusal: str | None
) -> Decision:
    held = found.get(view.name, ())
    entry = moved.get(view.name)
    if wanted == "keep":
        unseen = view.container.fixed if view.container.image is None else ""
        return Decision(view.container, verdict, "keep", (), None, unseen or _why_kept(verdict))
    blocked = next((hazard.message for hazard in held if hazard.severity == "block"), None)
    reason = refusal or view.container.fixed or blocked
    if wanted == "review" and reason is None:
        reason = f"not sure enough ({verdict.confidence:.0%})"
    action: Action = "review" if reason else "migrate"
    if entry is None:
        return Decision(view.container, verdict, action, held, None, reason)
    return Decision(view.container, verdict, action, held, entry.position, None, entry.why or None)


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
