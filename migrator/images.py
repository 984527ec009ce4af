"""Image references: the repository apart from registry, tag and digest."""

from __future__ import annotations

import re

#: What a template, `envsubst` or code says instead of a part.
_HOLE = r"(?:\{\{[^{}]*\}\}|\$\{[^{}]*\}|\$\([^()]*\))"
_IMAGE = re.compile(
    rf"(?:{_HOLE}/)?(?P<repository>[A-Za-z0-9][\w.-]*(?::\d+(?=/))?(?:/[\w.-]+)*)"
    rf"(?::(?:\w|{_HOLE})(?:[\w.-]|{_HOLE})*)?(?:@[A-Za-z0-9+._-]+:[A-Fa-f0-9]+)?\Z"
)


def repository(image: str | None) -> tuple[str, ...]:
    """`registry.example:5000/team/app:1@sha256:...` is `("team", "app")`.

    A template or variable may stand for the registry or the tag; elsewhere it leaves the repository unknown.
    """
    if not image:
        return ()
    found = _IMAGE.match(image.strip().removeprefix("ko://").removeprefix("docker://"))
    if not found:
        return ()
    segments = found.group("repository").split("/")
    if len(segments) > 1 and ("." in segments[0] or ":" in segments[0] or segments[0] == "localhost"):
        segments = segments[1:]
    return tuple(segment.lower() for segment in segments)
