"""Manifests in the strings of a Python file: which there are, and how far each can be rewritten."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass, replace
from typing import Literal as One

from migrator.prefilter import may_hold_pods
from migrator.sources.python.strings.holes import Holes, filled
from migrator.sources.python.strings.literals import Literal, Spelled, leaves, literals, spelled
from migrator.sources.python.strings.proof import check_value, pieces
from migrator.sources.python.strings.tokens import Kind, Token, looks_filled_in
from migrator.sources.python.strings.view import NoView, View, common_margin, view, without
from migrator.text.errors import TextError
from migrator.text.tree import parse

Grade = One["auto", "assist", "manual"]

_KIND = re.compile(r"""(?:^|[\s{,"'])kind["']?\s*:""")
_VERSION = re.compile(r"""(?:^|[\s{,"'])apiVersion["']?\s*:""")
_FILLED: tuple[tuple[Kind, str], ...] = (
    ("format", "`str.format`"),
    ("percent", "`%`"),
    ("template", "`string.Template`"),
)
#: Braces that are doubled for `str.format`, which no template engine would read as a name.
_ESCAPED = re.compile(r"\{\{(?!\s*[\w.]+\s*\}\})(?!-)")
_FRAGMENT = "containers in a string that is no whole manifest: what it becomes a part of stands elsewhere"


@dataclass(frozen=True)
class Embedded:
    """A manifest in a string whose content, between the quotes, is `[start, end)` in characters of the file.

    `why` says what is not automatic about it, `blame` is the line that this is said of. `text` is the manifest as it is
    read, its first line being line `line` (1-based) of the file; `straight` says that line n of the one is line n of the
    other. `place` is that of the literal in the syntax tree (line, byte column). `whole` is false of containers without
    a manifest. Only what has a `view` can be rewritten.
    """

    start: int
    end: int
    grade: Grade
    why: str
    line: int
    text: str
    holes: Holes
    straight: bool
    blame: int
    place: tuple[int, int]
    whole: bool = True
    view: View | None = None

    def line_of(self, number: int) -> int:
        """The line of the file for a line of `text`, both 1-based."""
        return self.line + number - 1 if self.straight else self.line


def embedded(text: str) -> list[Embedded]:
    """The manifests with a pod of two or more containers that may stand in strings, in text order.

    Docstrings are documentation, and none of them. Raises `TextError` where `text` is not Python.
    """
    found = (_embedded(text[literal.start : literal.end], literal) for literal in literals(text))
    return [held for held in found if held is not None]


def _embedded(source: str, literal: Literal) -> Embedded | None:
    parts = spelled(source)
    start, end = literal.start, literal.end
    if parts is not None:
        start += len(parts.prefix) + len(parts.quotes)
        end -= len(parts.quotes)
    try:
        seen = _seen(source, literal)
    except NoView as no:
        held = _as_evaluated(literal, parts, no, start, end)
    else:
        why = _why(seen) if seen.holes.found else ""
        line = literal.line + seen.first
        held = Embedded(
            start, end, "assist" if why else "auto", why, line, seen.text, seen.holes, True, line, _place(literal), view=seen
        )
    if not may_hold_pods(held.text):
        return None
    if _KIND.search(held.text) and _VERSION.search(held.text):
        return held
    at = _fragment(held.text)
    if at is None:
        return None
    return replace(held, grade="manual", why=_FRAGMENT, blame=held.line_of(at), whole=False, view=None)


def _seen(source: str, literal: Literal) -> View:
    """The manifest in the literal `source`, which is what it evaluates to. Raises `NoView`."""
    parts = spelled(source)
    if isinstance(literal.node, ast.BinOp) or "joined" in literal.uses:
        raise NoView("a text that is joined to others")
    if parts is None:
        raise NoView("literals that are joined to one text")
    if "b" in parts.prefix:
        raise NoView("bytes")
    if parts.prefix not in ("", "u", "r", "f", "rf", "fr"):
        raise NoView("a template string")
    if len(parts.quotes) == 1:
        raise NoView("a string that is not in triple quotes")
    kind = _kind(parts, literal)
    seen = view(parts, kind)
    if "{{" in seen.text or "{%" in seen.text:
        raise NoView("a Jinja or Go template")
    check_value(seen, literal.node)
    return seen


def _kind(parts: Spelled, literal: Literal) -> Kind:
    ways = [kind for kind, _ in _FILLED if kind in literal.uses]
    if "jinja" in literal.uses:
        raise NoView("a Jinja template")
    if len(ways) + ("f" in parts.prefix) > 1:
        raise NoView("a text that is filled in twice")
    if "f" in parts.prefix:
        return "f"
    if ways:
        return ways[0]
    looks = looks_filled_in(parts.content)
    if "{{" not in parts.content:
        return "look" if looks else "plain"
    if looks and _ESCAPED.search(parts.content):
        return "format"
    raise NoView("a Jinja or Go template")


def _why(seen: View) -> str:
    if seen.kind == "look":
        hole = next(iter(seen.holes.found.values()))[0]
        return f"the manifest stands in a string, and `{hole}` looks like a value that is filled in elsewhere"
    how = dict(_FILLED).get(seen.kind)
    return f"the manifest stands in {f'a template for {how}' if how else 'an f-string'}, whose values may hold line breaks"


def _as_evaluated(literal: Literal, parts: Spelled | None, no: NoView, start: int, end: int) -> Embedded:
    """What cannot be rewritten, as the file's reader would have it in the end."""
    said = _evaluated(literal.node)
    tokens = [Token("", piece, False) for piece in said]
    holes, values = filled("".join(piece or "" for piece in said), [tokens])
    if not may_hold_pods(values[0]) and may_hold_pods("".join(filter(None, said))):
        # A hole before `containers` on its line is indentation, or lines of its own.
        values = ["".join(filter(None, said))]
    lines = values[0].split("\n")
    margin = common_margin(lines)
    breaks = parts.content.count("\n") if parts is not None and len(parts.quotes) == 3 else -1
    first = breaks - (len(lines) - 1) if parts is not None and parts.content.startswith(("\\\n", "\\\r\n")) else 0
    return Embedded(
        start,
        end,
        "manual",
        f"the manifest stands in {no.why}" if not no.line else f"the string that holds the manifest has {no.why}",
        literal.line + (first if first == 1 else 0),
        "\n".join(without(line, margin) for line in lines),
        holes,
        breaks == len(lines) - 1 + first and first in (0, 1),
        literal.line + no.line,
        _place(literal),
    )


def _place(literal: Literal) -> tuple[int, int]:
    return literal.node.lineno, literal.node.col_offset


def _evaluated(node: ast.expr) -> list[str | None]:
    """What the string says, cut at what is known only at run time (None)."""
    found: list[str | None] = []
    for leaf in leaves(node):
        if isinstance(leaf, ast.JoinedStr):
            found += pieces(leaf)
        elif isinstance(leaf, ast.Constant) and isinstance(leaf.value, (str, bytes)):
            found.append(leaf.value if isinstance(leaf.value, str) else leaf.value.decode("utf-8", "replace"))
        else:
            found.append(None)
    return found


def _fragment(text: str) -> int | None:
    """The line (1-based) of a list of containers in a text that is no manifest, None where there is none."""
    try:
        roots = parse(text)
    except TextError:
        return None
    for node in (node for root in roots if root is not None for node in root.walk()):
        held = node.get("containers") if node.kind == "map" else None
        if (
            held is not None
            and sum(item.kind == "map" and bool(item.get("name")) and bool(item.get("image")) for item in held.items) > 1
        ):
            return text.count("\n", 0, held.start) + 1
    return None
