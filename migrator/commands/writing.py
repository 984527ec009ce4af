"""A report's rewrites to their files."""

from __future__ import annotations

from dataclasses import replace

from migrator.followers.failing import in_order, lacking, unwritten
from migrator.run import Report
from migrator.write import write


def written(report: Report) -> Report:
    """Write what changed; a file that cannot be written is a failure of its own."""
    results = []
    failed: set[str] = set()
    for result in in_order(report.results):
        if why := lacking(result, failed):
            failed.add(result.path)
            result = unwritten(result, why)
        elif result.after is not None:
            try:
                write(result.path, result.after)
            except OSError as error:
                failed.add(result.path)
                result = unwritten(result, f"cannot be written: {error.strerror or error}")
        results.append(result)
    return replace(report, results=tuple(sorted(results, key=lambda r: r.path)))
