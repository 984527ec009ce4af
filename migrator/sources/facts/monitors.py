"""Monitors of the Prometheus and VictoriaMetrics operators: which ports of which pods they scrape.

A PodMonitor and the `targetPort` of a ServiceMonitor name ports of containers, the `port` of a ServiceMonitor one of
its Services.
"""

from __future__ import annotations

from collections.abc import Iterator

from migrator.references import Pods, Reference
from migrator.sources.facts.reader import Object, Reader, Text, at, entries, of_kind, words
from migrator.sources.facts.scrapes import drops_inits
from migrator.sources.facts.selectors import label_selector
from migrator.text.tree import Node

_PODS, _SERVICES = ("PodMonitor", "VMPodScrape"), ("ServiceMonitor", "VMServiceScrape")
_GROUPS = ("monitoring.coreos.com", "operator.victoriametrics.com")


def _read(text: Text) -> Iterator[Reference]:
    for held in text.objects:
        # One without a selector is a patch of another.
        if held.kind in (*_PODS, *_SERVICES) and held.group in _GROUPS and at(held.node, "spec", "selector") is not None:
            yield from _ports(held)


def _ports(held: Object) -> Iterator[Reference]:
    pods = Pods(_namespaces(held), label_selector(at(held.node, "spec", "selector")))
    of_pods = held.kind in _PODS
    for endpoint in entries(held.node, "spec", "podMetricsEndpoints" if of_pods else "endpoints"):
        yield from _port(held, at(endpoint, "port"), "pod-monitor" if of_pods else "service-monitor", pods)
        yield from _port(held, at(endpoint, "portNumber"), "pod-monitor", pods)
        yield from _port(held, at(endpoint, "targetPort"), "pod-monitor" if of_pods else "monitor-target-port", pods)
        for step in (*entries(endpoint, "relabelings"), *entries(endpoint, "relabelConfigs")):
            if of_pods and drops_inits(held.text.file.whole[step.start : step.end]):
                yield Reference(held.path, held.line(step), "drops-inits", _what(held), pods)


def _port(held: Object, port: Node | None, kind: str, pods: Pods) -> Iterator[Reference]:
    if port is not None and port.kind == "scalar" and port.value:
        yield Reference(held.path, held.line(port), kind, _what(held), pods, port=port.value)


def _what(held: Object) -> str:
    return f"the {held.kind} `{held.name}`"


def _namespaces(held: Object) -> tuple[str, ...]:
    if at(held.node, "spec", "namespaceSelector") is None:
        return (held.namespace,) if held.namespace else ()
    return words(held.node, "spec", "namespaceSelector", "matchNames")


READER = Reader((*_PODS, *_SERVICES), _read, of_kind(*_PODS, *_SERVICES))
