"""Runs programs with one release of the Kubernetes client and says which pods they build: `python -I -S pod_runner.py FOLDER`.

Standard input: the texts, by name, as JSON. Standard output: the version of the client, and for each name the truth values
that `build` was called with, joined, and the object that it built as the API takes it, or the error that stopped it.
"""

from __future__ import annotations

import inspect
import itertools
import json
import sys
from importlib import import_module
from types import SimpleNamespace
from typing import Any

Pods = dict[str, Any]


def built(text: str, client: Any) -> Pods:
    """The objects that a program builds, by the truth values of its parameters."""
    hub = SimpleNamespace(KubeSpawner=SimpleNamespace(extra_containers=[], init_containers=[]))
    names: dict[str, Any] = {"get_config": lambda: hub}
    exec(compile(text, "program", "exec"), names)
    if "build" not in names:
        return {"": _serialised(_spawned(hub.KubeSpawner, client), client)}
    parameters = inspect.signature(names["build"]).parameters.values()
    asked = [held.name for held in parameters if held.default is held.empty]
    pods: Pods = {}
    for values in itertools.product((False, True), repeat=len(asked)):
        made = names["build"](**dict(zip(asked, values, strict=True)))
        pods[" ".join(name for name, value in zip(asked, values, strict=True) if value)] = _serialised(made, client)
    return pods


def _serialised(made: Any, client: Any) -> Any:
    return client.ApiClient().sanitize_for_serialization(made)


def _spawned(traits: SimpleNamespace, client: Any) -> Any:
    """The pod of a notebook with what these traits hold: KubeSpawner takes both spellings of a field."""

    def containers(entries: list[dict[str, Any]]) -> list[Any]:
        attributes = client.V1Container.attribute_map if hasattr(client.V1Container, "attribute_map") else None
        renamed = {camel: snake for snake, camel in attributes.items()} if attributes else {}
        return [client.V1Container(**{renamed.get(key, key): value for key, value in entry.items()}) for entry in entries]

    notebook = client.V1Container(name="notebook", image="registry.example.com/notebook:4")
    return client.V1PodSpec(
        containers=[notebook, *containers(traits.extra_containers)], init_containers=containers(traits.init_containers)
    )


def main() -> None:
    """Run what standard input holds."""
    sys.path.insert(0, sys.argv[1])
    # It is in that folder, and in none where this file is checked.
    kubernetes = import_module("kubernetes")
    found: dict[str, Pods] = {}
    for name, text in json.load(sys.stdin).items():
        try:
            found[name] = built(text, kubernetes.client)
        except Exception as error:
            found[name] = {"error": f"{type(error).__name__}: {error}"}
    json.dump({"version": kubernetes.__version__, "pods": found}, sys.stdout)


if __name__ == "__main__":
    main()
