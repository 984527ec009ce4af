"""A script rehearsed while the neighbours of its container have not started yet: does it get past what it asks of them?

The syntax tree is walked once, with three answers for each statement: it surely succeeds, it surely fails for want of
something, or nobody can tell. What is not certain is never made certain by guessing.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

from migrator.judge.shell.syntax import Source, chain, conditions, find, substitutions
from migrator.judge.shell.waits import Awaited, awaited, awaited_to_leave, constant, leaves
from migrator.judge.shell.wrappers import base_name, script_at, unwrap
from migrator.model import Probe
from migrator.plan.needs import Alone, Need
from migrator.plan.rehearsal.commands import Commands, asks
from migrator.plan.rehearsal.outcome import FAILS, MAYBE, PASSES, STAYS, Left, Outcome, joined, negated, perhaps, then

if TYPE_CHECKING:
    from tree_sitter import Node

#: No script that people write is nested as deep, or takes as many steps.
_DEEPEST, _LONGEST = 60, 5000
_FILTERS = frozenset({"grep", "egrep", "fgrep", "jq", "test"})


def asked(probe: Probe, alone: Alone) -> Outcome:
    """How a probe or hook ends: a connection fails, or its command does, where it asks for what is not there."""
    if probe.command:
        return rehearse(probe.command, alone, False)
    if probe.host not in (None, "localhost", "127.0.0.1", "::1"):
        return MAYBE
    if isinstance(probe.port, int):
        need = alone.lacks(frozenset({probe.port}))
        return Outcome("fails", need) if need else PASSES if alone.has(frozenset({probe.port})) else MAYBE
    # A named port is one of the container's own (kubelet: ResolveContainerPort).
    if probe.port is not None and alone.held:
        return Outcome("fails", alone.held.behind(f"its port `{probe.port}`"))
    return MAYBE


def rehearse(argv: Sequence[str], alone: Alone, starts: bool) -> Outcome:
    """How a command ends. `starts`: it is what the container runs, so that an unknown program may be its daemon."""
    words, _ = unwrap(argv)
    # Most containers run a daemon and no script: nothing is parsed for those.
    if starts and script_at(words) is None and not (words and asks(words)):
        return STAYS
    try:
        return _Rehearsal(alone, starts).script(shlex.join(argv))
    except RecursionError:
        # A condition of thousands of nested parts: nobody wrote it, and nothing is known of it.
        return MAYBE


class _Rehearsal(Commands):
    def __init__(self, alone: Alone, starts: bool) -> None:
        super().__init__(alone, starts)
        self._functions: dict[str, Node] = {}
        self._called: tuple[str, ...] = ()
        self._beside = False
        self._asking = self._depth = self._steps = 0

    def script(self, text: str, errexit: bool = False) -> Outcome:
        source = Source(text)
        if not source.sound or source.templated or self._depth > _DEEPEST:
            return MAYBE
        before = self._source, self._functions, self._errexit, self._pipefail, self._asking
        self._source, self._functions, self._errexit, self._pipefail, self._asking = source, {}, errexit, False, 0
        for found in find(source.root, lambda node: node.type == "function_definition"):
            if name := found.child_by_field_name("name"):
                self._functions[source.text(name)] = found
        ended = self._sequence(source.root.children)
        self._source, self._functions, self._errexit, self._pipefail, self._asking = before
        return replace(ended, left="", beside=self._beside)

    def _sequence(self, nodes: Iterable[Node]) -> Outcome:
        ended = PASSES
        for node, following in pairwise((*nodes, None)):
            if node is None or not node.is_named or node.type == "comment":
                continue
            if following is not None and following.type == "&":
                self._beside = True
                ended = then(ended, PASSES)
                continue
            ended = then(ended, self._statement(node))
            if ended.final:
                return ended
            if self._errexit and not self._asking and ended.end == "fails" and not ended.excused:
                return replace(ended, left="script")
            self._last = ended
        return ended

    @contextmanager
    def _asked(self) -> Iterator[None]:
        """A condition: `set -e` does not mind how it comes out."""
        self._asking += 1
        yield
        self._asking -= 1

    def _statement(self, node: Node) -> Outcome:
        self._steps += 1
        if self._depth > _DEEPEST or self._steps > _LONGEST:
            return MAYBE
        self._depth += 1
        kind = node.type
        if kind == "command":
            ended = self._command(node)
        elif kind in ("list", "pipeline"):
            ended = self._list(node) if kind == "list" else self._pipeline(node)
        elif kind in ("while_statement", "for_statement", "c_style_for_statement"):
            ended = self._loop(node)
        elif kind == "if_statement":
            ended = self._if(node)
        elif kind == "negated_command":
            with self._asked():
                ended = negated(self._sequence(node.children))
        elif kind == "redirected_statement":
            ended = self._redirected(node)
        elif kind in ("subshell", "compound_statement", "do_group"):
            ended = self._sequence(node.children)
            ended = replace(ended, left="") if kind == "subshell" else ended
        elif kind == "test_command":
            ended = self.condition(node)
        elif kind in ("variable_assignment", "variable_assignments", "declaration_command"):
            ended = self._assigned(node)
        else:
            ended = MAYBE if kind == "case_statement" else PASSES
        self._depth -= 1
        return ended

    def _assigned(self, node: Node) -> Outcome:
        """An assignment fails with the command whose output it takes; `export` does not."""
        ended = PASSES
        for inner in substitutions(node):
            ended = then(ended, replace(self._sequence(inner.children), left=""))
        return then(ended, PASSES) if node.type == "declaration_command" and not ended.final else ended

    def _redirected(self, node: Node) -> Outcome:
        for redirect in node.children_by_field_name("redirect"):
            if need := self.lacks(awaited(self._source, redirect, True)):
                return Outcome("fails", need)
        body = node.child_by_field_name("body")
        return self._statement(body) if body else PASSES

    def _command(self, node: Node) -> Outcome:
        words = self._source.words(node)
        if not words:
            return self._assigned(node)
        return self._call(words[0]) if words[0] in self._functions else self.command(node)

    def _call(self, name: str) -> Outcome:
        body = self._functions[name].child_by_field_name("body")
        if body is None or name in self._called:
            return MAYBE
        before, self._called = self._called, (*self._called, name)
        ended = self._statement(body)
        self._called = before
        return replace(ended, left="") if ended.left == "function" else ended

    # What joins statements.

    def _list(self, node: Node) -> Outcome:
        sides, operators = chain(node)
        with self._asked():
            ended = self._statement(sides[0])
        for side, operator in zip(sides[1:], operators, strict=True):
            if ended.final:
                return ended
            if ended.end == ("fails" if operator == "&&" else "passes"):
                ended = replace(ended, excused=ended.end == "fails")
                continue
            self._last = ended
            after = self._statement(side)
            if ended.end == "maybe":
                ended = perhaps(ended, after, operator == "&&")
            elif after.end == "fails" and ended.need:
                ended = replace(after, need=ended.need, tries=ended.tries or after.tries)
            else:
                ended = then(ended, after)
        return ended

    def _pipeline(self, node: Node) -> Outcome:
        sides = [child for child in node.children if child.is_named]
        ends = [replace(self._statement(side), left="") for side in sides]
        need = next((end.need for end in ends if end.end == "fails" and end.need), None)
        lasting = next((end for end in ends if end.end in ("waits", "stays")), None)
        if lasting or not ends:
            return lasting or PASSES
        words = self._source.words(sides[-1]) if sides[-1].type == "command" else ()
        if need and (self._pipefail or ends[-1].end == "fails" or (words and base_name(words[0]) in _FILTERS)):
            return Outcome("fails", need)
        return replace(ends[-1], vain=ends[-1].vain or need)

    def _if(self, node: Node) -> Outcome:
        further = [child for child in node.children if child.type in ("elif_clause", "else_clause")]
        ends: list[Outcome] = []
        vain: Need | None = None
        for part in (node, *further):
            condition = conditions(part) if part.type != "else_clause" else ()
            with self._asked():
                found = self._sequence(condition)
            if found.final:
                return found
            if found.end == "fails":
                vain = vain or found.need
                continue
            body = (c for c in part.children if c not in condition and c not in further)
            ends.append(self._sequence(body))
            if found.end == "passes":
                break
        else:
            ends.append(PASSES)
        return then(replace(FAILS, need=vain), joined(ends)) if vain else joined(ends)

    # Loops.

    def _loop(self, node: Node) -> Outcome:
        body = node.child_by_field_name("body")
        if body is None:
            return MAYBE
        if node.type != "while_statement":
            return self._turns(body, node.type == "for_statement" or node.child_by_field_name("condition") is not None)
        asked_for = conditions(node)
        until = node.children[0].type == "until"
        always = constant(self._source, asked_for[-1]) if asked_for else None
        if always is not None:
            return PASSES if always is until else self._turns(body, False)
        wanted = awaited(self._source, asked_for[-1], until) if asked_for else Awaited()
        need = self.lacks(wanted)
        if need is None:
            return PASSES if self._alone.has(wanted.ports) else self._turns(body, True)
        if left := self._gives_up(body):
            return Outcome("fails", need, tries=True, left=left)
        bounded = self._has_another_end(asked_for[-1], until) or leaves(self._source, body)
        return Outcome("passes", vain=need, tries=True) if bounded else Outcome("waits", need)

    def _has_another_end(self, condition: Node, until: bool) -> bool:
        """Whether one side of a condition ends the loop although what is waited for is not there."""
        sides = chain(condition)[0] if condition.type == "list" else [condition]
        return any(self.lacks(awaited(self._source, side, until)) is None for side in sides)

    def _turns(self, body: Node, bounded: bool) -> Outcome:
        """A loop that is left from within, or has so many turns."""
        ways = leaves(self._source, body)
        needs = [self.lacks(awaited_to_leave(self._source, way, body)) for way in ways]
        need = next((need for need in needs if need), None)
        if need is None:
            with self._asked():
                ended = self._statement(body)
            lacking = ended.need if ended.end == "fails" else ended.vain
            if not bounded and not ways:
                return STAYS if ended.end != "waits" else ended
            return ended if ended.end in ("waits", "stays") else replace(MAYBE, vain=lacking, tries=bool(lacking))
        if left := self._gives_up(body):
            return Outcome("fails", need, tries=True, left=left)
        ends_anyway = bounded or None in needs
        return Outcome("passes", vain=need, tries=True) if ends_anyway else Outcome("waits", need)

    def _gives_up(self, body: Node) -> Left:
        """What a loop leaves with an `exit 1` or its like, if it holds one."""

        def failing(node: Node) -> bool:
            words = self._source.words(node) if node.type == "command" else ()
            return words[:1] in (("exit",), ("return",)) and words[1:] not in ((), ("0",))

        found = next(find(body, failing, frozenset({"function_definition", "subshell"})), None)
        return "" if found is None else "script" if self._source.words(found)[0] == "exit" else "function"
