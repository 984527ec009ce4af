"""Scrape configurations that leave init containers out, wherever they stand: files of Prometheus, ConfigMaps, Secrets,
ScrapeConfigs, values of charts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from migrator.references import Reference
from migrator.sources.facts.reader import Reader, Text

_LABEL = "__meta_kubernetes_pod_container_init"
_ACTION = re.compile(r"""\baction["']?\s*:\s*["']?(\w+)""")
_REGEX = re.compile(r"""\bregex["']?\s*:\s*["']?([^\n"',}]*)""")
_STEP = re.compile(r"""(?m)^[ \t]*-[ \t]+(?:["']?\w+["']?[ \t]*:|\{)""")
_COMMENT = re.compile(r"(?m)^[ \t]*#[^\n]*$")
#: A relabeling has six fields.
_STEP_LENGTH = 600


def drops_inits(step: str) -> bool:
    """Whether a relabeling keeps only what is no init container."""
    action, pattern = _ACTION.search(step), _REGEX.search(step)
    if _LABEL not in step or action is None or pattern is None:
        return False
    wanted = "false" if action[1] == "keep" else "true" if action[1] == "drop" else None
    others = {"true", "false"} - {wanted}
    return wanted is not None and wanted in pattern[1] and not any(other in pattern[1] for other in others)


def _read(text: Text) -> Iterator[Reference]:
    if "PodMonitor" in text.piece or "VMPodScrape" in text.piece:
        return
    piece = _COMMENT.sub(lambda found: " " * len(found[0]), text.piece)
    at = piece.find(_LABEL)
    while at >= 0:
        begin = max((m.start() for m in _STEP.finditer(piece, max(0, at - _STEP_LENGTH), at + len(_LABEL))), default=at)
        after = _STEP.search(piece, at + len(_LABEL), at + _STEP_LENGTH)
        if drops_inits(piece[begin : after.start() if after else at + _STEP_LENGTH]):
            yield Reference(text.path, text.line(at), "drops-inits", "the scrape configuration")
        at = piece.find(_LABEL, at + len(_LABEL))


READER = Reader((_LABEL,), _read)
