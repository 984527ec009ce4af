"""One line of a string literal as its tokens: what is written, and what it says; holes are what is filled in at run time."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

#: How a string is filled in: not at all, as an f-string, by `str.format`, by `%`, by `string.Template`, or elsewhere,
#: as only the look of its holes tells.
Kind = Literal["plain", "f", "format", "percent", "template", "look"]


class Unspelled(Exception):
    """A line whose holes cannot be told from its text. Says why."""


@dataclass(frozen=True)
class Token:
    """`raw` is what stands in the source, `value` what it says, None for a hole. `named` holes may change places."""

    raw: str
    value: str | None
    named: bool = True


_ESCAPE = r"(?P<escape>\\[\\\"'])"
_BRACES = r"(?P<double>\{\{|\}\})"
_FORMAT = r"(?P<hole>\{(?:[^{}]|\{[^{}]*\})*\})|(?P<lone>[{}])"
_PERCENT = (
    r"(?P<double>%%)|(?P<hole>%(?:\((?P<key>[^()]*)\))?[#0 +-]*(?:\*|\d+)?(?:\.(?:\*|\d+))?[hlL]?[diouxXeEfFgGcrsa])|(?P<lone>%)"
)
_TEMPLATE = r"(?P<double>\$\$)|(?P<hole>\$(?:[A-Za-z_][A-Za-z0-9_]*|\{[A-Za-z_][A-Za-z0-9_]*\}))"
#: A name in braces, which YAML takes for a mapping and nobody writes as one; `${NAME}` is a shell's.
_LOOK = r"(?P<hole>(?<!\$)\{[A-Za-z_]\w*(?:\.\w+|\[\w+\])*(?:![rsa])?(?::[^\s{}]*)?\}|%\(\w+\)[sd])"

_SPECIAL: dict[Kind, str] = {
    "f": rf"{_BRACES}|(?P<lone>[{{}}])",
    "format": f"{_BRACES}|{_FORMAT}",
    "percent": _PERCENT,
    "template": _TEMPLATE,
    "look": _LOOK,
}
_DOUBLED: dict[Kind, str] = {"f": "{}", "format": "{}", "percent": "%", "template": "$"}
_NAMELESS = re.compile(r"\{(?:[!:.\[].*)?\}\Z")
#: What a hole of an f-string holds that has ends of its own.
_INSIDE = re.compile(r"""[\[({\])}]|\"\"\"|'''|"|'""")


def looks_filled_in(text: str) -> bool:
    """Whether names in braces, or `%(name)s`, stand in a text that nothing is known to fill in."""
    return re.search(_LOOK, text) is not None


def tokens(line: str, kind: Kind, raw: bool) -> Iterator[Token]:
    """The tokens of a line without its break. Raises `Unspelled`. `raw` says that backslashes are no escapes."""
    parts = [part for part in ("" if raw else _ESCAPE, _SPECIAL.get(kind, "")) if part]
    special = re.compile("|".join(parts) or r"(?!)")
    at = 0
    while found := special.search(line, at):
        if found.start() > at:
            yield Token(line[at : found.start()], line[at : found.start()])
        at = found.end()
        groups = found.groupdict()
        if groups.get("escape") or groups.get("double"):
            yield Token(found.group(), found.group()[-1])
        elif groups.get("hole"):
            yield Token(found.group(), None, _named(found, kind))
        elif kind == "f" and found.group() == "{":
            at = _hole_end(line, found.end())
            yield Token(line[found.start() : at], None)
        else:
            raise Unspelled(f"a `{found.group()}` of its own in a template")
    if at < len(line):
        yield Token(line[at:], line[at:])


def spelling(text: str, kind: Kind, raw: bool) -> str:
    """How `text`, which is no hole, is written in such a literal."""
    for sign in _DOUBLED.get(kind, ""):
        text = text.replace(sign, sign * 2)
    return text if raw else text.replace("\\", "\\\\")


def _named(found: re.Match[str], kind: Kind) -> bool:
    if kind == "percent":
        return found["key"] is not None
    return kind != "format" or not _NAMELESS.match(found.group())


def _hole_end(line: str, at: int) -> int:
    """The offset behind the `}` that closes a hole of an f-string. Where this errs, the syntax tree says so later."""
    depth = 0
    while found := _INSIDE.search(line, at):
        sign, at = found.group(), found.end()
        if sign in "[({":
            depth += 1
        elif sign in "])}":
            if not depth:
                return at
            depth -= 1
        else:
            at = line.find(sign, at) + len(sign)
            if at < len(sign):
                break
    raise Unspelled("a hole over several lines")
