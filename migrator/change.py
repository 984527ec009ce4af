"""What changes in one manifest: the sites decided, and their extras and moves written together."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from migrator.links import Links
from migrator.model import Decision, Extras, PodSpec, Site, Verdict, Workload
from migrator.plan.decide import moves
from migrator.plan.extras import with_extras
from migrator.plan.lifting import with_settling
from migrator.plan.settle import settle
from migrator.settings import Settings
from migrator.sources.extras import extended
from migrator.sources.manifest import Manifest, Outcome, rewrite
from migrator.text.errors import Refused

Judge = Callable[[PodSpec, Workload], Sequence[Verdict]]
Planned = tuple[Extras, tuple[Decision, ...]]
Changed = tuple[tuple[Decision, ...], Outcome, tuple[str, ...]]


def changed(found: Manifest, settings: Settings, judge: Judge, links: Links) -> tuple[str, list[Changed]]:
    """The new text, and for each site its decisions, what became of its moves, and what to say of its extras.

    Extras and moves of a site belong together: where one of the two cannot be written, the site is decided again
    without extras.
    """
    plans = [_planned(site, settings, judge, links) for site in found.sites]
    left: dict[int, str] = {}
    while True:
        text, outcomes, refused = _written(found, plans, settings.layout == "canonical")
        if not refused:
            words = [(left[n],) if n in left else extras.words for n, (extras, _) in enumerate(plans)]
            return text, list(zip([decisions for _, decisions in plans], outcomes, words, strict=True))
        for n, why in refused.items():
            left[n] = f"{'; '.join(plans[n][0].words)}: not done, {why}"
            plans[n] = _planned(found.sites[n], bare(settings), judge, links)


def bare(settings: Settings) -> Settings:
    """The settings without extras."""
    return replace(settings, remove_quit_hacks=False, enable_native_injectors=False)


def _planned(site: Site, settings: Settings, judge: Judge, links: Links) -> Planned:
    """What is done at a site. Its containers are judged as they are, also where extras change what they run."""
    first: list[Sequence[Verdict]] = []
    if all(links.leaves(site.workload, container.name) for container in site.pod.containers):
        settings = bare(settings)

    def verdicts(seen: Site) -> Sequence[Verdict]:
        if len(seen.pod.containers) < len(site.pod.containers):
            return judge(seen.pod, seen.workload)
        if not first:
            first.append(judge(site.pod, site.workload))
        return first[0]

    def planned(under: Settings) -> Planned:
        return with_extras(site, under, lambda seen: settle(seen, verdicts, under, links))

    extras, decisions = planned(settings)
    return extras, with_settling(decisions, settings, lambda under: planned(under)[1])


def _written(found: Manifest, plans: Sequence[Planned], canonical: bool) -> tuple[str, list[Outcome], dict[int, str]]:
    """The text with all extras and moves, the outcomes of the moves, and why what sites have extras that cannot be."""
    refused: dict[int, str] = {}
    written = found
    for n, (extras, _) in enumerate(plans):
        if extras:
            try:
                written = extended(written, n, extras)
            except Refused as refusal:
                refused[n] = str(refusal)
    text, outcomes = rewrite(written, [moves(decisions) for _, decisions in plans], canonical)
    for n, outcome in enumerate(outcomes):
        if outcome.refusal and plans[n][0]:
            refused.setdefault(n, f"as the move could not be written ({outcome.refusal})")
    return text, outcomes, refused
