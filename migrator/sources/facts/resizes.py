"""Scripts and programs that resize containers in place: they name them under `containers`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from migrator.references import Mention
from migrator.sources.facts.reader import Reader, Text
from migrator.sources.facts.surroundings import Surroundings

_RESIZE = re.compile(
    r"""--subresource[=\s"',]+resize\b|pods/[\w.${}-]+/resize\b|\bUpdateResize\(|_pod_resize\(|["']resize["']\)"""
)


def _read(text: Text) -> Iterator[Mention]:
    around: Surroundings | None = None
    for found in _RESIZE.finditer(text.piece):
        around = around or Surroundings(text)
        if not around.idle(found.start()):
            yield around.mention(found.start(), "resize", found[0])


READER = Reader(("--subresource", "/resize", "UpdateResize(", "_pod_resize(", 'resize")', "resize')"), _read, scripts=True)
