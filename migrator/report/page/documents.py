"""JSON reports into one page. They may come from anywhere: what has another type than it should counts as not there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from math import isfinite

from migrator.report.page.view import Card, Group, Member, Page, Reason, Remark, Risk, Trouble

Fields = dict[str, object]
_NUMBERS = ("files", "rewritten", "unchanged", "skipped", "failed", "pods", "moved", "review")
_GROUPS: dict[str, Group] = {"review": "review", "migrate": "migrate", "keep": "keep"}


def page(documents: Sequence[tuple[str, object]]) -> Page:
    """The page of JSON reports, each with the name of where it is from; one alone needs none."""
    held = [(name if len(documents) > 1 else "", document) for name, document in documents if isinstance(document, dict)]
    numbers, settled = Counter[str](), Counter[str]()
    for _, document in held:
        summary = _fields(document.get("summary"))
        numbers.update({key: _number(summary.get(key)) for key in _NUMBERS})
        settled.update({key: _number(count) for key, count in _fields(summary.get("settledBy")).items()})
    return Page(
        _distinct(_text(document.get("tool")) for _, document in held),
        _distinct(_text(document.get("targetVersion")) for _, document in held),
        all(document.get("dryRun") is True for _, document in held),
        {key: numbers[key] for key in _NUMBERS},
        dict(settled),
        tuple(card for name, document in held for file in _items(document.get("files")) for card in _cards(name, file)),
        tuple(remark for name, document in held for file in _items(document.get("files")) for remark in _remarks(name, file)),
        origins=tuple(name for name, _ in held if name),
    )


def _cards(origin: str, file: Fields) -> Iterator[Card]:
    deployers = tuple(f"{_text(d.get('kind'))} {_text(d.get('name'))} ({_place(d)})" for d in _items(file.get("deployedBy")))
    for pod in _items(file.get("pods")):
        yield Card(
            origin,
            _text(file.get("path")),
            _text(file.get("status")),
            _text(pod.get("kind")),
            _text(pod.get("name")),
            _text(pod.get("namespace")),
            _number(pod.get("line")),
            tuple(_stayed(_member(container), file) for container in _items(pod.get("containers"))),
            _texts(pod.get("extras")),
            deployers,
        )


def _member(container: Fields) -> Member:
    position = container.get("position")
    return Member(
        _text(container.get("name")),
        _text(container.get("image")),
        _number(container.get("line")),
        _GROUPS.get(_text(container.get("verdict")), "keep"),
        _text(container.get("role")),
        _text(container.get("purpose")),
        _real(container.get("confidence")),
        _number(position) if position is not None else None,
        _text(container.get("reason")),
        _text(container.get("placement")),
        _text(container.get("settledBy")),
        tuple(
            Reason(_text(e.get("rule")), _real(e.get("weight")), _text(e.get("message")), _number(e.get("line")))
            for e in _items(container.get("evidence"))
        ),
        tuple(_risk(hazard) for hazard in _items(container.get("hazards"))),
        _texts(container.get("follows")),
    )


def _stayed(member: Member, file: Fields) -> Member:
    """Nothing moved in a file that could not be written: what was to move there awaits somebody."""
    if file.get("status") != "failed" or member.position is None:
        return member
    return replace(member, verdict="review", position=None, reason=_text(file.get("reason")) or "its file failed")


def _risk(hazard: Fields) -> Risk:
    return Risk(
        _text(hazard.get("id")),
        _text(hazard.get("severity")),
        hazard.get("certain") is True,
        _text(hazard.get("message")),
        _number(hazard.get("line")),
        _text(hazard.get("remedy")),
        _text(hazard.get("lifted")),
        tuple(_place(place) for place in _items(hazard.get("places"))),
    )


def _remarks(origin: str, file: Fields) -> Iterator[Remark]:
    path, status, problems = _text(file.get("path")), file.get("status"), _items(file.get("problems"))
    if status == "skipped" or (status == "failed" and not problems):
        kind: Trouble = "skipped" if status == "skipped" else "failed"
        yield Remark(origin, path, _number(file.get("line")), kind, _text(file.get("reason")))
    for problem in problems:
        yield Remark(origin, path, _number(problem.get("line")), "failed", _text(problem.get("message")))
    for note in _items(file.get("notes")):
        yield Remark(origin, path, _number(note.get("line")), "by hand", _text(note.get("message")))


def _place(place: Fields) -> str:
    return f"{_text(place.get('path'))}:{_number(place.get('line'))}"


def _fields(value: object) -> Fields:
    return {str(key): held for key, held in value.items()} if isinstance(value, dict) else {}


def _items(value: object) -> list[Fields]:
    return [_fields(item) for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _texts(value: object) -> tuple[str, ...]:
    return tuple(item for item in value if isinstance(item, str)) if isinstance(value, list) else ()


def _number(value: object) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**53 else 0


def _real(value: object) -> float:
    return float(value) if isinstance(value, int | float) and abs(value) < 2**53 and isfinite(value) else 0.0


def _distinct(words: Iterator[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word for word in words if word))
