"""The body of a pull request: what moves and why, what stays and why, what to check, what changes, how to go back.

GitHub takes 65,536 characters. Long lists are folded; where it is still too long, each list is cut to the same length, and says
what it left out.
"""

from __future__ import annotations

from bisect import bisect_right

from migrator.report.body import moving, risks, runtime, staying
from migrator.report.body.lists import Shown
from migrator.report.summary import summary
from migrator.report.words import counted
from migrator.run import Report
from migrator.versions import version_text

#: So many characters GitHub takes; a byte of UTF-8 is counted as one, whatever unit GitHub counts in.
MOST = 65_536

#: The longest lists that are tried: a longer one would not fit, also where but a part of it is shown.
_LONGEST = MOST // 2


def render(report: Report) -> str:
    """The body, not longer than `MOST`, with as much of each list as there is room for."""
    most = bisect_right(range(_LONGEST), MOST, key=lambda length: _length(_body(report, Shown(length)))) - 1
    return _body(report, Shown(most)) if most >= 0 else _opening(report)


def _length(text: str) -> int:
    return len(text.encode("utf-8", "replace"))


def _body(report: Report, shown: Shown) -> str:
    parts = [
        _opening(report),
        *moving.section(report, shown),
        *staying.section(report, shown),
        *risks.section(report, shown),
        *runtime.section(report, shown),
    ]
    return "\n".join(parts)


def _opening(report: Report) -> str:
    numbers = summary(report)
    target = version_text(report.settings.target)
    if not numbers["moved"]:
        return f"No container {'would move' if report.dry_run else 'moves'} to `initContainers`.\n"
    return (
        f"{'Would move' if report.dry_run else 'Moves'} {counted(numbers['moved'], 'helper container')} from `containers` to "
        "`initContainers`, with `restartPolicy: Always`: there they are sidecars, for clusters with Kubernetes "
        f"{target} or newer. "
        + (f"Left as they are, for review: {numbers['review']}. " if numbers["review"] else "")
        + f"Files that change: {numbers['rewritten']}; each was parsed again, and says what it said before but for what is "
        "listed here.\n"
    )
