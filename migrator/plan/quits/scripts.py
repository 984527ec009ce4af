"""Where a container says what it runs: the commands of its start and of its hooks, and the script that can be edited."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from migrator.judge.shell.words import Words, read
from migrator.judge.shell.wrappers import script_at, unwrap
from migrator.judge.view import View
from migrator.plan.quits.hack import Change, Field, Kept, list_of

#: Shells whose rules for exit codes are those of POSIX.
_SHELLS = re.compile(r"(?:.*/)?(?:sh|bash|ash|dash|busybox)\Z")


@dataclass(frozen=True)
class Script:
    """A script that a container's command hands to a shell. `errexit` says that the shell is started with `-e`."""

    view: View
    field: Field
    item: int
    text: str
    errexit: bool
    posix: bool

    def becoming(self, after: str) -> Change:
        """The change that replaces it."""
        return Change(self.view.name, self.field, self.item, self.text, after, list_of(self.view))


@dataclass(frozen=True)
class Run:
    """What a container runs, and in which field it says so."""

    field: str
    words: Words

    @property
    def commands(self) -> tuple[tuple[str, ...], ...]:
        """All simple commands, those of handlers included."""
        return (*self.words.commands, *self.words.handlers)


def script_of(view: View) -> Script | None:
    """The script of a container's command, None where no shell is asked."""
    container = view.container
    argv = (*container.command, *container.args)
    words, _ = unwrap(argv)
    at = script_at(words)
    if at is None:
        return None
    options, place = words[:at], len(argv) - len(words) + at
    field: Field = "command" if place < len(container.command) else "args"
    item = place if field == "command" else place - len(container.command)
    return Script(view, field, item, words[at], _exits(options), bool(_SHELLS.match(options[0])))


def editable(view: View) -> Script:
    """The script of a container's command. Raises `Kept` where there is none that may be edited."""
    script = script_of(view)
    if script is None:
        raise Kept(f"`{view.name}` runs it without a shell script")
    held = view.container.raw.get(script.field)
    if not isinstance(held, list) or held[script.item] != script.text:
        raise Kept(f"the script of `{view.name}` is not written as a text")
    if not script.posix:
        raise Kept(f"the shell of `{view.name}` has rules of its own")
    return script


def runs(view: View) -> Iterator[Run]:
    """What a container runs: its command, and its preStop hook."""
    script = script_of(view)
    field = script.field if script else "command" if view.container.command else "args"
    yield Run(field, view.words)
    for hook in view.container.probes:
        if hook.kind == "preStop" and hook.command:
            yield Run("lifecycle", read(hook.command, ()))


def written(view: View) -> str:
    """All that the manifest says of a container, as one text in which paths and names can be looked for."""
    return json.dumps(view.container.raw, default=str, ensure_ascii=False)


def field_naming(view: View, text: str) -> str:
    """The first field of a container in which a text stands; its image, where none says so."""
    for field in ("command", "args", "env", "ports"):
        if text in json.dumps(view.container.raw.get(field), default=str, ensure_ascii=False):
            return field
    return "image"


def _exits(options: Sequence[str]) -> bool:
    """Whether the shell is started with `-e`."""
    flags = [option for option in options[1:] if re.fullmatch(r"-[a-zA-Z]*e[a-zA-Z]*", option)]
    return bool(flags) or any(a.endswith("o") and b == "errexit" for a, b in pairwise(options))
