"""Move items from one list of a mapping to the end of another: every layout that means the same, as edits.

What is asked is a `Transfer`; a `Layout` is one way to write it down. Where the target list does not exist
yet it may stand before the source or behind it; which of the two needs fewer changed lines depends on where
the moved items stood. All offsets are those of the original text, nothing is ever re-emitted.
"""

from __future__ import annotations

from dataclasses import dataclass

from migrator.text import blocklist, flowlist
from migrator.text.blocklist import BlockList, Piece
from migrator.text.edits import Edit, apply, changed_lines
from migrator.text.errors import Refused
from migrator.text.lines import Lines
from migrator.text.mark import marked
from migrator.text.tree import Node


@dataclass(frozen=True)
class Transfer:
    """Move the items numbered `chosen` (in the order they shall stand in) from `source` to the end of `target`.

    Each moved item gets the pair `mark`, behind the first of the keys `after` that it has.
    """

    source: str
    target: str
    chosen: tuple[int, ...]
    mark: tuple[str, str]
    after: tuple[str, ...]


@dataclass(frozen=True)
class Layout:
    """One way to write a transfer: `target-first`, `source-first` or `append`, and what it costs a reader."""

    name: str
    edits: tuple[Edit, ...]
    cost: int


def layouts(text: str, lines: Lines, mapping: Node, asked: Transfer) -> list[Layout]:
    """Every layout that can be written, cheapest first. Raises `Refused` with the reason where there is none."""
    key, source = mapping.key(asked.source), mapping.get(asked.source)
    target_key, target = mapping.key(asked.target), mapping.get(asked.target)
    if key is None or source is None or source.kind != "seq":
        raise Refused(f"`{asked.source}` is not a list of its own")
    if target is not None and target.kind == "alias":
        raise Refused(f"`{asked.target}` is an alias")
    if explicit(text, lines, key) or (target_key is not None and explicit(text, lines, target_key)):
        raise Refused("an explicit key (`?`)")
    if source.flow:
        options = flowlist.options(text, lines, mapping, asked)
    elif mapping.flow:
        raise Refused("a block list in a flow mapping")
    else:
        options = _block_options(text, lines, mapping, asked)
    found = [Layout(name, tuple(sorted(edits)), _cost(text, edits)) for name, edits in options]
    return sorted(found, key=lambda layout: layout.cost)


def explicit(text: str, lines: Lines, key: Node) -> bool:
    """Whether the key is written with the `?` indicator."""
    return text[lines.start(lines.of(key.start)) : key.start].rstrip().endswith("?")


def _cost(text: str, edits: list[Edit]) -> int:
    """Changed lines, counted over the stretch that the edits span."""
    begin = text.rfind("\n", 0, min(edit.start for edit in edits)) + 1
    stop = text.find("\n", max(edit.end for edit in edits))
    stop = len(text) if stop < 0 else stop + 1
    old = text[begin:stop]
    moved = [Edit(edit.start - begin, edit.end - begin, edit.text) for edit in edits]
    return changed_lines(old, apply(old, moved))


def _block_options(text: str, lines: Lines, mapping: Node, asked: Transfer) -> list[tuple[str, list[Edit]]]:
    key, source = mapping.key(asked.source), mapping.get(asked.source)
    assert key is not None
    assert source is not None
    taken = blocklist.take_apart(text, lines, key, source)
    eol = lines.ending(lines.of(key.start))
    bodies = {
        n: marked(
            text,
            lines,
            taken.pieces[n].node,
            taken.pieces[n].body_start,
            _ended(taken.pieces[n].body, eol),
            asked.mark,
            asked.after,
            eol,
        )
        for n in asked.chosen
    }
    moving = [(taken.pieces[n], bodies[n]) for n in asked.chosen]
    staying = [p for n, p in enumerate(taken.pieces) if n not in bodies]
    if not staying:
        raise Refused(f"nothing would be left in `{asked.source}`")
    target = mapping.get(asked.target)
    if target is None:
        return [
            ("target-first", [_target_first(text, lines, mapping, asked, taken, moving, eol)]),
            ("source-first", [_source_first(text, lines, key, asked, taken, moving, eol)]),
        ]
    removal = Edit(taken.start, taken.end, _unended(_kept(taken, asked.chosen, eol), text, taken.end))
    return [("append", [removal, _append(text, lines, mapping, asked, taken, moving, eol)])]


def _ended(body: str, eol: str) -> str:
    """The lines with a line break at the end, which only a file's last line may lack."""
    return body if body.endswith("\n") else body + eol


