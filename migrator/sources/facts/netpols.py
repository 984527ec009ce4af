"""Network policies that name a port: of Kubernetes, Cilium and Calico.

A rule for what comes in is about ports of the pods it is for, one for what goes out about those it sends to.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from migrator.references import Pods, Reference, Requirement
from migrator.sources.facts.reader import Object, Reader, Text, at, entries, of_kind, word
from migrator.sources.facts.selectors import expression, label_selector
from migrator.text.tree import Node

#: A port's name has a letter (IANA_SVC_NAME).
_NAME = re.compile(r"(?=.*[A-Za-z])[A-Za-z0-9-]+\Z")
#: A port that is no number, or a list of ports as Calico writes them.
_MAY_NAME = re.compile(
    r"""\bport["']?[ \t]*:[ \t]*["']?[A-Za-z]|\bports["']?[ \t]*:[ \t]*(?:\[|\n[ \t]*-[ \t]*["']?[A-Za-z0-9-]+["']?[ \t]*\n)"""
)
_OF_KIND = of_kind("NetworkPolicy", "GlobalNetworkPolicy", "CiliumNetworkPolicy", "CiliumClusterwideNetworkPolicy")
_CALICO = ("projectcalico.org", "crd.projectcalico.org")


def _read(text: Text) -> Iterator[Reference]:
    for held in text.objects:
        if held.kind == "NetworkPolicy" and held.group in ("networking.k8s.io", "extensions"):
            yield from _kubernetes(held)
        elif held.group == "cilium.io" and held.kind in ("CiliumNetworkPolicy", "CiliumClusterwideNetworkPolicy"):
            yield from _cilium(held)
        elif held.group in _CALICO and held.kind in ("NetworkPolicy", "GlobalNetworkPolicy"):
            yield from _calico(held)


def _kubernetes(held: Object) -> Iterator[Reference]:
    chosen = at(held.node, "spec", "podSelector")
    own = _own(held, label_selector(chosen))
    for rule in entries(held.node, "spec", "ingress") if chosen is not None else ():
        for port in entries(rule, "ports"):
            yield from _named(held, at(port, "port"), own)
    for rule in entries(held.node, "spec", "egress"):
        peers = [_peer(held, peer) for peer in entries(rule, "to")] or [Pods()]
        for port in entries(rule, "ports"):
            for pods in peers:
                yield from _named(held, at(port, "port"), pods)


def _own(held: Object, labels: tuple[Requirement, ...]) -> Pods:
    return Pods((held.namespace,) if held.namespace else (), labels)


def _peer(held: Object, peer: Node) -> Pods:
    """The pods of a NetworkPolicyPeer: of the policy's own namespace, unless it selects others."""
    labels = label_selector(at(peer, "podSelector"))
    return _own(held, labels) if at(peer, "namespaceSelector") is None else Pods((), labels)


def _cilium(held: Object) -> Iterator[Reference]:
    for spec in (at(held.node, "spec"), *entries(held.node, "specs")):
        chosen = at(spec, "endpointSelector")
        own = _own(held, label_selector(chosen))
        for rule in entries(spec, "ingress") if chosen is not None else ():
            for port in _cilium_ports(rule):
                yield from _named(held, port, own)
        for rule in entries(spec, "egress"):
            peers = [Pods((), label_selector(peer)) for peer in entries(rule, "toEndpoints")] or [Pods()]
            for port in _cilium_ports(rule):
                for pods in peers:
                    yield from _named(held, port, pods)


def _cilium_ports(rule: Node) -> list[Node | None]:
    return [at(port, "port") for rules in entries(rule, "toPorts") for port in entries(rules, "ports")]


def _calico(held: Object) -> Iterator[Reference]:
    own = _own(held, expression(word(held.node, "spec", "selector")))
    for rule in entries(held.node, "spec", "ingress"):
        for port in entries(rule, "destination", "ports"):
            yield from _named(held, port, own)
    for rule in entries(held.node, "spec", "egress"):
        for port in entries(rule, "destination", "ports"):
            yield from _named(held, port, Pods((), expression(word(rule, "destination", "selector"))))


def _named(held: Object, port: Node | None, pods: Pods) -> Iterator[Reference]:
    if port is not None and port.kind == "scalar" and _NAME.match(port.value):
        what = f"the {held.kind} `{held.name}`"
        yield Reference(held.path, held.line(port), "network-policy", what, pods, port=port.value)


READER = Reader(("NetworkPolicy",), _read, lambda text: _OF_KIND(text) and _MAY_NAME.search(text.piece))
