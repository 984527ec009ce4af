"""What a clue can look at in one container. Each key builds, from its list of entries, one function that says what it saw.

Such a function takes a container's `View` and gives the words for what matched, or None.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from fnmatch import translate
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from migrator.judge.view import View

See = Callable[["View"], "str | None"]
#: So many characters at the edge of a pattern find it.
_EDGE = 3
_GLOB = re.compile(r"[*?\[]")


def image(patterns: Sequence[Any]) -> See:
    """`a/b` against the last segments of the repository, registry and tag aside; `*` inside one segment."""
    by_length: dict[int, Callable[[str], bool]] = {}
    for length in sorted({_word(p).count("/") + 1 for p in patterns}):
        by_length[length] = _any([p for p in patterns if p.count("/") + 1 == length], "[^/]*")

    def see(view: View) -> str | None:
        have = view.repository
        if any(length <= len(have) and match("/".join(have[-length:])) for length, match in by_length.items()):
            return f"image {'/'.join(have[-2:])}"
        return None

    return see


def binary(patterns: Sequence[Any]) -> See:
    """A glob against the base name of the program that is run."""
    match = _any(patterns)
    return lambda view: f"runs {view.program}" if view.program and match(view.program) else None


def args(patterns: Sequence[Any]) -> See:
    """A regular expression, searched in command and args joined with blanks."""
    regexes = [re.compile(_word(p)) for p in patterns]

    def see(view: View) -> str | None:
        found = next((hit for regex in regexes if (hit := regex.search(view.text))), None)
        # What a lookahead lets pass proves nothing: it holds, and there is nothing to show.
        words = found.group().strip()[:60] if found and "(?!" not in found.re.pattern else ""
        return f"runs with `{words}`" if words else "" if found else None

    return see


def name(patterns: Sequence[Any]) -> See:
    """A glob against the container's name."""
    match = _any(patterns)
    return lambda view: f"is called `{view.name}`" if match(view.name) else None


def env(patterns: Sequence[Any]) -> See:
    """A glob against the names of environment variables."""
    return _first(patterns, lambda view: (key for key, _ in view.container.env), "has the environment variable {}")


def mount(patterns: Sequence[Any]) -> See:
    """A glob against the paths of volume mounts."""
    return _first(patterns, lambda view: (m.path for m in view.container.mounts), "mounts {}")


def volume(patterns: Sequence[Any]) -> See:
    """A glob against the kinds of the volumes it mounts (`emptyDir`, `hostPath`, ...)."""
    return _first(patterns, lambda view: (view.pod.volumes.get(m.volume, "") for m in view.container.mounts), "mounts a {}")


def probe(patterns: Sequence[Any]) -> See:
    """A glob against the HTTP paths of its probes."""
    return _first(patterns, lambda view: (p.path for p in view.container.probes if p.path), "is probed at {}")


def port(numbers: Sequence[Any]) -> See:
    """Port numbers that it declares or is told to listen on."""
    for number in numbers:
        if isinstance(number, bool) or not isinstance(number, int):
            raise TypeError(f"`{number}` is no port number")
    wanted = frozenset(numbers)
    return lambda view: f"listens on port {min(wanted & view.listens)}" if wanted & view.listens else None


#: Every key of a clue that looks at a container, with what builds its function.
KEYS: dict[str, Callable[[Sequence[Any]], See]] = {
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

#: The keys of which a container has one value each, and how to get it: clues are found by it without trying all.
HANDLES: dict[str, Callable[[View], str | None]] = {
    "image": lambda view: view.repository[-1] if view.repository else None,
    "binary": lambda view: view.program,
    "name": lambda view: view.name,
}


def handles(key: str, patterns: Iterable[Any]) -> frozenset[str] | None:
    """Tokens of which `HANDLES[key]` must have one where a pattern matches; None where they cannot be told.

    A pattern is known by itself, or by how it begins or ends: `nginx-*` by `^ngi`, `*-proxy` by `$oxy`.
    """
    found = set()
    for pattern in patterns:
        word = str(pattern).rpartition("/")[2]
        head, tail = re.split(r"[*?\[]", word)[0], re.split(r"[*?\]]", word)[-1]
        if not _GLOB.search(word):
            found.add(f"={word}")
        elif len(head) >= _EDGE:
            found.add(f"^{head[:_EDGE]}")
        elif len(tail) >= _EDGE:
            found.add(f"${tail[-_EDGE:]}")
        else:
            return None
    return frozenset(found)


def tokens(value: str | None) -> tuple[str, ...]:
    """What a value may be known by."""
    return (f"={value}", f"^{value[:_EDGE]}", f"${value[-_EDGE:]}") if value else ()


def _first(patterns: Sequence[Any], values: Callable[[View], Iterable[str]], said: str) -> See:
    match = _any(patterns)

    def see(view: View) -> str | None:
        found = next((value for value in values(view) if match(value)), None)
        return said.format(found) if found is not None else None

    return see


def _any(patterns: Sequence[Any], star: str = ".*") -> Callable[[str], bool]:
    """Whether one of the globs matches; `star` is what `*` stands for."""
    plain = frozenset(p for p in patterns if not _GLOB.search(_word(p)))
    globs = [translate(p).replace(".*", star) for p in patterns if p not in plain]
    if not globs:
        return plain.__contains__
    regex = re.compile("|".join(globs))
    return lambda value: value in plain or regex.match(value) is not None


def _word(pattern: Any) -> str:
    if not isinstance(pattern, str) or not pattern:
        raise TypeError(f"`{pattern}` is no text (quote it?)")
    return pattern
