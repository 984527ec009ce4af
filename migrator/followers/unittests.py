"""Tests of helm-unittest: paths into `containers` of a template that is a plain manifest and changes in this run.

An assert speaks of every document of its template unless `documentIndex` names one, so that has to be told, or there is
but one (helm-unittest: DOCUMENT.md, "Test Suite" and "Assertion").
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from migrator.model import PodResult
from migrator.text.asked import Path
from migrator.text.edits import Edit, apply
from migrator.text.errors import Refused, TextError
from migrator.text.lines import Lines
from migrator.text.pointing import path_of
from migrator.text.rewrite import Stretch
from migrator.text.scalars import proved_values
from migrator.text.source import chunks
from migrator.text.tree import Node, parse

_ENTRY = re.compile(
    r"(?P<list>containers|initContainers)\[(?:(?P<index>\d{1,3})|\?\(\s*@\.name\s*==\s*(?P<quote>[\"'])(?P<name>[\w.-]+)(?P=quote)\s*\))\]"
    r"(?P<rest>.*)\Z"
)
#: Asserts that hold for an entry that has gained a `restartPolicy`.
_OF_WHOLE = frozenset({"isSubset", "exists", "isNotNull", "isNotEmpty", "isNotNullOrEmpty"})
_FILE = re.compile(r"_test\.ya?ml\Z")


@dataclass(frozen=True)
class Template:
    """A template that is a plain manifest: how many documents it has, and the pods in it of which something moves."""

    documents: int
    pods: tuple[PodResult, ...]


#: The template at a path, None where it is no plain manifest that changes.
Templates = Callable[[str], Template | None]


@dataclass(frozen=True)
class Retold:
    """The new text of a file, and the lines of the paths that are new, each with the pod it leads into."""

    text: str
    told: tuple[tuple[PodResult, int], ...] = ()


def is_unittest(path: str) -> bool:
    """Whether helm-unittest takes a file of this name for a suite."""
    return bool(_FILE.search(path))


def retold(text: str, chart: str, templates: Templates) -> Retold:
    """A suite in the chart at `chart` with the paths that lead elsewhere now; what is not certain stays."""
    lines = Lines(text)
    told: list[tuple[PodResult, int]] = []
    edits: list[Edit] = []
    for start, end in chunks(text):
        try:
            roots = tuple(parse(text, start, end)) if "ontainers[" in text[start:end] else ()
            new = {
                path_of(roots, node): (value, pod, lines.of(node.start) + 1)
                for root in roots
                if root is not None
                for node, value, pod in _suite(root, chart, templates)
            }
            values: dict[Path, str] = {path: value for path, (value, _, _) in new.items()}
            if values:
                edits += proved_values(Stretch(text, start, end, roots), lines, values)[0]
        except (TextError, Refused):
            continue
        told += [(pod, line) for _, pod, line in new.values()]
    return Retold(apply(text, edits), tuple(told))


def _suite(root: Node, chart: str, templates: Templates) -> Iterator[tuple[Node, str, PodResult]]:
    """The paths of a suite that have to change: each with its new text and the pod."""
    tests = root.get("tests") if root.kind == "map" else None
    for test in tests.items if tests is not None else ():
        asserts = test.get("asserts") if test.kind == "map" else None
        for one in asserts.items if asserts is not None else ():
            template = _template(one, test, root)
            held = templates(posixpath.join(chart, template)) if template else None
            if held is not None and one.kind == "map":
                yield from _assert(one, held, _index(one, test))


def _template(one: Node, test: Node, suite: Node) -> str:
    """The one template an assert speaks of, by its path in the chart; empty where it is not just one."""
    for holder in (one, test, suite):
        single, several = holder.get("template"), holder.get("templates")
        named = [single] if single is not None else several.items if several is not None else None
        if named is not None:
            path = named[0].value if len(named) == 1 and named[0].kind == "scalar" else ""
            return path if not path or path.startswith("templates/") else f"templates/{path}"
    return ""


def _index(one: Node, test: Node) -> str | None:
    """Which document is meant, as it is written; None where that is not said by its number."""
    if any(holder.get("documentSelector") is not None for holder in (one, test)):
        return ""
    written = next((index for holder in (one, test) if (index := holder.get("documentIndex")) is not None), None)
    return written.value if written is not None else None


def _assert(one: Node, template: Template, index: str | None) -> Iterator[tuple[Node, str, PodResult]]:
    if index is None and template.documents > 1:
        return
    pods = [pod for pod in template.pods if index is None or str(pod.site.document) == index]
    for kind, said in one.pairs:
        path = said.get("path") if said.kind == "map" else None
        for pod in pods if path is not None and path.kind == "scalar" else ():
            assert path is not None
            new = _new(path.value, pod, kind.value)
            if new and new != path.value:
                yield path, new, pod


def _new(path: str, pod: PodResult, kind: str) -> str:
    """Where a path leads once the containers of the pod have moved; empty where that cannot be told."""
    prefix = "".join(f"{step}." for step in pod.site.pointer)
    entry = _ENTRY.match(path, len(prefix)) if path.startswith(prefix) else None
    if entry is None:
        return ""
    names = [container.name for container in pod.site.pod.containers]
    inits = [container.name for container in pod.site.pod.init_containers]
    moved = {decision.container.name: decision.position for decision in pod.moved}
    there = names if entry["list"] == "containers" else inits
    name = entry["name"] or (there[int(entry["index"])] if int(entry["index"]) < len(there) else "")
    if name not in there:
        return ""
    moves = there is names and name in moved
    if moves and (entry["rest"].startswith((".restartPolicy", "[")) or (not entry["rest"] and kind not in _OF_WHOLE)):
        return ""
    after = _inits(inits, moved) if moves or there is inits else [held for held in names if held not in moved]
    key = "initContainers" if moves else entry["list"]
    number = f"[{after.index(name)}]" if entry["index"] else path[entry.end("list") : entry.start("rest")]
    return f"{prefix}{key}{number}{entry['rest']}"


def _inits(inits: list[str], moved: dict[str, int | None]) -> list[str]:
    """The init containers as they will be."""
    left, places = iter(inits), {position: name for name, position in moved.items()}
    return [places[n] if n in places else next(left) for n in range(len(inits) + len(moved))]
