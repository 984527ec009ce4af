"""Entries taken out of a list, with their comments, commas and lines."""

from __future__ import annotations

from collections.abc import Iterator

from migrator.sources.python.write.lists import Listing
from migrator.text.edits import Edit
from migrator.text.errors import Refused


def removed(there: Listing, gone: set[int]) -> list[Edit]:
    """The list without the entries numbered `gone`, whose comments go with them. Raises `Refused` if another would."""
    layout, items = there.layout, there.items
    going = {t.start for n in gone for t in (*there.leading(n), *there.trailing(n))}
    staying = [t for t in there.comments if t.start not in going]
    if len(gone) == len(items) and not staying:
        return [Edit(there.opened + 1, there.closed, "")]
    edits = list(_cuts(there, gone))
    kept = [n for n in range(len(items)) if n not in gone]
    if kept:
        last = items[kept[-1]]
        single = layout.text[there.opened] == "(" and len(kept) == 1
        if not there.comma and last.tail > last.end and not single:
            if not any(e.start <= last.end < e.end for e in edits):
                edits.append(Edit(last.end, last.tail, ""))
        elif single and not there.comma and (last.tail == last.end or any(e.start <= last.end < e.end for e in edits)):
            edits.append(Edit(last.end, last.end, ","))
    moved = [e.text.strip() for e in edits]
    if any(e.start <= t.start < e.end for e in edits for t in staying if t.text not in moved):
        raise Refused("a comment between entries would be lost")
    return edits


def _cuts(there: Listing, gone: set[int]) -> Iterator[Edit]:
    """The entries go in runs: what has its lines for itself by lines, the rest with one comma."""
    items = there.items
    last = len(items) - 1
    number = 0
    while number <= last:
        if number not in gone:
            number += 1
            continue
        first = number
        while number in gone and number <= last and (number == first or _joined(there, gone, first, number)):
            number += 1
        end = number - 1
        if there.own(first) and there.own(end):
            yield _lines(there, first, end)
        elif end == last and first:
            yield from _tail(there, first)
        elif first == 0 or there.starts_line(first):
            if end == last:
                raise Refused("comments in a list that becomes empty")
            yield from _head(there, first, end)
        else:
            yield Edit(items[first - 1].end, items[end].end, "")


def _joined(there: Listing, gone: set[int], first: int, number: int) -> bool:
    """Whether the entry goes in one cut with the run of those before it that began at `first`."""
    last = len(there.items) - 1
    if not there.starts_line(0) and first == 0:
        return True
    if not there.ends_line(last) and all(n in gone for n in range(first, last + 1)):
        return True
    if there.own(first) != there.own(number):
        return False
    # A comment that is about neither stays where it is, between two cuts.
    between = there.layout.comments(there.items[number - 1].tail, there.items[number].start)
    return len(between) == len(there.trailing(number - 1)) + len(there.leading(number))


def _lines(there: Listing, first: int, last: int) -> Edit:
    """The lines of entries, with the blank lines on one side where they stood between such, or at an end."""
    layout = there.layout
    start, end = there.above(first), layout.line_end(there.items[last].tail)
    line, behind = layout.lines.of(start), layout.lines.of(end)
    if layout.lines.of(there.opened) == line - 1:
        while layout.lines.blank(behind):
            behind += 1
    elif layout.lines.blank(behind) or layout.lines.of(there.closed) == behind:
        while layout.lines.blank(line - 1):
            line -= 1
    return Edit(layout.lines.start(line), layout.lines.start(behind), "")


def _head(there: Listing, first: int, end: int) -> Iterator[Edit]:
    """Entries that others follow, of which the first stands behind the bracket or starts a line it shares."""
    layout, items = there.layout, there.items
    start, tail = items[first].start, items[end].tail
    if not (there.starts_line(end + 1) and there.leading(end + 1)):
        yield Edit(there.above(first), layout.line_start(start) if there.starts_line(first) else there.above(first), "")
        yield Edit(start, items[end + 1].start, "")
    elif there.starts_line(first):
        yield Edit(there.above(first), layout.line_end(tail), "")
    else:
        yield Edit(start, tail + len(layout.rest(tail)), "")


def _tail(there: Listing, first: int) -> Iterator[Edit]:
    """The last entries, where the closing bracket is on the line of the last."""
    layout, items = there.layout, there.items
    kept, end = items[first - 1], items[-1].end
    comments = there.trailing(first - 1)
    if not comments:
        yield Edit(kept.end, end, "")
        return
    rest = there.closer_rest
    if rest is not None:
        # The comment of the entry before goes to the end of the line that is now its last.
        yield Edit(kept.end, end, "")
        at = there.closed + len(rest.rstrip())
        yield Edit(at, at, f"  {comments[0].text}")
        return
    if not there.comma:
        yield Edit(kept.end, kept.tail, "")
    yield Edit(there.above(first), items[-1].tail, layout.indent(items[first].start))
