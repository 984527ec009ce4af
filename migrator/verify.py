"""`--verify-render`: what cannot be shown to render the same, containers moved, is left as it was."""

from __future__ import annotations

import os
from dataclasses import replace

from migrator.model import FileResult
from migrator.render import Rendering, compare, renderer
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
            results |= {path: _failed(results[path], found) for path in new}
    notes.append(f"{compared} kustomization{'' if compared == 1 else 's'} rendered the same before and after, containers moved")
    return replace(report, results=tuple(sorted(results.values(), key=lambda r: r.path))), notes


def _new(report: Report, family: Family) -> dict[str, bytes]:
    """The files of a family that would be rewritten, with their new bytes."""
    own = set(family.files.values())
    return {result.path: result.after for result in report.results if result.path in own and result.after is not None}


def _failed(result: FileResult, found: Rendering) -> FileResult:
    return replace(result, status="failed", reason=f"it would render otherwise: {found.wrong[0]}", before=None, after=None)
