"""Done-files: a container makes a file on a shared volume, and a neighbour that looks for it ends."""

from __future__ import annotations

import posixpath
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from migrator.judge.shell.syntax import Source, find
from migrator.judge.shell.wrappers import base_name
from migrator.judge.view import DATA_VOLUMES, PodView, View
from migrator.plan.places import Place, place_of
from migrator.plan.quits.hack import Change, Kept, QuitHack, applied, list_of, shortened
from migrator.plan.quits.polls import ending_files
from migrator.plan.quits.release import released
from migrator.plan.quits.removal import without
from migrator.plan.quits.scripts import editable, runs, script_of, written

if TYPE_CHECKING:
    from tree_sitter import Node

_WRITES = re.compile(r"&?>(?:>|\|)?\Z")
_POLLS = re.compile(r"\b(?:while|until|inotifywait)\b")
_SAYS = frozenset({"echo", "printf", ":", "true", "date"})


@dataclass(frozen=True)
class _Side:
    """One container's side of a file: where it says so, and the file as it sees it."""

    view: View
    field: str
    path: str


def file_hacks(pods: PodView) -> Iterator[QuitHack]:
    """The done-files of a pod, one hack for each container that makes one and each that ends because of it."""
    makers, enders = _sides(pods)
    for place, made in makers.items():
        pairs = [(maker, ender) for maker in made for ender in enders.get(place, ()) if maker.view is not ender.view]
        if not pairs:
            continue
        waiting = [side for side in enders[place] if any(side is ender for _, ender in pairs)]
        removal, why_not = _removal(pods, place, made, waiting)
        left = _leftovers(pods, place[0], removal)
        for maker, ender in pairs:
            yield QuitHack(
                "file",
                maker.view.name,
                ender.view.name,
                _as_written(maker),
                maker.field,
                ender.field,
                _writable(maker),
                removal,
                why_not,
                left,
                maker.path,
            )


def _sides(pods: PodView) -> tuple[dict[Place, list[_Side]], dict[Place, list[_Side]]]:
    makers: dict[Place, list[_Side]] = defaultdict(list)
    enders: dict[Place, list[_Side]] = defaultdict(list)
    shared = {view.name for view in pods.views if view.shared}
    for view in (*pods.views, *pods.native):
        if not view.native and view.name in shared:
            for run in runs(view):
                for path in sorted(run.words.touches):
                    if place := _place(view, path):
                        makers[place].append(_Side(view, run.field, posixpath.normpath(path)))
        script = script_of(view) if view.shared and _POLLS.search(view.text) else None
        if script is not None:
            for path in sorted(ending_files(script.text)):
                if place := _place(view, path):
                    enders[place].append(_Side(view, script.field, posixpath.normpath(path)))
    return makers, _watching(enders, makers)


def _watching(enders: dict[Place, list[_Side]], makers: dict[Place, list[_Side]]) -> dict[Place, list[_Side]]:
    """With those that watch the folder of a file counted as waiting for the file."""
    for volume, path in makers:
        for side in tuple(enders.get((volume, posixpath.dirname(path)), ())):
            if "inotifywait" in side.view.text:
                enders[volume, path].append(side)
    return enders


def _place(view: View, path: str) -> Place | None:
    """Where on which volume a path of a container is; None where it is on none that holds data, or not known."""
    if not path.startswith("/") or re.search(r"[$`]|\{\{", path):
        return None
    place = place_of(view.container, posixpath.normpath(path))
    if place is None or view.pod.volumes.get(place[0]) not in DATA_VOLUMES:
        return None
    mounts = view.container.raw.get("volumeMounts")
    named = [m for m in mounts if isinstance(m, dict) and m.get("name") == place[0]] if isinstance(mounts, list) else []
    return None if any("subPathExpr" in mount for mount in named) else place


def _writable(side: _Side) -> bool:
    """Whether the container may write where it makes the file."""
    inside = [m for m in side.view.container.mounts if side.path.startswith(m.path.rstrip("/") + "/")]
    return bool(inside) and not max(inside, key=lambda mount: len(mount.path)).read_only


def _removal(pods: PodView, place: Place, made: Sequence[_Side], waiting: Sequence[_Side]) -> tuple[tuple[Change, ...], str]:
    """The changes of all scripts that know the file, or why there are none."""
    try:
        if pods.pod.volumes.get(place[0]) != "emptyDir":
            raise Kept("the volume lasts longer than the pod: others may look for the file")
        sides = [(list_of(side.view), side.view.name) for side in (*made, *waiting)]
        if twice := next((name for inside, name in sides if sides.count((inside, name)) > 1), None):
            raise Kept(f"`{twice}` has more than one part in it")
        changes = [*(_without_making(side) for side in made), *(_without_waiting(side) for side in waiting)]
        _check_nobody_else(pods, place, [*made, *waiting], changes)
    except Kept as kept:
        return (), str(kept)
    except RecursionError:
        return (), "the script is nested too deeply"
    return tuple(changes), ""


