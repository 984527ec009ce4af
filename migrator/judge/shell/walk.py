"""A shell script as what it does: the commands it runs, whether it ends, and what it waits for, makes and stops.

The syntax tree is walked once, in the order in which the shell would. Functions count where they are called.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from migrator.judge.shell import programs
from migrator.judge.shell.ends import NOTHING, End, after, either
from migrator.judge.shell.programs import WAITERS
from migrator.judge.shell.seen import Seen
from migrator.judge.shell.syntax import Source, chain, conditions, find, substitutions
from migrator.judge.shell.waits import awaited, awaited_to_leave, constant, leaves
from migrator.judge.shell.wrappers import base_name

if TYPE_CHECKING:
    from tree_sitter import Node

#: No script that people write is nested as deep.
_DEEPEST = 60
_FURTHER = frozenset({"elif_clause", "else_clause"})


class Reader(Seen):
    """Walks a script and keeps what it sees; `program`, `kind` and `quits` are asked for afterwards."""

    def __init__(self) -> None:
        super().__init__()
        self._source = Source("")
        self._functions: dict[str, Node] = {}
        self._called: dict[str, End] = {}
        self.depth = 0
        self.shells = 0
        self._kinds: dict[str, Callable[[Node], End]] = {
            "command": self._command,
            "declaration_command": self._command,
            "unset_command": self._command,
            "function_definition": lambda node: NOTHING,
            "list": self._list,
            "pipeline": self._pipeline,
            "while_statement": self._while,
            "c_style_for_statement": self._c_for,
            "for_statement": self._for,
            "if_statement": self._if,
            "case_statement": self._case,
            "redirected_statement": self._redirected,
        }

    def script(self, text: str) -> End:
        """A whole script: the first one, or one that it hands to another shell."""
        if self.shells > 3:
            self.sound = False
            return End("unknown")
        before = self._source, self._functions, self._called
        self._source, self._functions, self._called = Source(text), {}, {}
        root = self._source.root
        self.sound = self.sound and self._source.sound
        self.templated = self.templated or self._source.templated
        for found in find(root, lambda node: node.type == "function_definition"):
            if name := found.child_by_field_name("name"):
                self._functions[self._source.text(name)] = found
        for found in find(root, lambda node: node.type == "variable_assignment"):
            name, value = found.child_by_field_name("name"), found.child_by_field_name("value")
            if name and value and self._source.text(value).strip('"') in ("$!", "${!}", "$$"):
                self.own |= {self._source.text(name)}
        self.shells += 1
        ended = self._sequence(root.children)
        self.shells -= 1
        self._source, self._functions, self._called = before
        return ended

    def _sequence(self, nodes: Iterable[Node]) -> End:
        ended = NOTHING
        for node, following in pairwise((*nodes, None)):
            if node is None or not node.is_named or node.type == "comment":
                continue
            end = self._statement(node)
            if following is not None and following.type == "&":
                self.jobs.append(end)
            else:
                ended = after(ended, end)
        return ended

    def _statement(self, node: Node) -> End:
        if self.depth > _DEEPEST:
            self.sound = False
            return End("unknown")
        self.depth += 1
        handle = self._kinds.get(node.type)
        if handle:
            end = handle(node)
        elif node.type in ("compound_statement", "subshell", "do_group", "negated_command", "ERROR"):
            end = self._sequence(node.children)
        else:
            end = NOTHING
        if node.type in ("command", "declaration_command", "variable_assignment", "variable_assignments", "test_command"):
            self._substituted(node)
        self.depth -= 1
        return end

    def _substituted(self, node: Node) -> None:
        with self.beside():
            for inner in substitutions(node):
                self._sequence(inner.children)

    def _command(self, node: Node) -> End:
        for redirect in node.children:
            self._redirect(redirect)
        words = self._source.words(node)
        if not words:
            return NOTHING
        if words[0] in self._functions:
            return self._call(words[0])
        return self.simple(words)

    def _call(self, name: str) -> End:
        if name not in self._called:
            self._called[name] = NOTHING
            body = self._functions[name].child_by_field_name("body")
            self._called[name] = self._statement(body) if body else NOTHING
        return self._called[name]

    def handler(self, text: str) -> None:
        """The handler of a signal is run at the end: it may make files and stop others, and does no work."""
        handler = Reader()
        handler.shells = self.shells
        handler.script(text)
        self.touches |= handler.touches
        self.handlers += handler.commands
        before, self.awaited = self.awaited, handler.awaited
        for name in (words[0] for words in handler.commands if words[0] in self._functions):
            with self.beside():
                at = len(self.commands)
                self._call(name)
                self.handlers += self.commands[at:]
                del self.commands[at:]
        self.awaited_at_stop |= self.awaited
        self.awaited = before

    def _list(self, node: Node) -> End:
        sides, operators = chain(node)
        ended, asked = NOTHING, False
        for number, side in enumerate(sides):
            end = self._statement(side)
            operator_type = operators[number - 1] if number else "&&"
            leaves_next = operators[number : number + 1] == ["&&"] and self._leaves(sides[number + 1])
            if leaves_next:
                end = NOTHING
            ended = after(ended, end if operator_type == "&&" and not asked else either([end], False))
            asked = self._asks(side) or leaves_next
        return ended

    def _leaves(self, node: Node) -> bool:
        return node.type == "command" and self._source.words(node)[:1] in (("break",), ("exit",), ("return",))

    def _asks(self, node: Node) -> bool:
        """Whether a statement is there for its answer, so that what follows `&&` may well not be run."""
        if node.type in ("negated_command", "test_command"):
            return True
        words = self._source.words(node) if node.type == "command" else ()
        return bool(words) and base_name(words[0]) in ("test", "grep", "pgrep", "command")

    def _pipeline(self, node: Node) -> End:
        at = len(self.commands)
        ends = [self._statement(child) for child in node.children if child.is_named]
        if self._watched(at) and any(child.type == "while_statement" for child in node.children):
            return self._loop()
        return self._joined(ends)

    def _joined(self, ends: Sequence[End]) -> End:
        lasting = next((end for end in ends if end.last and end.kind != "exit"), None)
        if lasting or not ends:
            return lasting or NOTHING
        return either([end for end in ends if end.kind != "exit"], False)

    def _watched(self, at: int) -> bool:
        return any(programs.watches(words) for words in self.commands[at:])

    def _loop(self) -> End:
        self.endless = True
        return End("loop", True)

    def _while(self, node: Node) -> End:
        at, touched = len(self.commands), len(self.touches)
        asked = conditions(node)
        with self.beside():
            self._sequence(asked)
        body = node.child_by_field_name("body")
        if body is None or not asked:
            return End("unknown")
        until = node.children[0].type == "until"
        always = constant(self._source, asked[-1])
        if always is not None and always is not until:
            return self._endless(body, at, touched)
        reads = any(words[0] == "read" for words in self.commands[at : at + 1])
        if reads or always is not None:
            return self._statement(body)
        with self.beside():
            end = self._statement(body)
        found = awaited(self._source, asked[-1], until)
        self.awaited |= found.impatient if leaves(self._source, body) else found
        return self._waited(end)

    def _waited(self, body: End) -> End:
        self.waits = True
        return End("unknown") if body.kind not in (None, "wait", "exit") else End("wait")

    def _endless(self, body: Node, at: int, touched: int) -> End:
        ways = leaves(self._source, body)
        if ways:
            return self._left_early(body, bounded=len(ways) > 1)
        end = self._statement(body)
        self._loop()
        if end.kind in ("tail", "server"):
            return End(end.kind, True)
        idles = len(self.touches) == touched and all(base_name(words[0]) in WAITERS for words in self.commands[at:])
        return End("idle" if idles and end.kind in (None, "idle") else "loop", True)

    def _c_for(self, node: Node) -> End:
        at, touched = len(self.commands), len(self.touches)
        body = node.child_by_field_name("body")
        if body is None:
            return End("unknown")
        if node.child_by_field_name("condition") is None:
            return self._endless(body, at, touched)
        return self._tries(body)

    def _for(self, node: Node) -> End:
        self._substituted_outside_body(node)
        body = node.child_by_field_name("body")
        return self._tries(body) if body else NOTHING

    def _tries(self, body: Node) -> End:
        """A loop of so many turns: where it may be left early, it waits for what lets it."""
        return self._left_early(body, bounded=True) if leaves(self._source, body) else self._statement(body)

    def _left_early(self, body: Node, bounded: bool) -> End:
        for way in leaves(self._source, body):
            found = awaited_to_leave(self._source, way, body)
            self.awaited |= found.impatient if bounded else found
        with self.beside():
            return self._waited(self._statement(body))

    def _substituted_outside_body(self, node: Node) -> None:
        with self.beside():
            for child in node.children:
                if child.type == "command_substitution":
                    self._sequence(child.children)

    def _if(self, node: Node) -> End:
        ends: list[End] = []
        parts = [node, *(child for child in node.children if child.type in _FURTHER)]
        for part in parts:
            asked = conditions(part) if part.type != "else_clause" else ()
            with self.beside():
                self._sequence(asked)
            ends.append(self._sequence(child for child in part.children if child not in asked and child.type not in _FURTHER))
        return either(ends, parts[-1].type == "else_clause")

    def _case(self, node: Node) -> End:
        items = [child for child in node.children if child.type == "case_item"]
        default = any(self._source.text(value) == "*" for item in items for value in item.children_by_field_name("value"))
        ends = []
        for item in items:
            values = item.children_by_field_name("value")
            ends.append(self._sequence(child for child in item.children if child not in values))
        return either(ends, default)

    def _redirected(self, node: Node) -> End:
        at, touched = len(self.commands), set(self.touches)
        ended, body = NOTHING, node.child_by_field_name("body")
        if body is not None:
            ended = self._statement(body)
        for child in node.children_by_field_name("redirect"):
            ended = self._redirect(child, ended)
        if body is not None and body.type == "while_statement" and self._watched(at):
            return self._loop()
        # A loop whose words go to a file does more than wait.
        return End("loop", True) if ended.kind == "idle" and self.touches - touched else ended

    def _redirect(self, node: Node, ended: End = NOTHING) -> End:
        """Files that are written, commands within, and what stands on the line of a here-document."""
        if node.type == "file_redirect":
            target = node.child_by_field_name("destination")
            if target and any(c.type in (">", ">>", ">|", "&>", "&>>") for c in node.children):
                path = self._source.word(target)
                self.touches |= {path} if not path.startswith(("/dev/", "/proc/", "&", ">(")) else set()
        if node.type not in ("file_redirect", "heredoc_redirect", "herestring_redirect"):
            return ended
        for child in node.children if node.type == "heredoc_redirect" else ():
            if child.type == "pipeline":
                ended = self._joined([ended, *(self._statement(c) for c in child.children if c.is_named)])
            elif child.type in ("file_redirect", "herestring_redirect"):
                self._redirect(child)
        right = node.child_by_field_name("right")
        if right is not None:
            ended = after(ended, self._statement(right))
        self._substituted_outside_body(node)
        with self.beside():
            for child in node.children:
                if child.type in ("heredoc_body", "process_substitution"):
                    for inner in (child,) if child.type == "process_substitution" else substitutions(child):
                        self._sequence(inner.children)
        return ended
