"""Pod specs that are dicts: manifests as Python writes them."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from migrator.sources.python.elements import Lists
from migrator.sources.python.inits import read_inits
from migrator.sources.python.libraries.spelling import field_name
from migrator.sources.python.nodes import without
from migrator.sources.python.owners import Owners
from migrator.sources.python.pods import Spec, Spelling
from migrator.sources.python.syntax import Syntax
from migrator.sources.python.values import Hole, Values
from migrator.text.tree import Node

_CAMEL = Spelling("containers", "initContainers", "restartPolicy", '"Always"')
_SNAKE = Spelling("containers", "init_containers", "restart_policy", '"Always"')
#: Fields that a pod spec has and nothing else with `containers` (ECS, Container Apps, Cloud Run) is known to.
_OF_PODS = frozenset(
    {"initContainers", "serviceAccountName", "serviceAccount", "nodeSelector", "tolerations", "affinity", "hostNetwork"}
    | {"dnsPolicy", "priorityClassName", "terminationGracePeriodSeconds", "imagePullSecrets", "schedulerName"}
    | {"automountServiceAccountToken", "shareProcessNamespace"}
)
#: Where a dict of a pod spec goes without a kind being written: the argument or key, and who makes the main container.
_DAGSTER = frozenset({"pod_spec_config", "podSpecConfig"})


def written(syntax: Syntax, values: Values, owners: Owners) -> Iterator[Spec]:
    """The pod specs that are written as dicts, in the order of the text."""
    lists = Lists(syntax, values)
    for display in syntax.nodes(cst.Dict):
        entries = _entries(display, values)
        given = entries.get("containers")
        if given is None:
            continue
        node = values.node(given)
        if node.kind == "map" or (node.kind == "scalar" and not isinstance(node, Hole)):
            # Names of fields, their types, or a schema.
            continue
        containers = lists.read(given)
        if not (containers.elements or containers.open) or not all(_like_container(held.value) for held in containers.elements):
            continue
        fields = values.node(display)
        spelling = (
            _SNAKE
            if "init_containers" in entries or _snake(fields, *(held.value for held in containers.elements[:1]))
            else _CAMEL
        )
        initial = entries.get(spelling.inits)
        of_dagster = _key_of(display, syntax, values) in _DAGSTER
        workload = owners.workload(display, _text(fields.get("restartPolicy") or fields.get("restart_policy")))
        manual = ""
        if workload.kind == "PodSpec" and not of_dagster:
            if not _OF_PODS & {field_name(key.value) for key, _ in fields.pairs}:
                # Other things have lists of containers, too.
                continue
            manual = "a dict without a kind"
        if any(isinstance(entry, cst.StarredDictElement) for entry in display.elements):
            manual = manual or "`**` may bring init containers of its own"
        yield Spec(
            "dagster" if of_dagster else "builder" if containers.variable is not None else "dict",
            display,
            display,
            spelling,
            "dagster-k8s" if of_dagster else "manifest",
            containers,
            read_inits(lists, initial),
            without(fields, "containers", "initContainers", "init_containers"),
            workload,
            "dagster" if of_dagster else "",
            manual=manual,
            renamed=_key(display) if of_dagster and initial is None else None,
        )


def _entries(display: cst.Dict, values: Values) -> dict[str, cst.BaseExpression]:
    """The values of a dict by their keys, where those are texts."""
    found: dict[str, cst.BaseExpression] = {}
    for entry in display.elements:
        if isinstance(entry, cst.DictElement) and isinstance(entry.key, cst.SimpleString):
            key = entry.key.evaluated_value
            found[key if isinstance(key, str) else ""] = entry.value
    return found


def _key(display: cst.Dict) -> cst.BaseString | None:
    """The key `containers`."""
    for entry in display.elements:
        key = entry.key if isinstance(entry, cst.DictElement) else None
        if isinstance(key, cst.SimpleString) and key.evaluated_value == "containers":
            return key
    return None


def _key_of(display: cst.Dict, syntax: Syntax, values: Values) -> str:
    """The argument or key that a dict is the value of."""
    above = syntax.parent(display)
    if isinstance(above, cst.DictElement):
        return values.text(above.key) or ""
    return above.keyword.value if isinstance(above, cst.Arg) and above.keyword is not None else ""


def _like_container(node: Node) -> bool:
    """Whether an entry may be a container of a pod: one that is not seen may."""
    if node.kind != "map":
        return True
    keys = {key.value for key, _ in node.pairs}
    return "name" in keys and not keys & {"essential", "portMappings", "logConfiguration", "cpu", "memory", "properties"}


def _snake(*nodes: Node) -> bool:
    """Whether fields of two words are written with an underscore."""
    return any("_" in key.value for node in nodes if node.kind == "map" for key, _ in node.pairs)


def _text(node: Node | None) -> str | None:
    return node.value if node is not None and node.kind == "scalar" else None
