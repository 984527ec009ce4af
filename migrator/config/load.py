"""Reading a configuration: keys with values as plain data, and the line of each."""

from __future__ import annotations

import os
import re
import sys
from dataclasses import dataclass
from typing import Any

from migrator.config.errors import ConfigError

NAMES = (".sidecar-migrate.yaml", ".sidecar-migrate.yml", "pyproject.toml")
PYPROJECT = "pyproject.toml"
TABLE = "sidecar-migrate"
_HEADER = re.compile(r"""[ \t]*\[[ \t]*tool[ \t]*\.[ \t]*["']?sidecar-migrate["']?[ \t]*\]""")
_AT_LINE = re.compile(r" \(at line (\d+), column \d+\)")


@dataclass(frozen=True)
class Entry:
    """What a file says under a key, in `line` (1-based)."""

    key: str
    value: Any
    line: int


@dataclass(frozen=True)
class Loaded:
    """A file and all that it says, in its order."""

    path: str
    entries: tuple[Entry, ...]


def load(path: str) -> Loaded:
    """The entries of a YAML file, or of `[tool.sidecar-migrate]` in a TOML file. Raises `ConfigError`."""
    try:
        with open(path, "rb") as stream:
            content = stream.read()
    except OSError as error:
        raise ConfigError(path, 1, f"cannot be read: {error.strerror or error}") from None
    return _toml(path, content) if path.endswith(".toml") else _yaml(path, content)


def speaks_of_us(path: str) -> bool:
    """Whether a pyproject.toml holds a table of ours. One that is broken is nobody's business unless it speaks of us."""
    try:
        with open(path, "rb") as stream:
            content = stream.read()
    except OSError:
        return False
    return TABLE.encode() in content and _table(_parsed(path, content)) is not None


def _yaml(path: str, content: bytes) -> Loaded:
    from migrator.text.errors import TextError
    from migrator.text.source import decode
    from migrator.text.tree import line_number, parse
    from migrator.text.values import data

    try:
        text = decode(content).text
        roots = [root for root in parse(text) if root is not None]
        if not roots:
            return Loaded(path, ())
        if len(roots) > 1 or roots[0].kind != "map":
            raise ConfigError(path, line_number(text, roots[-1].start), "one mapping of keys is wanted in the file")
        pairs = roots[0].pairs
        entries = [Entry(key.resolved.value, data(value), line_number(text, key.start)) for key, value in pairs]
    except TextError as error:
        raise ConfigError(path, error.line or 1, error.message) from None
    return Loaded(path, tuple(entries))


def _toml(path: str, content: bytes) -> Loaded:
    table = _table(_parsed(path, content))
    if table is None:
        raise ConfigError(path, 1, f"has no [tool.{TABLE}]")
    lines = content.decode("utf-8", "replace").split("\n")
    if not isinstance(table, dict):
        raise ConfigError(path, 1, f"[tool.{TABLE}] is no table")
    return Loaded(path, tuple(Entry(key, value, _line(lines, key)) for key, value in table.items()))


def _parsed(path: str, content: bytes) -> dict[str, Any]:
    if sys.version_info >= (3, 11):
        import tomllib
    else:
        import tomli as tomllib

    try:
        document: dict[str, Any] = tomllib.loads(content.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise ConfigError(path, content.count(b"\n", 0, error.start) + 1, "not UTF-8") from None
    except tomllib.TOMLDecodeError as error:
        said = str(error)
        at = _AT_LINE.search(said)
        raise ConfigError(path, int(at[1]) if at else 1, f"not TOML: {_AT_LINE.sub('', said)}") from None
    except RecursionError:
        raise ConfigError(path, 1, "not TOML: nested too deeply") from None
    return document


def _table(document: dict[str, Any]) -> Any:
    tool = document.get("tool")
    return tool.get(TABLE) if isinstance(tool, dict) else None


def _line(lines: list[str], key: str) -> int:
    """The line of a key of the table; TOML parsers keep none. That of the table where the key is written in another way."""
    start = next((n for n, line in enumerate(lines) if _HEADER.match(line)), 0)
    written = re.compile(rf"""[ \t]*["']?{re.escape(key)}["']?[ \t]*[=.]""")
    return next((n + 1 for n, line in enumerate(lines) if n > start and written.match(line)), start + 1)


def folder_of(path: str) -> str:
    """The folder that paths in a configuration start from."""
    return os.path.dirname(path) or "."
