"""`--verify-render`: what cannot be shown to render the same, containers moved, is left as it was."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from migrator.followers.failing import unwritten, without_dependents
from migrator.model import FileResult
from migrator.render import compare, renderer
from migrator.run import Report
from migrator.trees import Family


def verified(report: Report) -> tuple[Report, list[str]]:
    """The report without the rewrites of families that render otherwise than planned, and what to say of it all."""
    touched = [(family, new) for family in report.families if (new := _new(report, family))]
    if not touched:
        return report, []
    tool = renderer()
    if tool is None:
        return report, ["nothing was rendered: neither kustomize nor kubectl is on this machine"]
    results = {result.path: result for result in report.results}
    compared, notes = 0, []
    for family, new in touched:
        own = sorted(family.kustomizations.items())
        folders = [os.path.normpath(os.path.join(family.root, folder)) for folder, one in own if one.kind != "Component"]
        found = compare(tool, folders, new)
        compared += found.compared - len(found.wrong)
        notes += [f"does not build today, and was not compared: {what}" for what in found.unbuilt]
        if found.wrong:
            results |= _unwritten(results, new, f"it would render otherwise: {found.wrong[0]}")
    results = _whole(results, [new for _, new in touched])
    notes.append(f"{compared} kustomization{'' if compared == 1 else 's'} rendered the same before and after, containers moved")
    return replace(report, results=tuple(results[path] for path in sorted(results))), notes


def _unwritten(results: Mapping[str, FileResult], paths: Iterable[str], why: str) -> dict[str, FileResult]:
    return {path: unwritten(results[path], why) for path in paths if results[path].after is not None}


def _whole(results: Mapping[str, FileResult], together: Sequence[Iterable[str]]) -> dict[str, FileResult]:
    """The results without those that need one which failed, and without what belongs together with these."""
    while True:
        held = {result.path: result for result in without_dependents(results.values())}
        failing = [paths for paths in together if any(held[path].status == "failed" for path in paths)]
        more = [_unwritten(held, paths, "what belongs to it could not be written") for paths in failing]
        if not any(more):
            return held
        results = {path: result for part in (held, *more) for path, result in part.items()}


def _new(report: Report, family: Family) -> dict[str, bytes]:
    """The files of a family that would be rewritten, with their new bytes."""
    own = set(family.files.values())
    return {result.path: result.after for result in report.results if result.path in own and result.after is not None}
