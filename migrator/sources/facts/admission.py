"""Admission policies that look at `containers` and not at `initContainers`: Kyverno, Gatekeeper, policies of the API server,
and Rego for conftest.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from migrator.references import Pods, Reference
from migrator.sources.facts.reader import Object, Reader, Text, at, entries, of_kind, words
from migrator.sources.facts.selectors import label_selector
from migrator.text.tree import Node

#: What a policy says of the list: a key of a pattern (with Kyverno's anchors), or a path that ends in it.
_LISTED = re.compile(r"""(?m)^[ \t-]*["']?[<+=^X]?\(?containers\)?["']?[ \t]*:|\bspec\.\[?containers\b|\[["']containers["']\]""")
_INITS = re.compile(r"init_?[cC]ontainers")
_CEL = ("ValidatingAdmissionPolicy", "MutatingAdmissionPolicy", "ValidatingPolicy", "MutatingPolicy")
_GATEKEEPER = ("ConstraintTemplate", "Assign", "ModifySet")
_KYVERNO = ("ClusterPolicy", "Policy")
#: The kinds that have pods, by what the API calls their lists.
_PLURALS = {
    kind.lower() + "s": kind
    for kind in ("Pod", "Deployment", "DaemonSet", "StatefulSet", "ReplicaSet", "ReplicationController", "Job", "CronJob")
}
_REGO_KIND = re.compile(r"""input(?:\.review)?(?:\.object)?\.kind\s*==\s*"(\w+)\"""")


_OF_KIND = of_kind(*_CEL, *_GATEKEEPER, *_KYVERNO)


def _one_list(text: Text) -> bool:
    return not _INITS.search(text.piece) and bool(_LISTED.search(text.piece))


def _read(text: Text) -> Iterator[Reference]:
    for held in text.objects:
        if held.group == "kyverno.io" and held.kind in _KYVERNO:
            yield from _kyverno(held)
        elif held.kind in _CEL and held.group in ("admissionregistration.k8s.io", "policies.kyverno.io"):
            rules = entries(held.node, "spec", "matchConstraints", "resourceRules")
            plurals = [plural for rule in rules for plural in words(rule, "resources")]
            kinds = () if "*" in plurals else tuple(_PLURALS[plural] for plural in plurals if plural in _PLURALS)
            if kinds or "*" in plurals:
                yield _seen(held, Pods(kinds=_with_pods(kinds)), held.node)
        elif held.kind in _GATEKEEPER and held.group.endswith("gatekeeper.sh"):
            yield _seen(held, Pods(), held.node, "policy-somewhere")


def _kyverno(held: Object) -> Iterator[Reference]:
    """One for each thing that a rule matches, on the line where the policy names the list."""
    for rule in entries(held.node, "spec", "rules"):
        body = held.text.file.whole[rule.start : rule.end]
        if not _LISTED.search(body):
            continue
        wanted = [*entries(rule, "match", "any"), *entries(rule, "match", "all"), at(rule, "match")]
        for match in wanted:
            resources = at(match, "resources")
            kinds = tuple(kind.rsplit("/", 1)[-1] for kind in words(resources, "kinds"))
            if kinds:
                spaces = words(resources, "namespaces") or ((held.namespace,) if held.namespace else ())
                labels = label_selector(at(resources, "selector"))
                yield _seen(held, Pods(spaces, labels, _with_pods(kinds)), rule)


def _with_pods(kinds: tuple[str, ...]) -> tuple[str, ...]:
    """A policy for pods is one for all that makes pods."""
    return () if "Pod" in kinds or "*" in kinds else kinds


def _seen(held: Object, pods: Pods, part: Node, kind: str = "policy") -> Reference:
    """`policy-somewhere` where another object says what the policy is for."""
    listed = _LISTED.search(held.text.file.whole, part.start, part.end)
    line = held.text.file.lines.of(listed.end() - 1 if listed else part.start) + 1
    return Reference(held.path, line, kind, f"the {held.kind} `{held.name}`", pods)


def _is_policy(path: str) -> bool:
    return path.endswith(".rego") and not path.endswith("_test.rego")


def _rego(text: Text) -> Iterator[Reference]:
    if listed := _LISTED.search(text.piece):
        pods = Pods(kinds=_with_pods(tuple(sorted(set(_REGO_KIND.findall(text.piece))))))
        yield Reference(text.path, text.line(listed.end() - 1), "policy-somewhere", "the policy", pods)


READER = Reader(("kyverno.io", "gatekeeper.sh", *_CEL[:2]), _read, lambda text: _OF_KIND(text) and _one_list(text))
REGO = Reader(("containers",), _rego, lambda text: _is_policy(text.path) and _one_list(text), scripts=True)
