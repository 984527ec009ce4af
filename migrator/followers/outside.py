"""Services in files that were not given: they are known of, and stay as they are."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from migrator.links import Service
from migrator.sources.facts import services
from migrator.sources.facts.reader import File, Text
from migrator.text.source import chunks

_NAMED = re.compile(rb"""targetPort["']?[ \t]*:[ \t]*(?!["']?\d+["']?[\s,}\]])""")


def may_name_ports(content: bytes) -> bool:
    """Whether a Service with a named targetPort may stand in a file."""
    return bool(_NAMED.search(content))


def named_services(path: str, text: str) -> Iterator[Service]:
    """The Services in a file that find a port by its name."""
    file = File(path, text)
    for start, end in chunks(text):
        piece = Text(file, start, end)
        if services.READER.wants(piece):
            for found in services.READER.read(piece):
                if isinstance(found, Service) and not found.target_port.isdecimal():
                    yield replace(found, fixed="it is in a file that was not given")
