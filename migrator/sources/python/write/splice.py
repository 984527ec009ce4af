"""Operations carried out on the text: edits that move the comments and keep the layout."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from migrator.sources.python.write.fragments import Fragments
from migrator.sources.python.write.layout import Layout
from migrator.sources.python.write.lists import Listing, arguments, display
from migrator.sources.python.write.named import found, key, quoted
from migrator.sources.python.write.operations import (
    Drop,
    Entry,
    Insert,
    IntoDisplay,
    IntoExpression,
    IntoKeyword,
    IntoNone,
    Mark,
    Operation,
    Put,
    Rename,
    Replace,
    Span,
    Taken,
)
from migrator.sources.python.write.pieces import Piece, Style, plain, row, written
from migrator.sources.python.write.placing import comma_habit, placed
from migrator.sources.python.write.removing import removed
from migrator.sources.python.write.statements import dropped, inserted
from migrator.sources.python.write.wrapping import wrapped
from migrator.text.edits import Edit
from migrator.text.errors import Refused


def edits(text: str, operations: Sequence[Operation]) -> list[Edit]:
    """The edits that carry out the operations. Raises `Refused` where they cannot be carried out well."""
    if "\r" in text.replace("\r\n", ""):
        raise Refused("a lone carriage return")
    splicer = _Splicer(text)
    # What is done inside an expression comes first: where the expression moves, it moves along.
    for operation in sorted(operations, key=_depth):
        splicer.do(operation)
    puts = [operation for operation in operations if isinstance(operation, Put)]
    moving = [[splicer.piece(entry) for entry in put.entries] for put in puts]
    splicer.take()
    for put, pieces in zip(puts, moving, strict=True):
        splicer.put(put, pieces)
    return splicer.fragments.all()


class _Splicer:
    """Edits so far, and the displays that entries leave."""

    def __init__(self, text: str) -> None:
        self.layout = Layout(text)
        self.fragments = Fragments(self.layout)
        self.gone: dict[int, tuple[Listing, set[int]]] = {}
        self.filled: set[int] = set()

    def do(self, operation: Operation) -> None:
        match operation:
            case Mark():
                self.mark(operation)
            case Rename(name, new):
                self.fragments.add([self.renamed(name, new)])
            case Insert(before, source):
                self.fragments.add([inserted(self.layout, before, source)])
            case Drop(statement):
                self.fragments.add([dropped(self.layout, statement)])
            case Replace(expression, source, kept):
                self.replace(expression, source, kept)

    def renamed(self, name: Span, new: str) -> Edit:
        text = self.layout.text[name.start : name.end]
        if not text.endswith(("'", '"')):
            return Edit(name.start, name.end, new)
        start, end = quoted(text)
        return Edit(name.start + start, name.start + end, new)

    def mark(self, operation: Mark) -> None:
        """The argument or key, in the layout of its neighbours."""
        there = arguments(self.layout, operation.owner)
        number = found(there, operation.keyword)
        if number is not None:
            start = key(there, number)[2]
            self.fragments.add([Edit(start, there.items[number].end, operation.value)])
            return
        behind = next((n for n in (found(there, name) for name in operation.behind) if n is not None), None)
        if behind is None:
            behind = max((n for n, _ in enumerate(there.items) if self._positional(there, n)), default=-1)
        piece = plain(self.named(there, max(behind, 0), operation.keyword) + operation.value)
        self.add(there, behind + 1, piece)

    def add(self, there: Listing, position: int, piece: Piece) -> None:
        """One more argument or key."""
        wider = wrapped(self.fragments, there, position, piece)
        self.fragments.add(placed(there, position, [piece]) if wider is None else [wider])

    def _positional(self, there: Listing, number: int) -> bool:
        item = there.items[number]
        call = self.layout.text[there.opened] == "("
        return call and not key(there, number)[0] and not self.layout.text.startswith("**", item.start)

    def named(self, there: Listing, near: int, keyword: str) -> str:
        """`keyword=`, or `"keyword": ` in a dict, with the spacing and the quotes of the entry `near`, or of another."""
        layout = self.layout
        order = sorted(range(len(there.items)), key=lambda n: (n != near, n))
        for number in order:
            name, _, value = key(there, number)
            if not name:
                continue
            first = layout.tokens[layout.index(there.items[number].start)]
            between = layout.text[first.end : value]
            if "\n" in between or "#" in between:
                continue
            quote = first.text[-1] if first.kind == "STRING" else ""
            return f"{quote}{keyword}{quote}{between}"
        return f"{keyword}=" if layout.text[there.opened] == "(" else f'"{keyword}": '

    def replace(self, expression: Span, source: str, kept: Span | None) -> None:
        if kept is not None:
            inner = self.fragments.cut(kept.start, kept.end)
            at = source.index("{}") if "{}" in source else -1
            if at < 0:
                raise Refused("nothing stands for what is kept")
            alone = source[:at].rstrip()[-1:] in ("", "(", "[", ",") and source[at + 2 :].lstrip()[:1] in ("", ")", "]", ",")
            inner = inner if alone or _primary(inner) else f"({inner})"
            source = source[:at] + inner + source[at + 2 :]
        self.fragments.add([Edit(expression.start, expression.end, source)])

    def put(self, operation: Put, pieces: list[Piece]) -> None:
        """The pieces of the entries at the place where they go."""
        into = operation.into
        if not pieces:
            raise Refused("nothing to put")
        if isinstance(into, IntoDisplay):
            self.into_display(display(self.layout, into.display), into.position, pieces, operation.entries)
        elif isinstance(into, IntoKeyword):
            self.into_keyword(into, pieces, operation.entries)
        elif isinstance(into, IntoNone):
            self.into_none(into.expression, pieces, operation.entries)
        else:
            self.into_expression(into, pieces, operation.entries)

    def piece(self, entry: Entry) -> Piece:
        """What an entry writes elsewhere; one that leaves a display is noted there."""
        if not isinstance(entry, Taken):
            return plain(entry.source)
        there = display(self.layout, entry.display)
        _, gone = self.gone.setdefault(there.opened, (there, set()))
        if entry.index in gone or not 0 <= entry.index < len(there.items):
            raise Refused("an entry that is not there")
        gone.add(entry.index)
        return self.fragments.piece(there, entry.index)

    def into_display(self, there: Listing, position: int, pieces: list[Piece], entries: Sequence[Entry]) -> None:
        if there.opened in self.gone:
            raise Refused("a list that gives and takes")
        if there.opened in self.filled or not 0 <= position <= len(there.items):
            raise Refused("no such place in the list")
        self.filled.add(there.opened)
        layout = self.layout
        if layout.text[there.opened] != "[":
            raise Refused("a tuple cannot be filled")
        at = (layout.indent(there.opened), there.opened - layout.line_start(there.opened))
        if not there.items and not there.comments:
            text = self.listed(pieces, entries, at)
            self.fragments.add([Edit(there.opened, there.closed + 1, text)])
        elif not there.items:
            self.fragments.add([self._below_comments(there, pieces, there.comments[-1].end)])
        elif not there.lined and (any(p.rows for p in pieces) or self._too_long(there, pieces)):
            self._explode(there, position, pieces)
        else:
            self.fragments.add(placed(there, position, pieces))

    def _below_comments(self, there: Listing, pieces: list[Piece], end: int) -> Edit:
        """In a list that holds comments alone."""
        layout = self.layout
        if not layout.starts_line(there.closed):
            raise Refused("comments in an empty list")
        same = layout.lines.of(end) == layout.lines.of(there.opened)
        indent = layout.indent(there.opened) + layout.unit if same else layout.indent(end)
        eol, at = layout.eol(end), layout.line_end(end)
        return Edit(at, at, "".join(row(piece, indent, ",", eol) for piece in pieces))

    def _too_long(self, there: Listing, pieces: list[Piece]) -> bool:
        layout = self.layout
        start = layout.line_start(there.opened)
        texts = [layout.text[start : there.closed], *(piece.write("", 0) for piece in pieces), layout.rest(there.closed)]
        return there.alone and "\n" not in "".join(texts) and len(", ".join(texts)) - 2 > layout.limit

    def _explode(self, there: Listing, position: int, pieces: list[Piece]) -> None:
        """The one-line list on lines of its own, for the comments or the lines of what comes."""
        layout = self.layout
        numbers = range(len(there.items))
        going = {t.start for n in numbers for t in (*there.leading(n), *there.trailing(n))}
        if any(t.start not in going for t in there.comments):
            raise Refused("comments in a list that is not on lines of its own")
        all_pieces = [self.fragments.piece(there, n) for n in numbers]
        all_pieces[position:position] = pieces
        indent = layout.indent(there.opened)
        column = there.opened - layout.line_start(there.opened)
        text = written(
            all_pieces, Style("rows", indent + layout.unit, indent), (indent, column), layout.eol(there.opened), layout.limit
        )
        self.fragments.add([Edit(there.opened, there.closed + 1, text)])

    def into_keyword(self, into: IntoKeyword, pieces: list[Piece], entries: Sequence[Entry]) -> None:
        there = arguments(self.layout, into.owner)
        position = found(there, into.beside)
        if position is None or found(there, into.keyword) is not None:
            raise Refused(f"`{into.beside}` is not there, or `{into.keyword}` is")
        name = self.named(there, position, into.keyword)
        new = Piece(lambda indent, column: name + self.listed(pieces, entries, (indent, column + len(name))))
        self.add(there, position, new)

    def into_expression(self, into: IntoExpression, pieces: list[Piece], entries: Sequence[Entry]) -> None:
        layout, span = self.layout, into.expression
        inner = self.fragments.cut(span.start, span.end)
        if into.or_empty:
            star = f"*({inner if _primary(inner) or _any(inner) else f'({inner})'} or [])"
        else:
            star = f"*{inner}" if _primary(inner) else f"*({inner})"
        both = [*pieces, plain(star)] if into.first else [plain(star), *pieces]
        at = (layout.indent(span.start), span.start - layout.line_start(span.start))
        self.fragments.add([Edit(span.start, span.end, self.listed(both, entries, at))])

    def into_none(self, there: Span, pieces: list[Piece], entries: Sequence[Entry]) -> None:
        at = (self.layout.indent(there.start), there.start - self.layout.line_start(there.start))
        self.fragments.add([Edit(there.start, there.end, self.listed(pieces, entries, at))])

    def listed(self, pieces: list[Piece], entries: Sequence[Entry], at: tuple[str, int]) -> str:
        """A new list, laid out as the one the first of the entries leaves."""
        layout = self.layout
        source = next((display(layout, entry.display) for entry in entries if isinstance(entry, Taken)), None)
        eol = layout.eol(source.opened if source else 0)
        indent = at[0] + layout.unit
        if source is not None and source.rows:
            base, deep = layout.indent(source.opened), source.indent(0)
            indent = at[0] + deep[len(base) :] if deep.startswith(base) and deep != base else indent
        comments = any(p.above or p.behind for p in pieces)
        if any(p.rows for p in pieces) or (source is not None and source.rows):
            style = Style("rows", indent, at[0], source is None or comma_habit(source))
        elif source is not None and source.lined and not comments:
            style = Style("aligned", at[0] + " " * (at[1] + 1 - len(at[0])), at[0])
        else:
            style = Style("inline", indent, at[0])
        return written(pieces, style, at, eol, layout.limit)

    def take(self) -> None:
        """The displays without what left them."""
        for there, gone in self.gone.values():
            self.fragments.add(removed(there, gone))


def _depth(operation: Operation) -> tuple[int, bool]:
    """What is inside goes before what is around it."""
    if isinstance(operation, Replace):
        return operation.expression.end - operation.expression.start, True
    return (operation.owner.end - operation.owner.start if isinstance(operation, Mark) else 0), False


def _primary(text: str) -> bool:
    """Whether an expression can be starred, or have an attribute, without parentheses."""
    kinds = (ast.Name, ast.Attribute, ast.Call, ast.Subscript, ast.List, ast.Dict, ast.ListComp)
    return isinstance(_parsed(text), kinds)


def _any(text: str) -> bool:
    return isinstance(_parsed(text), ast.BoolOp)


def _parsed(text: str) -> ast.expr:
    try:
        return ast.parse(f"(\n{text}\n)", mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise Refused("an expression that cannot stand by itself") from None
