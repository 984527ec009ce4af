"""Signals that end a neighbour's process in a pod whose containers share their processes."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from migrator.judge.shell.programs import quits
from migrator.judge.shell.syntax import Source, find
from migrator.judge.shell.wrappers import Words, base_name, unwrap
from migrator.judge.view import PodView, View
from migrator.plan.quits.hack import Change, Kept, QuitHack, shortened
from migrator.plan.quits.removal import without
from migrator.plan.quits.scripts import Run, editable, field_naming, runs

if TYPE_CHECKING:
    from tree_sitter import Node

_FINDS = frozenset({"pgrep", "pidof"})
_SUBSTITUTED = re.compile(r"(?:\$\(|`)\s*(.*?)\s*(?:\)|`)\Z", re.DOTALL)
_SIGNAL = re.compile(r"-(?:\d+|(?:SIG)?[A-Z]{3,})\Z")
#: Flags that leave open which processes are meant: by user, parent, group, age, or all that do not match.
_CLOSED = re.compile(r"-(?!-)[fxqeios]*\Z|--(?:full|exact|signal|quiet|exact|oldest)\b")
#: A pattern that is matched in the time of the text: one with a few `.*` at most.
_SIMPLE = re.compile(r"(?:[^*+?{}()|\\]*\.\*){0,3}[^*+?{}()|\\]*\Z")
#: The kernel keeps so much of a process's name.
_NAME_LENGTH = 15


@dataclass(frozen=True)
class _Target:
    """The processes that a command looks for: by a pattern or a name, in the name or the whole command line."""

    pattern: str
    exact: bool
    whole: bool

    def matches(self, text: str) -> bool:
        """Whether a name, or a command line, is what is looked for."""
        if self.exact and not self.whole:
            return text == self.pattern
        try:
            return bool(re.fullmatch(self.pattern, text) if self.exact else re.search(self.pattern, text))
        except re.error:
            return self.pattern in text


def signal_hacks(pods: PodView) -> Iterator[QuitHack]:
    """The signals that a container sends to a neighbour's program."""
    for view in pods.views:
        found: dict[tuple[str, str | None], tuple[str, View | None, _Target]] = {}
        for run in runs(view):
            for what, target in _signals(run):
                sidecar = _told(view, target)
                shared, own = pods.pod.share_processes, _own(view, target)
                if (shared and (sidecar is not None or not own)) or (sidecar is not None and not own):
                    found.setdefault((run.field, sidecar.name if sidecar else None), (what, sidecar, target))
        for (field, _), (what, sidecar, target) in found.items():
            listened = sidecar is not None and pods.pod.share_processes
            removal, why_not = _removal(view, field, sidecar, target, listened)
            yield QuitHack(
                "signal",
                view.name,
                sidecar.name if sidecar else None,
                shortened(what),
                field,
                field_naming(sidecar, sidecar.program or sidecar.name) if sidecar else None,
                listened,
                removal,
                why_not,
                ("`shareProcessNamespace` may be of no more use",) if removal else (),
            )


def _signals(run: Run) -> Iterator[tuple[str, _Target]]:
    found_before: _Target | None = None
    for words in run.commands:
        if target := target_of(words):
            yield " ".join(words), target
        if base_name(words[0]) == "xargs" and "kill" in words and found_before is not None:
            yield " ".join(words), found_before
        found_before = _looked_for(words) if base_name(words[0]) in _FINDS else None


def target_of(given: Words) -> _Target | None:
    """Which processes a command ends; None where it ends none, or is told their numbers."""
    words, _ = unwrap(given)
    name = base_name(words[0]) if words else ""
    if name not in ("kill", "pkill", "killall") or not any(quits(("pkill", *words[1:]), frozenset())):
        return None
    if name != "kill":
        return _looked_for(words)
    for word in words[1:]:
        if found := _SUBSTITUTED.match(word.strip('"')):
            try:
                inner = tuple(shlex.split(found.group(1)))
            except ValueError:
                return None
            return _looked_for(inner) if inner and base_name(inner[0]) in _FINDS else None
    return None


def _looked_for(words: Words) -> _Target | None:
    name = base_name(words[0])
    signals = {b for a, b in pairwise(words) if a in ("-s", "--signal") and name != "pidof"}
    flags = [word for word in words[1:] if word.startswith("-") and not _SIGNAL.match(word)]
    names = [word for word in words[1:] if not word.startswith("-") and word not in signals]
    if (
        len(names) != 1
        or not _SIMPLE.match(names[0])
        or "$" in names[0]
        or "`" in names[0]
        or not all(_CLOSED.match(flag) for flag in flags)
    ):
        return None
    short = "".join(flag[1:] for flag in flags if not flag.startswith("--"))
    whole = name in ("pkill", "pgrep") and ("f" in short or "--full" in flags)
    by_name = name in ("killall", "pidof")
    return _Target(base_name(names[0]) if by_name else names[0], by_name or "x" in short or "--exact" in flags, whole)


def _told(view: View, target: _Target) -> View | None:
    """The one neighbour whose program is looked for."""
    found = [other for other in view.neighbours if _runs(other, target)]
    return found[0] if len(found) == 1 else None


def _own(view: View, target: _Target) -> bool:
    """Whether the container itself runs what is looked for."""
    others = [words for words in view.words.commands if target_of(words) is None and base_name(words[0]) not in _FINDS]
    return any(target.matches(" ".join(words) if target.whole else base_name(words[0])[:_NAME_LENGTH]) for words in others)


def _runs(view: View, target: _Target) -> bool:
    """Whether a container runs what is looked for, by its command, else by the names of its image and its own."""
    if view.program is not None:
        lines = [" ".join(words) for words in view.words.commands] if target.whole else list(view.words.programs)
        return any(target.matches(line if target.whole else line[:_NAME_LENGTH]) for line in lines)
    names = (view.name, *view.repository[-1:])
    return any(target.matches(spelled) for name in names for spelled in (name, name.replace("-", "_"), name.replace("-", "")))


def _removal(view: View, field: str, sidecar: View | None, target: _Target, listened: bool) -> tuple[tuple[Change, ...], str]:
    try:
        if sidecar is None:
            raise Kept("it is not known whose process it ends")
        if not listened:
            raise Kept("the containers of the pod do not share their processes")
        if field == "lifecycle":
            raise Kept("it stands in a hook")
        if unknown := next((o for o in view.neighbours if o is not sidecar and o.program is None), None):
            raise Kept(f"it is not known whether `{unknown.name}` has such a process too")
        if _own(view, target):
            raise Kept("it may end a process of its own container too")
        script = editable(view)
        if target.whole and target.matches(view.text):
            raise Kept("the shell that runs it has the words in its own command line and is ended as well")
        after = without(script.text, script.errexit, lambda source, node: _ends_only(source, node, view, sidecar), False)
        if after == script.text:
            raise Kept("the signal is not sent by one command alone")
    except Kept as kept:
        return (), str(kept)
    except RecursionError:
        return (), "the script is nested too deeply"
    return (script.becoming(after),), ""


def _ends_only(source: Source, node: Node, view: View, sidecar: View) -> bool:
    """Whether a command ends the program of the same container and does nothing else."""
    if node.type != "command" or node.children[0].type == "variable_assignment":
        return False
    words = source.words(node)
    target = target_of(words)
    inner = list(find(node, lambda child: child.type in ("command_substitution", "process_substitution")))
    plain = all(len([child for child in held.children if child.is_named]) == 1 for held in inner) and len(inner) <= 1
    return target is not None and plain and not _own(view, target) and _told(view, target) is sidecar
