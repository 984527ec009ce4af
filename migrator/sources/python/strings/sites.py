"""Sites of a manifest in a string, told as the Python file has them: its lines, and `{{ source }}` for a hole."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, is_dataclass, replace
from typing import Any

from migrator.model import Container, Site

Line = Callable[[int], int]
Told = Callable[[str], str]


def in_file(site: Site, line: Line, told: Told, refusal: str | None) -> Site:
    """The site with its lines counted from the file's top, and texts that show their holes; refused where it was not yet."""
    shown: Site = with_holes(site, told)
    pod = replace(
        shown.pod,
        containers=tuple(_container(held, line) for held in shown.pod.containers),
        init_containers=tuple(_container(held, line) for held in shown.pod.init_containers),
    )
    return replace(shown, pod=pod, line=line(site.line), refusal=site.refusal or refusal)


def _container(held: Container, line: Line) -> Container:
    said = held.directive
    return replace(
        held,
        line=line(held.line),
        lines={key: line(number) for key, number in held.lines.items()},
        directive=replace(said, line=line(said.line)) if said else None,
    )


def with_holes(value: Any, told: Told) -> Any:
    """A value of the same shape with all its texts told: dataclasses, tuples, lists and dicts, as deep as YAML may go."""
    if isinstance(value, str):
        return told(value)
    if isinstance(value, dict):
        return {with_holes(key, told): with_holes(held, told) for key, held in value.items()}
    if isinstance(value, (list, tuple)):
        return type(value)(with_holes(held, told) for held in value)
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{field.name: with_holes(getattr(value, field.name), told) for field in fields(value)})
    return value
