"""What a condition waits for to be gone: a port on localhost that answers no more, a process that has ended."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING

from migrator.judge.shell.programs import local_ports
from migrator.judge.shell.syntax import Source, find
from migrator.judge.shell.wrappers import base_name, unwrap

if TYPE_CHECKING:
    from tree_sitter import Node

_DEV_TCP = re.compile(r"/dev/tcp/(?:localhost|127\.0\.0\.1|::1)/(\d{2,5})\Z")
_NAMED = frozenset({"pgrep", "pidof", "pkill", "killall"})
_LISTING = _NAMED | {"kill"}
_OPERATORS = frozenset({"!", "=", "==", "!=", ">"})
#: Their options that take a value.
_VALUED = frozenset({"-u", "-U", "-g", "-G", "-P", "-s", "-t", "-F", "-n", "-o", "--signal", "--parent", "--user"})
_ASKS = re.compile(r"-0\Z|--signal=0\Z")
#: Tests that are true while there is output, or a directory below /proc.
_THERE = {"-n": True, "-z": False, "-d": True, "-e": True}
_COMPARED = {
    **dict.fromkeys(("-gt 0", "-ge 1", "-ne 0", "!= 0", "!= ", "> 0"), True),
    **dict.fromkeys(("-eq 0", "= 0", "== 0", "= ", "== ", "-lt 1", "-le 0"), False),
}


@dataclass(frozen=True)
class Gone:
    """`ports` on localhost and `processes`, by the name or pattern that a command looks for.

    `gives_up` says that the wait may end although they are still there.
    """

    ports: frozenset[int] = frozenset()
    processes: frozenset[str] = frozenset()
    gives_up: bool = False

    def __or__(self, other: Gone) -> Gone:
        return Gone(self.ports | other.ports, self.processes | other.processes, self.gives_up or other.gives_up)

    def __bool__(self) -> bool:
        return bool(self.ports or self.processes)

    @property
    def impatient(self) -> Gone:
        """The same, of a wait that may end before."""
        return replace(self, gives_up=bool(self))


NO_WAIT = Gone()


def answering(words: Sequence[str]) -> frozenset[int]:
    """The ports on localhost that a command asks, also by a redirection of bash."""
    reached = (_DEV_TCP.search(part) for word in words for part in word.split())
    return local_ports(words) | {int(found[1]) for found in reached if found}


def gone_by_command(source: Source, node: Node, words: Sequence[str], shall: bool) -> Gone:
    """What is gone when a command comes out as it shall: while it succeeds, something answers or is found."""
    name = base_name(words[0]) if words else ""
    if name == "test":
        return _gone_by_words(source, node, words[1:], shall)
    if shall or not name:
        return NO_WAIT
    return unlisted(source, node) if name in _LISTING else Gone(answering(words))


def gone_by_test(source: Source, node: Node, shall: bool) -> Gone:
    """What is gone when a `[ ... ]` or `[[ ... ]]` comes out as it shall."""
    return _gone_by_words(source, node, _tested(source, node), shall)


def unlisted(source: Source, node: Node) -> Gone:
    """The processes that a command or pipeline looks for, itself or in what it is given: `pgrep`, `kill -0 $(pidof ...)`."""
    scope = [node, *_assigned(source, node)]
    commands = [c for part in scope for c in (part, *find(part, _is_command)) if _is_command(c)]
    names = {name for command in commands for name in _looked_for(unwrap(source.words(command))[0])}
    for pipeline in (p for part in scope for p in (part, *find(part, _is_pipeline)) if _is_pipeline(p)):
        names.update(_picked(source, pipeline))
    return Gone(processes=frozenset(names))


def _gone_by_words(source: Source, node: Node, words: Sequence[str], shall: bool) -> Gone:
    """The processes that a test of these words looks for, where it comes out as it shall only without them."""
    when_there = _when_there(words)
    return NO_WAIT if when_there is None or when_there is shall else unlisted(source, node)


def _tested(source: Source, node: Node) -> tuple[str, ...]:
    """The words of a test, operators included."""
    if node.type not in ("test_command", "unary_expression", "binary_expression"):
        return (source.word(node),)
    inner = [c for c in node.children if c.is_named or c.type in _OPERATORS]
    return tuple(word for child in inner for word in _tested(source, child))


def _is_command(node: Node) -> bool:
    return node.type == "command"


def _is_pipeline(node: Node) -> bool:
    return node.type == "pipeline"


def _assigned(source: Source, node: Node) -> Iterator[Node]:
    """The assignments of the variables that a node names."""
    names = {source.text(name) for name in find(node, lambda child: child.type == "variable_name")}
    if names:
        for assignment in find(source.root, lambda child: child.type == "variable_assignment"):
            name = assignment.child_by_field_name("name")
            if name and source.text(name) in names:
                yield assignment


def _looked_for(words: Sequence[str]) -> Iterator[str]:
    """The names of the processes that a command looks for and leaves alone."""
    name, rest = base_name(words[0]) if words else "", words[1:]
    if name not in _NAMED:
        return
    signals = [f"-{value}" for flag, value in pairwise(rest) if flag in ("-s", "--signal")]
    if name in ("pkill", "killall") and not any(_ASKS.match(word) for word in (*rest, *signals)):
        return
    for before, word in zip((name, *rest), rest, strict=False):
        if not word.startswith("-") and (before not in _VALUED or name == "pidof"):
            yield base_name(word).replace("[", "").replace("]", "")


def _picked(source: Source, pipeline: Node) -> Iterator[str]:
    """What `grep` picks from the list that `ps` gives."""
    commands = [unwrap(source.words(c))[0] for c in find(pipeline, _is_command)]
    if not commands or not commands[0] or base_name(commands[0][0]) != "ps":
        return
    for words in commands[1:]:
        flags = [word for word in words[1:] if word.startswith("-")]
        if base_name(words[0]) in ("grep", "egrep", "fgrep") and not any(re.match(r"-\w*v", flag) for flag in flags):
            yield from (word.replace("[", "").replace("]", "") for word in words[1:] if not word.startswith("-"))


def _when_there(words: Sequence[str]) -> bool | None:
    """What a test says while its process is there, None where that cannot be told."""
    if words[:1] == ("!",):
        value = _when_there(words[1:])
        return None if value is None else not value
    if len(words) == 1:
        return True
    if len(words) == 2:
        return _THERE.get(words[0])
    return _COMPARED.get(" ".join(words[1:])) if len(words) == 3 else None
