"""What must not be written where something else cannot be: a pod whose Service keeps the name of a port that has moved."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace

from migrator.model import FileResult
from migrator.podresults import unmoved

#: What a move cannot do without; tests that follow are only out of date without it.
_NEEDED = "targetPort"


def unwritten(result: FileResult, why: str) -> FileResult:
    """The result of a file that fails: nothing in it moves."""
    pods = tuple(replace(p, decisions=unmoved(p.decisions, why), layout=None, changes=()) for p in result.pods)
    return replace(result, status="failed", reason=why, pods=pods, after=None)


def needed_by(result: FileResult) -> set[str]:
    """The files that have to be written for what moves in this one."""
    return {f.place.path for pod in result.pods for d in pod.moved for f in d.follows if f.what == _NEEDED} - {result.path}


def in_order(results: Iterable[FileResult]) -> list[FileResult]:
    """The results with those first that others need, so that no pod is written before its Service."""
    held = list(results)
    first = {path for result in held for path in needed_by(result)}
    return sorted(held, key=lambda result: (result.path not in first, result.path))


def lacking(result: FileResult, failed: Collection[str]) -> str:
    """Why a file must not be written: another one that it needs failed. Empty where none did."""
    missed = sorted(needed_by(result) & set(failed)) if result.after is not None else []
    return f"{missed[0]} has to change with it, and could not be written" if missed else ""


def without_dependents(results: Iterable[FileResult]) -> list[FileResult]:
    """The results, by path, with those failed too that need one which failed."""
    held = {result.path: result for result in results}
    while True:
        failed = {path for path, result in held.items() if result.status == "failed"}
        more = {path: unwritten(result, why) for path, result in held.items() if (why := lacking(result, failed))}
        if not more:
            return sorted(held.values(), key=lambda result: result.path)
        held |= more
