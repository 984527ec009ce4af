"""Colours for a line of YAML or Python, told from that line alone."""

from __future__ import annotations

import re
from collections.abc import Iterator

from migrator.report.page.markup import Html, el, join

#: So much of a line is shown.
LONGEST = 400

_YAML = re.compile(
    r"""(?P<c>(?:^|(?<=\s))\#.*)"""
    r"""|(?P<k>[\w./$-]{1,120}|"[^"\\]{1,120}")(?=\s{0,2}:(?:\s|$))"""
    r"""|(?P<s>"(?:[^"\\]|\\.)*"|'[^']*')"""
    r"""|(?P<n>(?<![\w./:-])(?:-?\d+(?:\.\d+)?|true|false|null)(?![\w./:-]))"""
    r"""|(?P<t>(?<!\S)(?:[&*]|!{1,2})[\w.-]+|\{\{[^}]*\}\})"""
    r"""|(?P<w>[\w./$-]+)"""
)
_PYTHON = re.compile(
    r"""(?P<c>\#.*)"""
    r"""|(?P<s>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')"""
    r"""|(?P<t>\b(?:def|class|return|import|from|for|in|if|else|None|True|False|with|as)\b)"""
    r"""|(?P<k>\b\w{1,120}(?==[^=]))"""
    r"""|(?P<n>\b\d+(?:\.\d+)?\b)"""
    r"""|(?P<w>\w+)"""
)


def coloured(line: str, language: str) -> Html:
    """The line with its comments, keys, strings, numbers and tags marked (`c`, `k`, `s`, `n`, `t`)."""
    shown = line if len(line) <= LONGEST else f"{line[:LONGEST]}…"
    return join(_parts(shown, _PYTHON if language == "python" else _YAML))


def _parts(line: str, tokens: re.Pattern[str]) -> Iterator[str]:
    at = 0
    for found in tokens.finditer(line):
        if found.lastgroup in (None, "w"):
            continue
        if found.start() > at:
            yield line[at : found.start()]
        yield el("i", found.group(), class_=found.lastgroup)
        at = found.end()
    yield line[at:]
