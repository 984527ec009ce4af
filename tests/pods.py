"""Pods for tests, from plain data."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from migrator.judge.view import PodView, View
from migrator.links import Company, Facts, Links, Patch, Service, linked
from migrator.model import PodSpec, Workload
from migrator.sources.podspec import read_pod
from migrator.text.lines import Lines
from migrator.text.tree import parse


def pod_of(*containers: dict[str, Any], **fields: Any) -> PodSpec:
    """A pod spec with these containers; other fields as in Kubernetes."""
    text = json.dumps({"containers": list(containers), **fields}, indent=1)
    (node,) = parse(text)
    assert node is not None
    return read_pod(node, Lines(text))


def workload_of(name: str = "", kind: str = "Deployment", **fields: Any) -> Workload:
    """A workload of this name."""
    return Workload("apps/v1", kind, name, **fields)


def _links(said: dict[str, Any]) -> Links:
    """What an example says of the rest of the repository: images `beside` each other, `alone`, `services`, `patches`."""
    companies = [Company(tuple(images)) for images in said.get("beside", [])]
    companies += [Company((image,)) for image in said.get("alone", [])]
    services = [Service("s.yaml", 1, "s", None, tuple(s["selector"].items()), s["port"]) for s in said.get("services", [])]
    patches = [Patch(path, 1, "Deployment", "", name) for path, name in said.get("patches", {}).items()]
    return linked([Facts(tuple(services), tuple(patches), tuple(companies))])


def example_view(example: dict[str, Any]) -> View:
    """The container of a rule's example: a fragment alone, or `container` named in a `pod` of a `workload`.

    A fragment may say what code has `called` it.
    """
    if "pod" not in example:
        pod = pod_of({key: value for key, value in example.items() if key != "called"})
        called = replace(pod.containers[0], called=tuple(example.get("called", ())))
        return PodView(replace(pod, containers=(called,)), workload_of()).views[0]
    volumes = [{"name": name, kind: {}} for name, kind in example.get("volumes", {}).items()]
    pod = pod_of(*example["pod"], volumes=volumes)
    views = PodView(pod, workload_of(**example.get("workload", {})), _links(example.get("links", {}))).views
    return next(view for view in views if view.name == example["container"])
