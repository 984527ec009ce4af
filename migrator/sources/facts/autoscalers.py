"""Autoscalers that look after one container: the policies of a VerticalPodAutoscaler, and per-container metrics."""

from __future__ import annotations

from collections.abc import Iterator

from migrator.references import Pods, Reference
from migrator.sources.facts.reader import Object, Reader, Text, entries, of_kind, word
from migrator.text.tree import Node

_VPA, _HPA, _KEDA = "VerticalPodAutoscaler", "HorizontalPodAutoscaler", "ScaledObject"


def _read(text: Text) -> Iterator[Reference]:
    for held in text.objects:
        what = f"the {held.kind} `{held.name}`"
        if held.kind == _VPA:
            yield from _vertical(held, what)
        elif held.kind == _HPA:
            for metric in entries(held.node, "spec", "metrics"):
                yield from _measured(held, what, metric, "containerResource", "container")
        elif held.kind == _KEDA:
            for trigger in entries(held.node, "spec", "triggers"):
                yield from _measured(held, what, trigger, "metadata", "containerName")


def _scaled(held: Object, field: str) -> Pods:
    """The pods of the object that is scaled. KEDA scales a Deployment where it names no kind."""
    name, kind = word(held.node, "spec", field, "name"), word(held.node, "spec", field, "kind")
    default = ("Deployment",) if held.kind == _KEDA else ()
    return Pods((held.namespace,) if held.namespace else (), kinds=(kind,) if kind else default, owner=name)


def _vertical(held: Object, what: str) -> Iterator[Reference]:
    """Each policy; where there is none for the rest, all others are looked after as well (containerName `*`)."""
    pods = _scaled(held, "targetRef")
    if not pods.owner:
        return
    off = word(held.node, "spec", "updatePolicy", "updateMode") == "Off"
    policies = entries(held.node, "spec", "resourcePolicy", "containerPolicies")
    named = [(policy, word(policy, "containerName"), word(policy, "mode") != "Off") for policy in policies]
    for policy, container, on in named:
        if container:
            yield Reference(held.path, held.line(policy), "vertical", what, pods, container, active=on and not off)
    if all(container != "*" for _, container, _ in named):
        yield Reference(held.path, held.line(held.node), "vertical", what, pods, "*", active=not off)


def _measured(held: Object, what: str, metric: Node, *keys: str) -> Iterator[Reference]:
    pods, container = _scaled(held, "scaleTargetRef"), word(metric, *keys)
    if pods.owner and container:
        yield Reference(held.path, held.line(metric), "horizontal", what, pods, container)


READER = Reader((_VPA, "containerResource", _KEDA), _read, of_kind(_VPA, _HPA, _KEDA))
