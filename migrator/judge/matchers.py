"""What a clue can look at in one container. Each key compiles its entries and says what it saw.

A compiled entry is a function from a container's `View` to the words for what matched, or None.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from fnmatch import translate
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from migrator.judge.view import View

Entry = Callable[["View"], "str | None"]


def image(pattern: Any) -> Entry:
    """`a/b` against the last segments of the repository, registry and tag aside; `*` inside one segment."""
    wanted = [re.compile(translate(segment)) for segment in _word(pattern).split("/")]

    def match(view: View) -> str | None:
        have = view.repository
        if len(have) < len(wanted):
            return None
        if all(regex.match(segment) for regex, segment in zip(wanted, have[-len(wanted) :], strict=True)):
            return f"image {'/'.join(have[-2:])}"
        return None

    return match


def binary(pattern: Any) -> Entry:
    """A glob against the base name of the program that is run."""
    regex = re.compile(translate(_word(pattern)))
    return lambda view: f"runs {view.program}" if view.program and regex.match(view.program) else None


def args(pattern: Any) -> Entry:
    """A regular expression, searched in command and args joined with blanks."""
    regex = re.compile(_word(pattern))

    def match(view: View) -> str | None:
        found = regex.search(view.text)
        return f"runs with `{found.group().strip()[:60]}`" if found else None

    return match


def name(pattern: Any) -> Entry:
    """A glob against the container's name."""
    regex = re.compile(translate(_word(pattern)))
    return lambda view: f"is called `{view.name}`" if regex.match(view.name) else None


def env(pattern: Any) -> Entry:
    """A glob against the names of environment variables."""
    regex = re.compile(translate(_word(pattern)))

    def match(view: View) -> str | None:
        found = next((key for key, _ in view.container.env if regex.match(key)), None)
        return f"has the environment variable {found}" if found else None

    return match


def mount(pattern: Any) -> Entry:
    """A glob against the paths of volume mounts."""
    regex = re.compile(translate(_word(pattern)))

    def match(view: View) -> str | None:
        found = next((m.path for m in view.container.mounts if regex.match(m.path)), None)
        return f"mounts {found}" if found else None

    return match


def volume(pattern: Any) -> Entry:
    """A glob against the kinds of the volumes it mounts (`emptyDir`, `hostPath`, ...)."""
    regex = re.compile(translate(_word(pattern)))

    def match(view: View) -> str | None:
        kinds = ((m.volume, view.pod.volumes.get(m.volume, "")) for m in view.container.mounts)
        found = next((f"{kind} `{volume}`" for volume, kind in kinds if regex.match(kind)), None)
        return f"mounts the {found}" if found else None

    return match


def probe(pattern: Any) -> Entry:
    """A glob against the HTTP paths of its probes."""
    regex = re.compile(translate(_word(pattern)))

    def match(view: View) -> str | None:
        found = next((p.path for p in view.container.probes if p.path and regex.match(p.path)), None)
        return f"is probed at {found}" if found else None

    return match


def port(number: Any) -> Entry:
    """A port number that it declares or listens on."""
    if isinstance(number, bool) or not isinstance(number, int):
        raise TypeError(f"`{number}` is no port number")
    return lambda view: f"listens on port {number}" if number in view.listens else None


def _word(pattern: Any) -> str:
    if not isinstance(pattern, str) or not pattern:
        raise TypeError(f"`{pattern}` is no text (quote it?)")
    return pattern


KEYS: dict[str, Callable[[Any], Entry]] = {
    "image": image,
    "binary": binary,
    "args": args,
    "name": name,
    "env": env,
    "mount": mount,
    "volume": volume,
    "probe": probe,
    "port": port,
}
