"""What Argo CD and Flux deploy: which folders, and with which patches of their own.

An Argo CD `Application` names a folder under `source.path`, an `ApplicationSet` also by the directories of its git
generators, a Flux `Kustomization` under `spec.path`. Their inline patches are kustomize's, and are applied behind all others.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from migrator.model import Deployer
from migrator.references import Delivery, Pods, Reference
from migrator.sources.facts.reader import Object, Reader, Text, at, entries, of_kind, word
from migrator.text.errors import TextError
from migrator.text.tree import Node, line_number, parse
from migrator.workloads import paths_of

_ARGO, _FLUX = "argoproj.io", "kustomize.toolkit.fluxcd.io"
_TEMPLATE = re.compile(r"\{\{[^{}]*\}\}")
_POINTER = re.compile(r"\A(?:/[A-Za-z]+)*/containers(?:/(\d{1,3})(?=/|\Z)|\Z)")
_PLAIN = re.compile(r"[\w.-]+\Z")
#: A generator may hold others (`matrix`, `merge`), so deep at most.
_DEPTH = 2


def _read(text: Text) -> Iterator[Delivery | Reference]:
    for held in text.objects:
        spec = at(held.node, "spec")
        if held.group == _FLUX and held.kind == "Kustomization":
            yield from _delivered(held, spec, recursive=True)
            yield from _patched(held, spec)
        elif held.group == _ARGO and held.kind == "Application":
            yield from _sources(held, spec)
        elif held.group == _ARGO and held.kind == "ApplicationSet":
            yield from _sources(held, at(spec, "template", "spec"))
            for generator in entries(spec, "generators"):
                yield from _generated(held, generator, _DEPTH)


def _sources(held: Object, spec: Node | None) -> Iterator[Delivery | Reference]:
    """The folders and patches of an Application; without `directory.recurse` a folder is taken alone."""
    for source in (at(spec, "source"), *entries(spec, "sources")):
        only, but = (_globs(word(source, "directory", key)) for key in ("include", "exclude"))
        for delivery in _delivered(held, source, word(source, "directory", "recurse") == "true"):
            yield replace(delivery, only=only, but=but)
        yield from _patched(held, at(source, "kustomize"))


def _globs(text: str) -> tuple[str, ...]:
    """A glob of Argo CD, or several: `{a.yaml,b/*}`."""
    held = text[1:-1].split(",") if text.startswith("{") and text.endswith("}") else [text]
    return tuple(one.strip() for one in held if one.strip())


def _generated(held: Object, generator: Node, depth: int) -> Iterator[Delivery]:
    """The folders that a git generator makes an Application of."""
    directories = entries(generator, "git", "directories")
    excluded = tuple(word(entry, "path") for entry in directories if word(entry, "exclude") == "true")
    for entry in directories:
        if word(entry, "exclude") != "true":
            yield from _delivered(held, entry, False, excluded)
    for name in ("matrix", "merge") if depth else ():
        for inner in entries(generator, name, "generators"):
            yield from _generated(held, inner, depth - 1)


def _delivered(held: Object, source: Node | None, recursive: bool, excluded: tuple[str, ...] = ()) -> Iterator[Delivery]:
    """The folder under `path`; where a template is a part of it, that part may be anything."""
    path = at(source, "path")
    if path is None or path.kind != "scalar" or not _TEMPLATE.sub("", path.value).strip("/"):
        return
    deployer = Deployer(held.kind, held.name, held.path, held.line(path))
    yield Delivery(deployer, _TEMPLATE.sub("*", path.value), recursive, excluded)


def _patched(held: Object, spec: Node | None) -> Iterator[Reference]:
    """What the inline patches name or count: those under `patches`, which are texts, and those of Flux's older fields."""
    for patch in entries(spec, "patches"):
        target, text = _target(at(patch, "target")), at(patch, "patch")
        if text is not None:
            for root in _roots(text):
                yield from _changed(held, root, target, _line_in(held, text))
    for root in entries(spec, "patchesStrategicMerge"):
        yield from _changed(held, root, None, held.line)
    for patch in entries(spec, "patchesJson6902"):
        yield from _changed(held, at(patch, "patch"), _target(at(patch, "target")), held.line)


def _roots(text: Node) -> Sequence[Node | None]:
    """The documents in a text."""
    try:
        return parse(text.value)
    except TextError:
        return []


def _line_in(held: Object, text: Node) -> Callable[[Node], int]:
    """The line in the file of a node of a text; that of the text where it is not written line by line."""
    first = held.line(text)
    return (lambda node: first + line_number(text.value, node.start)) if text.style == "|" else lambda node: first


def _target(target: Node | None) -> Pods | None:
    """The pods of the objects that a patch is for: names are regular expressions. None where it has neither name nor kind."""
    kind, name = word(target, "kind"), word(target, "name")
    return Pods(kinds=(kind,) if kind else (), owner=name if _PLAIN.match(name) else "") if kind or name else None


def _changed(held: Object, root: Node | None, target: Pods | None, line: Callable[[Node], int]) -> Iterator[Reference]:
    """The containers that a strategic merge lists, or the indexes into `containers` in JSON patch operations."""
    what = f"the inline patch of the {held.kind} `{held.name}`"
    if root is not None and root.kind == "seq":
        for operation in root.items if target else ():
            if found := _POINTER.match(word(operation, "path")):
                yield Reference(held.path, line(operation), "inline-patch", what, target or Pods(), port=found[1] or "0")
        return
    kind, name = word(root, "kind"), word(root, "metadata", "name")
    for place in paths_of(word(root, "apiVersion"), kind):
        for item in entries(root, *place.steps, "containers"):
            if container := word(item, "name"):
                pods = target or Pods(kinds=(kind,), owner=name)
                yield Reference(held.path, line(item), "inline-patch", what, pods, container)


READER = Reader((_ARGO, _FLUX), _read, of_kind("Application", "ApplicationSet", "Kustomization"))
