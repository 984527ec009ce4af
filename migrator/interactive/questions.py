"""What to ask: a question for each set of pods that can only move together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass, field

from migrator.agreed import changes
from migrator.model import FileResult, PodResult, Pointer
from migrator.run import Report

#: What tells a pod from all others of a run: path, document, pointer, and its workload's kind, namespace and name.
Key = tuple[str, int, Pointer, str, str, str]


@dataclass(frozen=True)
class Member:
    """A pod that would change, in the file `path`."""

    path: str
    pod: PodResult

    @property
    def key(self) -> Key:
        """What it goes by."""
        return key(self.path, self.pod)


@dataclass(frozen=True)
class Question:
    """Pods that change together, and the files that change with them: all of them, or none."""

    members: tuple[Member, ...]
    files: tuple[str, ...]


def key(path: str, pod: PodResult) -> Key:
    """What a pod goes by."""
    site = pod.site
    return path, site.document, site.pointer, site.workload.kind, site.workload.namespace or "", site.workload.name


def questions(report: Report) -> list[Question]:
    """The questions about a preview, by path and line."""
    members = [Member(result.path, pod) for result in report.results for pod in result.pods if changes(pod)]
    sources = {result.path: result for result in report.results}
    family_of = {path: number for number, family in enumerate(report.families) for path in family.files.values()}
    sets = _Sets()
    for member in members:
        for tie in _ties(member, sources[member.path], family_of):
            sets.join(member.key, tie)
    places = {member.path for member in members}
    for member in members:
        # A file that has to follow may hold pods itself: then its patch cannot be told apart.
        for path in _followed(member.pod):
            if path in places:
                for other in members:
                    if other.path == path:
                        sets.join(member.key, other.key)
    grouped: dict[Hashable, list[Member]] = defaultdict(list)
    for member in members:
        grouped[sets.of(member.key)].append(member)
    changed = {result.path for result in report.results if result.after is not None}
    asked = [Question(tuple(group), tuple(_files(group, family_of, changed))) for group in grouped.values()]
    return [question for question in asked if question.files]


def _ties(member: Member, source: FileResult, family_of: dict[str, int]) -> Iterator[Hashable]:
    """What a pod shares with those that it changes together with."""
    if member.path in family_of:
        yield "family", family_of[member.path]
    yield ("file", member.path) if source.source == "python" else ("document", member.path, member.pod.site.document)
    for path in _followed(member.pod):
        yield "follows", path
        if path in family_of:
            yield "family", family_of[path]


def _followed(pod: PodResult) -> set[str]:
    return {follow.place.path for decision in pod.decisions for follow in decision.follows}


def _files(group: Iterable[Member], family_of: dict[str, int], changed: Iterable[str]) -> Iterator[str]:
    """The files that change with a group, by path."""
    held = list(group)
    paths = {member.path for member in held} | {path for member in held for path in _followed(member.pod)}
    families = {family_of[path] for path in paths if path in family_of}
    yield from sorted(path for path in changed if path in paths or family_of.get(path) in families)


@dataclass
class _Sets:
    """Disjoint sets."""

    parents: dict[Hashable, Hashable] = field(default_factory=dict)

    def of(self, item: Hashable) -> Hashable:
        """The representative of an item's set."""
        while (parent := self.parents.setdefault(item, item)) != item:
            item = parent
        return item

    def join(self, one: Hashable, other: Hashable) -> None:
        """Make one set of two."""
        self.parents[self.of(one)] = self.of(other)
