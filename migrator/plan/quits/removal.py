"""Take what tells another container to quit out of a script, where the script then does the same and ends the same.

A call may go where nothing depends on it: neither on its exit code, nor on the shell's going on after it, nor on what
it was for. Every step is proved by the syntax trees before and after, and everything that is not understood is kept.
Rules of exit codes: POSIX.1-2017, Shell Command Language 2.8.2, 2.9.3 (AND, OR lists), 2.14 (`exit`, `set -e`, `trap`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cached_property
from typing import TYPE_CHECKING

from migrator.judge.shell.programs import QUIET
from migrator.judge.shell.syntax import Source, find, in_background, statements
from migrator.judge.shell.wrappers import base_name
from migrator.plan.quits.body import LOOPS, SEQUENCES, Body, Trap
from migrator.plan.quits.cut import without_statement
from migrator.plan.quits.hack import Kept, shortened
from migrator.plan.quits.shape import Instead, same, shape

if TYPE_CHECKING:
    from tree_sitter import Node

#: Whether a command, or a statement with redirections, tells the other container to quit and does nothing else.
Tells = Callable[[Source, "Node"], bool]

_MOST = 50
_EXAMINED = frozenset({"command", "redirected_statement"})


def without(text: str, errexit: bool, tells: Tells, sure: bool) -> str:
    """The script without the calls that `tells` knows; `sure` says that they cannot fail.

    `errexit` says that the shell is started with `-e`. Raises `Kept` with the reason where one of them has to stay.
    """
    for _ in range(_MOST):
        after = _Body(text, errexit, tells, sure).step()
        if after is None:
            return text
        text = after
    raise Kept("it is told too often")


class _Body(Body):
    def __init__(self, text: str, errexit: bool, tells: Tells, sure: bool, outer: _Body | None = None) -> None:
        super().__init__(text, errexit, outer)
        self._errexit = errexit
        self._tells = tells
        self._sure = sure

    def step(self) -> str | None:
        """The text with one call less, None where there is none."""
        for spot in self._spots():
            return self._without(spot)
        for trap in self.traps:
            if (after := self._without_in(trap)) is not None:
                return after
        for name, node in self.functions.items() if self.outer is None else ():
            if name in self._only:
                if len(re.findall(rf"(?<![\w-]){re.escape(name)}(?![\w-])", self.text)) > 1:
                    raise Kept(f"`{name}` is asked for in ways that are not understood")
                self._check_sequence(node, True, f"{name}()")
                return self._without_statement(node)
        return None

    def _spots(self) -> Iterator[Node]:
        """The calls, those in functions that do nothing else apart."""
        for node in find(self.root, self._told):
            if not any(parent.type == "function_definition" and self._name(parent) in self._only for parent in _parents(node)):
                yield node

    def _told(self, node: Node) -> bool:
        if node.type not in _EXAMINED:
            return False
        if node.type == "command" and len(words := self.source.words(node)) == 1 and words[0] in self._only:
            return True
        return self._tells(self.source, node)

    @cached_property
    def _only(self) -> frozenset[str]:
        """The functions that only tell it, defined for sure before they are called."""
        if isinstance(self.outer, _Body):
            return self.outer._only
        found = set()
        for name, node in self.functions.items():
            early = any(name in self.source.words(c) and c.start_byte < node.start_byte for c in self.commands(self.root))
            if node.parent != self.root or early:
                continue
            body = node.child_by_field_name("body")
            held = statements(body) if body is not None and body.type == "compound_statement" else ()
            calls = list(find(body, lambda child: child.type in _EXAMINED and self._tells(self.source, child))) if body else []
            if held and all(any(self._unit(call)[0] == statement for call in calls) for statement in held):
                found.add(name)
        return frozenset(found)

    def _name(self, function: Node) -> str:
        name = function.child_by_field_name("name")
        return self.source.text(name) if name else ""

    def _unit(self, node: Node) -> tuple[Node, bool]:
        """The statement that a call is all of: with its redirections and `|| true`; and whether it always succeeds."""
        sure, body = self._sure, node.child_by_field_name("body")
        if node.type == "redirected_statement" and body is not None and body.type == "list":
            # The tree has `A && B > file` as the redirection of both; it is that of B.
            return body.children[2], sure
        while (parent := node.parent) is not None:
            if parent.type == "redirected_statement" and parent.child_by_field_name("body") == node and self.harmless(parent):
                node = parent
            elif parent.type == "list" and parent.children[0] == node and parent.children[1].type == "||":
                other = self._unredirected(parent.children[2])
                if self.succeeds(other) and other.type == "command":
                    sure = True
                elif not self._calls(other):
                    break
                node = parent
            elif parent.type in ("compound_statement", "subshell") and len(statements(parent)) == 1 and not _is_body(parent):
                node = parent
            else:
                break
        return node, sure

    def _unredirected(self, node: Node) -> Node:
        body = node.child_by_field_name("body")
        return body if node.type == "redirected_statement" and body is not None and self.harmless(node) else node

    def _calls(self, node: Node) -> bool:
        return node.type in _EXAMINED and self._tells(self.source, node)

    def _without(self, call: Node) -> str:
        unit, sure = self._unit(call)
        said = shortened(self.source.text(call))
        above = list(_parents(unit))
        if any(parent.type in LOOPS for parent in above):
            raise Kept(f"`{said}` stands in a loop")
        if any(parent.type == "function_definition" for parent in above) and self._called(above):
            raise Kept(f"`{said}` stands in a function that is called as a part of the work")
        inside = any(parent.type == "function_definition" for parent in above)
        if self.may_wait(self._behind(unit, inside)) or (not inside and any(map(self._handler_waits, self.traps))):
            raise Kept(f"what the script does after `{said}` may wait for the other container to end")
        if any(not trap.only_at_exit and re.search(r"\$\{?\?", trap.handler) for trap in self.traps):
            raise Kept("the handler of a signal looks at the exit code of what was run before")
        parent = unit.parent
        if parent is not None and parent.type == "list":
            return self._without_side(unit, parent, sure, said)
        if parent is None or parent.type not in SEQUENCES or unit not in statements(parent):
            raise Kept(f"what `{said}` answers is used")
        self._check_sequence(unit, sure, said)
        return self._without_statement(unit)

    def _called(self, above: list[Node]) -> bool:
        names = {self._name(node) for node in above if node.type == "function_definition"}
        handled = {trap.handler.strip() for trap in self.traps}
        return not names <= handled or any(self.source.words(command)[0] in names for command in self.commands(self.root))

    def _behind(self, unit: Node, inside: bool) -> Iterator[Node]:
        """What follows a call; of one in a function, no more than the rest of the function."""
        for node in self.following(unit):
            if not inside or any(parent.type == "function_definition" for parent in _parents(node)):
                yield node

    def _handler_waits(self, trap: Trap) -> bool:
        """Whether the handler of a trap, which may be run after everything else, waits for anything."""
        body = Body(trap.handler if trap.handler != "-" else "", self._errexit, self)
        return body.may_wait([body.root])

    def _without_side(self, unit: Node, parent: Node, sure: bool, said: str) -> str:
        """`A && CALL` becomes `A`, and `CALL && B` becomes `B`."""
        left, operator, right = parent.children
        if operator.type != "&&":
            raise Kept(f"whether `{said}` is run, or what is run after it, depends on a failure")
        whole, above = parent, parent.parent
        if unit == right and above is not None and above.type == "redirected_statement":
            if not self.harmless(above) and not self._tells(self.source, above):
                raise Kept(f"what `{said}` says goes to a file")
            whole, above = above, above.parent
        ends = above is not None and above.type == "program" and self.outer is None and whole == statements(above)[-1]
        nested = above is not None and above.type == "list" and above.children[0] == whole
        if not (unit == right and ends and not in_background(whole)) and not (sure and (not self.may_exit or nested)):
            raise Kept(f"what is run, and the exit code, depend on `{said}`")
        if unit == left and self.reads_status(right):
            raise Kept(f"what is run after `{said}` looks at its exit code")
        start, end = (left.end_byte, whole.end_byte) if unit == right else (unit.start_byte, right.start_byte)
        after = self.text[: self.source.origin(start)] + self.text[self.source.origin(end) :]
        return self._proved(after, {whole.id: shape(self.source, left if unit == right else right)})

    def _check_sequence(self, unit: Node, sure: bool, said: str) -> None:
        """Raise `Kept` unless nothing depends on the exit code of a statement of a sequence."""
        parent = unit.parent
        assert parent is not None
        held = statements(parent)
        at = held.index(unit)
        before = held[at - 1] if at else None
        if len(held) == 1:
            raise Kept(f"nothing would be left where `{said}` stands")
        if self.may_exit and not sure:
            raise Kept(f"under `set -e` the script ends where `{said}` fails, and would go on without it")
        last = at + 1 == len(held)
        if last and self._ends_handler(parent):
            return
        if not last and not self.reads_status(held[at + 1]):
            return
        if not (sure and before is not None and not in_background(before) and self._zero(before)):
            ends = "end" if last and parent == self.root else "go on"
            raise Kept(f"the script would {ends} with the exit code of what stands before `{said}`, not with that of `{said}`")

    def _zero(self, node: Node) -> bool:
        """Whether the statement behind this one is come to only with the exit code 0."""
        parts = [child for child in node.children if child.is_named] if node.type == "pipeline" else [node]
        plain = all((p.child_by_field_name("body") or p).type in ("command", "variable_assignment") for p in parts)
        calls = any(self.source.words(command)[0] in self.functions for command in self.commands(node))
        return self.succeeds(node) or (plain and not calls and self.must_exit(node))

    def _ends_handler(self, parent: Node) -> bool:
        """Whether a sequence is a handler, or a function that is one: its own exit code counts for nothing."""
        if parent == self.root:
            return self.outer is not None
        return _is_body(parent)

    def _without_in(self, trap: Trap) -> str | None:
        """The text with one call less in the handler of a trap."""
        body = _Body(trap.handler, self._errexit, self._tells, self._sure, self)
        calls = list(find(body.root, body._told))
        if not calls:
            return None
        held = statements(body.root)
        if all(any(body._unit(call)[0] == statement for call in calls) for statement in held):
            if not trap.at_exit or not trap.only_at_exit:
                raise Kept("its handler is run on signals too, which would then end the script")
            if trap.node.parent != self.root or sum(other.at_exit for other in self.traps) > 1:
                raise Kept("the script sets the handler of its end more than once, or not always")
            self._check_sequence(trap.node, True, shortened(self.source.text(trap.node)))
            return self._without_statement(trap.node)
        after = body.step()
        start, end = (self.source.origin(at) for at in (trap.quoted.start_byte, trap.quoted.end_byte))
        verbatim = trap.quoted.type == "raw_string" or not re.search(r"[\\$`]", trap.handler)
        if after is None or not verbatim or self.text[start + 1 : end - 1] != trap.handler:
            raise Kept("the handler is not written as one plain text")
        quoted = self.text[start] + after + self.text[end - 1]
        command = (trap.node.type, self.source.text(trap.node).replace(trap.handler, after, 1))
        return self._proved(self.text[:start] + quoted + self.text[end:], {trap.node.id: command})

    def _without_statement(self, node: Node) -> str:
        parent = node.parent
        assert parent is not None
        if in_background(node) or "<<" in self.source.text(node):
            raise Kept("it runs in the background, or is handed a text of its own")
        held = statements(parent)
        if len(held) == 1 or (parent == self.root and self.outer is None and not self._works(held, node)):
            raise Kept("nothing would be left of the script")
        return self._proved(without_statement(self.text, self.source, held, held.index(node)), {node.id: None})

    def _works(self, held: tuple[Node, ...], without: Node) -> bool:
        """Whether anything is left that does more than to prepare."""
        commands = [c for node in held if node != without and node.type != "function_definition" for c in self.commands(node)]
        return any(base_name(self.source.words(command)[0]) not in QUIET for command in commands)

    def _proved(self, after: str, instead: Instead) -> str:
        if not same(self.source, instead, after):
            raise Kept("the script cannot be written without it")
        return after


def _parents(node: Node) -> Iterator[Node]:
    while (parent := node.parent) is not None:
        yield parent
        node = parent


def _is_body(node: Node) -> bool:
    return node.parent is not None and node.parent.type == "function_definition"
