"""The part of a file's rewrite that is about some of its pods."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from migrator.agreed import changes as changes_something
from migrator.interactive.questions import Key, key
from migrator.model import FileResult
from migrator.report.changes import Change, changes
from migrator.text.edits import Edit, apply
from migrator.text.lines import Lines
from migrator.text.source import decode


def part(result: FileResult, asked: Collection[Key]) -> FileResult:
    """The result with only these pods, and only what is rewritten in their documents."""
    pods = tuple(pod for pod in result.pods if key(result.path, pod) in asked)
    whole = all(key(result.path, pod) in asked for pod in result.pods if changes_something(pod))
    if whole or result.before is None or result.after is None or result.source == "python":
        return replace(result, pods=pods)
    source = decode(result.before)
    lines = Lines(source.text)
    own = [c for c in changes(result) if any(c.first <= pod.site.line <= c.last for pod in pods)]
    return replace(result, pods=pods, after=source.encode(apply(source.text, [_edit(lines, change) for change in own])))


def _edit(lines: Lines, change: Change) -> Edit:
    return Edit(lines.start(change.start - 1), lines.start(change.end - 1) + len(change.replaced), change.text)
