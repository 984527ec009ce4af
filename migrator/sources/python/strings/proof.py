"""Proof that a Python text with its strings rewritten is the same program, but for what these strings say."""

from __future__ import annotations

import ast
from collections.abc import Collection

from migrator.sources.python.strings.literals import Spelled, parsed
from migrator.sources.python.strings.view import NoView, View, view
from migrator.text.errors import Refused, TextError
from migrator.text.tree import parse
from migrator.text.values import data


def check_value(seen: View, node: ast.expr) -> None:
    """Raise `NoView` unless the literal evaluates, by the syntax tree, to what was read out of its text."""
    if isinstance(node, ast.JoinedStr):
        agrees = seen.pieces == pieces(node)
    else:
        agrees = isinstance(node, ast.Constant) and node.value == seen.literal.value
    if not agrees:
        raise NoView("a literal whose text and value differ")


def pieces(node: ast.JoinedStr) -> list[str | None]:
    """What an f-string says, cut at its holes, which are None."""
    found: list[str | None] = []
    said = ""
    for part in node.values:
        if isinstance(part, ast.Constant):
            said += str(part.value)
        else:
            found += (said, None)
            said = ""
    return [*found, said]


def prove_literal(seen: View, content: str, new: str) -> None:
    """Raise `Refused` unless the literal with this content is one literal that says `new`, filled in with the same values."""
    spelled = Spelled(seen.literal.prefix, seen.literal.quotes, content)
    try:
        before, after = _node(seen.literal), _node(spelled)
        written = view(spelled, seen.kind)
        check_value(written, after)
    except (NoView, TextError) as error:
        raise Refused(f"the string could not be written: {error}") from None
    if written.holes.told(written.text) != seen.holes.told(new) or _holes(before) != _holes(after):
        raise Refused("values without a name would fill in other places of the string")
    if (written.margin, written.tail, written.first) != (seen.margin, seen.tail, seen.first):
        raise Refused("the string's margin would change")
    if seen.tail and _data(written.text) != _data(written.text + written.tail):
        raise Refused("the blanks before the closing quotes would become a part of a value")


def prove_module(old: str, new: str, strings: Collection[tuple[int, int]]) -> None:
    """Raise `Refused` unless both are the same syntax tree, but for the strings at these places (line and byte column)."""
    try:
        after = parsed(new)
    except TextError as error:
        raise Refused(error.message) from None
    waiting: list[tuple[object, object]] = [(parsed(old), after)]
    while waiting:
        left, right = waiting.pop()
        if type(left) is not type(right):
            raise Refused("the code around the string would change")
        if isinstance(left, (ast.Constant, ast.JoinedStr)) and (left.lineno, left.col_offset) in strings:
            continue
        if isinstance(left, list) and isinstance(right, list) and len(left) == len(right):
            waiting += zip(left, right, strict=True)
        elif isinstance(left, ast.AST):
            waiting += [(getattr(left, name, None), getattr(right, name, None)) for name in left._fields]
        elif left != right:
            raise Refused("the code around the string would change")


def _node(spelled: Spelled) -> ast.expr:
    statement = parsed(f"({spelled.source}\n)").body[0]
    if not isinstance(statement, ast.Expr):
        raise NoView("a literal that ends early")
    return statement.value


def _holes(node: ast.expr) -> list[str]:
    values = node.values if isinstance(node, ast.JoinedStr) else []
    return sorted(ast.dump(value) for value in values if isinstance(value, ast.FormattedValue))


def _data(text: str) -> list[object]:
    try:
        return [data(root) for root in parse(text) if root is not None]
    except TextError as error:
        raise Refused(f"what stands behind it in the string is no YAML: {error.message}") from None
