"""What stands between two brackets: entries, commas, the comments that belong to an entry, and how it is laid out."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from migrator.sources.python.write.layout import Layout, Token
from migrator.sources.python.write.operations import Span
from migrator.text.errors import Refused

_CLOSERS = frozenset(")]},:; ")


@dataclass(frozen=True)
class Item:
    """An entry: `[start, end)` without comments and comma. `tail` is behind its comma, or `end` where it has none."""

    start: int
    end: int
    tail: int


@dataclass(frozen=True)
class Listing:
    """The entries between the brackets at `opened` and `closed`: a display's, a call's arguments, a dict's pairs."""

    layout: Layout
    opened: int
    closed: int
    items: tuple[Item, ...]

    def starts_line(self, number: int) -> bool:
        """Whether the entry is first on its line."""
        return self.layout.starts_line(self.items[number].start)

    def ends_line(self, number: int) -> bool:
        """Whether nothing but a comment stands behind the entry and its comma."""
        return self.layout.ends_line(self.items[number].tail)

    def own(self, number: int) -> bool:
        """Whether the entry has its lines for itself."""
        return self.starts_line(number) and self.ends_line(number)

    @cached_property
    def lined(self) -> bool:
        """Whether each entry starts a line, perhaps but for the first, which may stand behind the bracket."""
        if not self.items or not all(self.starts_line(n) for n in range(1, len(self.items))):
            return False
        return self.starts_line(0) or len(self.items) > 1 or self.hangs_by_column(0)

    @cached_property
    def rows(self) -> bool:
        """Whether all entries are on lines of their own, below the bracket."""
        return self.lined and self.starts_line(0)

    @property
    def comma(self) -> bool:
        """Whether there is a comma behind the last entry."""
        return bool(self.items) and self.items[-1].tail > self.items[-1].end

    def hangs_by_column(self, number: int) -> bool:
        """Whether the further lines of the entry are aligned with a bracket in its first one."""
        item = self.items[number]
        line = self.layout.line_end(item.start)
        if item.end <= line:
            return False
        opened = [t for t in self.layout.within(item.start, line) if self.layout.closes.get(t.start, -1) >= line]
        return bool(opened) and bool(self.layout.rest(opened[-1].end).split("#")[0].strip())

    def above(self, number: int) -> int:
        """Where the entry with the comments right above it starts: the start of a line, or of the entry inside one."""
        item = self.items[number]
        return self.layout.above(item.start) if self.starts_line(number) else item.start

    def leading(self, number: int) -> list[Token]:
        """The comments right above the entry."""
        return self.layout.comments(self.above(number), self.items[number].start)

    def trailing(self, number: int) -> list[Token]:
        """The comment behind the entry, if the line is its alone."""
        item = self.items[number]
        alone = self.starts_line(number) or number == 0
        return self.layout.comments(item.tail, self.layout.line_end(item.tail)) if alone and self.ends_line(number) else []

    def indent(self, number: int) -> str:
        """The white space in front of the entries' lines, as it is near this one."""
        near = [*range(number, len(self.items)), *reversed(range(number))]
        first = next((n for n in near if self.starts_line(n)), None)
        return self.layout.pad(self.items[0].start) if first is None else self.layout.indent(self.items[first].start)

    @cached_property
    def comments(self) -> list[Token]:
        """The comments between the brackets that are not inside an entry."""
        edges = [self.opened, *(edge for item in self.items for edge in (item.start, item.end)), self.closed]
        gaps = zip(edges[::2], edges[1::2], strict=True)
        return [token for start, end in gaps for token in self.layout.comments(start, end)]

    @property
    def alone(self) -> bool:
        """Whether all is in one line, and no bracket that was opened before on it is open."""
        start = self.layout.line_start(self.opened)
        around = any(self.layout.closes.get(token.start, -1) > self.opened for token in self.layout.within(start, self.opened))
        return not around and self.layout.line_start(self.closed) == start and self.closer_rest is not None

    @property
    def closer_rest(self) -> str | None:
        """What stands behind the closing bracket on its line, if that is brackets and commas alone."""
        rest = self.layout.rest(self.closed)
        return rest if set(rest) <= _CLOSERS else None


def listing(layout: Layout, opened: int) -> Listing:
    """The entries behind the bracket at `opened`. Raises `Refused` where a comma stands apart from its entry."""
    closed = layout.closes[opened]
    items: list[Item] = []
    first: Token | None = None
    last: Token | None = None
    skip, lambdas = opened, 0
    for token in layout.within(opened + 1, closed):
        if token.start < skip or token.kind in ("COMMENT", "NEWLINE"):
            continue
        if token.text == "," and token.kind == "OP" and not lambdas:
            if first is None or last is None or "\n" in layout.text[last.end : token.start]:
                raise Refused("a comma stands apart from its entry")
            items.append(Item(first.start, last.end, token.end))
            first = None
            continue
        lambdas += (token.text == "lambda") - (token.text == ":" and lambdas > 0)
        first, last = first or token, token
        if token.start in layout.closes:
            skip = layout.closes[token.start]
    if first is not None and last is not None:
        items.append(Item(first.start, last.end, last.end))
    return Listing(layout, opened, closed, tuple(items))


def display(layout: Layout, span: Span) -> Listing:
    """The entries of the list or tuple display at `span`. A tuple is found without its parentheses, too."""
    if layout.closes.get(span.start) == span.end - 1 and layout.text[span.start] in "([":
        return listing(layout, span.start)
    before, behind = layout.index(span.start) - 1, layout.index(span.end)
    if before >= 0 and behind < len(layout.tokens) and layout.closes.get(layout.starts[before]) == layout.starts[behind]:
        return listing(layout, layout.starts[before])
    raise Refused("a tuple without parentheses, or no list")


def arguments(layout: Layout, span: Span) -> Listing:
    """The arguments of the call, or the pairs of the dict display, at `span`."""
    opened = layout.opens.get(span.end - 1)
    if opened is None or layout.text[opened] not in "({" or opened < span.start:
        raise Refused("neither a call nor a dict")
    return listing(layout, opened)
