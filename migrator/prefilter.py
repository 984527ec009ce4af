"""Drop texts that cannot hold a pod with two containers before anything is parsed.

May only err towards parsing: a pod that it hides is a pod nobody hears of.
"""

from __future__ import annotations

import re

_BLOCK_KEY = re.compile(r"""(?m)^(?P<lead>[ \t-]*)(?:[&!]\S*[ \t]+)*(?:["']?)containers(?:["']?)[ \t]*:(?P<rest>[^\n]*)$""")
_FLOW_KEY = re.compile(r"""["']containers["']\s*:|[{,]\s*containers\s*:|\?\s+containers\b""")
_HEAD = re.compile(r"""(?m)^[ \t]*["']?kind["']?[ \t]*:""")


def may_hold_pods(text: str) -> bool:
    """Whether the text may hold a `containers` list with two or more entries, or a workload with a broken one."""
    if "containers" not in text:
        return False
    if _FLOW_KEY.search(text):
        return True
    return any(_enough(text, match) for match in _BLOCK_KEY.finditer(text))


def file_may_hold_pods(data: bytes) -> bool:
    """The same for a file's bytes, whose encoding is not known yet: only what is certain is dropped."""
    return b"containers" in data or b"c\0o\0n\0t\0a\0i\0n\0e\0r\0s" in data


def _enough(text: str, match: re.Match[str]) -> bool:
    """Two dashes at the column of the first one below the key, or anything that is no plain block list."""
    rest = match["rest"].strip()
    if rest and not rest.startswith("#"):
        return True
    dashes, column = 0, -1
    at = match.end() + 1
    key_column = len(match["lead"])
    while at < len(text):
        end = text.find("\n", at)
        above, line = at, text[at : end if end >= 0 else len(text)]
        at = end + 1 if end >= 0 else len(text)
        bare = line.strip()
        if not bare or bare.startswith("#"):
            continue
        here = len(line) - len(line.lstrip(" "))
        if line[here] == "\t" or "{{" in line or "{%" in line:
            # Not for this filter to understand: the parser says what is wrong.
            return True
        if column < 0:
            if not bare.startswith("-") or here < key_column:
                # No list follows: a null, a mapping, or an alias on the next line.
                return bool(_HEAD.search(text))
            column = here
        if here < column or (here == column and not bare.startswith("-")):
            # Unless a quote or bracket is open, whose lines may stand at any column.
            return _open(text[match.end() : above])
        if here == column:
            dashes += 1
            if dashes > 1:
                return True
    return column < 0 and bool(_HEAD.search(text))


def _open(piece: str) -> bool:
    """Whether quotes or brackets do not come in pairs."""
    return any(piece.count(quote) % 2 for quote in "'\"") or any(piece.count(a) != piece.count(b) for a, b in ("[]", "{}"))
