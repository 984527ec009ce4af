"""What authors write into manifests for us: `# sidecar-migrate: ignore[reason]`, `sidecar`, `main`, or annotations.

A comment speaks for the container it stands above or on whose first line it ends. An annotation stands in the
workload's own metadata (never in the pod template's, where it would roll the pods):
`sidecar-migrate.dev/ignore: "log: shipped by the node agent, proxy"`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from migrator.model import Container, Directive, Problem
from migrator.text.lines import Lines
from migrator.text.tree import Node

WORDS = ("ignore", "sidecar", "main")
PREFIX = "sidecar-migrate.dev/"
_COMMENT = re.compile(r"(?:^|\s)#\s*sidecar-migrate:\s*(?P<word>[\w-]+)\s*(?:\[(?P<reason>[^\]]*)\])?(?P<rest>[^#]*)")


def of_item(item: Node, lines: Lines) -> tuple[Directive | None, Problem | None]:
    """The directive in the comments above a list item or on its first line, or what is wrong with it."""
    line = lines.of(item.start)
    candidates = [line]
    while candidates[-1] and lines.comment(candidates[-1] - 1):
        candidates.append(candidates[-1] - 1)
    for number in candidates:
        if found := _COMMENT.search(lines.body(number)):
            reason = (found["reason"] or found["rest"] or "").strip()
            return _directive(found["word"], reason, number + 1)
    return None, None


def of_annotations(
    annotations: Mapping[str, str], containers: tuple[Container, ...], line: int
) -> tuple[tuple[Container, ...], list[Problem]]:
    """The containers with what the annotations say of them (a comment says more), and names that are nobody's."""
    problems: list[Problem] = []
    said: dict[str, Directive] = {}
    for key in sorted(annotations):
        if not key.startswith(PREFIX):
            continue
        word = key.removeprefix(PREFIX)
        for name, reason in _entries(annotations[key]):
            directive, problem = _directive(word, reason, line)
            if problem:
                problems.append(problem)
            elif directive and name not in {container.name for container in containers}:
                problems.append(Problem(line, f"the annotation {key} names `{name}`, which is no container of this pod"))
            elif directive:
                said[name] = directive
    return tuple(replace(c, directive=c.directive or said.get(c.name)) for c in containers), problems


def _entries(value: str) -> Iterator[tuple[str, str]]:
    """`log: shipped elsewhere, proxy` as names with reasons."""
    for entry in value.split(","):
        name, _, reason = entry.partition(":")
        if name.strip():
            yield name.strip(), reason.strip()


def _directive(word: str, reason: str, line: int) -> tuple[Directive | None, Problem | None]:
    for known in WORDS:
        if word == known:
            return Directive(known, reason, line), None  # type: ignore[arg-type]
    return None, Problem(line, f"sidecar-migrate knows no `{word}` here; it knows {', '.join(WORDS)}")
