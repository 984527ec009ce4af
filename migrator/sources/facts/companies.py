"""Which images keep company in one pod, init containers included: to move one between the lists changes nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator

from migrator.images import repository
from migrator.links import Company
from migrator.sources.facts.patches import is_workload
from migrator.sources.facts.reader import Reader, Text

_IMAGE_NAME = re.compile(r"""image(?<!\wimage)["']?[ \t]*:[ \t]*["']?([^\s"',}]+)""")


def _read(text: Text) -> Iterator[Company]:
    images = ("/".join(repository(found[1])) for found in _IMAGE_NAME.finditer(text.piece))
    if known := tuple(sorted(image for image in images if image)):
        yield Company(known)


READER = Reader(("containers",), _read, is_workload)
