"""Services: the ports they target, the pods they select, and whether a number could be written for the name of a port."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from migrator.links import Service
from migrator.sources.facts.reader import Reader, Text, at, entries, of_kind, pairs, word
from migrator.text.asked import Path
from migrator.text.errors import Refused
from migrator.text.numbers import numbered, proved_numbers
from migrator.text.pointing import path_of
from migrator.text.rewrite import Stretch
from migrator.text.tree import Node

_TARGET = re.compile(r"""targetPort["']?[ \t]*:""")
_OF_KIND = of_kind("Service")


def _read(text: Text) -> Iterator[Service]:
    found = [
        (held, port, target)
        for held in text.objects
        if held.kind == "Service" and held.api_version == "v1" and at(held.node, "metadata") is not None
        for port in entries(held.node, "spec", "ports")
        if (target := at(port, "targetPort")) is not None and target.kind == "scalar" and target.value
    ]
    spots = _spots(text, [target for _, _, target in found if not target.value.isdecimal()])
    for held, port, target in found:
        spot = spots.get(id(target), _Spot())
        yield Service(
            held.path,
            held.line(target),
            held.name,
            held.namespace or None,
            pairs(held.node, "spec", "selector"),
            target.value,
            pairs(held.node, "metadata", "labels"),
            word(port, "name"),
            word(port, "protocol") or "TCP",
            spot.at,
            spot.fixed,
        )


class _Spot(NamedTuple):
    """Where a `targetPort` stands, and why no number can be written there."""

    at: Path = ()
    fixed: str = ""


def _spots(text: Text, targets: Iterable[Node]) -> dict[int, _Spot]:
    """The spots of these scalars, by the ids of their nodes. What can be written is tried out, for all of them at once."""
    stretch = Stretch(text.file.whole, text.start, text.end, text.roots)
    found: dict[int, _Spot] = {}
    paths: dict[int, Path] = {}
    for target in targets:
        try:
            if "{{" in text.piece:
                raise Refused("it stands in a template")
            path = path_of(text.roots, target)
            numbered(stretch, path, 1)
            paths[id(target)] = path
        except Refused as refusal:
            found[id(target)] = _Spot(fixed=str(refusal))
    try:
        proved_numbers(stretch, dict.fromkeys(paths.values(), 1))
        why = ""
    except Refused as refusal:
        why = str(refusal)
    number = text.file.numbers[text.start]
    return found | {target: _Spot((number, *path), why) for target, path in paths.items()}


READER = Reader(("targetPort",), _read, lambda text: _OF_KIND(text) and _TARGET.search(text.piece))
