"""A library in which pods are built in Python: the names of its constructors and how it spells the Kubernetes API."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from packaging.utils import NormalizedName, canonicalize_name
from packaging.version import Version

Role = Literal["pod-spec", "container", "template", "workload"]

#: Fields of a pod in which the Kubernetes API writes an acronym in capitals; libraries with underscores share them.
_ACRONYMS = {
    "dataset_uuid": "datasetUUID",
    "disk_uri": "diskURI",
    "downward_api": "downwardAPI",
    "host_ip": "hostIP",
    "host_ipc": "hostIPC",
    "host_pid": "hostPID",
    "pd_id": "pdID",
    "scale_io": "scaleIO",
    "set_hostname_as_fqdn": "setHostnameAsFQDN",
    "storage_policy_id": "storagePolicyID",
    "target_ww_ns": "targetWWNs",
    "target_wwns": "targetWWNs",
    "volume_id": "volumeID",
}


@dataclass(frozen=True)
class Package:
    """A distribution whose version decides whether a container has `restartPolicy`, as its first and last release say.

    `since` is the first release with it (None: no release has it), `without` the last one without it (None: every release
    from the first on has it). `imports` is a glob of the modules that it brings, `also_called` its names elsewhere (conda).
    """

    name: str
    since: Version | None
    without: Version | None
    imports: str = "*"
    also_called: tuple[str, ...] = ()

    def knows(self, version: Version) -> bool:
        """Whether a release, or one from here on, has the field; one between the two is taken for the first that has it."""
        return self.since is not None and (self.without is None or version > self.without)

    @property
    def names(self) -> tuple[NormalizedName, ...]:
        """All its names, as PEP 503 has them, its own first."""
        return tuple(canonicalize_name(name) for name in (self.name, *self.also_called))


@dataclass(frozen=True)
class Holder:
    """An argument or key `keyword` that takes a pod or its spec: of the calls in `of` (globs), or of any where that is empty.

    Where `partial`, the library merges it with containers of its own, so that the main container may be missing in it.
    """

    keyword: str
    of: tuple[str, ...]
    partial: bool


@dataclass(frozen=True)
class Constructor:
    """What a qualified name makes: `kind` and `api_version` are those of a workload or its spec, otherwise empty.

    `module` is what stands before the last part of the name. Where not `sure` that is empty: only the last part says so,
    and the module from which it is imported is not known.
    """

    dialect: Dialect
    role: Role
    module: str
    kind: str = ""
    api_version: str = ""
    sure: bool = True


@dataclass(frozen=True)
class Dialect:
    """One library.

    `names` are (role, glob of modules, name, kind, apiVersion). `lists` are the keywords of the two lists, `methods` the
    methods that add one container to them. `restart` is the keyword and the expression of its value, a dotted one of which
    is a name in the library's own module. `fields` are keywords with the API's name where the rule of the `spelling` does not
    give it; the values of those in `opaque` have a shape of the library's own. `positional` are the first positional
    parameters of the constructors that have any. `owners` are globs of the objects of which the lists are attributes. Values
    may be futures where `may_be_output`. No `packages` means that any version will do.
    """

    id: str
    title: str
    names: tuple[tuple[Role, str, str, str, str], ...] = field(repr=False)
    holders: tuple[Holder, ...]
    owners: tuple[str, ...]
    partial: bool
    distinctive: bool
    lists: tuple[str, str]
    methods: tuple[str, str] | None
    restart: tuple[str, str]
    spelling: Literal["snake", "camel", "both"]
    fields: tuple[tuple[str, str], ...]
    opaque: frozenset[str]
    positional: tuple[tuple[Role, tuple[str, ...]], ...]
    may_be_output: bool
    packages: tuple[Package, ...]
    sources: tuple[str, ...]
    examples: tuple[tuple[str, tuple[str, ...]], ...] = field(default=(), compare=False, repr=False)

    def field_name(self, keyword: str) -> str:
        """The Kubernetes API's name of a field: `hostIP` of `host_ip`, `exec` of `_exec`."""
        if keyword in self._fields:
            return self._fields[keyword]
        if self.spelling == "camel" or "_" not in keyword.strip("_"):
            return keyword.rstrip("_")
        if keyword in _ACRONYMS:
            return _ACRONYMS[keyword]
        first, *others = keyword.rstrip("_").split("_")
        return first + "".join(word[:1].upper() + word[1:] for word in others)

    @cached_property
    def _fields(self) -> dict[str, str]:
        return dict(self.fields)

    def parameters(self, role: Role) -> tuple[str, ...]:
        """What the positional arguments of a constructor are, as far as they are the same in all versions."""
        return dict(self.positional).get(role, ())
