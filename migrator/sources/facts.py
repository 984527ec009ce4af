"""What a file says of containers that stand elsewhere: Services and their ports, patches, which images keep company.

Gathered in one cheap pass over all files: only Services and what may be a patch are parsed, images are found by
their lines.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from migrator.images import repository
from migrator.links import Company, Facts, Patch, Service
from migrator.text.errors import TextError
from migrator.text.lines import Lines
from migrator.text.source import chunks
from migrator.text.tree import Node, parse
from migrator.workloads import paths_of

_TARGET = re.compile(r"""targetPort["']?[ \t]*:""")
_WORKLOAD = re.compile(r"(?m)^kind:[ \t]*[\"']?\w+")
_SELECTED = re.compile(r"(?m)^[ ]+selector[ \t]*:")
_IMAGE = re.compile(r"(?m)^[ \t-]*image[ \t]*:")
_IMAGE_NAME = re.compile(r"""["']?\bimage["']?[ \t]*:[ \t]*["']?([^\s"',}]+)""")


def read_facts(path: str, text: str) -> Facts:
    """The facts in `text`. What does not parse has none: reading it says so."""
    services: list[Service] = []
    patches: list[Patch] = []
    companies: list[Company] = []
    lines: Lines | None = None
    for start, end in chunks(text):
        piece = text[start:end]
        companies += _companies(piece)
        service = "Service" in piece and _TARGET.search(piece)
        if not service and not _may_be_patch(piece):
            continue
        lines = lines or Lines(text)
        try:
            roots = parse(text, start, end)
        except TextError:
            continue
        for root in roots:
            for held in _objects(root):
                services += _services(path, held, lines)
                patches += _patches(path, held, lines)
    return Facts(tuple(services), tuple(patches), tuple(companies))


def _companies(piece: str) -> Iterator[Company]:
    """The images of a document with a pod, init containers included: to move one between the lists changes nothing."""
    if "containers" not in piece or not _WORKLOAD.search(piece):
        return
    images = ("/".join(repository(found[1])) for found in _IMAGE_NAME.finditer(piece))
    if known := tuple(sorted(image for image in images if image)):
        yield Company(known)


def _may_be_patch(piece: str) -> bool:
    """A workload with `containers` that lacks what a whole one must have: a selector, or any image."""
    if "containers" not in piece or not _WORKLOAD.search(piece):
        return False
    return not _SELECTED.search(piece) or not _IMAGE.search(piece)


def _objects(root: Node | None) -> Iterator[Node]:
    if root is None or root.kind != "map":
        return
    items = root.get("items")
    if items is not None and items.kind == "seq":
        for item in items.items:
            yield from _objects(item)
    else:
        yield root


def _services(path: str, node: Node, lines: Lines) -> Iterator[Service]:
    spec, meta = node.get("spec"), node.get("metadata")
    if _word(node, "kind") != "Service" or spec is None or meta is None or _word(node, "apiVersion") != "v1":
        return
    selector, ports = spec.get("selector"), spec.get("ports")
    chosen = tuple((k.value, v.value) for k, v in selector.pairs) if selector is not None else ()
    for port in ports.items if ports is not None else []:
        target = port.get("targetPort")
        if target is not None and target.kind == "scalar" and target.value:
            line = lines.of(target.start) + 1
            yield Service(path, line, _word(meta, "name") or "", _word(meta, "namespace"), chosen, target.value)


def _patches(path: str, node: Node, lines: Lines) -> Iterator[Patch]:
    """A workload in which a container has no image (a patch names it, the base has the rest)."""
    kind, meta = _word(node, "kind"), node.get("metadata")
    for place in paths_of(_word(node, "apiVersion") or "", kind or ""):
        pod: Node | None = node
        for step in place.steps:
            pod = pod.resolved.get(step) if pod is not None else None
        held = pod.resolved.get("containers") if pod is not None else None
        containers = [item.resolved for item in held.resolved.items] if held is not None else []
        if kind is None or meta is None or all(item.get("image") for item in containers):
            continue
        for item in containers:
            if name := _word(item, "name"):
                yield Patch(path, lines.of(item.start) + 1, kind, _word(meta, "name") or "", name)


def _word(node: Node, key: str) -> str | None:
    value = node.get(key)
    return value.value if value is not None and value.kind == "scalar" else None
