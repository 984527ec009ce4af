"""Nodes of the standard library's tree by their place in the text."""

from __future__ import annotations

import ast
from typing import TypeVar

from migrator.sources.python.write.operations import Span
from migrator.text.errors import Refused
from migrator.text.lines import Lines

Point = tuple[int, int]
_Node = TypeVar("_Node", bound=ast.AST)


class Places:
    """The nodes of `tree`, the tree of `text`, by span. A node that is not there is `Refused`."""

    def __init__(self, text: str, tree: ast.Module) -> None:
        self.text = text
        self.tree = tree
        self.lines = Lines(text)
        self.nodes: dict[tuple[Point, Point], list[ast.AST]] = {}
        self.ends: dict[Point, list[ast.AST]] = {}
        for node in ast.walk(tree):
            if isinstance(node, ast.expr | ast.stmt | ast.keyword | ast.arg):
                start, end = _place(node)
                self.nodes.setdefault((start, end), []).append(node)
                self.ends.setdefault(end, []).append(node)

    def point(self, offset: int) -> Point:
        """The line, counted from 1, and the column in bytes of UTF-8, as the tree counts them."""
        line = self.lines.of(offset)
        return line + 1, len(self.text[self.lines.start(line) : offset].encode())

    def _offset(self, point: Point) -> int:
        start, end = self.lines.start(point[0] - 1), self.lines.end(point[0] - 1)
        return start + len(self.text[start:end].encode()[: point[1]].decode())

    def span(self, node: ast.expr) -> Span:
        """Where the node stands."""
        start, end = _place(node)
        return Span(self._offset(start), self._offset(end))

    def expression(self, span: Span) -> ast.expr:
        """The expression that is exactly there."""
        # Before Python 3.12 what is in an f-string has the place of the whole, which is met first.
        return _one([n for n in self._at(span) if isinstance(n, ast.expr)][:1])

    def statement(self, span: Span) -> ast.stmt:
        """The statement that is exactly there; one with decorators starts behind them."""
        return _one([n for n in self._at(span) if isinstance(n, ast.stmt)])

    def display(self, span: Span) -> ast.List | ast.Tuple:
        """The list or tuple there; a tuple's parentheses may be left out."""
        there = [n for n in self._at(span) if isinstance(n, ast.List | ast.Tuple)]
        if there:
            return _one(there)
        start, end = span.start - 1, span.end
        while start >= 0 and self.text[start].isspace():
            start -= 1
        while end < len(self.text) and self.text[end].isspace():
            end += 1
        return _one([n for n in self._at(Span(start, end + 1)) if isinstance(n, ast.Tuple)])

    def owner(self, span: Span) -> ast.Call | ast.Dict:
        """The call or dict display there."""
        return _one([n for n in self._at(span) if isinstance(n, ast.Call | ast.Dict)])

    def named(self, span: Span) -> ast.AST:
        """What has its name exactly there: a variable, an attribute, an argument's keyword, a text."""
        text, (start, end) = self.text[span.start : span.end], (self.point(span.start), self.point(span.end))
        there: list[ast.AST] = [n for n in self._at(span) if isinstance(n, ast.Name | ast.arg)]
        there += [n for n in self._at(span) if isinstance(n, ast.Constant) and isinstance(n.value, str)]
        there += [n for n in self.ends.get(end, []) if isinstance(n, ast.Attribute) and n.attr == text]
        there += [
            n
            for (first, last), nodes in self.nodes.items()
            if first == start and last > end
            for n in nodes
            if isinstance(n, ast.keyword) and n.arg == text
        ]
        return _one(there)

    def value(self, span: Span, name: str) -> ast.expr | None:
        """The value of the argument or key `name` of the call or dict display."""
        owner = self.owner(span)
        number = index(owner, name)
        if number is None:
            return None
        return owner.keywords[number].value if isinstance(owner, ast.Call) else owner.values[number]

    def naming(self, span: Span, keyword: str, beside: str) -> tuple[str, str]:
        """The tokens that name a new argument or key; a key in the quotes of the one called `beside`, or of the first."""
        owner = self.owner(span)
        if isinstance(owner, ast.Call):
            return keyword, "="
        keys = [key for key in owner.keys if isinstance(key, ast.Constant) and isinstance(key.value, str)]
        like = sorted(keys, key=lambda key: key.value != beside)[:1]
        quote = self.text[self.span(like[0]).end - 1] if like else '"'
        return f"{quote}{keyword}{quote}", ":"

    def _at(self, span: Span) -> list[ast.AST]:
        return self.nodes.get((self.point(span.start), self.point(span.end)), [])


def index(owner: ast.Call | ast.Dict, name: str) -> int | None:
    """The number of the argument, among those with keywords, or of the pair, that is called `name`."""
    if isinstance(owner, ast.Call):
        numbers = [n for n, keyword in enumerate(owner.keywords) if keyword.arg == name]
    else:
        numbers = [n for n, key in enumerate(owner.keys) if isinstance(key, ast.Constant) and key.value == name]
    if len(numbers) > 1:
        raise Refused(f"`{name}` is there twice")
    return numbers[0] if numbers else None


def _place(node: ast.expr | ast.stmt | ast.keyword | ast.arg) -> tuple[Point, Point]:
    if node.end_lineno is None or node.end_col_offset is None:
        raise Refused("a node without an end")
    return (node.lineno, node.col_offset), (node.end_lineno, node.end_col_offset)


def _one(nodes: list[_Node]) -> _Node:
    if len(nodes) != 1:
        raise Refused("a place in the text that is not one node of its tree")
    return nodes[0]
