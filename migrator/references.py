"""What other files say of containers: a reference names one or its port, a mention is a path into the list of them.

Plain data from the first pass over all files; what a text leaves open may be anything, so it is no reason to say no.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from functools import cached_property
from typing import Literal

from migrator.model import Deployer, Place, Workload

_ORDINAL = re.compile(r"-\d+\Z")
_UNKNOWN = re.compile(r"\{\{|\$[({]")


@dataclass(frozen=True, order=True)
class Requirement:
    """One term of a label selector: `In`, `NotIn`, `Exists` or `DoesNotExist` (LabelSelectorRequirement)."""

    key: str
    operator: str = "Exists"
    values: tuple[str, ...] = ()

    def holds(self, labels: Mapping[str, str]) -> bool:
        """Whether labels meet it, as far as can be told: what a template hides may."""
        held = labels.get(self.key)
        if any(_UNKNOWN.search(value) for value in (*self.values, self.key, held or "")):
            return True
        if self.operator == "In":
            return held in self.values
        if self.operator == "NotIn":
            return held not in self.values
        return (held is not None) == (self.operator == "Exists")


@dataclass(frozen=True, order=True)
class Pods:
    """Which pods are meant: by namespace and `names` (globs, any of them), by label (all of them), by the kind and name
    of their `owner`. Empty says nothing.
    """

    namespaces: tuple[str, ...] = ()
    labels: tuple[Requirement, ...] = ()
    kinds: tuple[str, ...] = ()
    owner: str = ""
    names: tuple[str, ...] = ()

    def include(self, workload: Workload) -> bool:
        """Whether pods of the workload may be among them."""
        space = workload.namespace
        return (
            (not self.namespaces or space is None or any(fnmatchcase(space, held) for held in self.namespaces))
            and (not self.kinds or workload.kind in self.kinds)
            and (not self.owner or self.owner == workload.name)
            and (not self.names or any(_may_be_called(workload, glob) for glob in self.names))
            and all(held.holds(workload.labels) for held in self.labels)
        )


def _may_be_called(workload: Workload, glob: str) -> bool:
    """Whether a pod of the workload may have such a name: a controller's pods begin with its name and a dash."""
    if workload.kind == "Pod":
        return fnmatchcase(workload.name, glob)
    literal, star, _ = glob.partition("*")
    own = f"{workload.name}-"
    return literal.startswith(own) or (bool(star) and own.startswith(literal))


@dataclass(frozen=True, order=True)
class Reference:
    """Something that names a container, a port of it, or all of `containers`. `what` is it in words, to stand before
    its place; `line` is 1-based.

    `kind` is what the reader calls it. `container` is a glob, `port` a name or number; empty where it names none.
    `active` is false where what it asks for is switched off.
    """

    path: str
    line: int
    kind: str
    what: str
    pods: Pods = Pods()
    container: str = ""
    port: str = ""
    active: bool = True

    @property
    def place(self) -> Place:
        """Where it stands."""
        return Place(self.path, self.line)

    def names(self, container: str) -> bool:
        """Whether it names the container, not just any."""
        return bool(self.container.strip("*")) and fnmatchcase(container, self.container)


@dataclass(frozen=True)
class Delivery:
    """A folder that a `deployer` takes, as it is written; `*` in it stands for anything within one name.

    With `recursive` all below it counts; `excluded` are such folders that are left out. Of the files in a folder those that
    one of the globs `only` matches are taken (all, where there is none), but for those that one of `but` matches.
    """

    deployer: Deployer
    folder: str
    recursive: bool = False
    excluded: tuple[str, ...] = ()
    only: tuple[str, ...] = ()
    but: tuple[str, ...] = ()


Nearness = Literal["near", "far"]
#: What is looked at; `name` is a container's name in a program, and nothing more.
MentionKind = Literal["containers", "statuses", "init-statuses", "name", "resize"]
_TEST = re.compile(r"(?:\A|/)(?:tests?/|test_|conftest\.py\Z)|_tests?\.py\Z")


