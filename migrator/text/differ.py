"""What differs between two pieces of plain data, in words: deepdiff finds it, this says it."""

from __future__ import annotations

import copy
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from migrator.text.asked import Wish

_WORDS = {
    "dictionary_item_added": "added",
    "dictionary_item_removed": "removed",
    "iterable_item_added": "added",
    "iterable_item_removed": "removed",
    "values_changed": "changed",
    "type_changes": "changed",
}
_STEP = re.compile(r"\['([^']*)'\]")


def differences(old: Any, new: Any) -> tuple[str, ...]:
    """Each difference as `path added|removed|changed`, sorted by path."""
    from deepdiff import DeepDiff

    found = DeepDiff(old, new, threshold_to_diff_deeper=0)
    said = [f"{_path(path)} {word}" for kind, word in _WORDS.items() for path in found.get(kind, ())]
    return tuple(sorted(said))


def by_name(pod: Any, *lists: str) -> Any:
    """The data with the items of these lists by their names, so that an item that moved is not told by its number."""
    return {**pod, **{key: {item["name"]: item for item in pod[key]} for key in lists if pod.get(key)}}


def planned(data: Any, wishes: Sequence[Wish]) -> Any:
    """The plain data of a document with the wishes fulfilled: what the text must say afterwards."""
    data = copy.deepcopy(data)
    for wish in wishes:
        pod = data
        for step in wish.path[1:]:
            pod = pod[step]
        asked = wish.transfer
        given = dict([asked.mark])
        moved = [pod[asked.source][n] | ({} if n in asked.bare else given) for n in asked.chosen]
        pod[asked.source] = [item for n, item in enumerate(pod[asked.source]) if n not in asked.chosen]
        if not pod[asked.source]:
            del pod[asked.source]
        pod[asked.target] = asked.woven([*(pod.get(asked.target) or [])], moved)
    return data


def _path(path: str) -> str:
    return _STEP.sub(r".\1", path.removeprefix("root")).lstrip(".")
