"""Requirement and constraint files of pip."""

from __future__ import annotations

import re
from collections.abc import Iterator

from migrator.sources.python.libraries.pins.said import ProjectFile, Said

_COMMENT = re.compile(r"(?:^|\s)#.*")
_INCLUDE = re.compile(r"(?:-r|-c|--requirement|--constraint)(?:\s+|=|(?<=-[rc]))(\S+)\s*\Z")
#: Options of one requirement, such as its hashes.
_OPTIONS = re.compile(r"\s--[a-z].*|\s\\\Z")


def requirements(file: ProjectFile) -> Iterator[Said]:
    """What its lines ask for; a line that is no requirement is none."""
    for line, text in _lines(file.text):
        if not text.startswith("-"):
            said = file.requirement(_OPTIONS.sub("", text), line)
            if said:
                yield said


def includes(text: str) -> Iterator[str]:
    """The files that it reads, relative to itself."""
    for _, line in _lines(text):
        found = _INCLUDE.match(line)
        if found:
            yield found[1].strip("\"'")


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """Logical lines with the number of their first, without comments; none that is empty."""
    held: list[str] = []
    first = 1
    for number, line in enumerate(text.split("\n"), 1):
        held.append(line.rstrip("\r").removesuffix("\\"))
        if line.rstrip("\r").endswith("\\"):
            continue
        whole = _COMMENT.sub("", " ".join(held)).strip()
        if whole:
            yield first, whole
        held, first = [], number + 1