@dataclass(frozen=True)
class Mention:
    """A path into `containers` or `containerStatuses` in a script, a test or a pipeline.

    It takes the entry `index`, or the one called `container`, or all of them (-1 and empty). `said` is the path as it
    stands there. What it is about: `owner`, `selector`, `namespace` of the command it stands in, where it says, else
    the words `near` it and in all of its file (`far`). `inits` is whether init containers are looked at there as well,
    `own_pods` whether the program makes pods itself, so that a container's name may be that of one of its own.
    """

    path: str
    line: int
    kind: MentionKind
    said: str
    index: int = -1
    container: str = ""
    owner: str = ""
    namespace: str = ""
    selector: tuple[tuple[str, str], ...] = ()
    near: frozenset[str] = frozenset()
    far: frozenset[str] = frozenset()
    inits: bool = False
    own_pods: bool = False

    @property
    def place(self) -> Place:
        """Where it stands."""
        return Place(self.path, self.line)

    @property
    def keys(self) -> Collection[str]:
        """The names one of which whatever it is about has; the empty one where labels tell."""
        if self.selector:
            return ("",)
        if self.owner:
            return {self.owner, _ORDINAL.sub("", self.owner)}
        return (self.container,) if self.container else self.near | self.far

    def about(self, workload: Workload, container: str) -> Nearness | None:
        """How near it names the workload, or the container; None where it does not or names another one."""
        if self.namespace and workload.namespace and self.namespace != workload.namespace:
            return None
        if self.container and self.container != container:
            return None
        if self.selector:
            return "near" if all(workload.labels.get(key) == value for key, value in self.selector) else None
        if self.owner:
            return "near" if workload.name in self.keys else None
        if self.container:
            return "near"
        names = {workload.name} if self.index >= 0 or self.own_pods else {workload.name, container}
        return "near" if names & self.near else "far" if names & self.far else None

    def among(self, names: Collection[str]) -> Mention:
        """The same with only these of the words about it: no others can be asked for."""
        return replace(self, near=self.near & frozenset(names), far=self.far & frozenset(names))


@dataclass(frozen=True)
class Names:
    """What a workload and its containers are called, and whatever else has a name in it."""

    words: frozenset[str]


@dataclass(frozen=True)
class References:
    """All references by kind, and all mentions, in the order of their places. `common` are names that say little: many
    objects use them.
    """

    of: dict[str, tuple[Reference, ...]] = field(default_factory=dict)
    mentions: tuple[Mention, ...] = ()
    common: frozenset[str] = frozenset()

    def about(self, workload: Workload, *kinds: str) -> list[Reference]:
        """Those of these kinds that may be about pods of the workload."""
        return sorted(held for kind in kinds for held in self.of.get(kind, ()) if held.pods.include(workload))

    def mentioned(self, workload: Workload, container: str) -> list[tuple[Mention, Nearness]]:
        """The mentions that are about the workload or the container, and how near they say so."""
        numbers = {number for name in ("", workload.name, container) for number in self._by_word.get(name, ())}
        found = ((self.mentions[number], self.mentions[number].about(workload, container)) for number in sorted(numbers))
        return [(mention, near) for mention, near in found if near]

    def in_programs(self, folder: str) -> list[Mention]:
        """The mentions in Python programs of a folder and those below, without tests, that do not say whom they are about."""
        below = f"{folder}/" if folder else ""
        said = (held for held in self.mentions if held.path.endswith(".py") and held.path.startswith(below))
        return [held for held in said if not (held.container or held.owner or held.selector or _TEST.search(held.path))]

    @cached_property
    def _by_word(self) -> dict[str, list[int]]:
        """The numbers of the mentions by the names they hold; under the empty one those that tell by labels."""
        found: dict[str, list[int]] = defaultdict(list)
        for number, held in enumerate(self.mentions):
            for name in held.keys:
                found[name].append(number)
        return found


#: In more objects than so many a name tells nothing of one of them.
_COMMON = 5


def gathered(references: Iterable[Reference], mentions: Iterable[Mention], names: Iterable[Names]) -> References:
    """The same whatever the order of files."""
    used = Counter(word for held in names for word in held.words)
    of: dict[str, list[Reference]] = defaultdict(list)
    for reference in sorted(set(references)):
        of[reference.kind].append(reference)
    meant = {held for held in mentions if held.kind != "name" or held.container in used}
    known = [held.among(used) for held in sorted(meant, key=lambda m: (m.path, m.line, m.said, m.container))]
    common = frozenset(name for held in known for name in held.keys if used[name] > _COMMON)
    return References({kind: tuple(found) for kind, found in of.items()}, tuple(known), common)
