"""What workloads and containers are called: of the words in scripts, no others can be about them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from migrator.references import Names
from migrator.sources.facts.patches import is_workload
from migrator.sources.facts.reader import Reader, Text

#: A name, wherever one stands in the text of a manifest.
NAME = re.compile(r"""name(?<!\wname)["']?[ \t]*:[ \t]*["']?([\w.-]+)""")


def _read(text: Text) -> Iterator[Names]:
    yield Names(frozenset(NAME.findall(text.piece)))


READER = Reader(("containers",), _read, is_workload)
