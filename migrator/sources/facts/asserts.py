"""What tests expect of an object in the cluster: assertions of kuttl and chainsaw that list containers."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator

from migrator.references import Pods, Reference, Requirement
from migrator.sources.facts.reader import Object, Reader, Text, at, entries, pairs, word
from migrator.text.tree import Node
from migrator.workloads import PodPath, paths_of

_FILE = re.compile(r"(?:\d+-(?:assert|errors?)|(?:.*[-_.])?assert(?:s|ions?)?)(?:[-_.].*)?\.ya?ml\Z")
_ERRORS = re.compile(r"\d+-errors?[-_.]")
_CHAINSAW = "chainsaw.kyverno.io"


def is_assertion(path: str) -> bool:
    """Whether the objects of a file are what a test expects (kuttl: `00-assert.yaml`, `00-errors.yaml`)."""
    return bool(_FILE.match(os.path.basename(path)))


def _read(text: Text) -> Iterator[Reference]:
    for held, node, _ in _expectations(text):
        yield from _expected(held, node)


def _expectations(text: Text) -> Iterator[tuple[Object, Node | None, bool]]:
    """The object of a test, what it says of an object in the cluster, and whether that is to be (or not to be)."""
    if _CHAINSAW in text.piece:
        for held in text.objects:
            for step in entries(held.node, "spec", "steps") if held.kind == "Test" else ():
                for operation in (*entries(step, "try"), *entries(step, "catch"), *entries(step, "finally")):
                    yield held, at(operation, "assert", "resource"), True
                    yield held, at(operation, "error", "resource"), False
    elif is_assertion(text.path):
        wanted = not _ERRORS.match(os.path.basename(text.path))
        for held in text.objects:
            yield held, held.node, wanted


def asserted(text: Text) -> Iterator[tuple[Node, PodPath]]:
    """The workloads that are expected as they are said, with where their pods stand."""
    for _, node, wanted in _expectations(text):
        if node is not None and wanted:
            yield from ((node, place) for place in paths_of(word(node, "apiVersion"), word(node, "kind")))


def _expected(held: Object, node: Node | None) -> Iterator[Reference]:
    """The containers it lists."""
    kind, pods = word(node, "kind"), _pods(node)
    for place in paths_of(word(node, "apiVersion"), kind):
        yield from _listed(held, entries(node, *place.steps, "containers"), "containers", pods)
    if kind == "Pod":
        yield from _listed(held, entries(node, "status", "containerStatuses"), "containerStatuses", pods)


def _pods(node: Node | None) -> Pods:
    """The pods of a workload; where pods themselves are expected, those of any workload that may be called so."""
    kind, name, namespace = word(node, "kind"), word(node, "metadata", "name"), word(node, "metadata", "namespace")
    spaces = (namespace,) if namespace else ()
    if kind != "Pod":
        return Pods(spaces, kinds=(kind,), owner=name)
    labels = tuple(Requirement(key, "In", (value,)) for key, value in pairs(node, "metadata", "labels"))
    return Pods(spaces, labels, names=(name,) if name else ())


def _listed(held: Object, containers: list[Node], where: str, pods: Pods) -> Iterator[Reference]:
    for item in containers:
        if name := word(item, "name"):
            yield Reference(held.path, held.line(item), "assertion", f"an assertion on `{where}`", pods, name)


READER = Reader(("containers", "containerStatuses"), _read)
