"""A pod on the page: a line that says what becomes of it, and behind that its life, its containers, its lines."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from migrator.report.guide import Rule
from migrator.report.page.markup import Html, el, prose
from migrator.report.page.member import Lines, group, shown
from migrator.report.page.scene import Scene, scene
from migrator.report.page.svg import drawn
from migrator.report.page.table import table
from migrator.report.page.told import told
from migrator.report.page.view import Card, Lives, Member

_SKETCHED = (
    "From a JSON report: it names no init containers, probes or hooks, so the pictures are sketches, and it holds no file "
    "contents, so the lines themselves are not shown."
)


def card(held: Card, number: int, guide: dict[str, Rule], dry_run: bool, opened: bool) -> Html:
    """The article; `number` makes its ids unique."""
    key = f"p{number}"
    lines = Lines(key, held.excerpt.lines if held.excerpt else ())
    body = el(
        "div",
        *_lives(held.lives),
        *([table(held.excerpt, key, held.path)] if held.excerpt else []),
        *(shown(member, lines, guide, dry_run) for member in held.members),
        *_also(held),
        class_="body",
    )
    return el(
        "article",
        el("details", _head(held), body, open=opened),
        class_="card",
        id=key,
        data_g=held.group,
        data_p=" ".join(sorted({member.purpose for member in held.members if member.purpose})),
        data_h=" ".join(sorted(held.causes)),
        data_f=f"{held.origin} {held.path}".strip().lower(),
        data_q=_words(held),
    )


def _head(held: Card) -> Html:
    name = el("h3", el("span", held.kind or "?", class_="kind"), " ", held.name or "(no name)")
    space = el("span", held.namespace, class_="ns") if held.namespace else ""
    origin = el("span", held.origin, class_="origin") if held.origin else ""
    place = el("span", f"{held.path}:{held.line}" if held.line else held.path, class_="path")
    members = el("ul", *_members(held), class_="chips")
    first = next((member for member in held.members if member.waits), None)
    why = el("p", prose(_asks(first)), class_="asks") if first and _asks(first) else ""
    return el("summary", el("div", name, space, origin, class_="who"), members, place, why)


def _asks(member: Member) -> str:
    """Why it waits, with its name."""
    why = member.reason or (member.blocks[0].message if member.blocks else "")
    return why if not why or f"`{member.name}`" in why else f"`{member.name}`: {why}"


def _members(held: Card) -> Iterator[Html]:
    for member in held.members:
        mark = group(member)
        said = {"migrate": "moves", "review": "to decide", "keep": "stays"}[mark]
        yield el("li", member.name, el("span", f", {said}", class_="sr"), class_=mark)


def _lives(lives: Lives | None) -> Iterator[Html]:
    if lives is None:
        return
    helpers = lives.after.sidecars if lives.after else lives.before.sidecars
    figures = [_figure("Before" if lives.after else "As it is", scene(lives.before, lives.completes), helpers)]
    if lives.after:
        figures.append(_figure("After", scene(lives.after, lives.completes), helpers))
    yield el("div", *figures, class_="lives")
    if lives.sketched:
        yield el("p", _SKETCHED, class_="fine")


def _figure(title: str, seen: Scene, helpers: Collection[str]) -> Html:
    return el("figure", el("h4", title), drawn(seen, helpers), el("figcaption", told(seen)))


def _also(held: Card) -> Iterator[Html]:
    for title, items in (("Also", held.extras), ("Deployed by", held.deployed_by)):
        if items:
            yield el("p", el("b", title), " ", prose("; ".join(items)), class_="also")


def _words(held: Card) -> str:
    """What a search looks at."""
    words = [held.kind, held.name, held.namespace, held.path, held.origin]
    for member in held.members:
        words += [member.name, member.image, member.purpose, *(risk.id for risk in member.hazards)]
    return " ".join(dict.fromkeys(word.lower() for word in words if word))
