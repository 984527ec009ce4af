"""Loops that wait for a file and then end the container: the other side of a done-file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from migrator.judge.shell.programs import kind_of, quits, watches
from migrator.judge.shell.syntax import Source, conditions, find, in_background, statements
from migrator.judge.shell.waits import awaited, awaited_to_leave, constant
from migrator.judge.shell.wrappers import Words, base_name
from migrator.plan.quits.body import LOOPS, SEQUENCES

if TYPE_CHECKING:
    from tree_sitter import Node

_KILLS = frozenset({"kill", "pkill", "killall"})
#: What a script does on its way to the end, and nothing that would be a reason to wait for the file.
_ENDING = _KILLS | frozenset({"exit", "return", "break", "echo", "printf", "wait", "true", ":", "false", "sleep", "test", "["})
_LEAVES = frozenset({"exit", "return", "break"})


def ending_files(script: str) -> frozenset[str]:
    """The files whose appearance makes a script end, as they are written; none where it goes on to something else."""
    source = Source(script)
    try:
        return frozenset(_ending(source)) if source.sound and not source.templated else frozenset()
    except RecursionError:
        # Nobody writes a script that is nested as deep.
        return frozenset()


def _ending(source: Source) -> Iterator[str]:
    for loop in _all(source.root, "while_statement"):
        asked, body = conditions(loop), loop.child_by_field_name("body")
        if not asked or body is None:
            continue
        if constant(source, asked[-1]) is None and _ends(source, loop, False):
            yield from awaited(source, asked[-1], loop.children[0].type == "until").files
            yield from _watched(source, asked[-1])
        for way in _ways(source, body):
            files = awaited_to_leave(source, way, body).files
            if files and _leads_out(source, way, loop):
                yield from files
    for command in _all(source.root, "command"):
        watched = tuple(_watched(source, command))
        if watched and _tells(source, command):
            yield from watched


def _all(node: Node, *kinds: str) -> Iterator[Node]:
    for found in find(node, lambda child: child.type in kinds):
        yield found
        yield from _all(found, *kinds)


def _watched(source: Source, node: Node) -> Iterator[str]:
    """The paths that `inotifywait` waits for a change of, at or below a node."""
    for words in _words(source, (node,)):
        if base_name(words[0]) == "inotifywait" and not watches(words):
            yield from (word for word in words[1:] if word.startswith("/"))


def _tells(source: Source, node: Node) -> bool:
    """Whether the script ends a program, or itself, on purpose after a statement, and does nothing else then."""
    at = node if node.parent is None or node.parent.type != "redirected_statement" else node.parent
    beside = _words(source, _following(at.parent, at)) if at.parent is not None else []
    return any(stops(words) or words[0] == "exit" for words in beside) and _ends(source, at, False)


def _ways(source: Source, body: Node) -> Iterator[Node]:
    for command in _all(body, "command"):
        words = source.words(command)
        if words and (words[0] in _LEAVES or stops(words)):
            yield command


def stops(words: Words) -> bool:
    """Whether a command ends another process, whichever that is."""
    return bool(words) and base_name(words[0]) in _KILLS and any(quits(("pkill", *words[1:]), frozenset()))


def _is_of_the_end(words: Words) -> bool:
    return base_name(words[0]) in _ENDING and kind_of(words) != "idle"


def _leads_out(source: Source, way: Node, loop: Node) -> bool:
    """Whether the script ends once a way out of a loop is taken."""
    branch = next((p for p in (way, *_parents(way)) if p.parent is not None and p.parent.type in SEQUENCES), way)
    beside = statements(branch.parent) if branch.parent is not None and branch.parent.type != "do_group" else (branch,)
    commands = _words(source, beside)
    if not all(map(_is_of_the_end, commands)):
        return False
    told = any(map(stops, commands))
    left = {words[0] for words in commands} & _LEAVES
    if any(in_background(node) for node in (loop, *_parents(loop))):
        return told and _ends(source, loop, True)
    return bool(left - {"break"}) or (bool(left) and _ends(source, loop, told))


def _ends(source: Source, node: Node, told: bool) -> bool:
    """Whether nothing but the end of the container follows. `told` says that the program has been told to end."""
    for parent in _parents(node):
        following = _following(parent, node)
        commands = _words(source, following)
        if parent.type in LOOPS or any(other.type in LOOPS or any(_all(other, *LOOPS)) for other in following):
            return False
        waits = [words for words in commands if words[0] == "wait"]
        if in_background(node):
            # What follows is the program that is told, or waits for it.
            return told or ("wait", "-n") in waits
        if not all(map(_is_of_the_end, commands)):
            return False
        told = told or any(map(stops, commands))
        if waits and not told and ("wait", "-n") not in waits:
            return False
        node = parent
    return True


def _following(parent: Node, node: Node) -> tuple[Node, ...]:
    if parent.type == "list" and parent.children[0] == node:
        return (parent.children[2],)
    if parent.type in SEQUENCES:
        return tuple(other for other in statements(parent) if other.start_byte >= node.end_byte)
    return ()


def _words(source: Source, nodes: Iterable[Node]) -> list[Words]:
    """The simple commands at or below these nodes."""
    commands = [c for node in nodes for c in ((node,) if node.type == "command" else ()) + tuple(_all(node, "command"))]
    return [words for command in commands if (words := source.words(command))]


def _parents(node: Node) -> Iterator[Node]:
    while (parent := node.parent) is not None:
        yield parent
        node = parent
