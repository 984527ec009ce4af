"""The object that a pod spec in code becomes part of: followed from the constructor outwards, through names and functions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import libcst as cst

from migrator.model import Workload
from migrator.sources.python.libraries.dialects import holder
from migrator.sources.python.syntax import Syntax
from migrator.sources.python.values import Values
from migrator.text.tree import Node
from migrator.text.values import data

#: How many calls, dicts and names outwards an object is looked for.
_STEPS = 24
#: What the argument or key that holds a pod template, or its spec, is called.
_HOLDERS = frozenset({"spec", "template", "pod", "body", "job_template", "jobTemplate", "pod_spec", "pod_template"})


@dataclass
class _Seen:
    """What is known of the object so far, the inner before the outer."""

    kind: str = ""
    api_version: str = ""
    metadata: tuple[Node, ...] = ()
    spec: Node | None = None


class Owners:
    """Finds the objects of one file."""

    def __init__(self, syntax: Syntax, values: Values) -> None:
        self.syntax = syntax
        self.values = values

    def workload(self, pod: cst.BaseExpression, restart_policy: str | None) -> Workload:
        """The workload around a pod spec; `PodSpec` is its kind where the file does not show it."""
        seen = _Seen()
        for step in self._outwards(pod):
            if isinstance(step, cst.Call):
                self._of_call(step, seen)
            elif isinstance(step, cst.Dict):
                self._of_dict(step, seen)
        said = [data(node) for node in seen.metadata]
        metas = [held for held in said if isinstance(held, dict)]
        outer = metas[-1] if metas else {}
        kind = seen.kind or "PodSpec"
        ends = kind in ("Job", "CronJob") or (kind == "PodSpec" and restart_policy in ("Never", "OnFailure"))
        return Workload(
            seen.api_version,
            kind,
            str(outer.get("name") or outer.get("generateName") or ""),
            str(outer["namespace"]) if outer.get("namespace") else None,
            _texts(metas, "annotations"),
            _texts(metas, "labels"),
            ends,
            _spec(seen.spec),
        )

    def merged_by(self, pod: cst.BaseExpression) -> str:
        """The library that merges a pod with containers of its own, empty where none is seen to.

        Airflow's `pod_override` is the best known.
        """
        for step in (pod, *self._outwards(pod)):
            above = self.syntax.parent(step)
            word, callee = "", None
            if isinstance(above, cst.Arg) and above.keyword is not None:
                call = self.syntax.parent(above)
                word = above.keyword.value
                callee = next(iter(self.syntax.qualified(call.func)), None) if isinstance(call, cst.Call) else None
            elif isinstance(above, cst.DictElement):
                word = self.values.text(above.key) or ""
            found = holder(word, callee) if word else None
            if found is not None and found[1].partial:
                return found[0].title
        return ""

    def _outwards(self, pod: cst.BaseExpression) -> Iterator[cst.BaseExpression]:
        """The calls and dicts that a pod spec becomes part of, innermost first."""
        here: cst.BaseExpression | None = pod
        passed: set[cst.CSTNode] = set()
        for _ in range(_STEPS):
            if here is None or here in passed:
                return
            passed.add(here)
            if here is not pod:
                yield here
            here = self._next(here)

    def _next(self, here: cst.BaseExpression) -> cst.BaseExpression | None:
        above = self.syntax.parent(here)
        if isinstance(above, cst.Arg):
            return self._argument(above)
        if isinstance(above, (cst.DictElement, cst.StarredDictElement)):
            held = self.syntax.parent(above)
            return held if isinstance(held, cst.Dict) else None
        if isinstance(above, (cst.Assign, cst.AnnAssign)):
            target = above.targets[0].target if isinstance(above, cst.Assign) and len(above.targets) == 1 else None
            target = above.target if isinstance(above, cst.AnnAssign) else target
            return self._only_holder(target) if isinstance(target, cst.Name) else None
        if isinstance(above, cst.Return):
            function = self.syntax.function(above)
            return self._only_call(function) if isinstance(function, cst.FunctionDef) else None
        return None

    def _argument(self, argument: cst.Arg) -> cst.BaseExpression | None:
        call = self.syntax.parent(argument)
        if not isinstance(call, cst.Call):
            return None
        named = argument.keyword.value if argument.keyword else ""
        of_model = self.values.known.model(call) is not None
        return call if of_model or named in _HOLDERS else None

    def _only_holder(self, name: cst.Name) -> cst.BaseExpression | None:
        """The one call or dict that a name is handed to as a part of an object."""
        found: list[cst.BaseExpression] = []
        for use in self.syntax.uses(name):
            above = self.syntax.parent(use)
            if isinstance(above, cst.Arg) and (call := self._argument(above)) is not None:
                found.append(call)
            elif isinstance(above, cst.DictElement) and isinstance(held := self.syntax.parent(above), cst.Dict):
                found.append(held)
            elif isinstance(above, cst.Return) and isinstance(use, cst.Name):
                found += [held] if (held := self._next(use)) is not None else []
        return found[0] if len(found) == 1 else None

    def _only_call(self, function: cst.FunctionDef) -> cst.BaseExpression | None:
        calls = [use for use in self.syntax.uses(function.name) if isinstance(self.syntax.parent(use), cst.Call)]
        call = self.syntax.parent(calls[0]) if len(calls) == 1 else None
        return self._next(call) if isinstance(call, cst.Call) else None

    def _of_call(self, call: cst.Call, seen: _Seen) -> None:
        dialect = self.values.known.model(call)
        if dialect is None:
            return
        node = self.values.fields(call, dialect.field_name)
        told = self.values.known.workload(call)
        if told is not None:
            seen.kind, seen.api_version = told
            seen.spec = node.get("spec") or (node if node.get("template") is not None else seen.spec)
        self._metadata(node, seen)

    def _of_dict(self, held: cst.Dict, seen: _Seen) -> None:
        node = self.values.node(held)
        kind, version = node.get("kind"), node.get("apiVersion") or node.get("api_version")
        if kind is not None and kind.kind == "scalar" and kind.value:
            seen.kind = kind.value
            seen.api_version = version.value if version is not None and version.kind == "scalar" else seen.api_version
            seen.spec = node.get("spec") or seen.spec
        self._metadata(node, seen)

    def _metadata(self, node: Node, seen: _Seen) -> None:
        held = node.get("metadata")
        if held is not None and held.kind == "map":
            seen.metadata = (*seen.metadata, held)


def _texts(metas: list[dict[str, Any]], key: str) -> dict[str, str]:
    """Labels or annotations of the object and of the pod template, together."""
    found: dict[str, str] = {}
    for held in reversed(metas):
        entries = held.get(key)
        found |= {str(k): str(v) for k, v in entries.items()} if isinstance(entries, dict) else {}
    return found


def _spec(node: Node | None) -> dict[str, Any]:
    """What stands beside the pod template."""
    held = data(node) if node is not None else None
    if not isinstance(held, dict):
        return {}
    inner = held.get("jobTemplate")
    if isinstance(inner, dict) and isinstance(inner.get("spec"), dict):
        held = inner["spec"]
    return {key: value for key, value in held.items() if key != "template"}
