"""The tests of a repository that follow what moves, and for which containers of which pods they do."""

from __future__ import annotations

import os
import posixpath
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from migrator.followers import assertions, unittests
from migrator.followers.drafts import Drafts
from migrator.followers.owners import Called, owners
from migrator.links import Links
from migrator.model import FileResult, Follow, Place, PodResult
from migrator.plan.decide import moves
from migrator.settings import Settings
from migrator.sources.facts.asserts import is_assertion
from migrator.text.errors import Refused, TextError
from migrator.text.tree import parse

#: Path, line, and the container that is named there (empty: whichever).
Handled = Collection[tuple[str, int, str]]


@dataclass(frozen=True)
class Told:
    """A place in a test that changes, as a container of the pod number `pod` in the file `path` moves."""

    path: str
    pod: int
    container: str
    follow: Follow
    handled: Handled


def tests(results: Sequence[FileResult], links: Links, drafts: Drafts, files: Collection[str], settings: Settings) -> list[Told]:
    """Write the tests that follow into the drafts, and say what was written."""
    moved = {id(pod): (result.path, n, pod) for result in results for n, pod in enumerate(result.pods) if pod.moved}
    if not moved:
        return []
    canonical = settings.layout == "canonical"
    return [
        *_assertions(list(moved.values()), links, drafts, files, canonical),
        *_unittests(list(moved.values()), links, drafts, files),
    ]


Moved = tuple[str, int, PodResult]


def _assertions(moved: Sequence[Moved], links: Links, drafts: Drafts, files: Collection[str], canonical: bool) -> Iterator[Told]:
    said = {reference.path for reference in links.references.of.get("assertion", ())}
    paths = sorted(path for path in files if (path in said or is_assertion(path)) and not drafts.moved(path))
    texts = {path: text for path in paths if (text := _text(drafts, path))}
    if not texts:
        return
    wanted = {called for _, _, pod in moved if any((called := _called(pod))[1] in text for text in texts.values())}
    there = Counter(called for path in files for called in _owners(drafts, path, wanted)) if wanted else Counter[Called]()
    meant: dict[Called, list[Moved]] = {}
    for held in moved:
        meant.setdefault(_called(held[2]), []).append(held)
    sure = {called: held for called, held in meant.items() if there[called] == len(held) and _alike(pod for _, _, pod in held)}
    pods = [held[0][2] for held in sure.values()]
    for path, text in texts.items():
        new = assertions.followed(path, text, pods, canonical)
        drafts.put(path, new.text)
        for pod, container, line in new.told:
            follow = Follow(Place(path, line), "assertion")
            for where, number, _ in sure[_called(pod)]:
                yield Told(where, number, container, follow, ((path, line, container),))


def _alike(pods: Iterable[PodResult]) -> bool:
    """Whether the same moves in all of these pods, which have the same containers."""
    names = [
        (
            tuple(c.name for c in pod.site.pod.containers),
            tuple(c.name for c in pod.site.pod.init_containers),
            moves(pod.decisions),
            pod.site.workload.namespace,
        )
        for pod in pods
    ]
    return len(set(names)) == 1


def _called(pod: PodResult) -> Called:
    return pod.site.workload.kind, pod.site.workload.name


def _owners(drafts: Drafts, path: str, wanted: Collection[Called]) -> Iterator[Called]:
    text = drafts.unchanged(path)
    return owners(path, text, wanted) if text else iter(())


def _text(drafts: Drafts, path: str) -> str:
    """The text of a file, empty where it cannot be read."""
    try:
        return drafts.text(path)
    except Refused:
        return ""


def _unittests(moved: Sequence[Moved], links: Links, drafts: Drafts, files: Collection[str]) -> Iterator[Told]:
    mentioned = {mention.path for mention in links.references.mentions}
    by_file: dict[str, list[PodResult]] = {}
    for path, _, pod in moved:
        by_file.setdefault(os.path.abspath(path), []).append(pod)
    known = {os.path.abspath(path): path for path in files}
    by_pod = {id(pod): (path, n) for path, n, pod in moved}

    def template(path: str) -> unittests.Template | None:
        whole = os.path.abspath(path)
        text = _text(drafts, known[whole]) if whole in by_file and whole in known else ""
        if not text or "{{" in text:
            return None
        try:
            roots = parse(text)
        except TextError:
            return None
        documents = [number for number, root in enumerate(roots) if root is not None]
        pods = tuple(by_file[whole])
        return unittests.Template(len(documents), pods) if len(documents) == len(roots) or len(documents) == 1 else None

    for path in sorted(path for path in files if path in mentioned and unittests.is_unittest(path)):
        chart = _chart(path)
        if chart is None or not (text := _text(drafts, path)):
            continue
        new = unittests.retold(text, chart, template)
        drafts.put(path, new.text)
        for pod, line in new.told:
            for decision in pod.moved:
                follow = Follow(Place(path, line), "path")
                yield Told(*by_pod[id(pod)], decision.container.name, follow, ((path, line, ""),))


def _chart(path: str) -> str | None:
    """The folder of the chart that a file is in, None where it is in none."""
    folder = posixpath.dirname(path.replace(os.sep, "/"))
    while not os.path.isfile(os.path.join(folder, "Chart.yaml")):
        above = posixpath.dirname(folder)
        if above == folder:
            return None
        folder = above
    return folder
