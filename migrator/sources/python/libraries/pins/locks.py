"""Lock files: the version that was chosen for each distribution."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from migrator.sources.python.libraries.pins.bounds import exactly, poetry
from migrator.sources.python.libraries.pins.said import ProjectFile, Said, Unreadable

_ENTRY = re.compile(r'(name|version)\s*=\s*"([^"]*)"\s*\Z')

_MEMBER = re.compile(r'^source = \{ (?:editable|virtual|directory) = "([^"]*)" \}', re.M)


def members(text: str) -> Iterator[str]:
    """The folders, relative to uv.lock, of the projects that it is the lock of as well."""
    for found in _MEMBER.finditer(text):
        yield found[1]


def toml_lock(file: ProjectFile) -> Iterator[Said]:
    """poetry.lock, uv.lock, pdm.lock and pylock.toml: tables `[[package]]`, read by their lines as they can be very large."""
    name, inside = "", False
    for number, line in enumerate(file.text.split("\n"), 1):
        line = line.rstrip("\r")
        if line.startswith("["):
            inside, name = line.strip() in ("[[package]]", "[[packages]]"), ""
            continue
        found = _ENTRY.match(line) if inside else None
        if not found:
            continue
        if found[1] == "name":
            name = found[2]
        elif name:
            said = file.said(name, found[2], exactly, number)
            if said:
                yield said


def pipfile_lock(file: ProjectFile) -> Iterator[Said]:
    """Pipfile.lock. Raises `Unreadable`."""
    try:
        held = json.loads(file.text)
    except (ValueError, RecursionError):
        raise Unreadable("is not JSON") from None
    for section in held.values() if isinstance(held, dict) else ():
        for name, entry in section.items() if isinstance(section, dict) else ():
            version = entry.get("version") if isinstance(entry, dict) else None
            said = file.said(name, version, poetry) if isinstance(version, str) else None
            if said:
                yield said