def _unended(new: str, text: str, end: int) -> str:
    """`new` without its last line break where the original stretch had none."""
    if end == len(text) and not text.endswith("\n"):
        return new.removesuffix("\n").removesuffix("\r")
    return new


def _kept(taken: BlockList, chosen: tuple[int, ...], eol: str) -> str:
    """The source list's lines without the chosen items; comments that belong to nobody stay."""
    parts: list[str] = []
    begun = False
    for number, piece in enumerate(taken.pieces):
        parts.append(piece.loose)
        if number in chosen:
            continue
        # A gap divides two items: it goes with the item above it once that is the first.
        parts.append(piece.gap if begun or number == 0 or piece.loose else "")
        parts.append(_ended(piece.body, eol))
        begun = True
    return "".join(parts)


def _written(moving: list[tuple[Piece, str]], gap: str) -> str:
    """The moved items one below the other, blank lines between them where the list has them."""
    return gap.join(body for _, body in moving)


def _target_first(
    text: str, lines: Lines, mapping: Node, asked: Transfer, taken: BlockList, moving: list[tuple[Piece, str]], eol: str
) -> Edit:
    key = mapping.key(asked.source)
    assert key is not None
    indent = " " * lines.column(key.start)
    begin = _with_comments(lines, key) if lines.first_on_line(key.start) else key.start
    # Behind a dash (`- containers:`) the new key takes the place of the old one, which gets a line of its own.
    before, head = (indent, "") if begin != key.start else ("", indent)
    kept = next(p for n, p in enumerate(taken.pieces) if n not in asked.chosen)
    gap = taken.spaced if kept is taken.pieces[0] else "" if kept.loose else kept.gap
    new = f"{before}{asked.target}:{eol}{_written(moving, taken.spaced)}{gap}{head}{text[begin : taken.start]}"
    return Edit(begin, taken.end, _unended(new + _kept(taken, asked.chosen, eol), text, taken.end))


def _with_comments(lines: Lines, key: Node) -> int:
    """Where the comment lines begin that stand right above a key, at its column."""
    top = lines.of(key.start)
    while top and lines.comment(top - 1) and lines.depth(top - 1) == lines.column(key.start):
        top -= 1
    return lines.start(top)


def _source_first(
    text: str, lines: Lines, key: Node, asked: Transfer, taken: BlockList, moving: list[tuple[Piece, str]], eol: str
) -> Edit:
    indent = " " * lines.column(key.start)
    first = moving[0][0]
    gap = first.gap if first is not taken.pieces[0] else taken.spaced
    new = _kept(taken, asked.chosen, eol) + gap + f"{indent}{asked.target}:{eol}" + _written(moving, taken.spaced)
    return Edit(taken.start, taken.end, _unended(new, text, taken.end))


def _append(
    text: str, lines: Lines, mapping: Node, asked: Transfer, taken: BlockList, moving: list[tuple[Piece, str]], eol: str
) -> Edit:
    key, target = mapping.key(asked.target), mapping.get(asked.target)
    assert key is not None
    assert target is not None
    if target.kind == "seq" and not target.flow and target.items:
        there = blocklist.take_apart(text, lines, key, target)
        gap = there.spaced or (taken.spaced if len(there.pieces) == 1 else "")
        block = _shifted(_written(moving, gap), there.dash - taken.dash)
        lead = "" if text[: there.end].endswith("\n") else eol
        return Edit(there.end, there.end, _unended(lead + gap + block, text, there.end))
    if target.anchor or target.tag:
        raise Refused(f"`{asked.target}` carries an anchor or a tag")
    if (target.kind == "seq" and not target.items) or (target.kind == "scalar" and not target.style):
        line = lines.of(target.end)
        rest = text[target.end : lines.end(line)]
        behind = text[key.end : text.index(":", key.end) + 1]
        block = _written(moving, taken.spaced)
        new = behind + _ended(rest, eol) + block
        if not rest.strip():
            new = behind + eol + block
        return Edit(key.end, lines.end(line), _unended(new, text, lines.end(line)))
    raise Refused(f"`{asked.target}` is a flow list with items, `{asked.source}` a block list")


def _shifted(block: str, by: int) -> str:
    """All lines moved sideways by the same number of columns, which keeps block scalars valid.

    Comments at the margin stay there; a line with less indentation than is to go loses what it has.
    """
    if not by:
        return block
    parts = []
    for line in block.split("\n"):
        blanks = len(line) - len(line.lstrip(" "))
        if not line or line == "\r" or (line.startswith("#")):
            parts.append(line)
        elif by > 0:
            parts.append(" " * by + line)
        else:
            parts.append(line[min(-by, blanks) :])
    return "\n".join(parts)
