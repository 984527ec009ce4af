"""A script that ends when a file is there, as one that does not look for the file: `exec daemon`, or a loop without end.

Only where everything else in the script is understood, and where what it did before it ended is not lost: a turn of work
after the file has come, a handler, another signal than SIGTERM.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from migrator.judge.shell.programs import QUIET, WAITERS, kind_of
from migrator.judge.shell.syntax import Source, conditions, in_background, statements
from migrator.judge.shell.waits import constant
from migrator.judge.shell.wrappers import Words, base_name, unwrap
from migrator.plan.quits.body import LOOPS, Body
from migrator.plan.quits.cut import without_statement
from migrator.plan.quits.hack import Kept
from migrator.plan.quits.shape import Instead, Shape, same, shape

if TYPE_CHECKING:
    from tree_sitter import Node

_FILE_TESTS = frozenset({"-e", "-f", "-s", "-r", "-a"})
_TERMS = frozenset({"-TERM", "-SIGTERM", "-15", "-KILL", "-SIGKILL", "-9", "-s", "TERM", "SIGTERM", "KILL", "SIGKILL"})
_TELLING = frozenset({"echo", "printf", "true", ":", "sleep", "date"})
_LEAVING = frozenset({"exit", "break", "return"})
_NESTING = frozenset(
    {
        "negated_command",
        "list",
        "compound_statement",
        "subshell",
        "do_group",
        "if_statement",
        "elif_clause",
        "else_clause",
        "while_statement",
    }
)
_FATE = re.compile(r"(?:\d+|\$\{?\w+\}?|\$\?|-n|%\d?)\Z|\$!\Z")
_LAST_TURN = "a last turn of its work may come after the file is there"
_AS_IT_IS = "the way in which it waits for the file is not one that can be taken off surely"


def released(text: str, errexit: bool, file: str) -> str:
    """The script without its waiting for `file`. Raises `Kept` with the reason where that cannot be written surely."""
    return _Waiting(text, errexit, file).released()


class _Waiting(Body):
    def __init__(self, text: str, errexit: bool, file: str) -> None:
        super().__init__(text, errexit)
        self._file = file
        self._held = statements(self.root)
        self._own = frozenset(self._children())
        self._program = ""

    def released(self) -> str:
        first = next((n for n, node in enumerate(self._held) if in_background(node) or self._mentions(node)), len(self._held))
        setup, rest = self._held[:first], self._held[first:]
        simple = [node for node in rest if node.type in ("command", "redirected_statement") and not self._inert(node)]
        self._program = self._program_of(simple[0]) if len(simple) == 1 else ""
        working = [node for node in rest if not self._inert(node)]
        if rest and rest[0].type in LOOPS and not in_background(rest[0]) and working in ([], [rest[0]]):
            return self._endless(rest[0], rest[1:])
        if len(working) != 1:
            raise Kept(_AS_IT_IS if working else "it does nothing but wait for the file: nothing would be left to run")
        return self._daemon(setup, rest, working[0])

    def _program_of(self, node: Node) -> str:
        command = next(self.commands(node), None)
        words = unwrap(self.source.words(command))[0] if command is not None else ()
        return base_name(words[0]) if words else ""

    def _daemon(self, setup: Sequence[Node], rest: Sequence[Node], daemon: Node) -> str:
        """Setup, a daemon, and what watches it: the daemon takes the shell's place."""
        command = daemon.child_by_field_name("body") if daemon.type == "redirected_statement" else daemon
        at = rest.index(daemon)
        if command is None or command.type != "command" or "<<" in self.source.text(daemon):
            raise Kept("what it runs is no simple command")
        words, wrappers = unwrap(self.source.words(command))
        if command.children[0].type == "variable_assignment" or not wrappers <= {"exec"} or re.search(r"[$`*?]", words[0]):
            raise Kept("its command is not one that can be run in place of the shell surely")
        if words[0] in self.functions or words[0] in QUIET or kind_of(words) in (None, "one-shot"):
            raise Kept("what it runs is no daemon")
        early = any(not in_background(node) and node.type != "variable_assignment" for node in rest[:at])
        late = not in_background(daemon) and any(node.type in LOOPS for node in rest[at:])
        if early or late or self.traps or self.functions:
            raise Kept(_AS_IT_IS)
        start, end = (self.source.origin(place) for place in (daemon.start_byte, daemon.end_byte))
        said = self.text[start:end] if "exec" in wrappers else f"exec {self.text[start:end]}"
        after = self.text[: self.source.origin(rest[0].start_byte)] + said + self._behind(rest[-1])
        new = Source(after)
        held = statements(new.root)
        kept = [shape(new, node) for node in held[:-1]] == [shape(self.source, node) for node in setup]
        if not new.sound or not kept or not held or new.text(held[-1]) != self._as_parsed(said):
            raise Kept(_AS_IT_IS)
        return after

    def _as_parsed(self, said: str) -> str:
        source = Source(said)
        return source.text(source.root)

    def _behind(self, last: Node) -> str:
        """The line breaks that end the script."""
        rest = self.text[self.source.origin(last.end_byte) :]
        return rest[len(rest.rstrip("\r\n")) :]

    def _endless(self, loop: Node, behind: Sequence[Node]) -> str:
        """A loop that works until the file is there: it goes on."""
        asked, body = conditions(loop), loop.child_by_field_name("body")
        if body is None or len(asked) != 1 or any(in_background(node) for node in self._held):
            raise Kept(_AS_IT_IS)
        if not all(self._inert(node) for node in behind) or any(trap.at_exit for trap in self.traps):
            raise Kept("it has work to do once the file is there")
        after = self.text[: self.source.origin(loop.end_byte)] + (
            self.text[self.source.origin(behind[-1].end_byte) :] if behind else self.text[self.source.origin(loop.end_byte) :]
        )
        instead: dict[int, Shape | None] = {node.id: None for node in behind}
        turn = list(statements(body))
        always, until = constant(self.source, asked[0]), loop.children[0].type == "until"
        if always is None:
            if not self._asks(asked[0]):
                raise Kept(_AS_IT_IS)
            start, end = (self.source.origin(place) for place in (loop.start_byte, asked[0].end_byte))
            after = f"{after[:start]}while true{after[end:]}"
            instead |= {loop.children[0].id: ("while", "while"), asked[0].id: ("command", "true")}
        else:
            way = next((node for node in turn if self._way(node)), None)
            if way is None or always is until:
                raise Kept(_AS_IT_IS)
            after = without_statement(after, self.source, turn, turn.index(way))
            instead[way.id] = None
            at, last = turn.index(way), len(turn) - 1
            turn.remove(way)
            self._check_turn(turn)
            if at not in (0, last):
                raise Kept(_LAST_TURN)
        self._check_turn(turn)
        return self._proved(after, instead)

    def _check_turn(self, turn: Sequence[Node]) -> None:
        """Raise `Kept` unless each turn is work and then a sleep, so that no turn follows the file for sure."""
        names = [[base_name(self.source.words(c)[0]) for c in self.commands(node)] for node in turn]
        if not any(name not in QUIET | WAITERS for held in names for name in held):
            raise Kept("it does nothing but wait for the file: nothing would be left to run")
        sleeps = [n for n, held in enumerate(names) if "sleep" in held]
        if sleeps != [len(turn) - 1] or turn[-1].type != "command":
            raise Kept(_LAST_TURN)
        bodies = [*turn, *self.functions.values()]
        if any(self.source.words(c)[0] in (*_LEAVING, "exec") for node in bodies for c in self.commands(node)):
            raise Kept(_AS_IT_IS)
        if any(in_background(node) for node in turn):
            raise Kept(_AS_IT_IS)

    def _proved(self, after: str, instead: Instead) -> str:
        if not same(self.source, instead, after):
            raise Kept(_AS_IT_IS)
        return after

    def _children(self) -> Iterator[str]:
        for node in self._held:
            name, value = node.child_by_field_name("name"), node.child_by_field_name("value")
            if node.type == "variable_assignment" and name and value and self.source.word(value) in ("$!", "${!}"):
                yield self.source.text(name)

    def _mentions(self, node: Node) -> bool:
        return self._file in self.source.text(node)

    def _way(self, node: Node) -> bool:
        """Whether a statement leaves the loop once the file is there, and does nothing else."""
        if node.type == "list":
            left, operator, right = node.children
            return operator.type == "&&" and self._asks(left) and self._leaves([right])
        asked = conditions(node) if node.type == "if_statement" else ()
        plain = not any(child.type in ("elif_clause", "else_clause") for child in node.children)
        return len(asked) == 1 and plain and self._asks(asked[0]) and self._leaves(statements(node))

    def _leaves(self, held: Sequence[Node]) -> bool:
        inert = all(node.type == "command" and self._inert(node) for node in held)
        return inert and any(self.source.words(node)[0] in _LEAVING for node in held)

    def _inert(self, node: Node) -> bool:
        """Whether a part of the script only watches for the file, ends the daemon, or says so."""
        if node.type == "command":
            return self._idle(self.source.words(node)) and all(self._plain(child) for child in node.children)
        if node.type == "redirected_statement":
            body = node.child_by_field_name("body")
            return body is not None and self.harmless(node) and self._inert(body)
        if node.type == "test_command":
            return self._asks(node)
        if node.type == "variable_assignment":
            value = node.child_by_field_name("value")
            return value is not None and self.source.word(value).strip('"') in ("$!", "${!}", "$?", "${?}")
        return node.type in _NESTING and all(
            self._inert(child) for child in node.children if child.is_named and child.type != "comment"
        )

    def _plain(self, node: Node) -> bool:
        return node.type not in ("command_substitution", "process_substitution") and all(map(self._plain, node.children))

    def _idle(self, words: Words) -> bool:
        if not words:
            return False
        name, rest = base_name(words[0]), words[1:]
        if name in ("kill", "pkill", "killall"):
            return self._ends_own(name, rest)
        if name in ("exit", "wait", "return", "break"):
            return all(_FATE.match(word) for word in rest)
        return name in _TELLING or (name == "test" and self._asks_words(rest))

    def _ends_own(self, name: str, rest: Words) -> bool:
        """Whether a `kill` sends what the kubelet would send to the daemon, or asks whether it is there."""
        targets = [word for word in rest if not word.startswith("-") and word not in _TERMS]
        flags = [word for word in rest if word.startswith("-")]
        if name != "kill":
            return targets == [self._program] and all(flag in _TERMS | {"-x", "-q"} for flag in flags)
        own = all(word in ("$!", "%1", "%", "1", "$$") or word.strip("${}") in self._own for word in targets)
        return bool(targets) and own and (flags == ["-0"] or all(flag in _TERMS for flag in flags))

    def _asks(self, node: Node) -> bool:
        """Whether a condition is about the file and nothing else."""
        inner = [child for child in node.children if child.is_named]
        if node.type == "command":
            words = self.source.words(node)
            return words[:1] == ("test",) and self._asks_words(words[1:])
        if node.type in ("test_command", "negated_command") and len(inner) == 1:
            return self._asks(inner[0])
        if node.type == "unary_expression" and len(inner) in (1, 2):
            operator = self.source.text(node.children[0])
            return self._asks(inner[-1]) if operator == "!" else operator in _FILE_TESTS and self._is(self.source.word(inner[-1]))
        return False

    def _asks_words(self, words: Words) -> bool:
        words = words[1:] if words[:1] == ("!",) else words
        return len(words) == 2 and words[0] in _FILE_TESTS and self._is(words[1])

    def _is(self, word: str) -> bool:
        return word.startswith("/") and posixpath.normpath(word) == self._file
