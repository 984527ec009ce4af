"""What is seen of a script while it is walked: the simple commands with what they do, and what they add up to."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from migrator.judge.shell import programs
from migrator.judge.shell.ends import LASTING, NOTHING, End, conclusion
from migrator.judge.shell.programs import PREPARES, QUIET, REPEATERS, Kind
from migrator.judge.shell.waits import Awaited
from migrator.judge.shell.wrappers import base_name, script_of, unwrap


class Seen(ABC):
    """Keeps what is seen; how a script is taken apart is for who walks it."""

    def __init__(self) -> None:
        self.commands: list[tuple[str, ...]] = []
        self.handlers: list[tuple[str, ...]] = []
        self.jobs: list[End] = []
        self.own: frozenset[str] = frozenset()
        self.touches: set[str] = set()
        self.awaited = Awaited()
        self.awaited_at_stop = Awaited()
        self.sound = True
        self.templated = False
        self.endless = False
        self.waits = False
        self.aside = 0
        self._main: list[tuple[str, ...]] = []
        self._becomes: tuple[str, ...] | None = None

    def program(self) -> str | None:
        """What the script becomes with `exec`, else the first program that is no preparation."""
        names = [base_name(words[0]) for words in ([self._becomes] if self._becomes else self._main)]
        names = [name for name in names if name not in QUIET and "$" not in name]
        return next((name for name in names if name not in PREPARES), names[0] if names else None)

    def kind(self, ended: End) -> Kind:
        """What the script does; nothing is concluded from what is no shell throughout."""
        return conclusion(ended, self.jobs) if self.sound and not self.templated and self.commands else "unknown"

    def quits(self) -> tuple[str, ...]:
        """What it tells other processes to quit with."""
        commands = (*self.commands, *self.handlers)
        return tuple(dict.fromkeys(told for words in commands for told in programs.quits(words, self.own)))

    @contextmanager
    def beside(self) -> Iterator[None]:
        """What is run for its answer does not make the script what it is."""
        self.aside += 1
        yield
        self.aside -= 1

    def simple(self, given: Sequence[str]) -> End:
        """A simple command: what it is, under what wraps it."""
        words, wrappers = unwrap(given)
        script = script_of(words)
        if script is not None:
            before, self.awaited = self.awaited, Awaited()
            end = self.script(script) if "$" not in script[:1] else End("unknown")
            self.awaited = before | (self.awaited.impatient if "timeout" in wrappers else self.awaited)
        else:
            end = self._plain(words)
            if "exec" in wrappers and not self.aside and end.kind is not None:
                self._becomes = words
        if "timeout" in wrappers and end.kind in LASTING:
            return End("unknown")
        return End(end.kind or "unknown", True) if "exec" in wrappers else end

    def _plain(self, words: tuple[str, ...]) -> End:
        self.commands.append(words)
        if not self.aside:
            self._main.append(words)
        self.touches |= programs.creates(words)
        name = base_name(words[0])
        if name == "trap" and len(words) > 2:
            self.handler(words[2] if words[1] == "--" else words[1])
        if name in ("wait", "fg"):
            return self._wait()
        if name == "exit":
            return End("exit", True)
        kind = programs.kind_of(words)
        return End(kind, kind in ("tail", "idle") or (name in REPEATERS and ("-f" in words or name in ("watch", "supercronic"))))

    def _wait(self) -> End:
        kinds = {job.kind for job in self.jobs} - {None}
        self.jobs.clear()
        if not kinds:
            return NOTHING
        kind = kinds.pop()
        lasting = not kinds and kind in LASTING
        return End(kind, True) if lasting else End("unknown")

    @abstractmethod
    def script(self, text: str) -> End:
        """A whole script: the first one, or one that is handed to another shell."""

    @abstractmethod
    def handler(self, text: str) -> None:
        """The handler of a signal."""
