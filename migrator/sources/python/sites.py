"""A pod spec in code as a `Site`, judged and planned like one from a manifest."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from migrator.model import Container, PodSpec, Problem, Site
from migrator.sources.podspec import Unreadable, read_pod
from migrator.sources.python.elements import Element
from migrator.sources.python.libraries.spelling import field_name
from migrator.sources.python.nodes import mapping, sequence, with_pair, word
from migrator.sources.python.pods import OTHERS, Spec, shown, shown_inits
from migrator.sources.python.syntax import Syntax
from migrator.sources.python.values import Hole
from migrator.text.errors import TooLarge
from migrator.text.tree import Node

#: What a value that is not seen may hide and a move could break: how the container starts, is asked and stops.
_DECISIVE = {
    "lifecycle": "its hooks come",
    "startupProbe": "its startup probe comes",
    "restartPolicy": "its restart policy comes",
    "**": "what else it is given comes",
}
_KEYED = frozenset({"labels", "annotations", "matchLabels", "nodeSelector", "requests", "limits", "data"})


@dataclass(frozen=True)
class Built:
    """A site, the pod spec it was read from, and for each of its containers the number of its element (-1 for one unseen)."""

    site: Site
    spec: Spec
    elements: tuple[int, ...]


def built_site(syntax: Syntax, spec: Spec, unsafe: bool, why: str = "") -> Built | Problem:
    """The site of a pod spec; `why` is what else forbids to rewrite it. A problem where Kubernetes would not take it."""
    line = syntax.line(spec.at)
    entries = list(shown(spec))
    try:
        pod = _pod(syntax, spec, [entry for entry, _ in entries])
    except Unreadable as error:
        return Problem(error.line, error.message)
    except TooLarge as error:
        return Problem(line, str(error))
    elements = tuple(number for _, number in entries)
    twice = _twice(entries)
    containers = tuple(
        _told(container, spec, number, unsafe, number in twice)
        for container, number in zip(pod.containers, elements, strict=True)
    )
    refusal = why or spec.manual or spec.containers.manual or (spec.assist if spec.assist and not unsafe else "")
    site = Site(spec.workload, replace(pod, containers=containers), 0, (), line, True, refusal or None)
    return Built(site, spec, elements)


def _twice(entries: Sequence[tuple[Node, int]]) -> frozenset[int]:
    """The numbers of the elements that have a name in common: in code they may be alternatives."""
    names = [(_word(entry), number) for entry, number in entries if number >= 0]
    common = Counter(name for name, _ in names)
    return frozenset(number for name, number in names if common[name] > 1)


def _word(entry: Node) -> str:
    name = entry.get("name")
    return name.value if name is not None and name.kind == "scalar" else "{{ name }}"


def _pod(syntax: Syntax, spec: Spec, entries: Sequence[Node]) -> PodSpec:
    span = syntax.span(spec.at)
    inits = [_respelt(held) for held in shown_inits(spec)]
    lists = {"containers": [_respelt(entry) for entry in entries], **({"initContainers": inits} if inits else {})}
    pairs = [(word(key, span.start), sequence(_numbered(held), span.start, span.end)) for key, held in lists.items()]
    return read_pod(mapping([*_respelt(spec.fields).pairs, *pairs], span.start, span.end), syntax.lines)


def _numbered(entries: Sequence[Node]) -> Iterator[Node]:
    """The entries with names of their own: alternatives, and what is not seen, may be called by the same words."""
    taken: set[str] = set()
    for entry in entries:
        said = _word(entry)
        name = next(name for name in (said, *(f"{said} ({n})" for n in range(2, len(entries) + 2))) if name not in taken)
        taken.add(name)
        own = entry.get("name") is not None and name == said
        yield entry if own else with_pair(entry, "name", word(name, entry.start))


def _respelt(node: Node) -> Node:
    """A dict whose keys are written with underscores, as KubeSpawner and Pulumi take them, as the API spells them."""
    if node.kind == "seq":
        return sequence((_respelt(item) for item in node.items), node.start, node.end)
    if node.kind != "map" or not any("_" in key.value for key, _ in _deep(node)):
        return node
    pairs = ((field_name(key.value), key.start, value) for key, value in node.pairs)
    spelt = ((word(name, at), value if name in _KEYED else _respelt(value)) for name, at, value in pairs)
    return mapping(spelt, node.start, node.end)


def _deep(node: Node) -> list[tuple[Node, Node]]:
    found = list(node.pairs)
    for key, value in node.pairs:
        if key.value not in _KEYED:
            found += _deep(value)
    for item in node.items:
        found += _deep(item)
    return found


def _told(container: Container, spec: Spec, number: int, unsafe: bool, twice: bool) -> Container:
    """The container with what the code calls it, and why it cannot move where it cannot."""
    if number < 0:
        return replace(container, fixed=spec.containers.manual, main_as=_main_as(spec))
    element = spec.containers.elements[number]
    fixed = "others in the list have the same name" if twice else _fixed(element, unsafe)
    return replace(container, called=element.called, fixed=fixed)


def _main_as(spec: Spec) -> str:
    """Why a container that is not seen is the main one: what is added later is not what the pod is for."""
    if spec.main == OTHERS:
        return "the pod has it before others are added"
    return "the library brings it" if spec.main else ""


def _fixed(element: Element, unsafe: bool) -> str:
    if element.manual:
        return element.manual
    if element.made is None:
        return "it is not seen where it is made"
    unseen = next((key.value for key, value in element.value.pairs if key.value in _DECISIVE and isinstance(value, Hole)), None)
    if unseen is not None:
        return f"{_DECISIVE[unseen]} from code that is not followed"
    return "" if unsafe else element.assist
