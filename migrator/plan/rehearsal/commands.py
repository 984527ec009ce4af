"""What becomes of a simple command while the neighbours of its container have not started yet."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

from migrator.judge.shell.programs import QUIET, kind_of, local_ports
from migrator.judge.shell.syntax import Source
from migrator.judge.shell.waits import Awaited, awaited, constant
from migrator.judge.shell.wrappers import base_name, script_at, unwrap
from migrator.plan.clients import CLIENTS, asked_ports
from migrator.plan.needs import Alone, Need
from migrator.plan.rehearsal.outcome import FAILS, MAYBE, PASSES, STAYS, Outcome

if TYPE_CHECKING:
    from tree_sitter import Node

#: Programs that are run to wait for a while, and fail when that is over.
_WAITERS = re.compile(r"(?:wait-for|wait_for|waitfor|wait4x|dockerize)")
_RETRIES = re.compile(r"--retry(?:-connrefused|-all-errors)?(?:=.*)?\Z|--tries(?:=.*)?\Z")
#: Built-ins whose answer is their point.
_ANSWERS = frozenset({"read", "wait", "command", "type", "hash", "fg"})
_PREPARES = frozenset({"mkdir", "touch", "chmod", "chown"})


def asks(words: Sequence[str]) -> bool:
    """Whether a command is there to ask or to wait for somebody."""
    return base_name(words[0]) in CLIENTS or bool(_WAITERS.match(base_name(words[0])))


class Commands(ABC):
    """Judges commands; how a script is made of them is for who walks it."""

    def __init__(self, alone: Alone, starts: bool) -> None:
        self._alone = alone
        self._starts = starts
        self._source = Source("")
        self._errexit = self._pipefail = False
        self._last = PASSES

    @abstractmethod
    def script(self, text: str, errexit: bool = False) -> Outcome:
        """A whole script, also one that is handed to another shell."""

    def command(self, node: Node) -> Outcome:
        """A simple command with its words."""
        words, wrappers = unwrap(self._source.words(node))
        at = script_at(words)
        if at is not None:
            ended = self.script(words[at], any(re.match(r"-[a-z]*e|errexit\Z", word) for word in words[1:at]))
        else:
            ended = self._plain(node, words)
        if "timeout" in wrappers and ended.end in ("waits", "stays"):
            ended = replace(ended, end="fails", tries=True) if ended.end == "waits" else MAYBE
        return replace(ended, left="script") if "exec" in wrappers else ended

    def _plain(self, node: Node, words: tuple[str, ...]) -> Outcome:
        name, rest = base_name(words[0]), words[1:]
        if name == "set":
            return self._set(rest)
        if name in ("exit", "return"):
            ended = PASSES if rest[:1] == ("0",) else FAILS if rest else self._last
            return replace(ended, left="script" if name == "exit" else "function", excused=False)
        if name in ("test", "["):
            return self.condition(node)
        if name == "sleep":
            return STAYS if kind_of(words) == "idle" else replace(PASSES, tries=self._starts)
        if name in QUIET or name in _PREPARES:
            return FAILS if name == "false" else MAYBE if name in _ANSWERS else PASSES
        if _WAITERS.match(name):
            return self._waiter(words)
        kind = kind_of(words)
        if kind in ("idle", "tail", "loop", "server"):
            # A hook or probe may start a server that goes to the background.
            return STAYS if self._starts or kind != "server" else MAYBE
        ports = asked_ports(words) if self._starts else asked_ports(words) | local_ports(words)
        if need := self._alone.lacks(ports, awaited(self._source, node, True).files):
            return Outcome("fails", need, tries=any(_RETRIES.match(word) for word in rest))
        if self._starts and kind == "unknown" and name not in CLIENTS:
            return STAYS
        return PASSES if self._alone.has(ports) else MAYBE

    def condition(self, node: Node) -> Outcome:
        """A test: it fails where what it asks for is not there."""
        wanted = awaited(self._source, node, True)
        if need := self.lacks(wanted):
            return Outcome("fails", need)
        if self._alone.lacks(files=awaited(self._source, node, False).files):
            return PASSES
        always = constant(self._source, node)
        if always is not None:
            return PASSES if always else FAILS
        return PASSES if self._alone.has(wanted.ports) else MAYBE

    def lacks(self, wanted: Awaited) -> Need | None:
        """What of this is not there yet."""
        return self._alone.lacks(wanted.ports, wanted.files)

    def _set(self, words: Sequence[str]) -> Outcome:
        for word, following in pairwise((*words, "")):
            if re.match(r"[-+][a-z]*e", word) or (word in ("-o", "+o") and following == "errexit"):
                self._errexit = word.startswith("-")
            if following == "pipefail" and re.match(r"[-+][a-z]*o\Z", word):
                self._pipefail = word.startswith("-")
        return PASSES

    def _waiter(self, words: tuple[str, ...]) -> Outcome:
        """A program that waits for an address, then runs what stands behind `--`; wait-for-it does so in vain as well."""
        need = self._alone.lacks(local_ports(words))
        if need is None:
            return STAYS if self._starts else MAYBE
        goes_on = "--" in words and base_name(words[0]).startswith("wait-for-it") and not {"-s", "--strict"} & set(words)
        return Outcome("passes", vain=need, tries=True) if goes_on else Outcome("fails", need, tries=True)
