"""An excerpt as a table: both sides of a change, or the one side of what stays."""

from __future__ import annotations

from collections.abc import Iterator

from migrator.report.page.markup import Html, el, join
from migrator.report.page.syntax import coloured
from migrator.report.page.view import Excerpt, Row
from migrator.report.words import counted


def table(excerpt: Excerpt, key: str, path: str) -> Html:
    """The table. The cell of line 31 as it was has the id `<key>-31`."""
    sides = ("Before", "After") if excerpt.two_sided else ("As it stands",)
    head = el("tr", *(el("th", side, colspan=2, scope="colgroup") for side in sides))
    return el(
        "div",
        el(
            "table",
            el("caption", "Lines of ", path, class_="sr"),
            el("colgroup", *(el("col", class_=mark) for _ in sides for mark in ("ln", None))),
            el("thead", head),
            el("tbody", *_rows(excerpt, key)),
            class_="code two" if excerpt.two_sided else "code",
        ),
        class_="scroll",
        tabindex=0,
        role="region",
        aria_label=f"Lines of {path}",
    )


def _rows(excerpt: Excerpt, key: str) -> Iterator[Html]:
    last = 0
    for stretch in excerpt.stretches:
        first = next((row.old for row in stretch if row.old is not None), last + 1)
        if last and first > last + 1:
            words = f"{counted(first - last - 1, 'line')} not shown"
            yield el("tr", el("td", words, colspan=4 if excerpt.two_sided else 2), class_="gap")
        for row in stretch:
            yield el("tr", join(_cells(row, key, excerpt)))
            last = row.old or last


def _cells(row: Row, key: str, excerpt: Excerpt) -> Iterator[Html]:
    number = "" if row.old is None else str(row.old)
    yield el("td", number, class_="n", id=f"{key}-{number}" if number else None)
    yield _code(row.left, row.old, "del" if row.changed else "", excerpt)
    if excerpt.two_sided:
        yield el("td", "" if row.new is None else str(row.new), class_="n")
        yield _code(row.right, row.new, "ins" if row.changed else "", excerpt)


def _code(line: str, number: int | None, mark: str, excerpt: Excerpt) -> Html:
    if number is None:
        return el("td", class_="none")
    return el("td", el(mark, coloured(line, excerpt.language)) if mark else coloured(line, excerpt.language), class_=mark or None)
