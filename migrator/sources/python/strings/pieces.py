"""Manifests in the strings of a Python file, moved by the rules of manifests and written back line by line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from migrator.change import Changed, Judge, changed
from migrator.links import Links
from migrator.model import PodResult, Problem
from migrator.podresults import pod_results
from migrator.settings import Settings
from migrator.sources import manifest
from migrator.sources.python.strings.embedded import Embedded, embedded
from migrator.sources.python.strings.proof import prove_literal, prove_module
from migrator.sources.python.strings.sites import in_file, with_holes
from migrator.sources.python.strings.view import respelled
from migrator.text.edits import Edit, apply
from migrator.text.errors import Refused, TextError

__all__ = ["Embedded", "Piece", "embedded", "migrated"]

_ASSISTED = "; --unsafe moves it all the same"


@dataclass(frozen=True)
class Piece:
    """What became of one manifest in a string: all lines and offsets are the Python file's own."""

    embedded: Embedded
    pods: tuple[PodResult, ...] = ()
    edits: tuple[Edit, ...] = ()
    problems: tuple[Problem, ...] = ()


def migrated(text: str, settings: Settings, judge: Judge, links: Links) -> list[Piece]:
    """A piece for each string that holds a pod of two or more containers, or may; no edit of one touches another.

    Raises `TextError` where `text` is not Python. What is wrong with a manifest in it is a problem of its piece.
    """
    pieces = [_piece(held, settings, judge, links) for held in embedded(text)]
    written = [piece for piece in pieces if piece.edits]
    if written:
        new = apply(text, (edit for piece in written for edit in piece.edits))
        try:
            prove_module(text, new, {piece.embedded.place for piece in written})
        except Refused as error:
            pieces = [
                _piece(_by_hand(piece.embedded, error), settings, judge, links) if piece.edits else piece for piece in pieces
            ]
    return [piece for piece in pieces if piece.pods or piece.problems]


def _piece(held: Embedded, settings: Settings, judge: Judge, links: Links) -> Piece:
    if not held.whole:
        return Piece(held, problems=(Problem(held.blame, held.why),))
    try:
        found = manifest.read(held.text)
    except (TextError, manifest.Template) as error:
        said = held.holes.told(str(error))
        problem = Problem(held.line_of(error.line or 1), f"the manifest in this string cannot be read: {said}")
        return Piece(held, problems=(problem if held.grade != "manual" else Problem(held.blame, held.why),))
    refusal = held.why if held.grade == "manual" else held.why + _ASSISTED if held.why and not settings.unsafe else None
    problems = [Problem(held.line_of(problem.line), held.holes.told(problem.message)) for problem in found.problems]
    found.sites = [in_file(site, held.line_of, held.holes.told, refusal) for site in found.sites]
    new, changes = changed(found, settings, judge, links)
    try:
        edits = _edits(held, new) if new != held.text else []
    except Refused as error:
        return _piece(_by_hand(held, error), settings, judge, links)
    pods, unwritten = pod_results(found.sites, _told(held, changes))
    return Piece(held, tuple(pods), tuple(edits), (*problems, *unwritten))


def _by_hand(held: Embedded, error: Refused) -> Embedded:
    return replace(held, grade="manual", why=str(error), view=None)


def _edits(held: Embedded, new: str) -> list[Edit]:
    """Edits on the Python text that make the string say `new`, proved of the literal. Raises `Refused`."""
    if held.view is None:
        raise Refused(held.why)
    edits = respelled(held.view, new)
    prove_literal(held.view, apply(held.view.literal.content, edits), new)
    return [Edit(held.start + edit.start, held.start + edit.end, edit.text) for edit in edits]


def _told(held: Embedded, changes: Sequence[Changed]) -> list[Changed]:
    """The changes with their holes shown."""
    told = held.holes.told
    return [
        (decisions, replace(outcome, after=with_holes(outcome.after, told)), with_holes(extras, told))
        for decisions, outcome, extras in changes
    ]
