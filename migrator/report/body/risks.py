"""What to check before the merge: a box for each hazard that the moves bring with them."""

from __future__ import annotations

from collections import defaultdict

from migrator.model import Hazard
from migrator.report.body.lists import Shown, code, prose
from migrator.report.body.moved import Held, containers
from migrator.report.guide import guide
from migrator.run import Report
from migrator.versions import version_text

_ORDER = ("block", "warn", "info")

Found = tuple[Held, Hazard]


def section(report: Report, shown: Shown) -> list[str]:
    """The boxes; none where nothing moves."""
    if not any(held.moves for held in containers(report)):
        return []
    target = version_text(report.settings.target)
    parts = [
        "## To check before merging",
        "",
        f"- [ ] Every cluster that these manifests go to runs Kubernetes {target} or newer, on the API server and on each node.",
    ]
    titles = guide()
    for identity, found in by_hazard(report, "block", "warn").items():
        parts += [f"- [ ] **{titles[identity].title}** ({code(identity)}, {code(found[0][1].severity)})", ""]
        parts += shown.list("", found, _told, "  ")
    deployed = [(result.path, deployer) for result in report.results for deployer in result.deployed_by]
    if deployed:
        parts += ["- [ ] What deploys these files, perhaps as soon as they are merged, may do so:", ""]
        parts += shown.list("", deployed, lambda held: f"{code(held[0])} by {prose(str(held[1]))}", "  ")
    return parts if parts[-1] == "" else [*parts, ""]


def by_hazard(report: Report, *severities: str) -> dict[str, list[Found]]:
    """The hazards of what moves, by id, the worst and then the most frequent first."""
    found: dict[str, list[Found]] = defaultdict(list)
    for held in containers(report):
        for hazard in held.decision.hazards if held.moves else ():
            if hazard.severity in severities:
                found[hazard.id].append((held, hazard))
    worst = {identity: min(_ORDER.index(hazard.severity) for _, hazard in own) for identity, own in found.items()}
    return dict(sorted(found.items(), key=lambda pair: (worst[pair[0]], -len(pair[1]), pair[0])))


def _told(found: Found) -> str:
    held, hazard = found
    remedy = f"; *to do:* {prose(hazard.remedy)}" if hazard.remedy else ""
    return f"{code(f'{held.result.path}:{hazard.line}')}: {prose(hazard.message)}{remedy}"
