"""What a container's command says: the program, its words, and the kind of work it does.

`sh -c` scripts are cut into simple commands with shlex; where a script is beyond that, its words are still
searched, but nothing is concluded from its structure.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_SHELLS = {"sh", "bash", "ash", "dash", "zsh", "busybox"}
_WRAPPERS = {"exec", "tini", "dumb-init", "env", "nohup", "time", "nice", "sudo", "--"}
_ENDS = {";", "&&", "||", "|", "&", "\n", "(", ")", "{", "}", ";;", "do", "then", "else", "if", "while", "until", "!"}
_LOOP = re.compile(r"\bwhile\s+(true|:|\[\s*1\s*\]|\(\(\s*1\s*\)\)|sleep\b|!)|\buntil\b|\bfor\s*\(\(\s*;\s*;|\bwhile\b")
_REPEATERS = frozenset({"watch", "crond", "cron", "supercronic", "entr"})
_ASSIGNMENT = re.compile(r"[A-Za-z_]\w*=")


@dataclass(frozen=True)
class Words:
    """A command taken apart. `script` is what a shell is handed with `-c`, None where no shell is asked."""

    program: str | None
    argv: tuple[str, ...]
    script: str | None
    commands: tuple[tuple[str, ...], ...]

    @property
    def loops(self) -> bool:
        """Whether it goes on for ever by repeating: a shell loop, or a program that runs others again and again."""
        return (self.script is not None and bool(_LOOP.search(self.script))) or not _REPEATERS.isdisjoint(self.programs)

    @property
    def programs(self) -> tuple[str, ...]:
        """The base names of all programs that are run, in order."""
        return tuple(base_name(command[0]) for command in self.commands if command)


def read(command: Sequence[str], args: Sequence[str]) -> Words:
    """The command of a container from its `command` and `args`, either of which may be empty."""
    argv = tuple(command) + tuple(args)
    script = _script(argv)
    if script is not None:
        commands = tuple(_simple_commands(script))
        program = next(
            (base_name(c[0]) for c in commands if base_name(c[0]) not in ("set", "cd", "echo", "export", "trap")), None
        )
        return Words(program, argv, script, commands)
    words = _unwrapped(argv)
    program = base_name(words[0]) if words and not words[0].startswith("-") else None
    return Words(program, argv, None, (words,) if program else ())


def base_name(word: str) -> str:
    """`/usr/bin/foo` and `C:\\bin\\foo.exe` are `foo`."""
    return re.split(r"[/\\]", word)[-1].removesuffix(".exe")


def _script(argv: tuple[str, ...]) -> str | None:
    """What follows `-c` where a shell is run."""
    words = _unwrapped(argv)
    if not words or base_name(words[0]) not in _SHELLS:
        return None
    for number, word in enumerate(words[1:], start=1):
        if re.fullmatch(r"-[a-z]*c[a-z]*", word) and number + 1 < len(words):
            return words[number + 1]
    return None


def _unwrapped(argv: Sequence[str]) -> tuple[str, ...]:
    words = list(argv)
    while len(words) > 1 and (base_name(words[0]) in _WRAPPERS or _ASSIGNMENT.match(words[0])):
        words.pop(0)
    return tuple(words)


def _simple_commands(script: str) -> Iterator[tuple[str, ...]]:
    lexer = shlex.shlex(script.replace("\\\n", " "), posix=True, punctuation_chars=";&|()\n")
    lexer.whitespace = " \t\r"
    lexer.whitespace_split = True
    lexer.commenters = "#"
    found: list[str] = []
    try:
        tokens = list(lexer)
    except ValueError:
        tokens = script.split()
    for token in tokens:
        if token in _ENDS or not token.strip(";&|()\n") or token in ("done", "fi", "esac"):
            if words := _unwrapped(found):
                yield words
            found = []
        else:
            found.append(token)
    if words := _unwrapped(found):
        yield words
