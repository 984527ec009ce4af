"""Containers that code adds to a pod that was made elsewhere: `pod.spec.containers.append(sidecar)` and its kin.

Nobody sees the rest of such a pod, so it is changed only if asked (`--unsafe`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import libcst as cst
from libcst.metadata import Assignment

from migrator.model import Workload
from migrator.sources.python.elements import Append, Containers, Element, Lists
from migrator.sources.python.inits import Inits
from migrator.sources.python.nodes import mapping
from migrator.sources.python.pods import OTHERS, Spec, Spelling
from migrator.sources.python.syntax import Syntax
from migrator.sources.python.values import Hole, Values
from migrator.text.tree import Node

_METHODS = frozenset({"append", "insert", "extend"})
_OF_DICTS = Spelling("containers", "initContainers", "restartPolicy", '"Always"')
#: Why such a pod is changed only if asked.
WHY = "the pod that it is added to is made elsewhere"


def appended(syntax: Syntax, values: Values) -> Iterator[Spec]:
    """The containers that are added to lists of pods, each as a pod of its own with the others unseen."""
    lists = Lists(syntax, values)
    for call in syntax.nodes(cst.Call):
        method = call.func
        if not isinstance(method, cst.Attribute) or method.attr.value not in _METHODS or not call.args:
            continue
        handed = _handed(syntax, method.value)
        spelling = _OF_DICTS if handed else spelling_of(method.value, values)
        if spelling is None:
            continue
        entries = _entries(call, method.attr.value, lists)
        if handed and not all(_called(entry.value) for entry in entries):
            continue
        of_pod = _of_pod(method.value)
        if not entries or not all(like_container(entry.value) or (of_pod and entry.made is None) for entry in entries):
            continue
        manual = "" if method.attr.value != "extend" else "several are added at once"
        statement = syntax.statement(call)
        if not isinstance(syntax.parent(call), cst.Expr) or statement is None:
            manual = "it is part of a larger expression"
        elif syntax.looped(call):
            manual = "it is added in a loop"
        elif _number(call, method.attr.value) not in ("", "0"):
            manual = "it is put at a number of its own"
        elif handed:
            manual = f"`{syntax.source(method.value)}` is a list that the function is handed"
        elif not isinstance(method.value, cst.Subscript) and not is_list_of_pod(method.value):
            manual = f"whether `{syntax.source(method.value)}` is the list of a pod is not seen"
        elif not _plain(method.value):
            manual = f"`{syntax.source(method.value)}` is more than names"
        elements = tuple(replace(entry, taken=None, append=Append(statement or call, method.value, call)) for entry in entries)
        yield Spec(
            "appended",
            call,
            None,
            spelling,
            "kubernetes" if isinstance(method.value, cst.Attribute) else "manifest",
            Containers(elements, open=True),
            Inits("absent", Containers()),
            mapping((), syntax.span(call).start),
            Workload("", "PodSpec", ""),
            OTHERS,
            WHY,
            manual,
            _name(method.value),
        )


def spelling_of(receiver: cst.BaseExpression, values: Values) -> Spelling | None:
    """How the list is reached: as an attribute of a model, or as a key of a dict."""
    if isinstance(receiver, cst.Attribute) and receiver.attr.value == "containers":
        return Spelling("containers", "init_containers", "restart_policy", '"Always"')
    if isinstance(receiver, cst.Subscript) and len(receiver.slice) == 1:
        index = receiver.slice[0].slice
        if isinstance(index, cst.Index) and values.text(index.value) == "containers":
            return _OF_DICTS
    return None


def _handed(syntax: Syntax, receiver: cst.BaseExpression) -> bool:
    """Whether a list of containers is a parameter of the function that adds to it."""
    if not isinstance(receiver, cst.Name) or not (receiver.value == "containers" or receiver.value.endswith("_containers")):
        return False
    found = syntax.assignments(receiver)
    return "init" not in receiver.value and any(
        isinstance(held, Assignment) and isinstance(held.node, cst.Param) for held in found
    )


def _called(node: Node) -> bool:
    """Whether a container has a name that stands there: lists of what was found have not."""
    name = node.get("name") if node.kind == "map" else None
    return name is not None and name.kind == "scalar" and not isinstance(name, Hole)


def _entries(call: cst.Call, method: str, lists: Lists) -> list[Element]:
    if any(held.star or held.keyword for held in call.args):
        return []
    given = call.args[-1].value
    if method == "extend":
        return list(lists.read(given).elements)
    return [lists.element(given)] if len(call.args) == (2 if method == "insert" else 1) else []


def like_container(node: Node) -> bool:
    """Whether what is added looks like a container of a pod, not one of ECS or a widget."""
    if node.kind != "map":
        return False
    keys = {key.value for key, _ in node.pairs}
    return {"name", "image"} <= keys and not keys & {"essential", "portMappings", "logConfiguration"}


def _name(receiver: cst.BaseExpression) -> cst.Name | cst.BaseString | None:
    """The name of the list: an attribute, or a key."""
    if isinstance(receiver, cst.Attribute):
        return receiver.attr
    index = receiver.slice[0].slice if isinstance(receiver, cst.Subscript) else None
    return index.value if isinstance(index, cst.Index) and isinstance(index.value, cst.BaseString) else None


def _of_pod(receiver: cst.BaseExpression) -> bool:
    """Whether the list is reached through the `spec` of something, as that of a pod is."""
    above = receiver.value if isinstance(receiver, (cst.Attribute, cst.Subscript)) else receiver
    if isinstance(above, cst.Subscript):
        index = above.slice[0].slice if len(above.slice) == 1 else None
        held = index.value if isinstance(index, cst.Index) else None
        return isinstance(held, cst.SimpleString) and held.evaluated_value == "spec"
    return isinstance(above, cst.Attribute) and above.attr.value == "spec"


def is_list_of_pod(receiver: cst.BaseExpression) -> bool:
    """Whether a list is reached as that of a pod is, or by a name that says so."""
    return _of_pod(receiver) or _is_spec(receiver)


def _is_spec(receiver: cst.BaseExpression) -> bool:
    """Whether a name says that the list is one of a pod spec: `pod_spec.containers`."""
    held = receiver.value if isinstance(receiver, cst.Attribute) else None
    name = held.attr.value if isinstance(held, cst.Attribute) else held.value if isinstance(held, cst.Name) else ""
    return "spec" in name.lower() or "pod" in name.lower()


def _plain(receiver: cst.BaseExpression) -> bool:
    """Whether a list is reached by names and keys alone: what is called would be called again."""
    while isinstance(receiver, (cst.Attribute, cst.Subscript)):
        if isinstance(receiver, cst.Subscript):
            index = receiver.slice[0].slice if len(receiver.slice) == 1 else None
            held = index.value if isinstance(index, cst.Index) else None
            if not isinstance(held, (cst.SimpleString, cst.Integer, cst.Name)):
                return False
        receiver = receiver.value
    return isinstance(receiver, cst.Name)


def _number(call: cst.Call, method: str) -> str:
    """The number that a container is inserted at, empty where it is added behind all."""
    if method != "insert":
        return ""
    first = call.args[0].value
    return first.value if isinstance(first, cst.Integer) else "?"
