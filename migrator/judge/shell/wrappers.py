"""Commands that only run another: what is run, and the script that a shell is handed."""

from __future__ import annotations

import re
from collections.abc import Sequence

Words = tuple[str, ...]

SHELLS = frozenset({"sh", "bash", "ash", "dash", "zsh", "ksh", "busybox"})
_ASSIGNMENT = re.compile(r"[A-Za-z_]\w*=")
#: Wrappers run the command that follows: their options that take a value, and how many words precede the command.
_WRAPPERS: dict[str, tuple[str, int]] = {
    "exec": ("-a", 0),
    "tini": ("-p -e", 0),
    "dumb-init": ("-r --rewrite", 0),
    "catatonit": ("", 0),
    "env": ("-u -C", 0),
    "nohup": ("", 0),
    "time": ("-f -o", 0),
    "nice": ("-n", 0),
    "ionice": ("-c -n", 0),
    "setsid": ("", 0),
    "sudo": ("-u -g -h -p -C", 0),
    "timeout": ("-s -k", 1),
    "stdbuf": ("-i -o -e", 0),
    "su-exec": ("", 1),
    "gosu": ("", 1),
    "s6-setuidgid": ("", 1),
    "chroot": ("", 1),
    "nsenter": ("-t --target", 0),
    "builtin": ("", 0),
    "command": ("", 0),
    "coproc": ("", 0),
    "--": ("", 0),
}


def base_name(word: str) -> str:
    """`/usr/bin/foo` and `C:\\bin\\foo.exe` are `foo`."""
    return re.split(r"[/\\]", word)[-1].removesuffix(".exe")


def unwrap(argv: Sequence[str]) -> tuple[Words, frozenset[str]]:
    """The command without what only runs it, and the names of the wrappers that were taken off."""
    words, wrappers = list(argv), set[str]()
    while len(words) > 1:
        name = base_name(words[0])
        if name in _WRAPPERS and not (name == "command" and words[1] in ("-v", "-V")):
            rest = _behind(words)
        elif (name == "busybox" and base_name(words[1]) not in SHELLS and not words[1].startswith("-")) or _ASSIGNMENT.match(
            words[0]
        ):
            rest = words[1:]
        else:
            break
        if not rest:
            break
        wrappers.add(name)
        words = rest
    return tuple(words), frozenset(wrappers)


def _behind(words: list[str]) -> list[str]:
    valued, places = _WRAPPERS[base_name(words[0])]
    options, at = valued.split(), 1
    while at < len(words) and words[at].startswith("-"):
        at += 2 if words[at] in options else 1
        if words[at - 1] == "--":
            break
    return words[at + places :]


def script_of(words: Sequence[str]) -> str | None:
    """What a shell is handed with `-c`; None where no shell is run, or it is given a file."""
    at = script_at(words)
    return None if at is None else words[at]


def script_at(words: Sequence[str]) -> int | None:
    """Which of the words is the script that a shell is handed with `-c`."""
    if not words or base_name(words[0]) not in SHELLS:
        return None
    at = 2 if base_name(words[0]) == "busybox" else 1
    asked = False
    while at < len(words) and (words[at].startswith("-") or (words[at].startswith("+") and len(words[at]) > 1)):
        asked = asked or bool(re.fullmatch(r"-[a-zA-Z]*c[a-zA-Z]*", words[at]))
        at += 2 if re.fullmatch(r"[-+][a-zA-Z]*[oO]", words[at]) else 1
    return at if asked and at < len(words) else None
