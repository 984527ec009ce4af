"""What is put into a list: a text that can be written at another place, with the comments that belong to it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from migrator.sources.python.write.layout import Layout

_BLANK = " \t\f"


@dataclass(frozen=True)
class Piece:
    """`write(indent, column)` gives its text for a line indented by `indent`, its first character at `column`.

    `above` are the comments of the lines above it, `behind` the one behind it. `rows`: it has to be on lines of its own.
    """

    write: Callable[[str, int], str]
    above: tuple[str, ...] = ()
    behind: str = ""
    rows: bool = False


def plain(text: str) -> Piece:
    """A piece of one line."""
    return Piece(lambda indent, column: text)


def shifted(text: str, old: tuple[str, int], new: tuple[str, int]) -> str:
    """An expression that stood at `old` (the indentation of its line, its column), written for `new`.

    Lines aligned with a bracket stay aligned with it, others keep their depth; what is in strings stays.
    """
    if "\n" not in text or old == new:
        return text
    # In parentheses the piece is Python by itself; its offsets are then off by one.
    layout = Layout(f"({text}\n)")
    marks = iter(layout.tokens)
    token = next(marks, None)
    brackets: list[tuple[int, int]] = []
    aligned: list[bool] = [False]
    out = [text[: text.index("\n") + 1]]
    last = len(layout.lines.starts) - 1
    for number in range(1, last):
        start, end = layout.lines.start(number), layout.lines.end(number)
        while token is not None and token.start < start:
            if token.kind == "OP" and token.start in layout.closes:
                brackets.append((token.start, layout.closes[token.start]))
            elif token.kind == "OP" and token.start in layout.opens:
                brackets.pop()
            passed, token = token, next(marks, None)
        line = layout.text[start:end] if number < last - 1 else layout.text[start : len(layout.text) - 2]
        inside = passed.start < start < passed.end
        indent = line[: len(line) - len(line.lstrip(_BLANK))]
        aligned.append(_aligned(layout, brackets, aligned, indent, old))
        out.append(line if inside or not line.strip() else _indented(indent, aligned[-1], old, new) + line[len(indent) :])
    return "".join(out)


def _aligned(layout: Layout, brackets: list[tuple[int, int]], aligned: list[bool], indent: str, old: tuple[str, int]) -> bool:
    """Whether a line goes by the column of the piece, and not by the indentation of its first line."""
    if len(brackets) == 1:
        return len(old[0]) < old[1] <= len(indent)
    opened = brackets[-1][0]
    line = layout.lines.of(opened)
    if line:
        return aligned[line]
    hanging = not layout.rest(opened + 1).split("#")[0].strip()
    return not hanging and len(indent) >= old[1] + opened - 1


def _indented(indent: str, aligned: bool, old: tuple[str, int], new: tuple[str, int]) -> str:
    if not aligned and indent.startswith(old[0]):
        return new[0] + indent[len(old[0]) :]
    by = new[1] - old[1] if aligned else len(new[0]) - len(old[0])
    return indent + " " * by if by >= 0 else indent[:by]


@dataclass(frozen=True)
class Style:
    """How a list is written: `rows` on lines of their own, `aligned` one below the other behind the bracket, or `inline`."""

    kind: str
    indent: str = ""
    closing: str = ""
    comma: bool = True


def row(piece: Piece, indent: str, comma: str, eol: str) -> str:
    """The piece on lines of its own, with its comments."""
    above = "".join(f"{indent}{comment}{eol}" for comment in piece.above)
    behind = f"  {piece.behind}" if piece.behind else ""
    return f"{above}{indent}{piece.write(indent, len(indent))}{comma}{behind}{eol}"


def written(pieces: list[Piece], style: Style, at: tuple[str, int], eol: str, limit: int) -> str:
    """A list display with these pieces, whose bracket is at column `at[1]` of a line indented by `at[0]`."""
    if style.kind == "rows":
        commas = [","] * (len(pieces) - 1) + ["," if style.comma else ""]
        rows = [row(piece, style.indent, comma, eol) for piece, comma in zip(pieces, commas, strict=True)]
        return f"[{eol}{''.join(rows)}{style.closing}]"
    text = "["
    for number, piece in enumerate(pieces):
        if number and style.kind == "aligned":
            text += "," + (f"  {pieces[number - 1].behind}" if pieces[number - 1].behind else "") + eol
            text += "".join(f"{style.indent}{comment}{eol}" for comment in piece.above) + style.indent
        elif number:
            text += ", "
        text += piece.write(at[0], column_behind(text, at[1]))
    if style.kind == "inline" and "\n" not in text and at[1] + len(text) + 2 > limit:
        return written(pieces, Style("rows", style.indent, style.closing), at, eol, limit)
    return text + "]"


def column_behind(text: str, column: int) -> int:
    """The column behind `text` that starts at `column`."""
    return len(text) - text.rindex("\n") - 1 if "\n" in text else column + len(text)
