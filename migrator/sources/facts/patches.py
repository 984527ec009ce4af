"""Strategic-merge patches: workloads in which a container has no image, or that are no whole objects (`fragments`)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from migrator.links import Patch
from migrator.sources.facts.asserts import is_assertion
from migrator.sources.facts.reader import Object, Reader, Text, at, entries, word
from migrator.sources.fragments import fragment
from migrator.workloads import paths_of

_KIND = re.compile(r"(?m)^kind:[ \t]*[\"']?\w+")
_SELECTED = re.compile(r"(?m)^[ ]+selector[ \t]*:")
_IMAGE = re.compile(r"(?m)^[ \t-]*image[ \t]*:")


def is_workload(text: Text) -> bool:
    """Whether a piece with `containers` in it may be an object that has them."""
    return bool(_KIND.search(text.piece)) and not text.schema


def _may_be_patch(text: Text) -> bool:
    """A workload with `containers` that lacks what a whole one must have: a selector, or any image."""
    if not is_workload(text):
        return False
    return not _SELECTED.search(text.piece) or not _IMAGE.search(text.piece)


def _read(text: Text) -> Iterator[Patch]:
    # What a test expects of an object is no patch of it.
    if not is_assertion(text.path):
        for held in text.objects:
            yield from _patches(held)


def _patches(held: Object) -> Iterator[Patch]:
    for place in paths_of(held.api_version, held.kind):
        containers = entries(held.node, *place.steps, "containers")
        pod = at(held.node, *place.steps)
        if at(held.node, "metadata") is None or pod is None:
            continue
        if all(item.get("image") for item in containers) and not fragment(held.node, held.kind, held.api_version, pod):
            continue
        for item in containers:
            if name := word(item, "name"):
                yield Patch(held.path, held.line(item), held.kind, held.name, name)


READER = Reader(("containers",), _read, _may_be_patch)
