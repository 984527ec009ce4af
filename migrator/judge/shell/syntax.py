"""The syntax tree of a shell script: parsed by tree-sitter, its words read with their quotes removed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tree_sitter import Node, Parser

#: The kubelet puts in `$(NAME)` and turns `$$` into `$` before the shell sees either.
_KUBELET = re.compile(rb"\$\$|\$\([A-Z_][A-Z0-9_]*\)")
#: What the shell gets as one character: of the kubelet's escape, and of a line break.
_UNIT = re.compile(r"\$\$|\r\n|.", re.DOTALL)
_TEMPLATE = re.compile(rb"\{\{.*?\}\}", re.DOTALL)
_TEMPLATE_CONTROL = re.compile(rb"\{\{-?\s*(?:if|else|end|range|with|define|/\*|\$\w+\s*:?=)")
_EXPANSIONS = frozenset({"simple_expansion", "expansion", "command_substitution", "arithmetic_expansion", "process_substitution"})
_SUBSTITUTIONS = frozenset({"command_substitution", "process_substitution"})
_NO_WORDS = frozenset({"file_redirect", "herestring_redirect", "heredoc_redirect", "comment"})
_NO_STATEMENTS = frozenset({"comment", "elif_clause", "else_clause"})
_ESCAPED = re.compile(r"\\(\n|.)", re.DOTALL)
_ESCAPED_IN_QUOTES = re.compile(r"\\([$`\"\\\n])")


@lru_cache(maxsize=1)
def _parser() -> Parser:
    # Most containers run no script, and the grammar is the dearest import of the package.
    import tree_sitter
    import tree_sitter_bash

    return tree_sitter.Parser(tree_sitter.Language(tree_sitter_bash.language()))


class Source:
    """A script with its tree. `sound` where the whole of it parses, `templated` where parts are not known yet."""

    def __init__(self, script: str) -> None:
        self._script = script
        raw = script.replace("\r\n", "\n").encode("utf-8", "replace")
        self._text = _KUBELET.sub(lambda found: b"$" if found.group() == b"$$" else found.group(), raw)
        self.root = _parser().parse(_masked(raw)).root_node
        self.sound = not self.root.has_error
        self.templated = b"{{" in raw

    def text(self, node: Node) -> str:
        """The text of a node, as it was given."""
        return self._between(node.start_byte, node.end_byte)

    def origin(self, at: int) -> int:
        """Where in the script, as it was given, the byte `at` of the tree stands, in characters."""
        for found in _UNIT.finditer(self._script):
            if at <= 0:
                return found.start()
            at -= 1 if found.group() in ("$$", "\r\n") else len(found.group().encode("utf-8", "replace"))
        return len(self._script)

    def _between(self, start: int, end: int) -> str:
        return self._text[start:end].decode("utf-8", "replace")

    def word(self, node: Node) -> str:
        """One word, or a part of one, without its quotes; expansions stay as they are written."""
        if node.type in ("command_name", "concatenation"):
            return "".join(self.word(child) for child in node.children)
        if node.type in ("string", "translated_string"):
            return self._in_quotes(node)
        text = self.text(node)
        if node.type == "raw_string":
            return text[1:-1]
        if node.type == "ansi_c_string":
            return text[2:-1]
        return text if node.type in _EXPANSIONS else _ESCAPED.sub(_unescaped, text)

    def _in_quotes(self, node: Node) -> str:
        parts, at = [], node.start_byte + (1 if node.type == "string" else 2)
        for child in node.children:
            if child.type == "string":
                return self._in_quotes(child)
            if child.type in _EXPANSIONS:
                parts += [_ESCAPED_IN_QUOTES.sub(_unescaped, self._between(at, child.start_byte)), self.text(child)]
                at = child.end_byte
        parts.append(_ESCAPED_IN_QUOTES.sub(_unescaped, self._between(at, node.end_byte - 1)))
        return "".join(parts)

    def words(self, node: Node) -> tuple[str, ...]:
        """The words of a simple command. What touches is one word, also where the grammar sees two."""
        found: list[str] = []
        end = -1
        for child in node.children:
            if child.type in _NO_WORDS or (child.type == "variable_assignment" and node.type == "command"):
                continue
            word = self.word(child)
            if child.start_byte == end and found:
                found[-1] += word
            else:
                found.append(word)
            end = child.end_byte
        return tuple(found)


def _masked(raw: bytes) -> bytes:
    """Of the same length as what the shell gets, with a word where a template or a variable of the kubelet stands."""
    raw = _KUBELET.sub(lambda found: b"$" if found.group() == b"$$" else b"${" + found.group()[2:-1] + b"}", raw)
    return _TEMPLATE.sub(lambda found: _blank(found.group()), raw)


def _blank(template: bytes) -> bytes:
    return (b" " if _TEMPLATE_CONTROL.match(template) else b"_") * len(template)


def _unescaped(found: re.Match[str]) -> str:
    return "" if found.group(1) == "\n" else found.group(1)


def find(node: Node, wanted: Callable[[Node], bool], closed: frozenset[str] = frozenset()) -> Iterator[Node]:
    """The outermost nodes below this one that are wanted, in order, without looking into nodes of the types `closed`."""
    stack = list(reversed(node.children))
    while stack:
        child = stack.pop()
        if wanted(child):
            yield child
        elif child.type not in closed:
            stack.extend(reversed(child.children))


def substitutions(node: Node) -> Iterator[Node]:
    """The `$(...)` and `<(...)` that are evaluated with this node."""
    return find(node, lambda child: child.type in _SUBSTITUTIONS)


def conditions(node: Node) -> tuple[Node, ...]:
    """The condition of an `if`, `elif`, `while` or `until`: one statement or several."""
    found: list[Node] = []
    for child in node.children:
        if child.type in ("then", "do_group"):
            break
        if child.is_named and child.type != "comment":
            found.append(child)
    return tuple(found)


def statements(node: Node) -> tuple[Node, ...]:
    """The statements that a node holds, one after the other: of a script, a block, a branch, a loop's body."""
    asked = conditions(node) if node.type in ("if_statement", "elif_clause") else ()
    values = node.children_by_field_name("value") if node.type == "case_item" else []
    return tuple(c for c in node.children if c.is_named and c.type not in _NO_STATEMENTS and c not in asked and c not in values)


def in_background(node: Node) -> bool:
    """Whether a statement is followed by `&`."""
    following = node.next_sibling
    return following is not None and following.type == "&"


def chain(node: Node) -> tuple[list[Node], list[str]]:
    """The statements that `&&` and `||` join, and the operators between them: the tree nests them to the left."""
    sides, operators = [node], list[str]()
    while sides[0].type == "list" and len(sides[0].children) == 3:
        left, operator, right = sides[0].children
        sides[:1] = [left, right]
        operators.insert(0, operator.type)
    return sides, operators
