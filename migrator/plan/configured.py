"""The ConfigMaps and Secrets that must be there for a container to start (kubelet: makeEnvironmentVariables)."""

from __future__ import annotations

from collections.abc import Iterator

from migrator.model import Container, PodSpec
from migrator.plan.fields import at, mappings

_SINGLE = (("configMapKeyRef", "the ConfigMap"), ("secretKeyRef", "the Secret"))
_WHOLE = (("configMapRef", "the ConfigMap"), ("secretRef", "the Secret"))


def needed_objects(container: Container, pod: PodSpec) -> set[tuple[str, str]]:
    """What its environment is taken from, as (words, name), without what is optional or mounted by the pod anyway.

    A volume of an object that is missing keeps the whole pod from starting, so that such an object gates nobody alone.
    """
    return set(_named(container)) - set(_mounted(pod))


def _named(container: Container) -> Iterator[tuple[str, str]]:
    found = [(at(item, "valueFrom", key), words) for item in mappings(container.raw.get("env")) for key, words in _SINGLE]
    found += [(at(item, key), words) for item in mappings(container.raw.get("envFrom")) for key, words in _WHOLE]
    for reference, words in found:
        name = at(reference, "name")
        if isinstance(name, str) and name and not at(reference, "optional"):
            yield words, name


def _mounted(pod: PodSpec) -> Iterator[tuple[str, str]]:
    for volume in mappings(pod.raw.get("volumes")):
        for source in (volume, *mappings(at(volume, "projected", "sources"))):
            for found, key, words in (
                (at(source, "configMap"), "name", "the ConfigMap"),
                (at(source, "secret"), "secretName", "the Secret"),
                (at(source, "secret"), "name", "the Secret"),
            ):
                name = at(found, key)
                if isinstance(name, str) and not at(found, "optional"):
                    yield words, name
