"""Proof that a Python text was rewritten as its operations say, and nothing else.

The operations are carried out a second time, on the tree of the standard library; it must equal the tree of the new
text node for node. Comments and tokens are counted: none vanishes or appears but by an operation.
"""

from __future__ import annotations

import ast
import io
import sys
import tokenize
import warnings
from collections import Counter
from collections.abc import Iterator, Sequence

from migrator.sources.python.write.operations import (
    Drop,
    Insert,
    IntoExpression,
    IntoKeyword,
    IntoNone,
    Mark,
    Operation,
    Put,
    Rename,
    Span,
    Written,
)
from migrator.sources.python.write.places import Places
from migrator.sources.python.write.replay import replayed
from migrator.text.errors import Refused

# What a tree cannot tell: how a list is ended, what is in parentheses for its layout, and two statements on a line.
_FREE = frozenset(",();")
_LAYOUT = {tokenize.NEWLINE, tokenize.NL, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER, tokenize.ENCODING}

Tokens = Counter[str]


def prove(old: str, new: str, operations: Sequence[Operation]) -> None:
    """Raise `Refused` unless `new` is `old` with the operations carried out. Runs nothing of either text."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            _prove(old, new, operations)
    except SyntaxError as error:
        raise Refused(f"Python {_version()} cannot read it: {error.msg} (line {error.lineno})") from None
    except tokenize.TokenError as error:
        raise Refused(f"no Python tokens: {error.args[0]}") from None
    except (RecursionError, MemoryError):
        raise Refused("nested too deep") from None
    except ValueError as error:
        raise Refused(f"no Python text: {error}") from None


def _prove(old: str, new: str, operations: Sequence[Operation]) -> None:
    tree, written = ast.parse(old), ast.parse(new)
    # A tree may be fine where its code is not: `return` outside a function, the same keyword twice.
    compile(new, "<new>", "exec", dont_inherit=True)
    places = Places(old, tree)
    before = Counter(_docstrings(tree))
    added, dropped = _changes(places, operations)
    expected = replayed(places, operations)
    if _dump(expected) != _dump(written):
        raise Refused("the text would say something else than planned")
    if Counter(_docstrings(written)) - before:
        raise Refused("a text would become a docstring")
    if before - Counter(_docstrings(written)):
        raise Refused("a docstring would become a mere text")
    tokens, left = _tokens(old), _tokens(new)
    _prove_comments(places, tokens, left, operations)
    _prove_tokens(tokens, left, added, dropped)


def _dump(tree: ast.AST) -> str:
    return ast.dump(tree, include_attributes=False)


def _docstrings(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            text = ast.get_docstring(node, clean=False)
            if text is not None:
                yield text


def _tokens(text: str) -> list[tokenize.TokenInfo]:
    return list(tokenize.generate_tokens(io.StringIO(text, newline="\n").readline))


def _words(tokens: list[tokenize.TokenInfo]) -> Tokens:
    """The tokens that have to be accounted for."""
    return Counter(t.string for t in tokens if t.type not in _LAYOUT and t.type != tokenize.COMMENT and t.string not in _FREE)


def _prove_comments(
    places: Places, tokens: list[tokenize.TokenInfo], new: list[tokenize.TokenInfo], operations: Sequence[Operation]
) -> None:
    """Every comment is there as often as before, but for those that a dropped statement may take along."""
    old = [t for t in tokens if t.type == tokenize.COMMENT]
    left = Counter(t.string for t in old)
    left.subtract(t.string for t in new if t.type == tokenize.COMMENT)
    free: Tokens = Counter()
    own = {t.start[0]: t for t in old if not t.line[: t.start[1]].strip()}
    for operation in operations:
        if not isinstance(operation, Drop):
            continue
        first, last = (places.point(at)[0] for at in (operation.statement.start, operation.statement.end))
        free.update(t.string for t in old if first <= t.start[0] <= last)
        column = places.lines.column(operation.statement.start)
        row = first - 1
        while row in own and own[row].start[1] == column:
            free[own[row].string] += 1
            row -= 1
    for comment, count in left.items():
        if count < 0 or count > free[comment]:
            raise Refused(f"a comment would be {'lost' if count > 0 else 'added'}: {comment}")


def _changes(places: Places, operations: Sequence[Operation]) -> tuple[Tokens, Tokens]:
    """The tokens that the operations add, and those they take away."""
    added: Tokens = Counter()
    dropped: Tokens = Counter()
    for operation in operations:
        if isinstance(operation, Put):
            added.update(
                word for e in operation.entries if isinstance(e, Written) for word in _words(_tokens(e.source)).elements()
            )
            into = operation.into
            if isinstance(into, IntoKeyword):
                added.update(("[", "]", *places.naming(into.owner, into.keyword, into.beside)))
            elif isinstance(into, IntoExpression):
                added.update(("[", "]", "*", *(("or", "[", "]") if into.or_empty else ())))
            elif isinstance(into, IntoNone):
                added.update(("[", "]"))
                dropped["None"] += 1
        elif isinstance(operation, Mark):
            added.update(_words(_tokens(operation.value)))
            there = places.value(operation.owner, operation.keyword)
            if there is None:
                beside = next((k for k in operation.behind if places.value(operation.owner, k) is not None), "")
                added.update(places.naming(operation.owner, operation.keyword, beside))
            else:
                dropped.update(_part(places, places.span(there)))
        elif isinstance(operation, Rename):
            name = places.text[operation.name.start : operation.name.end]
            dropped[name] += 1
            added[_renamed(name, operation.new)] += 1
        elif isinstance(operation, Insert):
            added.update(_words(_tokens(operation.source)))
        elif isinstance(operation, Drop):
            dropped.update(_part(places, operation.statement))
        else:
            dropped.update(_part(places, operation.expression))
            added.update(_words(_tokens(operation.source if operation.kept is None else operation.source.replace("{}", " ", 1))))
            added.update(_part(places, operation.kept) if operation.kept else ())
    return added, dropped


def _part(places: Places, span: Span) -> Tokens:
    return _words(_tokens(f"({places.text[span.start : span.end]}\n)"))


def _prove_tokens(old: list[tokenize.TokenInfo], new: list[tokenize.TokenInfo], added: Tokens, dropped: Tokens) -> None:
    """The new text has the tokens of the old one, but for what the operations add and take away."""
    difference = _words(new)
    difference.subtract(_words(old))
    difference.subtract(added)
    difference.update(dropped)
    for word, count in difference.items():
        if count:
            raise Refused(f"`{word}` would be {'added' if count > 0 else 'lost'}")


def _renamed(name: str, new: str) -> str:
    """The token of a name after a `Rename`: of a text, what is between the quotes."""
    bare = name.lstrip("rRuUbBfF")
    if bare[:1] not in ("'", '"') or not bare:
        return new
    quote = bare[:3] if len(bare) > 5 and bare[:3] == bare[:1] * 3 else bare[0]
    return f"{name[: len(name) - len(bare)]}{quote}{new}{quote}"


def _version() -> str:
    return f"{sys.version_info.major}.{sys.version_info.minor}"
