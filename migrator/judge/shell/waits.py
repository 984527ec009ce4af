"""Conditions of loops: whether they ever change, and what they wait for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from migrator.judge.shell.gone import NO_WAIT, Gone, answering, gone_by_command, gone_by_test, unlisted
from migrator.judge.shell.syntax import Source, chain, conditions, find
from migrator.judge.shell.wrappers import base_name, unwrap

if TYPE_CHECKING:
    from tree_sitter import Node

_SUCCEED = frozenset({"true", ":", "sleep", "echo", "printf", "date", "inotifywait"})
_READS_FILE = frozenset({"cat", "ls", "stat", "head"})
_FILE_TESTS = frozenset({"-e", "-f", "-s", "-d", "-r", "-p", "-S", "-L", "-x"})
_ONE_WORD = frozenset({"word", "number", "string", "raw_string"})
_LEAVE = frozenset({"break", "exit", "return", "exec"})
_LOOPS = frozenset({"while_statement", "for_statement", "c_style_for_statement"})


@dataclass(frozen=True)
class Awaited:
    """What a condition waits for: files that shall be there, ports on localhost that shall answer, what shall be gone."""

    files: frozenset[str] = frozenset()
    ports: frozenset[int] = frozenset()
    gone: Gone = NO_WAIT

    def __or__(self, other: Awaited) -> Awaited:
        return Awaited(self.files | other.files, self.ports | other.ports, self.gone | other.gone)

    @property
    def impatient(self) -> Awaited:
        """The same, of a loop that may end although something is still there."""
        return replace(self, gone=self.gone.impatient)


def constant(source: Source, node: Node) -> bool | None:
    """What a condition always is, None where it may change."""
    kind = node.type
    inner = [child for child in node.children if child.is_named]
    if kind == "command":
        name = base_name(source.words(node)[0])
        return True if name in _SUCCEED else False if name == "false" else None
    if kind == "negated_command" and inner:
        value = constant(source, inner[-1])
        return None if value is None else not value
    if kind == "list":
        return _constant_chain(source, node)
    if kind in ("test_command", "compound_statement") and len(inner) == 1 and inner[0].type in (*_ONE_WORD, "binary_expression"):
        return _constant_test(source, node, inner[0])
    if kind in ("redirected_statement", "subshell", "compound_statement") and inner and "/dev/tcp/" not in source.text(node):
        return constant(source, inner[0] if kind == "redirected_statement" else inner[-1])
    return None


def _constant_chain(source: Source, node: Node) -> bool | None:
    sides, operators = chain(node)
    if sides == [node]:
        return None
    value = constant(source, sides[0])
    for side, operator in zip(sides[1:], operators, strict=True):
        decides, other = operator == "||", constant(source, side)
        value = decides if decides in (value, other) else None if None in (value, other) else not decides
    return value


def _constant_test(source: Source, node: Node, inner: Node) -> bool | None:
    if inner.type == "binary_expression":
        left, right = inner.child_by_field_name("left"), inner.child_by_field_name("right")
        operator = inner.child_by_field_name("operator")
        same = left and right and source.text(left) == source.text(right) and "$" not in source.text(left)
        return True if same and operator and source.text(operator) in ("=", "==", "-eq") else None
    word = source.word(inner)
    if "$" in word or "`" in word:
        return None
    return word != "0" if node.children[0].type == "((" else bool(word)


def awaited(source: Source, node: Node, shall: bool) -> Awaited:
    """What is waited for until the condition is as it shall be."""
    inner = [child for child in node.children if child.is_named]
    found = Awaited()
    if node.type == "command":
        words = unwrap(source.words(node))[0]
        gone = Awaited(gone=gone_by_command(source, node, words, shall))
        return _awaited_by_command(words, shall) | _substituted(source, node) | gone
    if node.type == "test_command":
        gone = Awaited(gone=gone_by_test(source, node, shall))
        return _awaited_by_test(source, node, shall) | _substituted(source, node) | gone
    if node.type == "negated_command":
        return awaited(source, inner[-1], not shall) if inner else found
    if node.type == "file_redirect":
        reached = answering((source.word(inner[-1]),)) if inner else frozenset()
        return Awaited(ports=reached) if shall else Awaited(gone=Gone(reached))
    if node.type == "pipeline" and not shall:
        return Awaited(gone=unlisted(source, node))
    if node.type == "list" and len(node.children) == 3:
        inner = chain(node)[0]
    if node.type in ("list", "pipeline", "subshell", "compound_statement", "redirected_statement"):
        for child in inner:
            found |= awaited(source, child, shall)
    # One of several conditions may end the wait for the others.
    return found.impatient if node.type == "list" else found


def _awaited_by_command(words: tuple[str, ...], shall: bool) -> Awaited:
    if not words or not shall:
        return _awaited_by_words(words[1:], shall) if words and base_name(words[0]) == "test" else Awaited()
    name = base_name(words[0])
    if name == "test":
        return _awaited_by_words(words[1:], shall)
    if name in _READS_FILE:
        return Awaited(frozenset(word for word in words[1:] if word.startswith(("/", "$", "./"))))
    return Awaited(ports=answering(words))


def _awaited_by_words(words: tuple[str, ...], shall: bool) -> Awaited:
    if words[:1] == ("!",):
        return _awaited_by_words(words[1:], not shall)
    return Awaited(frozenset(words[1:])) if shall and len(words) == 2 and words[0] in _FILE_TESTS else Awaited()


def _awaited_by_test(source: Source, node: Node, shall: bool) -> Awaited:
    inner = [child for child in node.children if child.is_named]
    operator = node.child_by_field_name("operator")
    if node.type in ("test_command", "parenthesized_expression", "binary_expression"):
        if node.type == "binary_expression" and not (operator and source.text(operator) in ("&&", "||", "-a", "-o")):
            return Awaited()
        found = Awaited()
        for child in inner:
            found |= _awaited_by_test(source, child, shall)
        return found
    if node.type == "unary_expression" and operator and inner:
        if source.text(operator) == "!":
            return _awaited_by_test(source, inner[-1], not shall)
        if shall and source.text(operator) in _FILE_TESTS:
            return Awaited(frozenset({source.word(inner[-1])}))
    return Awaited()


def _substituted(source: Source, node: Node) -> Awaited:
    """Ports that commands within a condition ask: what answer they shall give does not matter."""
    found = Awaited()
    for child in find(node, lambda child: child.type == "command"):
        found |= Awaited(ports=_awaited_by_command(unwrap(source.words(child))[0], True).ports)
    return found


def leaves(source: Source, body: Node) -> tuple[Node, ...]:
    """The commands that leave a loop with this body for good; `exit 1` is a failure and no way out."""
    closed = frozenset({"function_definition", "subshell", "command_substitution", "process_substitution"})

    def leaving(node: Node) -> bool:
        if node.type != "command":
            return False
        words = source.words(node)
        if words[0] == "break":
            return not _in_inner_loop(node, body)
        return words[0] in _LEAVE and (words[1:] in ((), ("0",)) or (words[0] == "exec" and len(words) > 1))

    return tuple(node for node in find(body, leaving, closed) if source.words(node) != ("exec",))


def _in_inner_loop(node: Node, body: Node) -> bool:
    return any(parent.type in _LOOPS for parent in _parents(node, body))


def _parents(node: Node, body: Node) -> Iterator[Node]:
    parent = node.parent
    while parent is not None and parent != body:
        yield parent
        parent = parent.parent


def awaited_to_leave(source: Source, leave: Node, body: Node) -> Awaited:
    """What is waited for until a command that leaves a loop is come to."""
    found, child = Awaited(), leave
    for parent in _parents(leave, body):
        if parent.type in ("if_statement", "elif_clause") and child.type != "elif_clause":
            asked = conditions(parent)
            if asked and child not in asked:
                found |= awaited(source, asked[-1], child.type != "else_clause")
        elif parent.type == "list" and child == parent.children[-1]:
            found |= awaited(source, parent.children[0], parent.children[1].type == "&&")
        child = parent
    return found
