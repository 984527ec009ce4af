"""One text that a shell runs in turn, a script or the handler of a trap in it, and what its parts depend on."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING

from migrator.judge.shell.programs import kind_of
from migrator.judge.shell.syntax import Source, find, statements
from migrator.judge.shell.wrappers import base_name, unwrap
from migrator.plan.quits.hack import Kept

if TYPE_CHECKING:
    from tree_sitter import Node

LOOPS = frozenset({"while_statement", "for_statement", "c_style_for_statement"})
SEQUENCES = frozenset(
    {"program", "compound_statement", "subshell", "do_group", "if_statement", "elif_clause", "else_clause", "case_item"}
)
_STATUS = re.compile(r"\$\{?\?")
#: What tells of the commands before in other ways than `$?`.
_TRACES = re.compile(
    r"\$\{?(?:_(?!\w)|(?:LINENO|PIPESTATUS|BASH_COMMAND|BASH_LINENO)\b)|\btrap\b.*\b(?:ERR|DEBUG|RETURN)\b|\balias\b"
)
#: Commands that may be there to wait until another process is gone, or has answered.
_WAITERS = frozenset({"tail", "inotifywait", "pwait", "pidwait", "read", "waitpid", "nc", "ncat", "netcat"})
_TELLS = frozenset({"echo", "printf", "true", ":"})
#: What has to mean what it always means.
_NAMES = _TELLS | frozenset(
    {"touch", "curl", "wget", "kill", "pkill", "killall", "exit", "set", "trap", "sleep", "wait", "exec", "test"}
)
_RUNS_TEXT = frozenset({".", "source", "eval"})
_HARMLESS_TARGET = re.compile(r"/dev/(?:null|stdout|stderr)\Z|&?\d\Z|-\Z")


@dataclass(frozen=True)
class Trap:
    """A `trap` command with a handler. `quoted` is the node of the handler's text."""

    node: Node
    quoted: Node
    handler: str
    signals: tuple[str, ...]

    @property
    def at_exit(self) -> bool:
        """Whether the handler is run when the script ends, whatever else it is run for."""
        return any(signal in ("EXIT", "0") for signal in self.signals)

    @property
    def only_at_exit(self) -> bool:
        """Whether it is run for nothing else."""
        return all(signal in ("EXIT", "0") for signal in self.signals)


