"""The stage behind all moves: what follows them in other files is written, and said of the containers that moved."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from migrator.followers.drafts import Drafts
from migrator.followers.services import Need, needs, renumbered
from migrator.followers.tests import Handled, Told, tests
from migrator.links import Links, Service
from migrator.model import FileResult, Follow
from migrator.plan.targets import FINDS_SIDECARS
from migrator.settings import Settings
from migrator.text.errors import Refused

#: The results of a run under these links: of all files, or only of those that have to do with some paths.
Decide = Callable[[Links, Collection[str] | None], list[FileResult]]
#: Path, number of the pod, name of the container.
Mover = tuple[str, int, str]


@dataclass(frozen=True)
class Stage:
    """`files` are those that were given, which may be written; `read` gives the bytes of one."""

    decide: Decide
    files: Collection[str]
    read: Callable[[str], bytes]
    settings: Settings

    def results(self, links: Links) -> list[FileResult]:
        """The results of the run, with everything that follows. What needs an edit that cannot be made does not move."""
        while True:
            results = self.decide(links, None)
            drafts = Drafts(results, self.read)
            wanted = list(needs(results, links)) if self.settings.target < FINDS_SIDECARS else []
            refused = _renumber(wanted, drafts)
            if not refused:
                break
            links = links.fixing(refused)
        told = tests(results, links, drafts, self.files, self.settings)
        if handled := {place for one in told for place in one.handled}:
            results = self._again(results, links, handled, told)
        follows: dict[Mover, list[Follow]] = defaultdict(list)
        for need in wanted:
            follows[need.path, need.pod, need.container].append(Follow(need.service.place, "targetPort"))
        for one in told:
            follows[one.path, one.pod, one.container].append(one.follow)
        return drafts.results(_saying(results, follows))

    def _again(self, results: Sequence[FileResult], links: Links, handled: Handled, told: Iterable[Told]) -> list[FileResult]:
        """The results where nothing is said any more of what changes with the moves."""
        affected = {one.path for one in told}
        again = {result.path: result for result in self.decide(links.without_tests(handled), affected)}
        return [again.get(result.path, result) for result in results]


def _renumber(wanted: Iterable[Need], drafts: Drafts) -> dict[Service, str]:
    """Write what Services need, and give those for which that cannot be done, with the reason."""
    by_file: dict[str, dict[Service, set[int]]] = defaultdict(lambda: defaultdict(set))
    for need in wanted:
        by_file[need.service.path][need.service].add(need.number)
    refused: dict[Service, str] = {}
    for path, numbers in sorted(by_file.items()):
        try:
            if any(len(held) > 1 for held in numbers.values()):
                raise Refused("two numbers would have to stand in one place")
            drafts.put(path, renumbered(drafts.text(path), {service: min(held) for service, held in numbers.items()}))
        except Refused as refusal:
            refused |= dict.fromkeys(numbers, str(refusal))
    return refused


def _saying(results: Iterable[FileResult], follows: dict[Mover, list[Follow]]) -> list[FileResult]:
    """The results, each container that moved with what follows it."""
    moved_in = {path for path, _, _ in follows}
    return [
        replace(
            result,
            pods=tuple(
                replace(
                    pod,
                    decisions=tuple(
                        replace(d, follows=_sorted(follows.get((result.path, number, d.container.name), ())))
                        for d in pod.decisions
                    ),
                )
                for number, pod in enumerate(result.pods)
            ),
        )
        if result.path in moved_in
        else result
        for result in results
    ]


def _sorted(follows: Iterable[Follow]) -> tuple[Follow, ...]:
    return tuple(sorted(dict.fromkeys(follows), key=lambda held: (held.place.path, held.place.line, held.what)))
