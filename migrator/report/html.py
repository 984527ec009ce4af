"""One HTML file that opens from disk: an overview, and for every pod its life before and after, its verdicts, its diff."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from migrator.report import json
from migrator.report.page.documents import page
from migrator.report.page.lives import lives, sketch
from migrator.report.page.sheet import sheet
from migrator.report.page.source import Source
from migrator.report.page.view import Card, Following
from migrator.run import Report


def render(report: Report) -> str:
    """The page of a run."""
    held = page([("", json.document(report))])
    cards, following = iter(held.cards), []
    drawn: list[Card] = []
    for result in report.results:
        if result.pods or result.after is not None:
            source = Source(result)
            for pod in result.pods:
                drawn.append(replace(next(cards), lives=lives(pod, result.status != "failed"), excerpt=source.pod(pod)))
            if rest := source.rest():
                following.append(Following(result.path, rest))
    return sheet(replace(held, cards=tuple(drawn), following=tuple(following)))


def merged(documents: Sequence[tuple[str, object]]) -> str:
    """The page of JSON reports (version 1), each with the name of what it is about, such as a repository."""
    held = page(documents)
    return sheet(replace(held, cards=tuple(_sketched(held.cards))))


def _sketched(cards: Sequence[Card]) -> Iterator[Card]:
    for card in cards:
        yield replace(card, lives=sketch(card))
