"""The string literals of a Python text that speak of containers: where they stand, and what they say."""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass

from migrator.sources.python.strings.uses import Parents, Use, Uses
from migrator.text.errors import TextError

_LINE_END = re.compile(r"\r\n|\r|\n")
#: The key as YAML and JSON write it, in a string that may have escapes of its own.
_KEY = re.compile(r"""containers(?:\\*["'])?\s*:|\?\s+containers\b""")
_OPENING = re.compile(r"""([A-Za-z]{0,2})(\"\"\"|'''|"|')""")


@dataclass(frozen=True)
class Literal:
    """A string expression: one literal, or several that are joined. `[start, end)` in characters, `line` 1-based.

    `node` is the expression; `uses` says what the file does with it.
    """

    node: ast.expr
    start: int
    end: int
    line: int
    uses: frozenset[Use]


@dataclass(frozen=True)
class Spelled:
    """One literal's source text, taken apart: prefix (lower case), quotes, and what stands between them."""

    prefix: str
    quotes: str
    content: str

    @property
    def raw(self) -> bool:
        """Whether backslashes are no escapes."""
        return "r" in self.prefix

    @property
    def source(self) -> str:
        """The literal."""
        return f"{self.prefix}{self.quotes}{self.content}{self.quotes}"

    @property
    def value(self) -> str:
        """What it says, where it is known to have no holes and no escapes but of backslashes, quotes and its first line end."""
        content = self.content.replace("\r\n", "\n")
        return content if self.raw else re.sub(r"\\([\\\"'])", r"\1", content.removeprefix("\\\n"))


def spelled(source: str) -> Spelled | None:
    """The parts of `source` where it is one string literal, None where it is several or something else."""
    opening = _OPENING.match(source)
    if opening is None or not source.endswith(opening[2]) or len(source) < opening.end() + len(opening[2]):
        return None
    prefix, content = opening[1].lower(), source[opening.end() : -len(opening[2])]
    # A hole of an f-string may hold quotes of its own.
    bare = re.sub(r"\{[^{}]*\}", "x", content) if "f" in prefix else content
    if opening[2] in re.sub(r"\\.", "x", bare, flags=re.DOTALL):
        return None
    return Spelled(prefix, opening[2], content)


def parsed(text: str) -> ast.Module:
    """The module. Raises `TextError` where `text` is not Python as this interpreter knows it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return ast.parse(text)
        except SyntaxError as error:
            raise TextError(f"not Python: {error.msg}", error.lineno) from None
        except (ValueError, RecursionError, MemoryError) as error:
            raise TextError(f"not Python: {error}") from None


def literals(text: str) -> list[Literal]:
    """The strings in which `containers` stands as a key, in text order; none that is a statement of its own (documentation)."""
    if not _KEY.search(text):
        return []
    tree = parsed(text)
    uses = Uses(tree)
    places = _Places(text)
    found: dict[ast.expr, Literal] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and _speaks(node.value):
            top = _whole(node, uses.parents)
            if top not in found and not isinstance(uses.parents.get(top), ast.Expr):
                start, end = places.of(top)
                found[top] = Literal(top, start, end, top.lineno, frozenset(uses.of(top)))
    return sorted(found.values(), key=lambda literal: literal.start)


def leaves(node: ast.expr) -> Iterator[ast.expr]:
    """What is joined by `+` at `node`, from left to right."""
    waiting = [node]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
            waiting += (node.right, node.left)
        else:
            yield node


def _speaks(value: object) -> bool:
    said = value.decode("utf-8", "replace") if isinstance(value, bytes) else value
    return isinstance(said, str) and _KEY.search(said) is not None


def _whole(node: ast.expr, parents: Parents) -> ast.expr:
    """The f-string that `node` is a part of, at any depth, else itself; and all that is joined to it by `+`."""
    top: ast.expr = node
    above = parents.get(node)
    while isinstance(above, (ast.expr, ast.comprehension, ast.keyword, ast.arguments)):
        if isinstance(above, ast.JoinedStr):
            top = above
        above = parents.get(above)
    while isinstance(above := parents.get(top), ast.BinOp) and isinstance(above.op, ast.Add):
        top = above
    return top


class _Places:
    """From the lines and byte columns of the syntax tree to characters of the text."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._starts = [0, *(end.end() for end in _LINE_END.finditer(text))]

    def of(self, node: ast.expr) -> tuple[int, int]:
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        return self._at(node.lineno, node.col_offset), self._at(node.end_lineno, node.end_col_offset)

    def _at(self, line: int, column: int) -> int:
        start = self._starts[line - 1]
        # A character has one byte at least, so that the line's first `column` characters are enough.
        return start + len(self._text[start : start + column].encode("utf-8", "surrogatepass")[:column].decode("utf-8", "ignore"))
