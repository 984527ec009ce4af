"""Asking: what would change and why goes to the terminal, a letter comes back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import TextIO

from migrator.interactive.parts import part
from migrator.interactive.questions import Key, Member, Question
from migrator.report import text
from migrator.report.words import called, counted
from migrator.run import Report

HELP = {
    "y": "move",
    "n": "leave, this time",
    "a": "move this and all that is left to ask",
    "q": "leave this and all that is left to ask; what was decided so far is done",
    "e": "explain: all the evidence, and all that is at risk",
    "i": "leave, and say so in a comment above the container",
    "b": "leave, and write it into the baseline",
    "?": "this help",
}


@dataclass
class Answers:
    """What was decided: pods that may move, and those of which it is remembered that they do not, with the reason."""

    accepted: set[Key] = field(default_factory=set)
    ignored: list[tuple[Member, str]] = field(default_factory=list)
    known: list[Member] = field(default_factory=list)


@dataclass(frozen=True)
class Dialogue:
    """Asks on `out` and reads lines from `answers`. `baseline` says whether there is one to remember in."""

    report: Report
    out: TextIO
    answers: TextIO
    style: text.Style
    width: int | None
    baseline: bool

    def asked(self, questions: Sequence[Question]) -> Answers:
        """The answers to the questions. The end of the input is a `q`."""
        given = Answers()
        for number, question in enumerate(questions, 1):
            self._show(question)
            letter = self._letter(question, f"({number}/{len(questions)})")
            if letter == "a":
                given.accepted.update(member.key for rest in questions[number - 1 :] for member in rest.members)
            if letter in "aq":
                break
            if letter == "y":
                given.accepted.update(member.key for member in question.members)
            elif letter == "i":
                reason = (self._line("reason: ") or "").strip() or "decided not to move it"
                given.ignored += [(member, reason) for member in question.members]
            elif letter == "b":
                given.known += question.members
        return given

    def _letter(self, question: Question, number: str) -> str:
        letters = [letter for letter in HELP if letter != "b" or self.baseline]
        members = question.members
        what = called(members[0].pod) if len(members) == 1 else counted(len(members), "pod") + " together"
        prompt = self.style(f"{number} Move the sidecars of {what} [{','.join(letters)}]? ", bold=True)
        while True:
            line = self._line(prompt)
            letter = line.strip().lower()[:1] if line is not None else "q"
            if letter == "e":
                self.out.write(self._told(question, verbose=True))
            elif letter in letters and letter != "?":
                return letter
            else:
                self.out.write("".join(f"{letter} - {HELP[letter]}\n" for letter in letters))

    def _line(self, prompt: str) -> str | None:
        """A line of the answers; None where they end."""
        self.out.write(prompt)
        self.out.flush()
        line = self.answers.readline()
        if not line:
            self.out.write("\n")
        return line or None

    def _show(self, question: Question) -> None:
        self.out.write(f"\n{self._told(question, verbose=False, with_diff=True)}")

    def _told(self, question: Question, verbose: bool, with_diff: bool = False) -> str:
        keys = {member.key for member in question.members}
        files = {*question.files, *(member.path for member in question.members)}
        shown = tuple(part(result, keys) for result in self.report.results if result.path in files)
        return text.render(replace(self.report, results=shown), self.style, verbose, with_diff, self.width)


Ask = Callable[[Report, Sequence[Question]], Answers]
