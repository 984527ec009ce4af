"""A Python text as a libcst tree: spans in characters, parents, scopes, qualified names.

Nothing is asked of libcst's providers before it is needed: on large files they cost more than the parse.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import TypeVar, cast

import libcst as cst
from libcst.metadata import (
    Assignment,
    BaseAssignment,
    ByteSpanPositionProvider,
    CodeSpan,
    MetadataWrapper,
    QualifiedNameSource,
    Scope,
    ScopeProvider,
)

from migrator.sources.python.write.operations import Span
from migrator.text.errors import TextError
from migrator.text.lines import Lines

#: What opens a block that runs perhaps, or more than once.
_BRANCHES = (cst.If, cst.Else, cst.Try, cst.TryStar, cst.ExceptHandler, cst.ExceptStarHandler, cst.Finally, cst.MatchCase)
_LOOPS = (cst.For, cst.While)
_FUNCTIONS = (cst.FunctionDef, cst.Lambda)

Kind = TypeVar("Kind", bound=cst.CSTNode)


class Syntax:
    """Raises `TextError` (with a line) where the text is not Python."""

    def __init__(self, text: str) -> None:
        self.text = text
        try:
            self.wrapper = MetadataWrapper(cst.parse_module(text), unsafe_skip_copy=True)
        except cst.ParserSyntaxError as error:
            raise TextError(f"not Python: {error.message.splitlines()[0]}", error.raw_line) from None
        except RecursionError:
            raise TextError("nested too deeply", None) from None
        self.module = self.wrapper.module
        self.lines = Lines(text)
        self._of_kind: dict[type[cst.CSTNode], Sequence[cst.CSTNode]] = {}

    def span(self, node: cst.CSTNode) -> Span:
        """Where a node stands, without the parentheses around it."""
        found = self._spans[node]
        return Span(self._characters(found.start), self._characters(found.start + found.length))

    def source(self, node: cst.CSTNode) -> str:
        """A node's text in one line."""
        span = self.span(node)
        return " ".join(self.text[span.start : span.end].split())

    def line(self, node: cst.CSTNode) -> int:
        """The line that a node begins on, 1-based."""
        return self.lines.of(self.span(node).start) + 1

    def last_line(self, node: cst.CSTNode) -> int:
        """The line that a node ends on, 1-based."""
        return self.lines.of(max(self.span(node).end - 1, 0)) + 1

    def parent(self, node: cst.CSTNode) -> cst.CSTNode | None:
        """What a node stands in; None of the module."""
        return self._parents.get(node)

    def above(self, node: cst.CSTNode) -> Iterator[cst.CSTNode]:
        """What a node stands in, from the innermost outwards."""
        held = self.parent(node)
        while held is not None:
            yield held
            held = self.parent(held)

    def statement(self, node: cst.CSTNode) -> cst.CSTNode | None:
        """The line or compound statement that a node is part of; None in a block that stands in the line of its head."""
        for held in self.above(node):
            if isinstance(held, cst.SimpleStatementSuite):
                return None
            if isinstance(held, (cst.SimpleStatementLine, cst.BaseCompoundStatement)):
                return held
        return None

    def function(self, node: cst.CSTNode) -> cst.CSTNode:
        """The function that a node stands in, or the module."""
        return next((held for held in self.above(node) if isinstance(held, _FUNCTIONS)), self.module)

    def conditions(self, node: cst.CSTNode) -> tuple[cst.CSTNode, ...]:
        """The branches and loops of its function that a node stands in, outermost first."""
        found: list[cst.CSTNode] = []
        for held in self.above(node):
            if isinstance(held, _FUNCTIONS):
                break
            if isinstance(held, (*_BRANCHES, *_LOOPS)):
                found.append(held)
        return tuple(reversed(found))

    def looped(self, node: cst.CSTNode) -> bool:
        """Whether a node may run several times in one run of its function."""
        return any(isinstance(held, (*_LOOPS, cst.CompFor)) for held in self.above(node))

    def nodes(self, kind: type[Kind]) -> list[Kind]:
        """All nodes of a kind, in the order of the text."""
        if kind not in self._of_kind:
            self._of_kind[kind] = [node for node in self._parents if isinstance(node, kind)]
        return cast("list[Kind]", self._of_kind[kind])

    def qualified(self, node: cst.CSTNode) -> frozenset[str]:
        """What a name or attribute is called where it comes from, by the imports."""
        scope = self.scope(node)
        if scope is None:
            return frozenset()
        found = scope.get_qualified_names_for(node)
        return frozenset(held.name for held in found if held.source is not QualifiedNameSource.LOCAL)

    def scope(self, node: cst.CSTNode) -> Scope | None:
        """The scope that a node stands in."""
        held: cst.CSTNode | None = node
        while held is not None:
            if (found := self._scopes.get(held)) is not None:
                return found
            held = self.parent(held)
        return None

    def assignments(self, name: cst.Name) -> Sequence[BaseAssignment]:
        """All that a name may have been given where it stands."""
        scope = self.scope(name)
        return tuple(scope[name.value]) if scope is not None else ()

    def assigned(self, name: cst.Name) -> cst.BaseExpression | None:
        """The expression that is all a name ever stands for, None where there are several or none."""
        found = self.assignments(name)
        if len(found) != 1 or not isinstance(found[0], Assignment):
            return None
        return self._given(found[0].node)

    def uses(self, name: cst.Name) -> list[cst.Name | cst.Attribute | cst.BaseString]:
        """All places where what the name is given is read, the name itself among them, in the order of the text."""
        places = {id(access.node): access.node for held in self.assignments(name) for access in held.references}
        return sorted(places.values(), key=lambda node: self.span(node))

    def _given(self, target: cst.CSTNode) -> cst.BaseExpression | None:
        """The value of the assignment that has this target."""
        above = self.parent(target)
        if isinstance(above, cst.AssignTarget):
            whole = self.parent(above)
            return whole.value if isinstance(whole, cst.Assign) and len(whole.targets) == 1 else None
        if isinstance(above, cst.AnnAssign) and above.target is target:
            return above.value
        return None

    @cached_property
    def _parents(self) -> dict[cst.CSTNode, cst.CSTNode]:
        """Every node's parent, in the order of the text. (libcst's own provider takes three times as long.)"""
        found: dict[cst.CSTNode, cst.CSTNode] = {}
        waiting: list[tuple[cst.CSTNode, cst.CSTNode]] = [(child, self.module) for child in reversed(self.module.children)]
        while waiting:
            node, above = waiting.pop()
            found[node] = above
            waiting.extend((child, node) for child in reversed(node.children))
        return found

    @cached_property
    def _spans(self) -> dict[cst.CSTNode, CodeSpan]:
        return dict(self.wrapper.resolve(ByteSpanPositionProvider))

    @cached_property
    def _scopes(self) -> dict[cst.CSTNode, Scope | None]:
        return dict(self.wrapper.resolve(ScopeProvider))

    @cached_property
    def _wide(self) -> tuple[list[int], list[int]]:
        """Byte offsets behind characters of several bytes, and how many bytes more than characters there are up to there."""
        at, more = 0, 0
        offsets, surplus = [], []
        for part in self.text:
            size = len(part.encode("utf-8", "surrogatepass"))
            at += size
            if size > 1:
                more += size - 1
                offsets.append(at)
                surplus.append(more)
        return offsets, surplus

    def _characters(self, offset: int) -> int:
        if self.text.isascii():
            return offset
        offsets, surplus = self._wide
        place = bisect_right(offsets, offset)
        return offset - (surplus[place - 1] if place else 0)
