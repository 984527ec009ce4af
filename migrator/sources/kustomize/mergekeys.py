"""By which fields kustomize knows the elements of a list, as the Kubernetes API says that is built into it (v1.21.2).

Source: `x-kubernetes-patch-strategy`, `x-kubernetes-patch-merge-key` and `x-kubernetes-list-map-keys` of that API, down to
pods and the ports of Services. A list that is not named here is replaced as a whole: so it is for `ports` of ephemeral
containers, for what later versions added, and for kinds that this version does not have (`extensions/v1beta1`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Shape:
    """A type of the API: those of its fields below which lists merge, and the lists that merge."""

    fields: Mapping[str, Shape] = field(default_factory=dict)
    lists: Mapping[str, Elements] = field(default_factory=dict)

    def below(self, name: str) -> Shape | Elements | None:
        """What the field `name` holds; None where nothing is known of it."""
        return self.fields.get(name) or self.lists.get(name)


@dataclass(frozen=True)
class Elements:
    """A list that merges: its elements are the same where `keys` are. Without keys it is a set of plain values."""

    keys: tuple[str, ...] = ()
    shape: Shape = Shape()


_META = Shape(lists={"finalizers": Elements(), "ownerReferences": Elements(("uid",))})
_CONTAINER_LISTS = {
    "env": Elements(("name",)),
    "volumeMounts": Elements(("mountPath",)),
    "volumeDevices": Elements(("devicePath",)),
}
_CONTAINER = Shape(lists={**_CONTAINER_LISTS, "ports": Elements(("containerPort", "protocol"))})
_POD = Shape(
    lists={
        "containers": Elements(("name",), _CONTAINER),
        "initContainers": Elements(("name",), _CONTAINER),
        "ephemeralContainers": Elements(("name",), Shape(lists=_CONTAINER_LISTS)),
        "volumes": Elements(("name",)),
        "imagePullSecrets": Elements(("name",)),
        "hostAliases": Elements(("ip",)),
        "topologySpreadConstraints": Elements(("topologyKey", "whenUnsatisfiable")),
    }
)


def _object(name: str, below: Shape) -> Shape:
    return Shape({"metadata": _META, name: below})


_TEMPLATED = Shape({"template": _object("spec", _POD)})
_OWNER = _object("spec", _TEMPLATED)
_CRON_JOB = _object("spec", Shape({"jobTemplate": _OWNER}))
_KINDS: Mapping[tuple[str, str], Shape] = {
    ("v1", "Pod"): _object("spec", _POD),
    ("v1", "PodTemplate"): _object("template", _object("spec", _POD)),
    ("v1", "ReplicationController"): _OWNER,
    ("v1", "Service"): _object("spec", Shape(lists={"ports": Elements(("port", "protocol"))})),
    ("apps/v1", "DaemonSet"): _OWNER,
    ("apps/v1", "Deployment"): _OWNER,
    ("apps/v1", "ReplicaSet"): _OWNER,
    ("apps/v1", "StatefulSet"): _OWNER,
    ("batch/v1", "Job"): _OWNER,
    ("batch/v1", "CronJob"): _CRON_JOB,
    ("batch/v1beta1", "CronJob"): _CRON_JOB,
}


def shape_of(api_version: str, kind: str) -> Shape | None:
    """The shape of a kind in exactly this version; None where no list of it merges."""
    return _KINDS.get((api_version, kind))
