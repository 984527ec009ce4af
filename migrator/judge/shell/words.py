"""What a container's command says: the program, its words, and the kind of work it does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from migrator.judge.shell.gone import NO_WAIT, Gone
from migrator.judge.shell.programs import REPEATERS, Kind, creates, kind_of, quits
from migrator.judge.shell.walk import Reader
from migrator.judge.shell.wrappers import base_name, script_of, unwrap

__all__ = ["Gone", "Kind", "Words", "base_name", "read"]


@dataclass(frozen=True)
class Words:
    """A command taken apart. `script` is what a shell is handed with `-c`, None where no shell is asked."""

    program: str | None
    argv: tuple[str, ...]
    script: str | None
    #: Simple commands without quotes and wrappers; a function's where it is called, a substitution's after its command.
    commands: tuple[tuple[str, ...], ...]
    #: What it does for as long as it runs. "one-shot" ends by itself; "unknown" is for the program to decide.
    kind: Kind = "unknown"
    #: Whether a shell loop goes on for ever, also one in the background.
    endless: bool = False
    #: Whether it waits in a shell loop for anything, named or not.
    waits: bool = False
    #: The ports on localhost that a loop waits for.
    waits_for_ports: frozenset[int] = frozenset()
    #: The files whose appearance a loop waits for; variables stay as they are written.
    waits_for_files: frozenset[str] = frozenset()
    #: What a loop waits for to be gone: ports on localhost that answer no more, processes that have ended.
    waits_until_gone: Gone = NO_WAIT
    #: The same, of the handlers of traps.
    stops_once_gone: Gone = NO_WAIT
    #: The files it creates: `touch`, `tee`, `mkfifo` and redirections.
    touches: frozenset[str] = frozenset()
    #: URLs it asks and commands it runs so that another process quits.
    quits: tuple[str, ...] = ()
    #: Simple commands in the handlers of traps.
    handlers: tuple[tuple[str, ...], ...] = ()

    @property
    def loops(self) -> bool:
        """Whether it goes on for ever by repeating: a shell loop, or a program that runs others again and again."""
        return self.endless or not REPEATERS.isdisjoint(self.programs)

    @property
    def programs(self) -> tuple[str, ...]:
        """The base names of all programs that are run, in order."""
        return tuple(base_name(command[0]) for command in self.commands if command)


def read(command: Sequence[str], args: Sequence[str]) -> Words:
    """The command of a container from its `command` and `args`, either of which may be empty."""
    argv = tuple(command) + tuple(args)
    words, wrappers = unwrap(argv)
    script = script_of(words)
    if script is not None:
        return _scripted(argv, script)
    if not words or words[0].startswith("-"):
        return Words(None, argv, None, ())
    kind = kind_of(words) or "one-shot"
    # Without `command` the image's own program decides what these words are, unless they can be nothing else.
    if (not command and kind not in ("idle", "tail")) or "{{" in "".join(words) or "timeout" in wrappers:
        kind = "unknown"
    stops = tuple(quits(words, frozenset()))
    return Words(base_name(words[0]), argv, None, (words,), kind, touches=creates(words), quits=stops)


def _scripted(argv: tuple[str, ...], script: str) -> Words:
    reader = Reader()
    try:
        kind = reader.kind(reader.script(script))
    except RecursionError:
        # A condition of thousands of nested parts: nobody wrote it, and nothing is known of it.
        return Words(None, argv, script, ())
    said = Words(reader.program(), argv, script, tuple(reader.commands), kind, reader.endless, reader.waits)
    if not reader.sound:
        return said
    return replace(
        said,
        waits_for_ports=reader.awaited.ports,
        waits_for_files=reader.awaited.files,
        waits_until_gone=reader.awaited.gone,
        stops_once_gone=reader.awaited_at_stop.gone,
        touches=frozenset(reader.touches),
        quits=reader.quits(),
        handlers=tuple(reader.handlers),
    )
