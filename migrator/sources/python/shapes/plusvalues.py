"""What the arguments of cdk8s-plus say in words of the Kubernetes API, as far as they have its shape."""

from __future__ import annotations

import libcst as cst

from migrator.sources.python.elements import Element
from migrator.sources.python.libraries.dialect import Dialect
from migrator.sources.python.nodes import mapping, sequence, word
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
    node = mapping((), element.value.start, element.value.end)
    for key, value in element.value.pairs:
        if key.value == "restartPolicy" and isinstance(value, Hole) and value.source.endswith(_ALWAYS):
            node.pairs.append((key, word("Always", value.start, value.end)))
        elif key.value == "ports" and number is not None:
            node.pairs.append((key, sequence([_only("containerPort", number)], number.start, number.end)))
        else:
            node.pairs.append((key, _hole(values, value) if key.value in opaque else value))
    keywords = {held.keyword.value: held.value for held in element.made.args if held.keyword is not None}
    port = keywords.get("port_number") or keywords.get("port")
    if port is not None and node.get("startupProbe") is None:
        # Where none is given the library knocks at the port (container.ts).
        knock = _only("tcpSocket", _only("port", number)) if number is not None else values.hole(port)
        node.pairs.append((word("startupProbe", knock.start, knock.end), knock))
    return node


def fields(values: Values, call: cst.Call, dialect: Dialect) -> Node:
    """What a constructor's arguments say of the pod beside its containers."""
    span = values.syntax.span(call)
    node = mapping((), span.start, span.end)
    for argument in call.args:
        said = argument.keyword.value if argument.keyword is not None else ""
        held = values.node(argument.value)
        if said in _PLAIN:
            node.pairs.append((word(dialect.field_name(said), held.start, held.end), held))
        elif said in _OBJECTS:
            node.pairs.append((word(_OBJECTS[said], held.start, held.end), _hole(values, held)))
        elif said == "restart_policy" and isinstance(argument.value, cst.Attribute):
            policy = _POLICIES.get(argument.value.attr.value)
            node.pairs.append(
                (word("restartPolicy", held.start, held.end), word(policy, held.start, held.end) if policy else held)
            )
    return node


def _number(node: Node) -> bool:
    return node.kind == "scalar" and not node.style and node.value.isdecimal()


def _hole(values: Values, node: Node) -> Hole:
    if isinstance(node, Hole):
        return node
    return Hole(node.start, node.end, " ".join(values.syntax.text[node.start : node.end].split()))


def _only(key: str, value: Node) -> Node:
    """A mapping of one pair."""
    return mapping([(word(key, value.start, value.end), value)], value.start, value.end)
