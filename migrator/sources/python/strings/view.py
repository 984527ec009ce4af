"""A manifest in a string as its reader sees it, and new lines of it as the literal spells them.

Holes become words, the common margin goes, and so do the blanks before the closing quotes. Line n of what is read is
line n of what is written.
"""

from __future__ import annotations

import re
from collections import defaultdict, deque
from collections.abc import Sequence
from dataclasses import dataclass

from migrator.sources.python.strings.holes import Holes, filled
from migrator.sources.python.strings.literals import Spelled
from migrator.sources.python.strings.tokens import Kind, Token, Unspelled, spelling, tokens
from migrator.text.edits import Edit, lines_of, opcodes

_CONTINUED = re.compile(r"\\\r?\n")
_ESCAPE = re.compile(r"\\(?:[\\\"']|(?P<other>(?s:.)))")
_BLANKS = " \t"


class NoView(Exception):
    """A string whose lines cannot be rewritten one by one. `line` counts from 0, where the string begins."""

    def __init__(self, why: str, line: int = 0) -> None:
        super().__init__(why)
        self.why = why
        self.line = line


@dataclass(frozen=True)
class Row:
    """A line: where it starts in the literal's content, its break, its tokens."""

    start: int
    ending: str
    tokens: tuple[Token, ...]

    @property
    def raw(self) -> str:
        """What is written, without the break."""
        return "".join(token.raw for token in self.tokens)


@dataclass(frozen=True)
class View:
    """`text` is the manifest as it is read; `first` is how many lines of the literal stand before it.

    `tail` are the blanks before the closing quotes that are deeper than the margin.
    """

    text: str
    rows: tuple[Row, ...]
    first: int
    margin: str
    holes: Holes
    tail: str
    literal: Spelled
    kind: Kind

    @property
    def pieces(self) -> list[str | None]:
        """What the whole literal says, cut at its holes, which are None."""
        found: list[str | None] = []
        said = ""
        for row in self.rows:
            for token in row.tokens:
                if token.value is None:
                    found += (said, None)
                    said = ""
                else:
                    said += token.value
            said += "\n" if row.ending else ""
        return [*found, said]


def view(literal: Spelled, kind: Kind) -> View:
    """The manifest in a literal. Raises `NoView`."""
    content = literal.content
    continued = _CONTINUED.match(content) if not literal.raw else None
    start = continued.end() if continued else 0
    if not literal.raw:
        _check_escapes(content, start)
    first = content.count("\n", 0, start)
    rows: list[Row] = []
    for number, line in enumerate(lines_of(content[start:]), first):
        body = line.removesuffix("\n").removesuffix("\r")
        try:
            row = Row(start, line[len(body) :], tuple(tokens(body, kind, literal.raw)))
        except Unspelled as error:
            raise NoView(str(error), number) from None
        if _only_holes(row):
            raise NoView("a hole on a line of its own, which may become any number of lines", number)
        rows.append(row)
        start += len(line)
    holes, values = filled(content, (row.tokens for row in rows))
    tail = values.pop() if rows and not rows[-1].ending and not values[-1].strip(_BLANKS) else ""
    margin = common_margin(values)
    read = (without(value, margin) + ("\n" if row.ending else "") for value, row in zip(values, rows, strict=False))
    return View("".join(read), tuple(rows), first, margin, holes, without(tail, margin), literal, kind)


def respelled(seen: View, new: str) -> list[Edit]:
    """Edits on the literal's content that make it say `new`."""
    old, wanted = lines_of(seen.text), lines_of(new)
    steps = [step for step in opcodes(old, wanted) if step[0] != "equal"]
    pool: dict[str, deque[Row]] = defaultdict(deque)
    for _, start, end, _, _ in steps:
        for number in range(start, end):
            pool[_key(old[number])].append(seen.rows[number])
    ending = next((row.ending for row in seen.rows if row.ending), "\n")
    starts = [*(row.start for row in seen.rows), len(seen.literal.content)]
    edits = []
    for _, start, end, first, last in steps:
        written = "".join(_written(seen, line, pool, ending) for line in wanted[first:last])
        edits.append(Edit(starts[start], starts[end], _closable(seen.literal, written) if last == len(wanted) else written))
    return edits


def common_margin(lines: Sequence[str]) -> str:
    """The blanks that all lines begin with, but for those that hold nothing else."""
    leads = [line[: len(line) - len(line.lstrip(_BLANKS))] for line in lines if line.strip(_BLANKS)]
    low, high = min(leads, default=""), max(leads, default="")
    return next((low[:n] for n in range(len(low)) if not high.startswith(low[: n + 1])), low)


def without(line: str, margin: str) -> str:
    """The line behind its margin; a line of blanks may have less."""
    return line[len(margin) :] if line.startswith(margin) else line.lstrip(_BLANKS)


def _check_escapes(content: str, start: int) -> None:
    for found in _ESCAPE.finditer(content, start):
        if sign := found["other"]:
            why = f"the escape `\\{sign}`" if sign.isprintable() else "a line that goes on behind a backslash"
            raise NoView(why, content.count("\n", 0, found.start()))


def _written(seen: View, line: str, pool: dict[str, deque[Row]], ending: str) -> str:
    """A new line as it is spelled: like the old one that says the same, whatever its indentation, else anew."""
    known = pool.get(_key(line))
    row = known.popleft() if known else None
    behind = (row.ending if row and row.ending else ending) if line.endswith("\n") else ""
    body = line.removesuffix("\n")
    if not body:
        return (row.raw if row else "") + behind
    bare = body.lstrip(_BLANKS)
    said = row.raw.lstrip(_BLANKS) if row else seen.holes.written(bare, lambda part: spelling(part, seen.kind, seen.literal.raw))
    return seen.margin + body[: len(body) - len(bare)] + said + behind


def _closable(literal: Spelled, written: str) -> str:
    """What comes to stand last, with the quote at its end escaped where it would meet the closing ones."""
    bare = written.removesuffix(literal.quotes[0])
    escaped = (len(bare) - len(bare.rstrip("\\"))) % 2 == 1
    return written if bare == written or escaped or literal.raw else f"{bare}\\{literal.quotes[0]}"


def _key(line: str) -> str:
    """What a line says wherever it is indented; a line of blanks says how long it is."""
    body = line.removesuffix("\n")
    return body.lstrip(_BLANKS) or body


def _only_holes(row: Row) -> bool:
    """Whether the line holds nothing but holes, or what stands before its indentation, which can only be lines too."""
    if not any(token.value is None for token in row.tokens):
        return False
    behind = row.tokens[1].value if row.tokens[0].value is None and len(row.tokens) > 1 else None
    return (behind or "").startswith(tuple(_BLANKS)) or not any(
        token.value.strip() for token in row.tokens if token.value is not None
    )
