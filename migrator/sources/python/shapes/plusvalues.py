"""What the arguments of cdk8s-plus say in words of the Kubernetes API, as far as they have its shape."""

from __future__ import annotations

import libcst as cst

from migrator.sources.python.elements import Element
from migrator.sources.python.libraries.dialect import Dialect
from migrator.sources.python.values import Hole, Values
from migrator.text.tree import Node

_ALWAYS = "ContainerRestartPolicy.ALWAYS"
#: What a pod has in the shape of the API.
_PLAIN = frozenset({"share_process_namespace", "host_network", "enable_service_links", "automount_service_account_token"})
_POLICIES = {"ALWAYS": "Always", "NEVER": "Never", "ON_FAILURE": "OnFailure"}
#: Objects of the library, by the field that they become.
_OBJECTS = {"volumes": "volumes", "termination_grace_period": "terminationGracePeriodSeconds"}


def container(values: Values, element: Element, dialect: Dialect) -> Node:
    """A container of its arguments. What the library has a shape of its own for is a hole; a port is known as a number."""
    if element.value.kind != "map" or not isinstance(element.made, cst.Call):
        return element.value
    opaque = {dialect.field_name(keyword) for keyword in dialect.opaque}
    number = next((v for k, v in element.value.pairs if k.value == "ports" and _number(v)), None)
    node = Node("map", element.value.start, element.value.end)
    for key, value in element.value.pairs:
        if key.value == "restartPolicy" and isinstance(value, Hole) and value.source.endswith(_ALWAYS):
            node.pairs.append((key, _text("Always", value)))
        elif key.value == "ports" and number is not None:
            node.pairs.append((key, _list(_map("containerPort", number))))
        else:
            node.pairs.append((key, _hole(values, value) if key.value in opaque else value))
    keywords = {held.keyword.value: held.value for held in element.made.args if held.keyword is not None}
    port = keywords.get("port_number") or keywords.get("port")
    if port is not None and node.get("startupProbe") is None:
        # Where none is given the library knocks at the port (container.ts).
        knock = _map("tcpSocket", _map("port", number)) if number is not None else values.hole(port)
        node.pairs.append((_text("startupProbe", knock), knock))
    return node


def fields(values: Values, call: cst.Call, dialect: Dialect) -> Node:
    """What a constructor's arguments say of the pod beside its containers."""
    span = values.syntax.span(call)
    node = Node("map", span.start, span.end)
    for argument in call.args:
        word = argument.keyword.value if argument.keyword is not None else ""
        held = values.node(argument.value)
        if word in _PLAIN:
            node.pairs.append((_text(dialect.field_name(word), held), held))
        elif word in _OBJECTS:
            node.pairs.append((_text(_OBJECTS[word], held), _hole(values, held)))
        elif word == "restart_policy" and isinstance(argument.value, cst.Attribute):
            said = _POLICIES.get(argument.value.attr.value)
            node.pairs.append((_text("restartPolicy", held), _text(said, held) if said else held))
    return node


def _number(node: Node) -> bool:
    return node.kind == "scalar" and not node.style and node.value.isdecimal()


def _hole(values: Values, node: Node) -> Hole:
    if isinstance(node, Hole):
        return node
    return Hole(node.start, node.end, " ".join(values.syntax.text[node.start : node.end].split()))


def _text(word: str, at: Node) -> Node:
    node = Node("scalar", at.start, at.end)
    node.value, node.style = word, "'"
    return node


def _map(key: str, value: Node) -> Node:
    node = Node("map", value.start, value.end)
    node.pairs = [(_text(key, value), value)]
    return node


def _list(item: Node) -> Node:
    node = Node("seq", item.start, item.end)
    node.items = [item]
    return node
