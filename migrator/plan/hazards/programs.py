"""Where the programs beside one that builds a pod look into its lists of containers."""

from __future__ import annotations

import re
from collections.abc import Iterator

from migrator.plan.case import Case
from migrator.references import Mention

#: What the program that builds the pod calls the container by, too.
_CONSTANT = re.compile(r"[A-Z][A-Z0-9_]*(?:[ \t]*:[ \t]*[\w.\[\]]+)?[ \t]*=[ \t]*[\"']")


def reaches(case: Case, mention: Mention) -> bool:
    """Whether a path gives something else once the container has gone.

    An index before its own stays as it is. Statuses are ordered by name (kubelet: convertToAPIContainerStatuses).
    """
    if mention.index >= 0:
        names = [view.name for view in case.pod.views]
        names = sorted(names) if mention.kind == "statuses" else names
        return names.index(case.name) <= mention.index < len(names)
    if mention.kind == "name" and mention.path == case.links.program and _CONSTANT.match(mention.said):
        return False
    return mention.kind == "init-statuses" or not mention.inits


def in_its_programs(case: Case) -> Iterator[tuple[Mention, bool]]:
    """The places in the program's folder and below, and whether a move is felt there: by a number, or by statuses.

    A pod that is built in Python often has no name that could be looked for. Going through all containers is not felt
    wherever it is done; an init container's status that never ends is.
    """
    folder = case.links.program.rpartition("/")[0]
    for mention in case.links.references.in_programs(folder):
        if mention.kind in ("containers", "statuses", "init-statuses") and reaches(case, mention):
            yield mention, mention.index >= 0 or mention.kind != "containers"
