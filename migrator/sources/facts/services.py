"""Services: the ports they target, and the pods they select."""

from __future__ import annotations

import re
from collections.abc import Iterator

from migrator.links import Service
from migrator.sources.facts.reader import Object, Reader, Text, at, entries, of_kind, pairs, word

_TARGET = re.compile(r"""targetPort["']?[ \t]*:""")
_OF_KIND = of_kind("Service")


def _read(text: Text) -> Iterator[Service]:
    for held in text.objects:
        if held.kind == "Service" and held.api_version == "v1" and at(held.node, "metadata") is not None:
            yield from _ports(held)


def _ports(held: Object) -> Iterator[Service]:
    chosen, labels = pairs(held.node, "spec", "selector"), pairs(held.node, "metadata", "labels")
    for port in entries(held.node, "spec", "ports"):
        target = at(port, "targetPort")
        if target is not None and target.kind == "scalar" and target.value:
            name = word(port, "name")
            yield Service(held.path, held.line(target), held.name, held.namespace or None, chosen, target.value, labels, name)


READER = Reader(("targetPort",), _read, lambda text: _OF_KIND(text) and _TARGET.search(text.piece))
