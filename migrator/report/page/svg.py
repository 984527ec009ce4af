"""A scene as an SVG. It says nothing that the caption does not say, so it is hidden from screen readers."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from migrator.report.page.markup import Html, el, join, shape, text
from migrator.report.page.scene import Lane, Scene

_WIDTH, _NAMES, _LANE, _HEAD, _EDGE = 560, 146, 24, 22, 14
_BAR = 12
#: So many characters of a name fit beside the bars.
_LETTERS = 19
_LAST = {"hangs": "hangs", "stopped": "stop", "complete": "end", "failed": "failed"}


def drawn(scene: Scene, helpers: Collection[str] = ()) -> Html:
    """The picture: a lane for each container in the order of the spec, phases from left to right.

    `helpers` have the colour of the sidecars that they become.
    """
    height = _HEAD + _LANE * len(scene.lanes) + 4
    lanes = (_lane(lane, _HEAD + _LANE * n, lane.name in helpers) for n, lane in enumerate(scene.lanes))
    return el(
        "svg",
        *_phases(scene, height),
        *lanes,
        class_="life",
        viewBox=f"0 0 {_WIDTH} {height}",
        width=_WIDTH,
        height=height,
        aria_hidden="true",
        focusable="false",
    )


def _at(place: float) -> float:
    return _NAMES + place * (_WIDTH - _NAMES - _EDGE)


def _phases(scene: Scene, height: int) -> Iterator[Html]:
    """What happens when, above the lanes; the time of work stands on a ground of its own."""
    last = _LAST.get(scene.outcome, "")
    start, stop, over = _at(scene.up or 0.0), _at(1.0 if scene.stop is None else scene.stop), _at(scene.over or 1.0)
    if scene.up is None:
        yield _head("never starts", _at(0.0), "bad")
        return
    yield shape("rect", class_="work", x=start, y=_HEAD - 4, width=max(stop - start, 0.0), height=height - _HEAD + 4)
    if start - _at(0.0) > 30:
        yield _head("start", _at(0.0))
    yield _head("work" if scene.outcome != "stopped" else "run", start + 4)
    if scene.stop is not None:
        bad = scene.outcome == "hangs"
        if bad:
            yield shape("rect", class_="hang", x=stop, y=_HEAD - 4, width=_WIDTH - _EDGE - stop, height=height - _HEAD + 4)
        yield shape("path", class_="cut bad" if bad else "cut", d=f"M{stop:.1f} {_HEAD - 4}V{height}")
        yield _head(last, stop + 4, "bad" if bad or scene.outcome == "failed" else "")
    if scene.outcome == "complete":
        yield shape("path", class_="over", d=f"M{over:.1f} {_HEAD - 4}V{height}")


def _head(word: str, x: float, mark: str = "") -> Html:
    return el("text", word, class_=f"ph {mark}".strip(), x=x, y=12)


def _lane(lane: Lane, top: int, helper: bool) -> Html:
    middle = top + _LANE / 2
    parts: list[Html] = [_name(lane.name, middle)]
    y = middle - _BAR / 2
    for bar in lane.bars:
        x, width = _at(bar.start), max(_at(bar.end) - _at(bar.start), 1.5)
        parts.append(shape("rect", class_=bar.state, x=x, y=y, width=width, height=_BAR))
    if lane.endless and lane.bars:
        x = _at(lane.bars[-1].end)
        parts.append(shape("path", class_="up", d=f"M{x:.1f} {y:.1f}l{_EDGE - 4} {_BAR / 2:.1f}l-{_EDGE - 4} {_BAR / 2:.1f}z"))
    if lane.gate is not None:
        parts.append(shape("path", class_="gate", d=f"M{_at(lane.gate):.1f} {y - 3:.1f}v{_BAR + 6}"))
    if not lane.bars:
        parts.append(shape("path", class_="never", d=f"M{_at(0.0):.1f} {middle:.1f}H{_at(1.0):.1f}"))
    return el("g", join(parts), class_="helper" if helper else lane.kind)


def _name(name: str, middle: float) -> Html:
    """The name; of a long one the middle is left out, and shown to the pointer."""
    short = name if len(name) <= _LETTERS else f"{name[: _LETTERS // 2]}…{name[-(_LETTERS // 2 - 1) :]}"
    whole = el("title", name) if short != name else Html("")
    return el("text", whole, text(short), class_="nm", x=0, y=middle + 4)
