"""A pod as a kustomization builds it, judged like one that stands in a file."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from migrator.judge.rules import Catalogue
from migrator.judge.verdict import judge
from migrator.links import Links
from migrator.model import Decision, PodResult, Site
from migrator.plan.settle import settle
from migrator.settings import Settings
from migrator.sources import manifest
from migrator.sources.kustomize.chains import Chain


@dataclass(frozen=True)
class Effective:
    """The decisions for the pod at the end of a chain; without a site where it has fewer than two containers."""

    site: Site | None
    decisions: tuple[Decision, ...] = ()

    @property
    def moved(self) -> frozenset[str]:
        """The containers that would move."""
        return frozenset(d.container.name for d in self.decisions if d.position is not None)

    def why(self, name: str) -> str:
        """Why a container would stay."""
        found = next((d.reason for d in self.decisions if d.container.name == name), None)
        return found or "no other container is there"

    def result(self, held: Mapping[str, str]) -> PodResult | None:
        """What to report of it; `held` says by name why containers stay that would move."""
        if self.site is None:
            return None
        decisions = tuple(
            replace(d, action="review", position=None, reason=held[d.container.name])
            if d.position is not None and d.container.name in held
            else d
            for d in self.decisions
        )
        return PodResult(self.site, decisions)


def effective(chain: Chain, settings: Settings, catalogue: Callable[[], Catalogue], links: Links) -> Effective:
    """What would be decided of the pod that a chain ends with. Its lines are that of the last patch of its containers."""
    site = read_object(chain.said)
    if site is None:
        return Effective(None)
    line = next((step.line for step in reversed(chain.steps) if step.touches and step.folder == chain.folder), 1)
    decisions = settle(site, lambda seen: judge(seen.pod, seen.workload, catalogue(), links), settings, links)
    return Effective(replace(site, line=line), tuple(_at(decision, line) for decision in decisions))


def read_object(said: Mapping[str, Any]) -> Site | None:
    """The pod of an object that stands in no file; None where it has fewer than two containers."""
    sites = manifest.read(json.dumps(said, indent=1, default=str)).sites
    return sites[0] if sites else None


def _at(decision: Decision, line: int) -> Decision:
    """The decision with every line that of the patch: the pod stands in no file."""
    verdict = decision.verdict
    return replace(
        decision,
        container=replace(decision.container, line=line),
        verdict=replace(verdict, evidence=tuple(replace(item, line=line) for item in verdict.evidence)),
        hazards=tuple(replace(hazard, line=line) for hazard in decision.hazards),
    )
