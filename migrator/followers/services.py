"""Services whose named targetPort becomes a number, as the container that has the port moves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from migrator.links import Links, Service
from migrator.model import FileResult, PodResult
from migrator.plan.targets import targets
from migrator.text.asked import Path
from migrator.text.edits import Edit, apply
from migrator.text.errors import Refused, TextError
from migrator.text.numbers import proved_numbers
from migrator.text.rewrite import Stretch, found
from migrator.text.source import chunks
from migrator.text.tree import parse


@dataclass(frozen=True)
class Need:
    """A Service that needs the `number`, as `container` moves in the pod number `pod` of the file `path`."""

    path: str
    pod: int
    container: str
    service: Service
    number: int


def needs(results: Sequence[FileResult], links: Links) -> Iterator[Need]:
    """What moves need of Services, at a version that does not look for names in sidecars."""
    for result in results:
        for number, pod in enumerate(result.pods):
            for need in _of_pod(pod, links):
                yield Need(result.path, number, *need)


def _of_pod(pod: PodResult, links: Links) -> Iterator[tuple[str, Service, int]]:
    staying = [decision.container for decision in pod.decisions if decision.position is None]
    for decision in pod.moved:
        for target in targets(decision.container, staying, pod.site.workload, links):
            for service in target.services:
                yield decision.container.name, service, target.number


def renumbered(text: str, numbers: Mapping[Service, int]) -> str:
    """The text of a manifest with these numbers as the targetPorts of Services in it. Raises `Refused`, and does nothing."""
    spans = chunks(text)
    pieces: dict[int, dict[Path, tuple[str, int]]] = {}
    for service, number in numbers.items():
        wanted = (service.target_port, number)
        if pieces.setdefault(int(service.at[0]), {}).setdefault(service.at[1:], wanted) != wanted:
            raise Refused("two numbers would have to stand in one place")
    edits: list[Edit] = []
    for piece, there in pieces.items():
        start, end = spans[piece] if piece < len(spans) else (len(text), len(text))
        stretch = _stretch(text, start, end)
        for path, (name, _) in there.items():
            node = found(stretch.roots, path)
            if node is None or node.value != name:
                raise Refused("the Service is not where it was")
        edits += proved_numbers(stretch, {path: number for path, (_, number) in there.items()})
    return apply(text, edits)


def _stretch(text: str, start: int, end: int) -> Stretch:
    try:
        return Stretch(text, start, end, tuple(parse(text, start, end)))
    except TextError as error:
        raise Refused(f"the text would not parse any more ({error.message})") from None
