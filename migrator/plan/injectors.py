"""Products whose webhook puts a container into a pod that is created: what asks for it, and when it is a native sidecar.

What a pod does not say itself, the labels of its namespace and the product's configuration do; neither is seen here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from functools import lru_cache
from typing import Any, Literal

from migrator.datafile import DataFile, bundled, folder
from migrator.text.tree import Node
from migrator.text.values import data

_REQUIRED = ("id", "product", "captures-traffic", "switch", "since", "native-by-default", "position", "sources")
_OPTIONAL = ("containers", "images", "asks", "never-native", "annotation", "examples")


@dataclass(frozen=True)
class Ask:
    """Labels or annotations of the pod that decide about the injection, and the values (in lower case) that mean yes.

    Without `values` every value does that is not among the `exceptions`.
    """

    where: Literal["label", "annotation"]
    keys: tuple[str, ...]
    values: tuple[str, ...] = ()
    exceptions: tuple[str, ...] = ()

    def answer(self, annotations: Mapping[str, str], labels: Mapping[str, str]) -> bool | None:
        """Whether one of the keys says yes; None where none of them is there."""
        held = labels if self.where == "label" else annotations
        said = [str(held[key]).lower() for key in self.keys if key in held]
        if not said:
            return None
        return any(value in self.values if self.values else value not in self.exceptions for value in said)


@dataclass(frozen=True)
class Injector:
    """One product.

    `containers` are patterns of the names of what it injects, and `images` what stands for an image that it fills in.
    `asks` are in the order in which it looks at them: the first whose key is there decides. `captures_traffic` says that
    its container is a proxy through which the pod's network goes. Where it has a native mode (not `never_native`), the
    pod's `annotation` (key and value) switches that on where there is one, `older` being former names of the key;
    `switch` says all ways in words. `since`, `native_by_default` and `position` are in words, too.
    """

    id: str
    product: str
    containers: tuple[str, ...]
    images: tuple[str, ...]
    asks: tuple[Ask, ...]
    captures_traffic: bool
    never_native: bool
    switch: str
    annotation: tuple[str, str] | None
    older: tuple[str, ...]
    since: str
    native_by_default: str
    position: str
    sources: tuple[str, ...]
    injects: tuple[dict[str, Any], ...] = field(default=(), compare=False)
    leaves: tuple[dict[str, Any], ...] = field(default=(), compare=False)


@lru_cache(maxsize=1)
def injectors() -> tuple[Injector, ...]:
    """All that are known, by id. Raises `DataError`."""
    return tuple(read_injector(file) for file in folder(bundled() / "injectors", "injectors/"))


def placeholder(name: str, image: str | None) -> Injector | None:
    """The product that fills in, or replaces, a container of this name; an image such as `auto` leaves no doubt."""
    named = (one for one in injectors() if any(fnmatchcase(name, pattern) for pattern in one.containers))
    imaged = (one for one in injectors() if image in one.images)
    return next(named, None) or next(imaged, None)


def injecting(annotations: Mapping[str, str], labels: Mapping[str, str]) -> tuple[Injector, ...]:
    """The products that the pod's own annotations and labels ask for."""
    return tuple(one for one in injectors() if _asked(one, annotations, labels))


def _asked(injector: Injector, annotations: Mapping[str, str], labels: Mapping[str, str]) -> bool:
    answers = (ask.answer(annotations, labels) for ask in injector.asks)
    return next((answer for answer in answers if answer is not None), False)


def is_native(injector: Injector, annotations: Mapping[str, str]) -> bool | None:
    """Whether what it injects into this pod is a native sidecar; None where only the cluster knows."""
    if injector.never_native:
        return False
    keys = (injector.annotation[0], *injector.older) if injector.annotation else ()
    said = next((str(annotations[key]).lower() for key in keys if key in annotations), "")
    return {"true": True, "false": False}.get(said)


def read_injector(file: DataFile) -> Injector:
    """The product in a file called `injectors/<id>.yaml`. Raises `DataError`."""
    node = file.mapping()
    file.keys(node, _REQUIRED, _OPTIONAL)
    identity = file.identity(node)
    asks = tuple(_ask(file, item) for item in file.items(node, "asks")) if node.get("asks") else ()
    injects, leaves = _examples(file, node) if asks or node.get("examples") else ((), ())
    never = node.get("never-native") is not None and _flag(file, node, "never-native")
    annotation, older = _annotation(file, node, never)
    return Injector(
        identity,
        file.text(node, "product"),
        _texts(file, node, "containers"),
        _texts(file, node, "images"),
        asks,
        _flag(file, node, "captures-traffic"),
        never,
        file.text(node, "switch"),
        annotation,
        older,
        file.text(node, "since"),
        file.text(node, "native-by-default"),
        file.text(node, "position"),
        _texts(file, node, "sources"),
        injects,
        leaves,
    )


def _flag(file: DataFile, node: Node, key: str) -> bool:
    return file.one_of(node, key, ("true", "false")) == "true"


def _texts(file: DataFile, node: Node, key: str) -> tuple[str, ...]:
    """The texts of a list that may be missing."""
    items = file.items(node, key) if node.get(key) is not None else []
    for item in items:
        if item.kind != "scalar":
            file.fail(item, key, "a list of texts is wanted here")
    return tuple(item.value for item in items)


def _ask(file: DataFile, node: Node) -> Ask:
    file.keys(node, (), ("label", "annotation", "values", "except"))
    label, annotation = _texts(file, node, "label"), _texts(file, node, "annotation")
    if bool(label) == bool(annotation):
        file.fail(node, "asks", "either `label` or `annotation` is wanted, with their keys")
    values, exceptions = _texts(file, node, "values"), _texts(file, node, "except")
    if values and exceptions:
        file.fail(node, "asks", "`values` and `except` exclude each other")
    for value in (*values, *exceptions):
        if value != value.lower():
            file.fail(node, "values" if values else "except", f"`{value}` must be in lower case")
    return Ask("label" if label else "annotation", label or annotation, values, exceptions)


def _annotation(file: DataFile, node: Node, never: bool) -> tuple[tuple[str, str] | None, tuple[str, ...]]:
    held = node.get("annotation")
    if held is None:
        return None, ()
    file.keys(held, ("key", "value"), ("older",))
    if never:
        file.fail(held, "annotation", "what is never native has no switch")
    return (file.text(held, "key"), file.text(held, "value")), _texts(file, held, "older")


def _examples(file: DataFile, node: Node) -> tuple[tuple[dict[str, Any], ...], tuple[dict[str, Any], ...]]:
    """Pods, by their labels and annotations, that are injected into and that are not."""
    held = node.get("examples")
    if held is None:
        file.fail(node, "examples", "is missing")
    file.keys(held, ("injects", "leaves"))
    items = {key: file.items(held, key) for key in ("injects", "leaves")}
    for pod in (*items["injects"], *items["leaves"]):
        file.keys(pod, (), ("labels", "annotations"))
    return tuple(data(pod) for pod in items["injects"]), tuple(data(pod) for pod in items["leaves"])
