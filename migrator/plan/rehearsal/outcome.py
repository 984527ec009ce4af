"""How a script, or a part of it, ends, and what one makes of another: in turn, as branches, as conditions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from migrator.plan.needs import Need

Left = Literal["", "function", "script"]


@dataclass(frozen=True)
class Outcome:
    """How a script, or a part of it, ends while something it asks for is not there.

    `waits` is for ever; `stays` is that it comes to a program that may run on. `need` is what it fails or waits for,
    `vain` what it asked for and went on without; `tries` says that it lasted a while before. `beside` says that something
    was started in the background before. `left` is what was left with it: a function, or the whole script.
    """

    end: Literal["passes", "fails", "waits", "stays", "maybe"]
    need: Need | None = None
    vain: Need | None = None
    tries: bool = False
    beside: bool = False
    left: Left = ""
    #: `set -e` lets it pass: it failed as a condition.
    excused: bool = False

    @property
    def cause(self) -> Need | None:
        """What it asked for and did not find."""
        return self.need or self.vain

    @property
    def final(self) -> bool:
        """Whether nothing is run after it."""
        return bool(self.left) or self.end in ("waits", "stays")


PASSES = Outcome("passes")
FAILS = Outcome("fails")
STAYS = Outcome("stays")
MAYBE = Outcome("maybe")


def then(before: Outcome, end: Outcome) -> Outcome:
    """Two statements, one after the other."""
    vain = end.vain or before.vain or (before.need if before.end == "fails" else None)
    return replace(end, vain=vain, tries=end.tries or before.tries)


def negated(ended: Outcome) -> Outcome:
    """The same behind a `!`, which `set -e` never minds."""
    if ended.end == "fails":
        return Outcome("passes", vain=ended.vain, excused=True)
    return replace(FAILS, excused=True) if ended.end == "passes" else ended


def perhaps(before: Outcome, after: Outcome, needs_both: bool) -> Outcome:
    """What follows a statement of which nobody knows how it ends: it is run, or it is not."""
    need = before.need or after.need
    if needs_both and after.end == "fails" and not after.left:
        return replace(after, need=need)
    if not needs_both and after.end == "passes" and not after.left:
        return PASSES
    return after if after.end == "stays" else replace(MAYBE, need=need, vain=before.vain or after.vain)


def joined(ends: Sequence[Outcome]) -> Outcome:
    """Branches, of which one is taken."""
    if len({replace(end, need=None, vain=None) for end in ends}) == 1:
        return ends[0]
    staying = next((end for end in ends if end.end == "stays"), None)
    need = next((found for end in ends for found in (end.need, end.vain) if found), None)
    return staying or replace(MAYBE, need=need)
