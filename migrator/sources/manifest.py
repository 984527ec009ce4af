"""Kubernetes manifests in YAML or JSON: the pod specs they hold, and moves written into their text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from migrator import prefilter
from migrator.model import Move, Pointer, Problem, Site, Workload
from migrator.sources.directives import of_annotations
from migrator.sources.fragments import fragment
from migrator.sources.podspec import Unreadable, containers_of, read_pod
from migrator.text.asked import Transfer, Wish
from migrator.text.edits import Edit, apply
from migrator.text.errors import Refused, TextError, TooLarge
from migrator.text.lines import Lines
from migrator.text.rewrite import Stretch, prove, proved_layout
from migrator.text.source import check_line_ends, chunks
from migrator.text.transfer import Layout
from migrator.text.tree import Node, parse
from migrator.text.values import data, is_merge
from migrator.workloads import PodPath, is_list, paths_of

_MARK = ("restartPolicy", "Always")
_AFTER = ("image", "name")
_SAYS_SOMETHING = re.compile(r"\s*[^\s#]").match
_ACTION = re.compile(r"(?m)^[ \t]*\{[{%]")
_ACTION_ANYWHERE = re.compile(r"\{[{%]")
_PATCH_MARKS = ("$patch", "$setElementOrder/containers", "$retainKeys")


class Template(Exception):
    """A text that a template engine still has to turn into YAML: `engine` says whose; `line` is 1-based."""

    def __init__(self, line: int, engine: str) -> None:
        super().__init__("a template")
        self.line = line
        self.engine = engine


@dataclass(frozen=True)
class Handle:
    """Where a site is in its text."""

    stretch: Stretch
    document: int
    path: Pointer
    mapping: Node


@dataclass
class Manifest:
    """A text with the pod specs of two or more containers that were found in it, each with its handle."""

    text: str
    lines: Lines
    sites: list[Site] = field(default_factory=list)
    handles: list[Handle] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def read(text: str) -> Manifest:
    """Find the pod specs in `text`.

    Raises `Template` where it is a template, `TextError` (with a line) where a document that may hold a pod
    is not YAML or too large. Objects that are bad in themselves become problems; the others are read.
    """
    check_line_ends(text)
    manifest = Manifest(text, Lines(text))
    number = 0
    for start, end in chunks(text):
        piece = text[start:end]
        if not prefilter.may_hold_pods(piece):
            number += piece.startswith("---") or any(_SAYS_SOMETHING(line) for line in piece.split("\n"))
            continue
        try:
            roots = tuple(parse(text, start, end))
        except TextError as error:
            if ("{{" in piece or "{%" in piece) and not isinstance(error, TooLarge):
                action = _ACTION.search(text, start, end) or _ACTION_ANYWHERE.search(text, start, end)
                raise Template(manifest.lines.of(action.end() if action else start) + 1, _engine(piece)) from None
            raise
        stretch = Stretch(text, start, end, roots)
        for at, root in enumerate(roots):
            if root is not None:
                _Finder(manifest, stretch, at, number + at).document(root)
        number += len(roots)
    return manifest


def _engine(piece: str) -> str:
    """Whose template it is: only Jinja has statements in `{%`."""
    return "Jinja" if "{%" in piece else "Helm or Go"


class _Finder:
    """Looks through one document for pod specs."""

    def __init__(self, manifest: Manifest, stretch: Stretch, place: int, number: int) -> None:
        self.manifest = manifest
        self.stretch = stretch
        self.place = place
        self.number = number

    def document(self, root: Node) -> None:
        template = next((n for n in root.walk() if any(key.kind in ("map", "seq") for key, _ in n.pairs)), None)
        if template is not None:
            raise Template(self._line(template), "Helm or Go")
        self._object(root, ())

    def _object(self, node: Node, at: Pointer) -> None:
        kind, version = _text(node, "kind"), _text(node, "apiVersion")
        if not kind or version is None:
            return
        if is_list(kind) and (items := node.get("items")) is not None and items.kind == "seq":
            for n, item in enumerate(items.items):
                if item.kind == "map":
                    self._object(item, (*at, "items", n))
            return
        paths = paths_of(version, kind)
        for path in paths:
            self._follow(node, node, path, 0, at)
        if not paths:
            for pointer, pod in _pods(node, at):
                self._pod(node, pod, PodPath((), False), pointer, None)

    def _follow(self, owner: Node, node: Node, path: PodPath, step: int, at: Pointer, alias: str | None = None) -> None:
        if node.kind == "alias":
            alias, node = f"`{at[-1]}` is an alias", node.resolved
        if step == len(path.steps):
            if node.kind == "map":
                self._pod(owner, node, path, at, alias)
            return
        key = path.steps[step]
        if key == "*":
            for n, item in enumerate(node.items):
                self._follow(owner, item, path, step + 1, (*at, n), alias)
            for name, value in node.pairs:
                self._follow(owner, value, path, step + 1, (*at, name.value), alias)
        elif node.kind == "map" and (below := node.get(key)) is not None:
            if sum(name.value == key for name, _ in node.pairs) > 1:
                self._problem(f"duplicate key `{key}`", self._line(below))
            else:
                self._follow(owner, below, path, step + 1, (*at, key), alias)

    def _pod(self, owner: Node, node: Node, path: PodPath, at: Pointer, refusal: str | None) -> None:
        lines = self.manifest.lines
        try:
            # A pod of one container is none of ours, unless it has two lists of one.
            keys = [key.value for key, _ in node.pairs]
            if containers_of(node, lines) < 2 and keys.count("containers") < 2:
                return
            pod = read_pod(node, lines)
            workload = _workload(owner, path)
            meta = owner.get("metadata")
            said = _plain(meta).get("annotations") or {}
            containers, problems = of_annotations(said, pod.containers, self._line(meta or owner))
            pod = replace(pod, containers=containers)
            self.manifest.problems.extend(problems)
        except Unreadable as error:
            # What is no pod for sure (a custom resource with a `containers` of its own) is not complained of.
            if path.steps:
                self._problem(error.message, error.line)
            return
        except TooLarge as error:
            self._problem(error.message, self._line(node))
            return
        if len(pod.containers) < 2:
            return
        line = self._line(node.key("containers") or node)
        supported = bool(path.steps)
        if not supported:
            refusal = f"{workload.kind} of {workload.api_version} is not a kind known to be safe to rewrite"
        refusal = refusal or _refusal(node) or fragment(owner, workload.kind, workload.api_version, node)
        self.manifest.sites.append(Site(workload, pod, self.number, at, line, supported, refusal))
        self.manifest.handles.append(Handle(self.stretch, self.place, at, node))

    def _line(self, node: Node) -> int:
        return self.manifest.lines.of(node.start) + 1

    def _problem(self, message: str, line: int) -> None:
        self.manifest.problems.append(Problem(line, message))


def _text(node: Node, key: str) -> str | None:
    value = node.get(key) if node.kind == "map" else None
    return value.value if value is not None and value.kind == "scalar" else None


def _pods(root: Node, at: Pointer) -> Iterator[tuple[Pointer, Node]]:
    """Every mapping with a `containers` list of mappings, in text order."""
    waiting: list[tuple[Pointer, Node]] = [(at, root)]
    while waiting:
        pointer, node = waiting.pop()
        held = node.get("containers") if node.kind == "map" else None
        if held is not None and held.kind == "seq" and held.items and all(i.kind == "map" and i.get("name") for i in held.items):
            yield pointer, node
        below: list[tuple[Pointer, Node]] = [((*pointer, key.value), value) for key, value in node.pairs]
        below += [((*pointer, n), item) for n, item in enumerate(node.items)]
        waiting.extend(reversed(below))


def _refusal(node: Node) -> str | None:
    """Why the text of this pod spec cannot be edited without guessing, or None."""
    if any(is_merge(key) for key, _ in node.pairs) and node.get("initContainers") is None:
        return "a merge key (`<<`) in the pod spec may bring initContainers of its own"
    held = node.get("containers")
    if held is None or held.kind == "alias":
        return "`containers` is an alias"
    if any(item.kind == "alias" for item in held.items):
        return "a container is an alias of another place"
    for mapping in (node, *held.items):
        if any(key.value in _PATCH_MARKS for key, _ in mapping.pairs):
            return "a strategic-merge patch: its base must change with it"
    bare = next((item for item in held.items if "image" not in data(item)), None)
    if bare is not None:
        return f"container `{_text(bare, 'name')}` has no image: this looks like a patch, whose base must change with it"
    return None


def _workload(owner: Node, path: PodPath) -> Workload:
    meta = _plain(owner.get("metadata"))
    template = owner
    notes: dict[str, str] = {}
    labels: dict[str, str] = {}
    for step in path.steps[:-1]:
        below = template.resolved.get(step)
        if below is None:
            break
        template = below
    for holder in (meta, _plain(template.resolved.get("metadata")) if template is not owner else {}):
        notes |= {str(k): str(v) for k, v in (holder.get("annotations") or {}).items()}
        labels |= {str(k): str(v) for k, v in (holder.get("labels") or {}).items()}
    return Workload(
        _text(owner, "apiVersion") or "",
        _text(owner, "kind") or "",
        str(meta.get("name") or meta.get("generateName") or ""),
        str(meta["namespace"]) if meta.get("namespace") else None,
        notes,
        labels,
        path.completes,
        _around(owner, path),
    )


def _around(owner: Node, path: PodPath) -> dict[str, Any]:
    """What stands beside the pod template as plain data: `replicas`, `strategy`, `backoffLimit` and the like."""
    if len(path.steps) < 3 or path.steps[-2] != "template":
        return {}
    node: Node | None = owner
    for step in path.steps[:-2]:
        node = node.resolved.get(step) if node is not None else None
    pairs = node.resolved.pairs if node is not None else []
    return {key.value: data(value) for key, value in pairs if key.value not in ("template", "<<")}


def _plain(node: Node | None) -> dict[str, Any]:
    """A mapping as plain data; parts of it that are no mapping where one is due are left out."""
    held = data(node) if node is not None else None
    if not isinstance(held, dict):
        return {}
    return {k: v for k, v in held.items() if k not in ("annotations", "labels") or isinstance(v, dict)}


@dataclass(frozen=True)
class Outcome:
    """What became of the moves of one site: the layout used and the pod's plain data after it, or the refusal."""

    layout: str | None = None
    after: Any = None
    refusal: str | None = None


