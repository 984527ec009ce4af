"""Expressions as the YAML tree that they would be written as, so that a pod in code is read like any other.

What is not literal is a `Hole`: a text with `{{ source }}` where the code says the rest, as in a template. A name that
has one value in all of its scope stands for that; a function of the same file that only returns, for what it returns.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable, Iterator, Sequence

import libcst as cst
from libcst.metadata import Assignment

from migrator.sources.python.known import Known
from migrator.sources.python.nodes import sequence, with_pair
from migrator.sources.python.syntax import Syntax
from migrator.text.tree import Node

#: How far names are followed.
_DEPTH = 12
#: What changes a list or dict in place.
CHANGES = frozenset(
    {"append", "extend", "insert", "update", "setdefault", "pop", "popitem", "remove", "clear", "sort", "reverse"}
)
_GETTERS = frozenset({"os.getenv", "os.environ.get"})
_DEDENTS = frozenset({"textwrap.dedent", "inspect.cleandoc"})
_FIELD = re.compile(r"%(?:\((\w+)\))?[-+# 0-9.]*[a-z]")
_BRACES = re.compile(r"\{\{|\}\}|\{([^{}]*)\}")

#: The Kubernetes name of the field that a keyword of a constructor means.
Fields = Callable[[str], str]


def _hidden(source: str) -> str:
    """What code says instead of a value, written as templates write it."""
    return "{{ " + source + " }}"


class Hole(Node):
    """A value that only a run of the code gives. `value` is as much of it as the code shows, `source` what stands there."""

    __slots__ = ("source",)

    def __init__(self, start: int, end: int, source: str, value: str | None = None) -> None:
        super().__init__("scalar", start, end)
        self.style = "'"
        self.source = source
        self.value = _hidden(source) if value is None else value


class Values:
    """The values of one file."""

    def __init__(self, syntax: Syntax, known: Known) -> None:
        self.syntax = syntax
        self.known = known

    def node(self, expression: cst.BaseExpression, depth: int = _DEPTH) -> Node:
        """The value of an expression."""
        known = self._known(expression, depth) if depth else None
        return known if known is not None else self.hole(expression)

    def hole(self, expression: cst.CSTNode, value: str | None = None) -> Hole:
        """The value of an expression that nobody knows."""
        span = self.syntax.span(expression)
        return Hole(span.start, span.end, self.syntax.source(expression), value)

    def text(self, expression: cst.BaseExpression) -> str | None:
        """The text that an expression is for sure, None where it is none."""
        node = self.node(expression)
        return node.value if node.kind == "scalar" and node.style and not isinstance(node, Hole) else None

    def _known(self, expression: cst.BaseExpression, depth: int) -> Node | None:
        if isinstance(expression, (cst.SimpleString, cst.ConcatenatedString, cst.FormattedString)):
            return self._string(expression, depth)
        if isinstance(expression, cst.BaseNumber):
            return self._scalar(expression, self.syntax.source(expression), "")
        if isinstance(expression, cst.UnaryOperation) and isinstance(expression.expression, cst.BaseNumber):
            return self._scalar(expression, self.syntax.source(expression), "")
        if isinstance(expression, (cst.List, cst.Tuple)):
            return self._sequence(expression, depth)
        if isinstance(expression, cst.Dict):
            return self._mapping(expression, depth)
        if isinstance(expression, cst.Name):
            return self._name(expression, depth)
        if isinstance(expression, cst.BinaryOperation):
            return self._operation(expression, depth)
        if isinstance(expression, cst.Call):
            return self._call(expression, depth)
        return None

    def _made(self, kind: str, at: cst.CSTNode) -> Node:
        span = self.syntax.span(at)
        return Node(kind, span.start, span.end)

    def _scalar(self, at: cst.CSTNode, value: str, style: str = "'") -> Node:
        node = self._made("scalar", at)
        node.value, node.style = value, style
        return node

    def _like(self, at: cst.CSTNode, value: str, *parts: Node) -> Node:
        """A text made of others: a hole where one of them is."""
        return self.hole(at, value) if any(isinstance(part, Hole) for part in parts) else self._scalar(at, value)

    def _string(self, expression: cst.BaseExpression, depth: int) -> Node | None:
        if isinstance(expression, cst.SimpleString):
            value = expression.evaluated_value
            return self._scalar(expression, value) if isinstance(value, str) else None
        if isinstance(expression, cst.ConcatenatedString):
            left, right = self._string(expression.left, depth), self._string(expression.right, depth)
            return self._like(expression, left.value + right.value, left, right) if left and right else None
        parts: list[Node] = []
        for part in expression.parts if isinstance(expression, cst.FormattedString) else ():
            if isinstance(part, cst.FormattedStringText):
                parts.append(self._scalar(part, part.value.replace("{{", "{").replace("}}", "}")))
            elif isinstance(part, cst.FormattedStringExpression):
                held = self.node(part.expression, depth - 1)
                parts.append(held if held.kind == "scalar" and not part.format_spec else self.hole(part.expression))
        return self._like(expression, "".join(part.value for part in parts), *parts)

    def _sequence(self, expression: cst.List | cst.Tuple, depth: int) -> Node:
        node = self._made("seq", expression)
        for element in expression.elements:
            held = self.node(element.value, depth - 1)
            node.items += held.items if isinstance(element, cst.StarredElement) and held.kind == "seq" else [held]
        return node

    def _mapping(self, expression: cst.Dict, depth: int) -> Node:
        node = self._made("map", expression)
        for element in expression.elements:
            held = self.node(element.value, depth - 1)
            if isinstance(element, cst.StarredDictElement):
                _add(node, held.pairs if held.kind == "map" else [(self._scalar(element.value, "**"), held)])
            elif isinstance(element, cst.DictElement):
                key = self.node(element.key, depth - 1)
                _add(node, [(key, held)] if key.kind == "scalar" else [(self._scalar(element.key, "**"), held)])
        return node

    def _name(self, name: cst.Name, depth: int) -> Node | None:
        if name.value in ("True", "False", "None"):
            return self._scalar(name, {"True": "true", "False": "false", "None": "null"}[name.value], "")
        given = self.syntax.assigned(name)
        if given is None:
            default = self._default(name)
            held = self.node(default, depth - 1) if default is not None else None
            return self.hole(name, held.value) if held is not None and held.kind == "scalar" and held.style else None
        held = self.node(given, depth - 1)
        if held.kind in ("seq", "map") and self.changed(name):
            return _with(held, self.hole(name))
        return held

    def _default(self, name: cst.Name) -> cst.BaseExpression | None:
        found = self.syntax.assignments(name)
        node = found[0].node if len(found) == 1 and isinstance(found[0], Assignment) else None
        return node.default if isinstance(node, cst.Param) else None

    def changed(self, name: cst.Name) -> bool:
        """Whether the list or dict that a name stands for is changed in place, as far as is seen."""
        for use in self.syntax.uses(name):
            above = self.syntax.parent(use)
            if isinstance(above, cst.Attribute) and above.value is use and above.attr.value in CHANGES:
                return True
            if isinstance(above, cst.Subscript) and isinstance(self.syntax.parent(above), (cst.AssignTarget, cst.AugAssign)):
                return True
        return False

    def _operation(self, expression: cst.BinaryOperation, depth: int) -> Node | None:
        left, right = self.node(expression.left, depth - 1), self.node(expression.right, depth - 1)
        if isinstance(expression.operator, cst.Add):
            if left.kind == right.kind == "seq":
                node = self._made("seq", expression)
                node.items = [*left.items, *right.items]
                return node
            if left.kind == right.kind == "scalar" and left.style and right.style:
                return self._like(expression, left.value + right.value, left, right)
        if isinstance(expression.operator, cst.Modulo) and left.kind == "scalar" and left.style:
            return self.hole(expression, _FIELD.sub(lambda found: _hidden(found[1] or "_"), left.value))
        return None

    def _call(self, call: cst.Call, depth: int) -> Node | None:
        if (dialect := self.known.model(call)) is not None:
            return self.fields(call, dialect.field_name, depth, self.known.parameters(call))
        names = self.syntax.qualified(call.func)
        first = call.args[0].value if call.args and call.args[0].keyword is None and not call.args[0].star else None
        if names & _GETTERS and len(call.args) == 2:
            held = self.node(call.args[1].value, depth - 1)
            return self.hole(call, held.value) if held.kind == "scalar" and held.style else None
        if first is None:
            return self._returned(call, depth)
        if names & _DEDENTS and (text := self.text(first)) is not None:
            return self._scalar(call, textwrap.dedent(text))
        if names & {"builtins.str"} and len(call.args) == 1:
            held = self.node(first, depth - 1)
            return self._like(call, held.value, held) if held.kind == "scalar" else None
        if isinstance(call.func, cst.Attribute) and (template := self.text(call.func.value)) is not None:
            return self._method(call, call.func.attr.value, template, depth)
        return self._returned(call, depth) or self._wrapped(call, first, depth)

    def _wrapped(self, call: cst.Call, first: cst.BaseExpression, depth: int) -> Node | None:
        """What a function of one text makes of an image: where it adds a registry, the rest is the text's."""
        if len(call.args) > 1 or not isinstance(first, (cst.SimpleString, cst.FormattedString, cst.ConcatenatedString)):
            return None
        text = self.node(first, depth - 1).value
        is_image = re.match(r"[a-z0-9][\w./-]*:[\w{. -]", text)
        return self.hole(call, f"{_hidden(self.syntax.source(call.func))}/{text}") if is_image else None

    def _method(self, call: cst.Call, method: str, text: str, depth: int) -> Node | None:
        if method == "format":
            shown = _BRACES.sub(lambda m: m[0][0] if m[1] is None else _hidden(m[1] or "_"), text)
            return self.hole(call, shown)
        held = self.node(call.args[0].value, depth - 1)
        if method == "join" and held.kind == "seq" and all(item.kind == "scalar" for item in held.items):
            return self._like(call, text.join(item.value for item in held.items), *held.items)
        return None

    def _returned(self, call: cst.Call, depth: int) -> Node | None:
        made = self.maker(call)
        return self.node(made[1], depth - 1) if made else None

    def maker(self, call: cst.Call) -> tuple[cst.FunctionDef, cst.BaseExpression] | None:
        """The function of this file that a call runs, with all that it ever returns, which is one expression."""
        if not isinstance(call.func, cst.Name):
            return None
        found = self.syntax.assignments(call.func)
        function = found[0].node if len(found) == 1 and isinstance(found[0], Assignment) else None
        if not isinstance(function, cst.FunctionDef) or function.decorators or function.asynchronous:
            return None
        returned = list(_returns(function.body.body))
        value = returned[0].value if len(returned) == 1 else None
        return (function, value) if value is not None else None

    def fields(self, call: cst.Call, fields: Fields, depth: int = _DEPTH, parameters: Sequence[str] = ()) -> Node:
        """The keywords of a call as a mapping of fields; `**` stands for what is not seen.

        `parameters` are the fields that the first positional arguments are.
        """
        node = self._made("map", call)
        for number, argument in enumerate(call.args):
            held = self.node(argument.value, depth - 1)
            placed = argument.keyword is None and not any(before.star for before in call.args[: number + 1])
            if argument.star == "**" and held.kind == "map":
                _add(node, [(self._renamed(key, fields), value) for key, value in held.pairs])
            elif argument.keyword is None and not (placed and number < len(parameters)):
                _add(node, [(self._scalar(argument.value, "**"), self.hole(argument.value))])
            elif not (held.kind == "scalar" and not held.style and held.value == "null"):
                name = parameters[number] if argument.keyword is None else fields(argument.keyword.value)
                _add(node, [(self._scalar(argument.keyword or argument.value, name), held)])
        return node

    def _renamed(self, key: Node, fields: Fields) -> Node:
        node = Node("scalar", key.start, key.end)
        node.value, node.style = fields(key.value), key.style
        return node


def _add(node: Node, pairs: Sequence[tuple[Node, Node]]) -> None:
    """Add pairs to a mapping; of a key that is there already the later value counts, as in Python. `**` is there once."""
    for key, value in pairs:
        node.pairs = [(name, held) for name, held in node.pairs if name.value != key.value]
        node.pairs.append((key, value))


def _with(held: Node, hole: Hole) -> Node:
    """The same list or mapping, and something that is not seen."""
    if held.kind == "seq":
        return sequence([*held.items, hole], held.start, held.end)
    return with_pair(held, "**", hole)


def _returns(body: Sequence[cst.CSTNode]) -> Iterator[cst.Return]:
    """The return statements of a function, not of those inside it."""
    waiting: list[cst.CSTNode] = list(body)
    while waiting:
        node = waiting.pop()
        if isinstance(node, cst.Return):
            yield node
        elif not isinstance(node, (cst.FunctionDef, cst.ClassDef, cst.BaseExpression)):
            waiting.extend(node.children)
