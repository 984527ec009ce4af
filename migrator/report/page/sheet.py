"""The whole page as one file: styles, script and all pods in it, and a policy that forbids it to ask for anything else."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator
from hashlib import sha256
from importlib.resources import files

from migrator.report.guide import Rule, guide
from migrator.report.page import overview
from migrator.report.page.card import card
from migrator.report.page.markup import Html, el, join, shape
from migrator.report.page.table import table
from migrator.report.page.view import Card, Page

#: Of so few pods all are open from the beginning.
_FEW = 3
_SCALE = (
    "Time runs to the right and is not to scale. The order is that of a model of the kubelet; how long work takes, and "
    "whatever else no manifest tells, is assumed."
)


def sheet(page: Page) -> str:
    """The page."""
    style, script = (files(__package__).joinpath(name).read_text("utf-8") for name in ("page.css", "page.js"))
    known = guide()
    return "".join(
        (
            "<!doctype html>\n",
            '<html lang="en">',
            el("head", *_head(style, script)),
            "<body>",
            el("a", "Skip to the pods", href="#pods", class_="skip"),
            overview.header(page),
            overview.share(page) if page.cards else "",
            overview.decisions(page, known),
            overview.remarks(page),
            _tools(page) if page.cards else "",
            el("main", *_pods(page, known), *_following(page), id="pods", tabindex=-1),
            _legend(),
            _help(),
            el("script", Html(script)),
            "</body></html>\n",
        )
    )


def _head(style: str, script: str) -> Iterator[Html]:
    policy = f"default-src 'none'; img-src data:; style-src '{_hash(style)}'; script-src '{_hash(script)}'; base-uri 'none'"
    yield el("meta", charset="utf-8")
    yield el("meta", http_equiv="Content-Security-Policy", content=policy)
    yield el("meta", name="viewport", content="width=device-width, initial-scale=1")
    yield el("title", "Sidecar migration")
    yield el("link", rel="icon", href="data:,")
    yield el("style", Html(style))


def _hash(text: str) -> str:
    return f"sha256-{b64encode(sha256(text.encode()).digest()).decode()}"


def _tools(page: Page) -> Html:
    """Search and filters; of no use without the script, which shows them."""
    purposes = sorted({member.purpose for held in page.cards for member in held.members if member.purpose})
    hazards = sorted({word for held in page.cards for word in held.causes})
    return el(
        "form",
        _field("Search", el("input", type="search", id="q", placeholder="name, image, hazard", autocomplete="off")),
        _field("Path", el("input", type="search", id="f", placeholder="part of the path", autocomplete="off")),
        _field("Purpose", _select("p", "any", purposes)),
        _field("Hazard", _select("h", "any", hazards)),
        el("div", el("output", id="shown", role="status"), el("button", "Reset", type="reset"), class_="state"),
        class_="tools",
        role="search",
        aria_label="Filter the pods",
        hidden=True,
    )


def _field(label: str, control: Html) -> Html:
    return el("label", el("span", label), control)


def _select(name: str, nothing: str, words: list[str]) -> Html:
    return el("select", el("option", nothing, value=""), *(el("option", word, value=word) for word in words), id=name)


def _pods(page: Page, known: dict[str, Rule]) -> Iterator[Html]:
    number = 0
    if not page.cards:
        yield el("p", "No pod with two or more containers was found.", class_="none-found")
    for group, title, _ in overview.GROUPS:
        held = sorted((one for one in page.cards if one.group == group), key=_order)
        if not held:
            continue
        parts = []
        for one in held:
            number += 1
            parts.append(card(one, number, known, page.dry_run, number == 1 or len(page.cards) <= _FEW))
        head = el("h2", title, " ", el("span", str(len(held)), class_="number"))
        yield el("section", head, *parts, class_=f"group {group}", aria_label=title)
    if page.cards:
        yield el("p", "No pod matches these filters.", class_="none-found", id="none", hidden=True)


def _order(held: Card) -> tuple[str, str]:
    return held.origin, held.path


def _following(page: Page) -> Iterator[Html]:
    """The files that only follow."""
    if page.following:
        yield el(
            "section",
            el("h2", "Files that change with them ", el("span", str(len(page.following)), class_="number")),
            *(
                el(
                    "article",
                    el("details", el("summary", el("span", held.path, class_="path")), table(held.excerpt, f"f{n}", held.path)),
                    class_="card",
                    data_f=held.path.lower(),
                )
                for n, held in enumerate(page.following)
            ),
            class_="group follows",
        )


def _legend() -> Html:
    """What the pictures are made of; the pattern in it is used by all of them."""
    stripes = el(
        "defs",
        el(
            "pattern",
            shape("path", d="M0 0V5", class_="stripe"),
            id="stripes",
            width=5,
            height=5,
            patternUnits="userSpaceOnUse",
            patternTransform="rotate(45)",
        ),
    )
    signs = (
        (join([_sample("init", "up")]), "an init container, which runs to its end"),
        (join([_sample("sidecar", "up")]), "a sidecar"),
        (join([_sample("main", "up")]), "a container of the pod's own"),
        (join([_sample("main", "starting")]), "starting, until a probe or hook is through"),
        (join([_sample("main", "stopping")]), "stopping, from SIGTERM or its preStop hook on"),
        (_sign(shape("path", class_="gate", d="M13 0v16"), "sidecar"), "what comes after may start now"),
    )
    return el(
        "footer",
        el("svg", stripes, width=0, height=0, class_="defs", aria_hidden="true"),
        el("h2", "How to read the pictures"),
        el("ul", *(el("li", sign, words) for sign, words in signs), class_="legend"),
        el("p", _SCALE, class_="fine"),
    )


def _sample(kind: str, state: str) -> Html:
    return _sign(shape("rect", class_=state, x=0, y=2, width=26, height=12), kind)


def _sign(inner: Html, kind: str) -> Html:
    return el("svg", el("g", inner, class_=kind), class_="life", width=26, height=16, viewBox="0 0 26 16", aria_hidden="true")


def _help() -> Html:
    """What the keys do, and a switch for them: whoever speaks to the machine may hit them by mistake (WCAG 2.1.4)."""
    keys = (
        ("/", "search"),
        ("j  k", "next, previous pod"),
        ("Enter", "open or close it"),
        ("e", "open or close all"),
        ("?", "this help"),
    )
    return el(
        "dialog",
        el("h2", "Keys", id="keys-title"),
        el("dl", *(part for key, what in keys for part in (el("dt", *(el("kbd", k) for k in key.split())), el("dd", what)))),
        el("label", el("input", type="checkbox", id="keys", checked=True), " single keys do this"),
        el("form", el("button", "Close"), method="dialog"),
        id="help",
        aria_labelledby="keys-title",
    )