class Body:
    """A text with its tree. `errexit` says that the shell was started with `-e`; a handler has the script as `outer`."""

    def __init__(self, text: str, errexit: bool, outer: Body | None = None) -> None:
        self.text = text
        self.source = Source(text)
        self.root = self.source.root
        self.outer = outer
        self._started_with_e = errexit
        if self.source.templated:
            raise Kept("parts of the script come from a template")
        if not self.source.sound:
            raise Kept("the script does not parse as one of a POSIX shell")
        if _TRACES.search(text):
            raise Kept("the script looks at what was run before")
        if not _NAMES.isdisjoint(self.functions):
            raise Kept("the script gives a well-known command another meaning")

    @cached_property
    def functions(self) -> dict[str, Node]:
        """The functions by name, those of the script where this is a handler."""
        found = {} if self.outer is None else dict(self.outer.functions)
        for node in find(self.root, lambda node: node.type == "function_definition"):
            if name := node.child_by_field_name("name"):
                if self.source.text(name) in found:
                    raise Kept(f"`{self.source.text(name)}` is defined more than once")
                found[self.source.text(name)] = node
        return found

    @cached_property
    def traps(self) -> tuple[Trap, ...]:
        """The traps that are set, wherever."""
        return tuple(trap for node in self.commands(self.root) if (trap := self._trap(node)))

    def _trap(self, node: Node) -> Trap | None:
        words = [c for c in node.children if c.is_named and c.type not in ("command_name", "variable_assignment")]
        said = self.source.words(node)
        if said[:1] != ("trap",):
            return None
        words = words[1:] if said[1:2] == ("--",) else words
        if len(words) < 2:
            return None
        signals = tuple(self.source.word(word).upper().removeprefix("SIG") for word in words[1:])
        return Trap(node, words[0], self.source.word(words[0]), signals)

    def commands(self, node: Node) -> Iterator[Node]:
        """All simple commands at or below a node."""
        if node.type == "command" and self.source.words(node):
            yield node
        for inner in find(node, lambda child: child.type == "command"):
            yield from self.commands(inner)

    @cached_property
    def _switches(self) -> list[tuple[Node, bool]]:
        """Where `-e` is switched on and off."""
        found = []
        for node in self.commands(self.root):
            words = self.source.words(node)
            if words[0] == "set":
                flags = words[1 : words.index("--") if "--" in words else None]
                named = [a[0] for a, b in pairwise(flags) if b == "errexit" and a[-1:] == "o"]
                signs = [word[0] for word in flags if re.fullmatch(r"[-+][a-zA-Z]*e[a-zA-Z]*", word)] + named
                found += [(node, sign == "-") for sign in signs]
        return found

    @property
    def may_exit(self) -> bool:
        """Whether `-e` may be on anywhere."""
        own = self._started_with_e or any(on for _, on in self._switches)
        return own or (self.outer is not None and self.outer.may_exit)

    def must_exit(self, node: Node) -> bool:
        """Whether a statement of the script itself runs with `-e` for sure."""
        if self.outer is not None or node.parent != self.root or any(not on for _, on in self._switches):
            return False
        return self._started_with_e or any(on.parent == self.root and on.end_byte <= node.start_byte for on, _ in self._switches)

    def reads_status(self, node: Node, seen: frozenset[str] = frozenset()) -> bool:
        """Whether a statement may read the exit code of the one before it."""
        if _STATUS.search(self.source.text(node)):
            return True
        for command in self.commands(node):
            words = self.source.words(command)
            if words[0] in _RUNS_TEXT or (words[0] in ("exit", "return") and not self._says_which(command)):
                return True
            if words[0] in self.functions and words[0] not in seen:
                return self._body_of(words[0]).reads_status(self.functions[words[0]], seen | {words[0]})
        return False

    def _says_which(self, command: Node) -> bool:
        """Whether an `exit` has its code for sure: a variable that is not set leaves that of the command before."""
        words = [child for child in command.children if child.is_named and child.type != "command_name"]
        if len(words) != 1 or words[0].type != "simple_expansion":
            return len(words) == 1 and words[0].type in ("number", "word", "string")
        name = self.source.text(words[0])[1:]
        earlier: list[Node] = []
        node = command
        while (parent := node.parent) is not None and parent.type != "function_definition":
            earlier += [n for n in statements(parent) if n.end_byte <= node.start_byte] if parent.type in SEQUENCES else []
            node = parent
        return any(n.type == "variable_assignment" and self.source.text(n) in (f"{name}=$?", f"{name}=0") for n in earlier)

    def _body_of(self, function: str) -> Body:
        """The text in which a function is defined."""
        return self.outer if self.outer is not None and function in self.outer.functions else self

    def succeeds(self, node: Node) -> bool:
        """Whether a statement always ends with 0, as far as its words say."""
        if node.type == "variable_assignment":
            return not any(find(node, lambda child: child.type == "command_substitution"))
        return node.type == "command" and self.source.words(node)[0] in _TELLS

    def harmless(self, redirected: Node) -> bool:
        """Whether the redirections of a statement go nowhere."""
        for redirect in redirected.children_by_field_name("redirect"):
            target = redirect.child_by_field_name("destination")
            if redirect.type != "file_redirect" or target is None or not _HARMLESS_TARGET.match(self.source.word(target)):
                return False
        return True

    def following(self, node: Node) -> Iterator[Node]:
        """What may be run after a statement: what follows it at all levels, and the handlers of traps."""
        while node.parent is not None:
            parent = node.parent
            if parent.type in SEQUENCES:
                yield from (other for other in statements(parent) if other.start_byte >= node.end_byte)
            elif parent.type == "list":
                yield from (other for other in parent.children if other.is_named and other.start_byte >= node.end_byte)
            node = parent

    def may_wait(self, nodes: Iterable[Node], seen: frozenset[str] = frozenset()) -> bool:
        """Whether any of these may wait for another container to end: loops, and programs that nobody knows."""
        for node in nodes:
            if node.type in LOOPS or any(find(node, lambda child: child.type in LOOPS)):
                return True
            for command in self.commands(node):
                words, _ = unwrap(self.source.words(command))
                name = base_name(words[0])
                if words[0] in self.functions:
                    if words[0] in seen:
                        continue
                    where = self._body_of(words[0])
                    if where.may_wait([where.functions[words[0]]], seen | {words[0]}):
                        return True
                elif name in _WAITERS or name in _RUNS_TEXT or kind_of(words) not in (None, "one-shot"):
                    return True
        return False
