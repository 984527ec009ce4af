"""Containers in code: what a list of them holds, where each is made, and what keeps one from leaving the list."""

from __future__ import annotations

from dataclasses import dataclass, replace

import libcst as cst

from migrator.sources.python.libraries.spelling import field_name
from migrator.sources.python.nodes import mapping, with_pair, word
from migrator.sources.python.syntax import Syntax
from migrator.sources.python.values import Values
from migrator.sources.python.write.operations import Taken
from migrator.text.tree import Node

#: Keys by which a mapping of arguments may give a restart policy, or others that are not seen.
_POLICIES = frozenset({"restart_policy", "restartPolicy", "**"})


@dataclass(frozen=True)
class Append:
    """A statement `receiver.append(container)`."""

    statement: cst.CSTNode
    receiver: cst.BaseExpression
    call: cst.Call


@dataclass(frozen=True)
class Element:
    """An entry of a list of containers.

    `made` is the call or dict that makes it, None where it is not seen. It stands in a display (`taken`) or is appended.
    `called` are the names that the code has for it. `assist` and `manual` say why it may be moved only if asked, or not.
    """

    value: Node
    made: cst.Call | cst.Dict | None
    taken: Taken | None = None
    append: Append | None = None
    called: tuple[str, ...] = ()
    assist: str = ""
    manual: str = ""


@dataclass(frozen=True)
class Containers:
    """A list of containers: all that is known to be in it. `manual` says why nothing may leave it.

    `display` is the list as it is first written, `variable` the name it has where it is not written in place.
    """

    elements: tuple[Element, ...] = ()
    display: cst.List | None = None
    variable: cst.Name | None = None
    manual: str = ""
    #: Whether there may be others in it that are not seen.
    open: bool = False


