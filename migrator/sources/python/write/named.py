"""Arguments and dict keys by their name."""

from __future__ import annotations

import ast

from migrator.sources.python.write.lists import Listing
from migrator.text.errors import Refused


def key(there: Listing, number: int) -> tuple[str, int, int]:
    """The entry's name (empty where it has none), and where its name and its value start."""
    layout, item = there.layout, there.items[number]
    tokens = [token for token in layout.within(item.start, item.end) if token.kind != "COMMENT"][:3]
    if len(tokens) < 3 or tokens[1].kind != "OP":
        return "", item.start, item.start
    first, sign, value = tokens
    if layout.text[there.opened] == "(":
        named = first.kind == "NAME" and sign.text == "="
        return (first.text, first.start, value.start) if named else ("", item.start, item.start)
    named = first.kind == "STRING" and sign.text == ":"
    return (_literal(first.text), first.start, value.start) if named else ("", item.start, item.start)


def found(there: Listing, name: str) -> int | None:
    """The number of the entry called `name`. Raises `Refused` where there are several."""
    numbers = [n for n in range(len(there.items)) if key(there, n)[0] == name]
    if len(numbers) > 1:
        raise Refused(f"`{name}` is there twice")
    return numbers[0] if numbers else None


def quoted(text: str) -> tuple[int, int]:
    """`[start, end)` of what stands between the quotes of a string."""
    mark = text[-3:] if text[-3:] in ("'''", '"""') and len(text) > 5 else text[-1]
    return text.index(mark) + len(mark), len(text) - len(mark)


def _literal(text: str) -> str:
    try:
        value = ast.literal_eval(text)
    except (ValueError, SyntaxError):
        return ""
    return value if isinstance(value, str) else ""
