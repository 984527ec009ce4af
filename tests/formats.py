"""Readers of the formats that share no code with the reports: schemas, and suggestions applied as their consumers would."""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import jsonschema
import xmlschema

SCHEMAS = Path(__file__).parent / "schemas"
#: Where a change starts and ends, as (line, column), and its text.
Edit = tuple[tuple[int, int], tuple[int, int], str]


@lru_cache
def _schema(name: str) -> jsonschema.protocols.Validator:
    schema = json.loads((SCHEMAS / name).read_text())
    return jsonschema.validators.validator_for(schema)(schema)


@lru_cache
def _xsd() -> xmlschema.XMLSchema:
    return xmlschema.XMLSchema(SCHEMAS / "junit.xsd")


def valid(name: str, text: str) -> Any:
    """The parsed report, which follows the schema of its format."""
    if name == "junit":
        _xsd().validate(text)
        return text
    data = json.loads(text)
    schema = {"sarif": "sarif-2.1.0.json", "rdjson": "rdjson.json", "gitlab": "gitlab.json"}[name]
    _schema(schema).validate(data)
    return data


def suggestions(rdjson: Any) -> dict[str, list[Edit]]:
    """The edits that a report of reviewdog's format holds, by path. Each covers the lines its diagnostic is shown at."""
    found: dict[str, list[Edit]] = {}
    for diagnostic in rdjson["diagnostics"]:
        for suggestion in diagnostic.get("suggestions", ()):
            assert suggestion["range"] == diagnostic["location"]["range"]
            start, end = suggestion["range"]["start"], suggestion["range"]["end"]
            edit = ((start["line"], start["column"]), (end["line"], end["column"]), suggestion["text"])
            found.setdefault(diagnostic["location"]["path"], []).append(edit)
    return found


def fixes(sarif: Any) -> dict[str, list[Edit]]:
    """The edits that a SARIF report holds, by path."""
    found: dict[str, list[Edit]] = {}
    for result in sarif["runs"][0]["results"]:
        for fix in result.get("fixes", ()):
            assert fix["artifactChanges"]
            for change in fix["artifactChanges"]:
                assert change["replacements"]
                for one in change["replacements"]:
                    at = one["deletedRegion"]
                    edit = (
                        (at["startLine"], at["startColumn"]),
                        (at["endLine"], at["endColumn"]),
                        one["insertedContent"]["text"],
                    )
                    found.setdefault(unquote(change["artifactLocation"]["uri"]), []).append(edit)
    return found


def in_bytes(content: bytes, edits: Iterable[Edit]) -> bytes:
    """The file after edits whose columns count bytes of UTF-8."""
    return _applied(content, b"\n", [(start, end, text.encode()) for start, end, text in edits], 1)


def in_utf16(text: str, edits: Iterable[Edit]) -> str:
    """The text after edits whose columns count UTF-16 code units."""
    spelled = [(start, end, text.encode("utf-16-le")) for start, end, text in edits]
    return _applied(text.encode("utf-16-le"), "\n".encode("utf-16-le"), spelled, 2).decode("utf-16-le")


def _applied(
    content: bytes, end_of_line: bytes, edits: list[tuple[tuple[int, int], tuple[int, int], bytes]], width: int
) -> bytes:
    starts = [0]
    for at in range(0, len(content), width):
        if content[at : at + width] == end_of_line:
            starts.append(at + width)
    parts, at = [], 0
    for start, end, text in sorted(edits):
        first, last = (starts[line - 1] + (column - 1) * width for line, column in (start, end))
        assert at <= first <= last <= len(content), "edits overlap, or lie outside"
        parts += [content[at:first], text]
        at = last
    return b"".join([*parts, content[at:]])
