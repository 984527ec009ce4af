"""How many workloads of a kind and name a repository has: a test that names one cannot mean another only where it is one."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from migrator.sources.facts.asserts import is_assertion
from migrator.sources.facts.reader import File, Text, entries
from migrator.text.source import chunks
from migrator.workloads import paths_of

#: Kind and name.
Called = tuple[str, str]


def owners(path: str, text: str, wanted: Collection[Called]) -> Iterator[Called]:
    """The workloads of these kinds and names in a manifest that say something of containers, each as often as it is there."""
    if is_assertion(path):
        return
    file = File(path, text)
    for start, end in chunks(text):
        piece = text[start:end]
        near = [called for called in wanted if called[0] in piece and called[1] in piece]
        if not near or "containers" not in piece:
            continue
        held = Text(file, start, end)
        if held.schema:
            continue
        for one in held.objects:
            if (one.kind, one.name) in near and any(
                entries(one.node, *p.steps, "containers") for p in paths_of(one.api_version, one.kind)
            ):
                yield one.kind, one.name
        if not held.roots:
            # What does not parse is a template, and may be just that.
            yield from (
                c for c in near if re.search(rf"""name["']?:[ \t]*["']?{re.escape(c[1])}["']?[ \t\r]*$""", piece, re.MULTILINE)
            )
