"""The numbers of a run, and the last line that a human reads."""

from __future__ import annotations

from collections import Counter

from migrator.report.words import counted
from migrator.run import Report
from migrator.versions import version


def summary(report: Report) -> dict[str, int]:
    """How many files and pods, and what became of them."""
    statuses = [result.status for result in report.results]
    decisions = [d for result in report.results for pod in result.pods for d in pod.decisions]
    failed, skipped, rewritten = (statuses.count(word) for word in ("failed", "skipped", "rewritten"))
    return {
        "files": report.files,
        "rewritten": rewritten,
        "unchanged": report.files - rewritten - skipped - failed,
        "skipped": skipped,
        "failed": failed,
        "pods": sum(len(result.pods) for result in report.results),
        "moved": sum(d.position is not None for d in decisions),
        "review": sum(d.action == "review" and d.position is None for d in decisions),
    }


def settled_by(report: Report) -> dict[str, int]:
    """How many of the containers that await review would move from a later version on, by version."""
    decisions = [d for result in report.results for pod in result.pods for d in pod.decisions]
    found = Counter(d.settled_by for d in decisions if d.settled_by)
    return {str(at): found[at] for at in sorted(found, key=lambda at: version(str(at)))}


def newer(report: Report) -> str | None:
    """How many reviews a newer target version would settle, in words; None where none."""
    found = settled_by(report)
    if not found:
        return None
    reviews = summary(report)["review"]
    parts = [f"{number} of {reviews} with --target-version {at}" for at, number in found.items()]
    return f"reviews that a newer cluster settles: {', '.join(parts)}"


def sentence(report: Report) -> str:
    """`53 files: 9 rewritten, 3 for review, 41 unchanged`; what there is none of is left out."""
    numbers = summary(report)
    reviews = sum(
        any(d.action == "review" and d.position is None for pod in result.pods for d in pod.decisions)
        for result in report.results
    )
    done = "would be rewritten" if report.dry_run else "rewritten"
    parts = [
        f"{numbers['rewritten']} {done}",
        *([f"{reviews} for review"] if reviews else []),
        *([f"{numbers['skipped']} skipped"] if numbers["skipped"] else []),
        *([f"{numbers['failed']} failed"] if numbers["failed"] else []),
        f"{numbers['unchanged']} unchanged",
    ]
    return f"{counted(numbers['files'], 'file')}: {', '.join(parts)}"
