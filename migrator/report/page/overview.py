"""The top of the page: what came of it in a sentence, how the pods divide, what needs a decision and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from migrator.report.guide import Rule
from migrator.report.page.markup import Html, el, join, prose, shape
from migrator.report.page.view import UNSURE, Group, Member, Page
from migrator.report.words import counted

#: What a pod does, as a title, and what many do.
GROUPS: tuple[tuple[Group, str, str], ...] = (
    ("review", "Needs a decision", "need a decision"),
    ("migrate", "Changes", "change"),
    ("keep", "Stays as it is", "stay as they are"),
)
#: So many reasons are listed before the rest is folded.
_REASONS = 8
_UNSURE = (
    "It is probably a sidecar, but not surely enough.",
    "Settle it by a comment above the container: `# sidecar-migrate: sidecar`, or `main`, or `ignore[reason]`.",
)


def header(page: Page) -> Html:
    """The title, and what it means in numbers."""
    numbers = page.numbers
    how = "would become" if page.dry_run else "became"
    title = f"{counted(numbers['moved'], 'container')} {how} {'a sidecar' if numbers['moved'] == 1 else 'sidecars'}"
    facts = [
        ", ".join(page.tools) or "sidecar-migrate",
        f"for Kubernetes {' and '.join(page.targets)} and newer" if page.targets else "",
        "a preview: nothing was written" if page.dry_run else "",
        f"{len(page.origins)} reports" if page.origins else "",
    ]
    return el(
        "header",
        el("p", " · ".join(fact for fact in facts if fact), class_="facts"),
        el("h1", title),
        el("p", _sentence(page), class_="lede"),
        class_="top",
    )


def _sentence(page: Page) -> str:
    numbers = page.numbers
    done = "would change" if page.dry_run else "changed"
    parts = [f"{numbers['rewritten']} of {counted(numbers['files'], 'file')} {done}"]
    if reviews := numbers["review"]:
        parts.append(f"{counted(reviews, 'container')} {'awaits' if reviews == 1 else 'await'} a decision")
    if numbers["failed"]:
        parts.append(f"{counted(numbers['failed'], 'file')} failed")
    if numbers["skipped"]:
        parts.append(f"{counted(numbers['skipped'], 'file')} {'was' if numbers['skipped'] == 1 else 'were'} skipped")
    return "; ".join(parts) + "."


def share(page: Page) -> Html:
    """How the pods divide, as buttons that filter, under a bar of the same parts."""
    counts = Counter(card.group for card in page.cards)
    buttons = (
        el(
            "button",
            el("b", str(counts[group])),
            f" pod {title.lower()}" if counts[group] == 1 else f" pods {many}",
            type="button",
            class_=group,
            data_group=group,
            aria_pressed="false",
        )
        for group, title, many in GROUPS
    )
    return el(
        "section", _bar(counts), el("div", *buttons, class_="groups"), class_="share", aria_label="Pods by what becomes of them"
    )


def _bar(counts: Counter[Group]) -> Html:
    total, at, parts = sum(counts.values()) or 1, 0.0, []
    for group, _, _ in GROUPS:
        width = 1000.0 * counts[group] / total
        parts.append(shape("rect", class_=group, x=at, y=0, width=width, height=8))
        at += width
    return el("svg", *parts, class_="bar", viewBox="0 0 1000 8", preserveAspectRatio="none", aria_hidden="true")


def decisions(page: Page, guide: dict[str, Rule]) -> Html:
    """Why containers await a decision, the commonest reason first; nothing where none do."""
    waiting = [member for card in page.cards for member in card.members if member.waits]
    if not waiting:
        return Html("")
    counts = Counter(_cause(member) for member in waiting)
    rows = [_reason(cause, number, guide) for cause, number in counts.most_common()]
    later = [
        el("li", f"{number} of them with ", el("code", f"--target-version {version}"))
        for version, number in page.settled.items()
        if number > 0
    ]
    settled = [el("p", "A newer cluster settles some of these:"), el("ul", *later)] if later else []
    folded = el(
        "details", el("summary", counted(len(rows) - _REASONS, "more reason")), el("ul", *rows[_REASONS:], class_="causes")
    )
    return el(
        "section",
        el("h2", "What needs a decision"),
        el("ul", *rows[:_REASONS], class_="causes"),
        folded if len(rows) > _REASONS else "",
        *settled,
        class_="decisions",
        aria_label="What needs a decision",
    )


def _cause(member: Member) -> tuple[str, str]:
    """The word to filter by, where there is one, else the reason."""
    return (member.cause, "") if member.cause else ("", member.reason or "No reason is given")


def _reason(cause: tuple[str, str], number: int, guide: dict[str, Rule]) -> Html:
    key, said = cause
    page = guide.get(key)
    head, todo = (page.title, page.todo) if page else _UNSURE if key == UNSURE else (said or key, "")
    show = el("button", "Show", el("span", f" those with {key}", class_="sr"), type="button", data_hazard=key) if key else ""
    name = el("code", key) if page else ""
    return el(
        "li",
        el("b", str(number), class_="count"),
        el("div", el("p", prose(head), " ", name), el("p", prose(todo), class_="todo") if todo else ""),
        show,
    )


def remarks(page: Page) -> Html:
    """Files that were not read, and what only a human can change."""
    if not page.remarks:
        return Html("")
    rows = el("ul", *_remarks(page), class_="remarks")
    failed = any(remark.kind == "failed" for remark in page.remarks)
    summary = el("summary", el("h2", f"{counted(len(page.remarks), 'remark')} on files"))
    return el("section", el("details", summary, rows, open=failed), class_="files", aria_label="Remarks on files")


def _remarks(page: Page) -> Iterator[Html]:
    order = {"failed": 0, "by hand": 1, "skipped": 2}
    for held in sorted(page.remarks, key=lambda held: order[held.kind]):
        place = f"{held.path}:{held.line}" if held.line > 0 else held.path
        origin = join([el("span", held.origin, class_="origin"), " "]) if held.origin else ""
        kind = el("span", held.kind, class_=f"sev {held.kind.split()[0]}")
        yield el("li", kind, " ", origin, el("code", place), " ", prose(held.message))
