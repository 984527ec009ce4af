"""What a container's first process does with SIGTERM, as far as its command tells.

The kernel drops a signal for PID 1 that it has no handler for (pid_namespaces(7)), and only PID 1 is signalled. `sleep`,
`tail` and a shell without a trap have none, so they go on until SIGKILL; and a shell runs the handler of a trap only
once the command in its foreground has ended (POSIX.1-2017, Shell Command Language 2.11).
"""

from __future__ import annotations

from collections.abc import Sequence

from migrator.judge.shell.words import Words, base_name
from migrator.judge.shell.wrappers import unwrap
from migrator.judge.view import View

#: They are PID 1 in place of the program that they run, and hand it the signal.
_INITS = frozenset({"tini", "dumb-init", "catatonit", "timeout", "sudo"})
#: Images without an entrypoint: the words of `args` are what is run.
_BARE = frozenset({"alpine", "busybox", "debian", "ubuntu"})
_UNHANDLED = frozenset({"sleep", "tail"})
_STOPS = frozenset({"TERM", "SIGTERM", "15", "EXIT", "0"})


def deaf(view: View) -> str | None:
    """What the container's first process is that SIGTERM does not end, in words; None where it may well end it."""
    if any(view.pod.raw.get(key) not in (None, False) for key in ("shareProcessNamespace", "hostPID")):
        return None
    if not view.container.command and view.repository[-1:] not in {(name,) for name in _BARE}:
        return None
    words, wrappers = unwrap((*view.container.command, *view.container.args))
    if not words or not _INITS.isdisjoint(wrappers):
        return None
    said = view.words
    if said.script is None:
        return f"`{said.program}`" if said.kind in ("idle", "tail") and said.program in _UNHANDLED else None
    return _deaf_script(said, f"`{base_name(words[0])}`")


def _deaf_script(said: Words, shell: str) -> str | None:
    trapped = any(_handles(command) for command in said.commands)
    if said.endless and said.kind in ("loop", "idle", "tail"):
        return None if trapped else f"a loop of {shell}"
    if said.kind not in ("idle", "tail") or said.program not in _UNHANDLED:
        return None
    if not trapped:
        return f"`{said.program}` under {shell}"
    return None if "wait" in said.programs else f"`{said.program}` in the foreground of {shell}, whose trap has to wait for it"


def _handles(command: Sequence[str]) -> bool:
    """Whether a command is a `trap` that does something on SIGTERM, or at the end of the shell."""
    return command[0] == "trap" and len(command) > 2 and command[1] not in ("", "-") and not _STOPS.isdisjoint(command[2:])
