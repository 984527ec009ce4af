"""Image references: the repository apart from registry, tag and digest."""

from __future__ import annotations

import re

_IMAGE = re.compile(
    r"(?P<repository>[A-Za-z0-9][\w.-]*(?::\d+(?=/))?(?:/[\w.-]+)*)(?::[\w][\w.-]*)?(?:@[A-Za-z0-9+._-]+:[A-Fa-f0-9]+)?\Z"
)


def repository(image: str | None) -> tuple[str, ...]:
    """`registry.example:5000/team/app:1@sha256:...` is `("team", "app")`; a template or variable is unknown."""
    if not image:
        return ()
    found = _IMAGE.match(image.strip().removeprefix("ko://").removeprefix("docker://"))
    if not found:
        return ()
    segments = found.group("repository").split("/")
    if len(segments) > 1 and ("." in segments[0] or ":" in segments[0] or segments[0] == "localhost"):
        segments = segments[1:]
    return tuple(segment.lower() for segment in segments)