def _without_making(side: _Side) -> Change:
    if side.field == "lifecycle":
        raise Kept(f"`{side.view.name}` makes the file in a hook")
    script = editable(side.view)
    # The file is made for sure only where its folder is there for sure: at the root of a mount.
    sure = _writable(side) and any(posixpath.dirname(side.path) == m.path.rstrip("/") for m in side.view.container.mounts)
    after = without(script.text, script.errexit, lambda source, node: _makes(source, node, side.path), sure)
    if after == script.text:
        raise Kept(f"`{side.view.name}` makes the file in a way that is not understood")
    return script.becoming(after)


def _makes(source: Source, node: Node, path: str) -> bool:
    """Whether a statement makes this file and does nothing else."""
    if any(find(node, lambda child: child.type in ("command_substitution", "process_substitution", "heredoc_redirect"))):
        return False
    if node.type == "command":
        words = source.words(node)
        return len(words) == 2 and base_name(words[0]) == "touch" and _same(words[1], path)
    body, redirects = node.child_by_field_name("body"), node.children_by_field_name("redirect")
    # The tree has `A && B > file` as the redirection of both; it is that of B.
    body = body.children[-1] if body is not None and body.type == "list" else body
    if body is not None and (body.type != "command" or source.words(body)[0] not in _SAYS):
        return False
    targets = [target for redirect in redirects if (target := _written(source, redirect)) is not None]
    return len(targets) == 1 and _same(targets[0], path)


def _written(source: Source, redirect: Node) -> str | None:
    """The file that a redirection makes, None where it is none of its own."""
    target = redirect.child_by_field_name("destination")
    if redirect.type != "file_redirect" or target is None or not any(_WRITES.match(c.type) for c in redirect.children):
        return None
    word = source.word(target)
    return None if word.startswith("/dev/") else word


def _same(word: str, path: str) -> bool:
    return word.startswith("/") and posixpath.normpath(word) == path


def _without_waiting(side: _Side) -> Change:
    script = editable(side.view)
    if side.view.container.raw.get("stdin") is True:
        raise Kept(f"`{side.view.name}` reads its standard input")
    try:
        return script.becoming(released(script.text, script.errexit, side.path))
    except Kept as kept:
        raise Kept(f"`{side.view.name}`: {kept}") from None


def _check_nobody_else(pods: PodView, place: Place, sides: Sequence[_Side], changes: Sequence[Change]) -> None:
    """Raise `Kept` where anything else in the pod may look for the file."""
    known = {(list_of(side.view), side.view.name) for side in sides}
    after = applied(pods, changes)
    for view in (*after.views, *after.native):
        if not any(mount.volume == place[0] for mount in view.container.mounts):
            continue
        if (list_of(view), view.name) not in known:
            raise Kept(f"`{view.name}` shares the volume and may look for the file")
        if any(side.path in written(view) for side in sides if side.view.name == view.name):
            raise Kept(f"`{view.name}` names the file in another place too")


def _leftovers(pods: PodView, volume: str, removal: Sequence[Change]) -> tuple[str, ...]:
    """What is no longer of use once the changes are made."""
    if not removal:
        return ()
    found = []
    after = applied(pods, removal)
    mounting = [(v, m) for v in (*after.views, *after.native) for m in v.container.mounts if m.volume == volume]
    if not any(mount.path.rstrip("/") + "/" in view.text for view, mount in mounting):
        found.append(f"nothing in the scripts uses the emptyDir `{volume}` and its mounts any more")
    for change in removal:
        if re.search(r"\Aexec [^;&|<>$`*?\n]*\n?\Z", change.after):
            found.append(f"`{change.container}` needs no shell any more: `{shortened(change.after)[5:]}` can be its command")
    return tuple(found)


def _as_written(side: _Side) -> str:
    """The statement that makes the file, as far as it is a simple command."""
    for run in runs(side.view):
        for words in run.commands:
            if run.field == side.field and base_name(words[0]) == "touch" and any(_same(word, side.path) for word in words[1:]):
                return shortened(" ".join(words))
    return f"> {shortened(side.path)}"
