"""Operations carried out on the tree of the standard library, which knows no layout."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from migrator.sources.python.write.operations import (
    Drop,
    Entry,
    Insert,
    IntoDisplay,
    IntoExpression,
    IntoKeyword,
    IntoNone,
    Mark,
    Operation,
    Put,
    Rename,
    Replace,
    Taken,
)
from migrator.sources.python.write.places import Places, index
from migrator.text.errors import Refused


def replayed(places: Places, operations: Sequence[Operation]) -> ast.Module:
    """The tree of `places` after the operations; it is changed. Raises `Refused` where one names nothing there."""
    replay = _Replay(places)
    for operation in operations:
        replay.do(operation)
    return replay.result()


class _Replay:
    """What becomes of nodes, by their identity: lists are rebuilt at the end, so that numbers stay those of the original."""

    def __init__(self, places: Places) -> None:
        self.places = places
        self.replacements: dict[int, ast.expr] = {}
        self.before: dict[int, list[ast.stmt]] = {}
        self.dropped: set[int] = set()
        self.displays: dict[int, tuple[ast.List | ast.Tuple, list[list[ast.expr]], set[int]]] = {}

    def do(self, operation: Operation) -> None:
        places = self.places
        match operation:
            case Put():
                self.put(operation)
            case Mark():
                self.mark(operation)
            case Rename(name, new):
                _rename(places.named(name), new)
            case Insert(before, source):
                (statement,) = ast.parse(source).body
                self.before.setdefault(id(places.statement(before)), []).append(statement)
            case Drop(statement):
                self.dropped.add(id(places.statement(statement)))
            case Replace(expression, source, None):
                self.replacements[id(places.expression(expression))] = _expression(source)
            case Replace(expression, source, kept) if kept is not None:
                self.wrap(places.expression(expression), source, places.expression(kept))

    def wrap(self, node: ast.expr, source: str, kept: ast.expr) -> None:
        name = "kept"
        while name in source:
            name += "_"
        new = _expression(source.replace("{}", name, 1))
        (hole,) = (n for n in ast.walk(new) if isinstance(n, ast.Name) and n.id == name)
        self.replacements[id(node)] = new
        if new is hole:
            self.replacements[id(node)] = kept
        else:
            self.replacements[id(hole)] = kept

    def mark(self, operation: Mark) -> None:
        owner = self.places.owner(operation.owner)
        value, there = _expression(operation.value), index(owner, operation.keyword)
        behind = next((n for n in (index(owner, name) for name in operation.behind) if n is not None), None)
        if isinstance(owner, ast.Dict):
            if there is not None:
                owner.values[there] = value
                return
            at = 0 if behind is None else behind + 1
            owner.keys.insert(at, ast.Constant(operation.keyword))
            owner.values.insert(at, value)
        elif there is not None:
            owner.keywords[there].value = value
        else:
            last = owner.args[-1] if owner.args else None
            front = 0 if last is None else sum((k.lineno, k.col_offset) < (last.lineno, last.col_offset) for k in owner.keywords)
            owner.keywords.insert(front if behind is None else behind + 1, _keyword(operation.keyword, value))

    def display(self, node: ast.List | ast.Tuple) -> tuple[ast.List | ast.Tuple, list[list[ast.expr]], set[int]]:
        """The display, what comes before each of its entries and behind all, and the numbers of those that leave."""
        return self.displays.setdefault(id(node), (node, [[] for _ in range(len(node.elts) + 1)], set()))

    def entry(self, entry: Entry) -> ast.expr:
        if not isinstance(entry, Taken):
            (written,) = ast.parse(f"[{entry.source}]", mode="eval").body.elts  # type: ignore[attr-defined]
            assert isinstance(written, ast.expr)
            return written
        node, _, gone = self.display(self.places.display(entry.display))
        if entry.index in gone or not 0 <= entry.index < len(node.elts):
            raise Refused("an entry that is not there")
        gone.add(entry.index)
        return node.elts[entry.index]

    def put(self, operation: Put) -> None:
        entries = [self.entry(entry) for entry in operation.entries]
        match operation.into:
            case IntoDisplay(display, position):
                _, gaps, _ = self.display(self.places.display(display))
                if not 0 <= position < len(gaps):
                    raise Refused("a place that is not in the list")
                gaps[position] += entries
            case IntoKeyword(span, keyword, beside):
                owner, new = self.places.owner(span), ast.List(entries, ast.Load())
                at = index(owner, beside)
                if at is None or index(owner, keyword) is not None:
                    raise Refused(f"`{beside}` is not there, or `{keyword}` is")
                if isinstance(owner, ast.Dict):
                    owner.keys.insert(at, ast.Constant(keyword))
                    owner.values.insert(at, new)
                else:
                    owner.keywords.insert(at, _keyword(keyword, new))
            case IntoExpression(span, or_empty, first):
                node = self.places.expression(span)
                star = ast.Starred(_or_empty(node) if or_empty else node, ast.Load())
                self.replacements[id(node)] = ast.List([*entries, star] if first else [star, *entries], ast.Load())
            case IntoNone(span):
                node = self.places.expression(span)
                if not (isinstance(node, ast.Constant) and node.value is None):
                    raise Refused("something else than None")
                self.replacements[id(node)] = ast.List(entries, ast.Load())

    def result(self) -> ast.Module:
        for node, gaps, gone in self.displays.values():
            elts = list(gaps[0])
            for number, element in enumerate(node.elts):
                elts += [*([] if number in gone else [element]), *gaps[number + 1]]
            node.elts = elts
        waiting: list[ast.AST] = [self.places.tree]
        while waiting:
            node_ = waiting.pop()
            for field, value in ast.iter_fields(node_):
                if isinstance(value, list):
                    setattr(node_, field, [new for item in value for new in self._new(item)])
                elif isinstance(value, ast.AST):
                    (new,) = self._new(value)
                    setattr(node_, field, new)
            waiting += ast.iter_child_nodes(node_)
        if self.replacements or self.before or self.dropped:
            raise Refused("a place that is part of another that changes")
        return self.places.tree

    def _new(self, item: object) -> list[object]:
        """What stands where a node stood; each change is made once, for a replacement may hold what it replaces."""
        while id(item) in self.replacements:
            item = self.replacements.pop(id(item))
        before: list[object] = list(self.before.pop(id(item), []))
        if id(item) in self.dropped:
            self.dropped.remove(id(item))
            return before
        return [*before, item]


def _rename(node: ast.AST, new: str) -> None:
    match node:
        case ast.Name():
            node.id = new
        case ast.Attribute():
            node.attr = new
        case ast.keyword() | ast.arg():
            node.arg = new
        case ast.Constant():
            node.value = new


def _expression(source: str) -> ast.expr:
    return ast.parse(source, mode="eval").body


def _keyword(name: str, value: ast.expr) -> ast.keyword:
    return ast.keyword(name, value)


def _or_empty(node: ast.expr) -> ast.expr:
    """`node or []`; `a or b or []` is one chain."""
    empty = ast.List([], ast.Load())
    values = node.values if isinstance(node, ast.BoolOp) and isinstance(node.op, ast.Or) else [node]
    return ast.BoolOp(ast.Or(), [*values, empty])
