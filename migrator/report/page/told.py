"""A picture of a life in sentences, for those who do not see it, and for those who do."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from migrator.report.page.markup import Html, el, join
from migrator.report.page.scene import Lane, Scene


def told(scene: Scene) -> Html:
    """How the pod starts and how it ends."""
    return join(join([*part, " "]) for part in (*_start(scene), *_again(scene), *_end(scene)))


def _start(scene: Scene) -> Iterator[Sequence[str]]:
    plain, sidecars, mains = (_of(scene, kind) for kind in ("init", "sidecar", "main"))
    before = [lane for lane in (*plain, *sidecars) if lane.bars]
    if plain:
        yield _names(plain), f" {_verb(plain, 'runs', 'run')} to {_verb(plain, 'its', 'their')} end before anything else starts."
    if sidecars:
        yield _names(sidecars), " starts first." if len(sidecars) == 1 else " start one after the other."
    if scene.outcome == "stuck":
        missing = [lane for lane in mains if not lane.bars]
        yield _names(missing), " never ", _verb(missing, "starts", "start"), "."
    elif mains:
        then = "Then " if before and not sidecars else ""
        once = f" once {_verb(sidecars, 'it has', 'they have')} started" if sidecars else ""
        yield then, _names(mains), _verb(mains, " starts", " start together"), once, "."


def _again(scene: Scene) -> Iterator[Sequence[str]]:
    for lane in scene.lanes:
        if lane.restarted:
            yield el("code", lane.name), f" is started again {'once' if lane.restarted == 1 else f'{lane.restarted} times'}."


def _end(scene: Scene) -> Iterator[Sequence[str]]:
    sidecars, mains = _of(scene, "sidecar"), _of(scene, "main")
    endless = [lane for lane in (*mains, *sidecars) if lane.endless]
    working = [lane for lane in mains if not lane.endless]
    if scene.outcome == "hangs":
        head = (
            (_names(working), f" {_verb(working, 'ends', 'end')}, but nothing here ends ") if working else ("Nothing here ends ",)
        )
        yield *head, _names(endless), ": ", el("strong", "the pod never completes"), "."
    elif scene.outcome in ("complete", "failed"):
        end = "is complete" if scene.outcome == "complete" else "has failed"
        if sidecars:
            yield (
                "When ",
                _names(mains),
                f" {_verb(mains, 'has', 'have')} ended, ",
                _names(sidecars[::-1]),
                f" {_verb(sidecars, 'is', 'are')} stopped and the pod {end}.",
            )
        else:
            yield (f"When {'it has' if len(mains) == 1 else 'all have'} ended, the pod {end}.",)
    elif scene.outcome == "stopped":
        if sidecars:
            stop = (" stops", ", then ") if len(mains) == 1 else (" stop", ", then ")
            yield "At the end ", _names(mains), stop[0], " first", stop[1], _names(sidecars[::-1], "then"), "."
        elif len(mains) > 1:
            yield ("At the end all are told to stop at once.",)


def _of(scene: Scene, kind: str) -> list[Lane]:
    return [lane for lane in scene.lanes if lane.kind == kind]


def _verb(lanes: Sequence[Lane], one: str, many: str) -> str:
    return one if len(lanes) == 1 else many


def _names(lanes: Sequence[Lane], last: str = "and") -> Html:
    names = [el("code", lane.name) for lane in lanes]
    if last == "then":
        return join(part for n, name in enumerate(names) for part in ((", then " if n else ""), name))
    return join(
        part for n, name in enumerate(names) for part in ("" if not n else f" {last} " if n == len(names) - 1 else ", ", name)
    )
