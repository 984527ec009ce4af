"""A ResourceList as text: what it asks for, and the results written into it without touching the rest."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from migrator.config.load import Entry
from migrator.text.errors import TextError
from migrator.text.lines import Lines
from migrator.text.tree import Node, line_number, parse
from migrator.text.values import data, is_null

#: YAML 1.2, section 5.1: what is not printable.
_UNPRINTABLE = re.compile("[\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]")
_VERSIONS = ("config.kubernetes.io/v1", "config.kubernetes.io/v1beta1", "config.kubernetes.io/v1alpha1")


class NotAResourceList(Exception):
    """Standard input is no ResourceList; the text says why."""


@dataclass(frozen=True)
class ResourceList:
    """The text, and the `data` of its function configuration: of a scalar its text, as in a ConfigMap."""

    text: str
    asked: tuple[Entry, ...]

    def with_results(self, text: str, results: Sequence[dict[str, Any]]) -> str:
        """`text`, which is this list after the moves, with these results and no others."""
        root = _document(text)
        said = root.get("results")
        if not results and said is None:
            return text
        if not root.flow and (said is None or not said.flow):
            return _written(_without(text, root), results)
        whole = data(root)
        whole.pop("results", None)
        return json.dumps({**whole, **({"results": list(results)} if results else {})}, indent=2, ensure_ascii=False) + "\n"


def read(text: str) -> ResourceList:
    """The ResourceList in a text. Raises `NotAResourceList`."""
    root = _document(text)
    kind, version = (_word(root, key) for key in ("kind", "apiVersion"))
    if kind != "ResourceList" or version not in _VERSIONS:
        raise NotAResourceList(f"`kind: ResourceList` of {_VERSIONS[0]} is wanted, not `{kind}` of `{version}`")
    return ResourceList(text, tuple(_asked(text, root.get("functionConfig"))))


def _asked(text: str, config: Node | None) -> Iterator[Entry]:
    if config is None or not data(config):
        return
    kind = _word(config.resolved, "kind")
    if kind != "ConfigMap":
        raise NotAResourceList(f"the function configuration is a ConfigMap, not `{kind}`")
    held = config.resolved.get("data")
    if held is None or is_null(held):
        return
    if held.resolved.kind != "map":
        raise NotAResourceList(f"line {line_number(text, held.start)}: `data` is a mapping of options")
    for key, value in held.resolved.pairs:
        # `1.30` without quotes is a version, and no number.
        said = value.resolved.value if value.resolved.kind == "scalar" else data(value)
        yield Entry(key.resolved.value, said, line_number(text, key.start))


def _document(text: str) -> Node:
    try:
        roots = [root for root in parse(text) if root is not None]
    except TextError as error:
        raise NotAResourceList(f"line {error.line}: {error.message}" if error.line else error.message) from None
    if len(roots) != 1 or roots[0].kind != "map":
        raise NotAResourceList("one ResourceList is wanted")
    return roots[0]


def _word(node: Node, key: str) -> str:
    value = node.get(key)
    return value.value if value is not None and value.kind == "scalar" else ""


def _without(text: str, root: Node) -> str:
    """The text without the lines of results from an earlier function."""
    key, said = root.key("results"), root.get("results")
    if key is None or said is None:
        return text
    lines = Lines(text)
    start = lines.start(lines.of(key.start))
    end = lines.end(lines.of(max(said.end - 1, key.start)))
    return text[:start] + text[end:]


def _written(text: str, results: Sequence[dict[str, Any]]) -> str:
    """The text with results as its last key, one line of JSON each, which is YAML."""
    if not results:
        return text
    body = text.removesuffix("...\n")
    ended = body if body.endswith("\n") or not body else body + "\n"
    return ended + "results:\n" + "".join(f"- {_in_json(result)}\n" for result in results)


def _in_json(result: dict[str, Any]) -> str:
    """One line that is YAML as well, which takes fewer characters as they are than JSON does."""
    text = json.dumps(result, ensure_ascii=False)
    return _UNPRINTABLE.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