def rewrite(manifest: Manifest, moves: Sequence[tuple[Move, ...]], canonical: bool) -> tuple[str, list[Outcome]]:
    """The text with each site's moves made, and what became of them.

    Every site is proved on its own, and sites that share a document once more together; what is not proved
    is left out of the text and has its reason.
    """
    outcomes = [Outcome()] * len(moves)
    edits: list[Edit] = []
    together: dict[int, list[tuple[int, Wish, Layout]]] = {}
    for n, (handle, wanted) in enumerate(zip(manifest.handles, moves, strict=True)):
        if not wanted:
            continue
        wish = Wish((handle.document, *handle.path), handle.mapping, transfer(wanted))
        try:
            layout, roots = proved_layout(handle.stretch, manifest.lines, wish, canonical)
        except Refused as refusal:
            outcomes[n] = Outcome(refusal=str(refusal))
            continue
        outcomes[n] = Outcome(layout.name, data(node_at(roots, wish.path)))
        together.setdefault(handle.stretch.start, []).append((n, wish, layout))
    for group in together.values():
        wanted_edits = [edit for _, _, layout in group for edit in layout.edits]
        try:
            if len(group) > 1:
                prove(manifest.handles[group[0][0]].stretch, [wish for _, wish, _ in group], wanted_edits)
            edits += wanted_edits
        except Refused as refusal:
            for n, _, _ in group:
                outcomes[n] = Outcome(refusal=str(refusal))
    return apply(manifest.text, edits), outcomes


def transfer(moves: Sequence[Move]) -> Transfer:
    """The moves, in the order of their positions, as the editor takes them."""
    gaps = tuple(move.position - n for n, move in enumerate(moves))
    return Transfer("containers", "initContainers", tuple(move.index for move in moves), _MARK, _AFTER, gaps)


def node_at(roots: Sequence[Node | None], path: Pointer) -> Node:
    """The node at a path that is known to be there."""
    node = roots[int(path[0])]
    for step in path[1:]:
        assert node is not None
        node = node.items[step] if isinstance(step, int) else node.get(step)
    assert node is not None
    return node