class Lists:
    """Reads lists of containers in one file."""

    def __init__(self, syntax: Syntax, values: Values) -> None:
        self.syntax = syntax
        self.values = values

    def read(self, expression: cst.BaseExpression) -> Containers:
        """The list that an expression gives."""
        if isinstance(expression, cst.List):
            return self._display(expression)
        if isinstance(expression, cst.Name):
            given = self.syntax.assigned(expression)
            if isinstance(given, cst.List):
                return self._variable(expression, given)
        return self._seen(expression)

    def _seen(self, expression: cst.BaseExpression) -> Containers:
        """What can be seen of a list that is made in another way; nothing leaves it."""
        node = self.values.node(expression)
        why = f"`{_short(self.syntax.source(expression))}` is no list that is written in one place"
        if node.kind != "seq":
            return Containers(manual=why, open=True)
        return Containers(tuple(Element(item, None, manual=why) for item in node.items), manual=why)

    def _display(self, display: cst.List) -> Containers:
        span = self.syntax.span(display)
        elements: list[Element] = []
        unseen = False
        for index, entry in enumerate(display.elements):
            if isinstance(entry, cst.StarredElement):
                held = self._seen(entry.value)
                elements += held.elements
                unseen = unseen or held.open
            else:
                elements.append(replace(self.element(entry.value), taken=Taken(span, index)))
        named = any(display in self.syntax.above(node) for node in self.syntax.nodes(cst.NamedExpr))
        manual = "a name is given a value inside the list" if named else ""
        return Containers(tuple(elements), display, manual=manual, open=unseen)

    def _variable(self, name: cst.Name, display: cst.List) -> Containers:
        """A list that a variable holds, with what is appended to it on the way."""
        first = self._display(display)
        found = list(first.elements)
        manual = first.manual
        unseen = first.open
        for use in self.syntax.uses(name):
            if use is name:
                continue
            appended = self._append(use)
            if appended is None:
                manual = manual or f"`{name.value}` is used on line {self.syntax.line(use)} as well"
                more = self._more(use)
                found += more
                unseen = unseen or (not more and self._filled(use))
                continue
            element = replace(self.element(appended.call.args[0].value), append=appended)
            if self.syntax.function(use) is not self.syntax.function(display):
                element = replace(element, manual="it is appended in another function")
            elif self.syntax.looped(use):
                element = replace(element, manual="it is appended in a loop")
            found.append(element)
        return Containers(tuple(found), display, name, manual, unseen)

    def _more(self, use: cst.CSTNode) -> tuple[Element, ...]:
        """What is added to a list in another way than by a statement that appends one: it stays."""
        asked = self._asked(use)
        if asked is None or not asked[1].args:
            return ()
        method, call = asked
        given = call.args[-1].value
        if method.attr.value == "extend":
            held = self.read(given).elements
        else:
            held = (self.element(given),) if method.attr.value in ("append", "insert") else ()
        return tuple(replace(one, taken=None, manual="it is added in a way of its own") for one in held)

    def _filled(self, use: cst.CSTNode) -> bool:
        """Whether what is done there may add to the list: all but reading its length, an entry, or all of them."""
        above = self.syntax.parent(use)
        if isinstance(above, cst.Arg):
            call = self.syntax.parent(above)
            return not (isinstance(call, cst.Call) and "builtins.len" in self.syntax.qualified(call.func))
        return isinstance(above, cst.Attribute)

    def _asked(self, use: cst.CSTNode) -> tuple[cst.Attribute, cst.Call] | None:
        """The method of a list that is called there, and the call."""
        method = self.syntax.parent(use)
        call = self.syntax.parent(method) if isinstance(method, cst.Attribute) and method.value is use else None
        return (method, call) if isinstance(method, cst.Attribute) and isinstance(call, cst.Call) else None

    def _append(self, use: cst.CSTNode) -> Append | None:
        asked = self._asked(use)
        if asked is None or asked[0].attr.value != "append":
            return None
        method, call = asked
        whole = self.syntax.parent(call)
        statement = self.syntax.statement(call)
        if not isinstance(whole, cst.Expr) or statement is None or len(call.args) != 1 or call.args[0].star:
            return None
        return Append(statement, method.value, call)

    def element(self, expression: cst.BaseExpression) -> Element:
        """The container that an expression gives."""
        if isinstance(expression, (cst.Call, cst.Dict)) and self._makes(expression):
            return Element(self.values.node(expression), expression, manual=self._unpacked(expression))
        if isinstance(expression, cst.Name):
            return self._named(expression)
        if isinstance(expression, cst.Call) and (made := self.values.maker(expression)):
            function, returned = made
            element = self.element(returned)
            name = function.name.value
            why = element.assist or ("" if self._private(function) else f"others may call `{name}` as well")
            uses = [use for use in self.syntax.uses(function.name) if use is not expression.func]
            manual = element.manual or (f"`{name}` is used on line {self.syntax.line(uses[0])} as well" if uses else "")
            return replace(element, called=(*element.called, name), assist=why, manual=manual)
        node = self.values.node(expression)
        return Element(node, None, manual=f"`{_short(self.syntax.source(expression))}` is not made in this file")

    def _unpacked(self, made: cst.Call | cst.Dict) -> str:
        """Why the arguments of a container are not all seen, or name its policy in a way that cannot be added to."""
        for held in made.args if isinstance(made, cst.Call) else ():
            node = self.values.node(held.value) if held.star == "**" else None
            if node is not None and (node.kind != "map" or _POLICIES & {key.value for key, _ in node.pairs}):
                return f"it is given arguments by `**` on line {self.syntax.line(held)}"
        return ""

    def _makes(self, expression: cst.Call | cst.Dict) -> bool:
        if isinstance(expression, cst.Dict):
            return True
        return self.values.known.model(expression) is not None

    def _private(self, function: cst.FunctionDef) -> bool:
        return function.name.value.startswith("_") or self.syntax.function(function) is not self.syntax.module

    def _named(self, name: cst.Name) -> Element:
        given = self.syntax.assigned(name)
        if given is None or isinstance(given, cst.Name):
            several = len(self.syntax.assignments(name)) > 1
            why = f"`{name.value}` is given a value in several places" if several else f"`{name.value}` comes from elsewhere"
            element = Element(self.values.node(name), None, manual=why)
        else:
            element = self.element(given)
        value = element.value
        manual = element.manual
        for use in self.syntax.uses(name):
            above = self.syntax.parent(use)
            if use is name:
                continue
            if not isinstance(above, cst.Attribute) and not (isinstance(above, cst.Subscript) and above.value is use):
                manual = manual or f"`{name.value}` is used on line {self.syntax.line(use)} as well"
            elif (held := self._set(above, name)) is not None:
                value = self._with(value, *held)
                if field_name(held[0]) == "restartPolicy":
                    manual = manual or f"its restart policy is set on line {self.syntax.line(use)}"
        return replace(element, value=value, called=(name.value, *element.called), manual=manual)

    def _set(self, part: cst.Attribute | cst.Subscript, use: cst.Name) -> tuple[str, cst.BaseExpression, bool] | None:
        """The field of a container that a statement sets, its value, and whether it always does; None for reading it."""
        target = self.syntax.parent(part)
        whole = self.syntax.parent(target) if isinstance(target, cst.AssignTarget) else None
        if not isinstance(whole, cst.Assign):
            return None
        if isinstance(part, cst.Attribute):
            name: str | None = part.attr.value
        else:
            index = part.slice[0].slice
            name = self.values.text(index.value) if isinstance(index, cst.Index) else None
        return (name, whole.value, self._always(whole, use)) if name else None

    def _always(self, statement: cst.CSTNode, use: cst.Name) -> bool:
        """Whether a statement runs whenever the pod gets the container."""
        conditions = self.syntax.conditions(statement)
        return conditions == self.syntax.conditions(use)[: len(conditions)] and not self.syntax.looped(statement)

    def _with(self, value: Node, name: str, given: cst.BaseExpression, always: bool) -> Node:
        """The container with a field that is set behind its making."""
        held = self.values.node(given) if always else self.values.hole(given)
        # Of what is made elsewhere only that is known.
        known = value if value.kind == "map" else mapping([(word("**", value.start), value)], value.start, value.end)
        return with_pair(known, field_name(name), held)


def _short(source: str) -> str:
    return source if len(source) <= 40 else source[:37] + "..."
