"""A container on the page: what it is taken for and why, what a move would put at risk, what to do."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from migrator.report.guide import Rule
from migrator.report.page.markup import Html, el, join, prose
from migrator.report.page.view import Member, Reason, Risk
from migrator.report.words import counted

_SEVERITY = {"block": "blocks", "warn": "risk", "info": "note"}


class Lines:
    """Links to the lines of a file that are on the page; the others are named."""

    def __init__(self, key: str, shown: Collection[int]) -> None:
        self._key = key
        self._shown = shown

    def link(self, line: int) -> Html:
        """`line 31`, as a link where it is shown; nothing where there is no line."""
        if line <= 0:
            return Html("")
        if line not in self._shown:
            return el("span", f"line {line}", class_="line")
        return el("a", f"line {line}", class_="line", href=f"#{self._key}-{line}")


def word(member: Member, dry_run: bool) -> str:
    """What happens to it, in a word."""
    if member.position is not None:
        return "would move" if dry_run else "moved"
    return "decide" if member.waits else "stays"


def group(member: Member) -> str:
    """Its mark: `migrate`, `review` or `keep`."""
    return "migrate" if member.position is not None else "review" if member.waits else "keep"


def shown(member: Member, lines: Lines, guide: dict[str, Rule], dry_run: bool) -> Html:
    """All there is to say of a container."""
    sure = f"{min(member.confidence, 0.99):.0%} sure" if member.role == "sidecar" else ""
    taken = ", ".join(part for part in (member.purpose or member.role, sure) if part)
    head = el(
        "header",
        el("h4", el("code", member.name)),
        el("span", word(member, dry_run), class_=f"tag {group(member)}"),
        el("span", taken),
        el("code", member.image, class_="image") if member.image else "",
        lines.link(member.line),
    )
    return el("section", head, *_why(member), *_evidence(member, lines), *_risks(member, lines, guide), class_="member")


def _why(member: Member) -> Iterator[Html]:
    # A hazard that blocks says the same, and more.
    if member.reason and all(risk.message != member.reason for risk in member.hazards):
        yield el("p", prose(member.reason))
    if member.position is not None:
        why = f", {member.placement}" if member.placement else ""
        yield el("p", prose(f"Number {member.position + 1} of the init containers{why}."))
    if member.settled_by:
        yield el("p", "Moves with ", el("code", f"--target-version {member.settled_by}"), ".")
    if member.follows:
        yield el("p", "Changes with it: ", prose(", ".join(member.follows)), ".")


def _evidence(member: Member, lines: Lines) -> Iterator[Html]:
    if member.evidence:
        items = sorted(member.evidence, key=lambda item: -abs(item.weight))
        yield el("ul", *(_reason(item, lines) for item in items), class_="evidence", aria_label=f"Evidence on {member.name}")


def _reason(item: Reason, lines: Lines) -> Html:
    sign = "+" if item.weight > 0 else "\N{MINUS SIGN}" if item.weight < 0 else ""
    weight = el("span", f"{sign}{abs(item.weight):.1f}", class_="for w" if item.weight > 0 else "against w")
    return el("li", weight, prose(item.message), " ", lines.link(item.line))


def _risks(member: Member, lines: Lines, guide: dict[str, Rule]) -> Iterator[Html]:
    """The hazards, those that block first. What is only good to know is folded."""
    order = {"block": 0, "warn": 1}
    risks = [_risk(risk, lines, guide) for risk in sorted(member.hazards, key=lambda risk: order.get(risk.severity, 2))]
    heavy = sum(risk.severity in order for risk in member.hazards)
    if heavy:
        yield el("ul", *risks[:heavy], class_="risks", aria_label=f"Hazards of {member.name}")
    if risks[heavy:]:
        notes = el("summary", counted(len(risks) - heavy, "note"), el("span", f" on {member.name}", class_="sr"))
        yield el("details", notes, el("ul", *risks[heavy:], class_="risks"), class_="notes")


def _risk(risk: Risk, lines: Lines, guide: dict[str, Rule]) -> Html:
    page = guide.get(risk.id)
    name = el("a", risk.id, href=page.url, title=page.title) if page else el("span", risk.id)
    severity = risk.severity if risk.severity in _SEVERITY else "info"
    certain = ", certainly" if risk.certain else ""
    parts = [
        el("span", _SEVERITY[severity] + certain, class_="sev"),
        el("code", name),
        " ",
        prose(risk.message),
        " ",
        lines.link(risk.line),
    ]
    if risk.remedy:
        parts.append(el("p", el("b", "Remedy"), " ", prose(risk.remedy)))
    if risk.lifted:
        parts.append(el("p", f"Cannot happen from Kubernetes {risk.lifted} on."))
    if len(risk.places) > 1:
        parts.append(el("p", "At ", join(_listed(risk.places))))
    return el("li", *parts, class_=severity)


def _listed(places: tuple[str, ...]) -> Iterator[Html]:
    for n, place in enumerate(places):
        yield join([", " if n else "", el("code", place)])
