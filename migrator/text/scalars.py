"""A new value for a scalar, written as the fewest changed characters, or lines of a literal block, in its own style.

What cannot be written surely is refused: folded blocks, scalars over several lines, anchors, aliases and tags. A value
that the style cannot hold is refused too; the style is never changed.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from migrator.text.asked import Path
from migrator.text.edits import Edit, opcodes
from migrator.text.errors import Refused
from migrator.text.lines import Lines
from migrator.text.proof import Numbering, prove_comments
from migrator.text.rewrite import Roots, Stretch
from migrator.text.tree import Node
from migrator.text.values import scalar

#: YAML 1.2 c-printable, without the line breaks of YAML 1.1 and the byte order mark.
_UNPRINTABLE = re.compile("[^\t\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")
_HEADER = re.compile(r"\|(?:([1-9])[-+]?|[-+]?([1-9])?)[ \t]*(?:[ \t]#[^\n]*)?\r?\Z")
_UNIT = re.compile(r"\\u[dD][89abAB]\w\w\\u[dD][c-fC-F]\w\w|\\x\w\w|\\u\w{4}|\\U\w{8}|\\.|.", re.DOTALL)
_ESCAPES = dict(zip('0abtnvfre "/\\N_LP', '\0\a\b\t\n\v\f\r\x1b "/\\\x85\xa0\u2028\u2029', strict=True)) | {"\t": "\t"}
_SHORT = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t"}
#: What a plain scalar may begin with: no indicator (YAML 1.2, 5.3), and no mark of a document.
_PLAIN_START = re.compile(r"(?!---|\.\.\.)(?:[-?:](?=[^\s,\[\]{}])|[^-?:,\[\]{}#&*!|>'\"%@`\s])")
_NOT_PLAIN = re.compile(r":(?:\s|\Z)|\s#|[\t\n]|\s\Z")
#: What ends a plain scalar in a flow collection, or does so for some parsers.
_FLOW = frozenset(",[]{}?:")


def replaced(text: str, lines: Lines, node: Node, value: str) -> tuple[Edit, ...]:
    """The edits after which the scalar `node` has this value, and all else is as it was. Raises `Refused`."""
    if node.kind != "scalar" or node.anchor is not None or node.tag is not None:
        raise Refused("not a scalar of its own: an alias, or one with an anchor or a tag")
    if value == node.value:
        return ()
    if node.style == "|":
        return _joined(_literal(text, lines, node, value))
    written = text[node.start : node.end]
    if "\n" in written or node.style == ">" or node.empty:
        raise Refused("a scalar that is folded over lines, or not written at all")
    if node.style == "'":
        new = "'" + value.replace("'", "''") + "'"
    elif node.style == '"':
        new = _double_quoted(written, node.value, value)
    else:
        new = value
        _check_plain(written, node, value)
    if _UNPRINTABLE.search(new):
        raise Refused("a character that this style cannot hold")
    return (_difference(written, new, node.start),)


def _difference(old: str, new: str, start: int) -> Edit:
    """The one edit that turns `old`, which stands at `start`, into `new`: equal ends stay."""
    head = _common(old, new)
    tail = _common(old[head:][::-1], new[head:][::-1])
    return Edit(start + head, start + len(old) - tail, new[head : len(new) - tail])


def _common(first: str, second: str) -> int:
    """How many characters two texts have in common at their beginning."""
    end = min(len(first), len(second))
    return next((n for n in range(end) if first[n] != second[n]), end)


def _check_plain(written: str, node: Node, value: str) -> None:
    """Raise `Refused` unless the value can stand plain where the old one does."""
    new = Node("scalar", 0, 0)
    new.value = value
    if written != node.value or not _PLAIN_START.match(value) or _NOT_PLAIN.search(value):
        raise Refused("a value that cannot be written without quotes")
    if not _FLOW & set(value) <= set(written):
        raise Refused("a value that may not be written without quotes in a flow collection")
    if isinstance(scalar(node), str) is not isinstance(scalar(new), str):
        raise Refused("a value that would be no text without quotes")


def _double_quoted(written: str, old: str, value: str) -> str:
    """The new text of a double-quoted scalar: what is the same at both ends keeps its spelling."""
    units = _UNIT.findall(written[1:-1])
    meant = [_meaning(unit) for unit in units]
    if "".join(meant) != old:
        raise Refused("an escape that is not understood")
    head = next((n for n, char in enumerate(meant) if value[n : n + 1] != char), len(meant))
    rest, behind = value[head:], meant[head:]
    tail = 0
    while tail < min(len(rest), len(behind)) and behind[-1 - tail] == rest[-1 - tail]:
        tail += 1
    middle = "".join(_escaped(char) for char in rest[: len(rest) - tail])
    return '"' + "".join(units[:head]) + middle + "".join(units[len(units) - tail :]) + '"'


def _meaning(unit: str) -> str:
    if not unit.startswith("\\"):
        return unit
    if unit[1] in "xuU":
        try:
            return json.loads(f'"{unit}"') if unit[1] == "u" else chr(int(unit[2:], 16))
        except (ValueError, OverflowError):
            raise Refused("an escape that is not understood") from None
    return _ESCAPES.get(unit[1], "")


def _escaped(char: str) -> str:
    """A character in double quotes, spelled so that JSON understands it too."""
    if char in _SHORT:
        return _SHORT[char]
    return f"\\u{ord(char):04x}" if _UNPRINTABLE.match(char) else char


def _literal(text: str, lines: Lines, node: Node, value: str) -> Iterator[Edit]:
    """The edits on the lines of a literal block scalar."""
    first = lines.of(node.start) + 1
    header = _HEADER.match(text[node.start : lines.start(first)].removesuffix("\n"))
    old, new = node.value.rstrip("\n"), value.rstrip("\n")
    if header is None or not old or not new or node.value[len(old) :] != value[len(new) :]:
        raise Refused("a block that would be empty, or end otherwise")
    if _UNPRINTABLE.search(new.replace("\n", "")) or not new.rpartition("\n")[2].strip():
        raise Refused("lines that a literal block cannot hold")
    before, after = old.split("\n"), new.split("\n")
    bodies = [lines.body(first + n) for n in range(len(before))]
    indent = _indent(bodies, before)
    if not (header.group(1) or header.group(2)) and next(filter(None, after))[0] in " \t":
        raise Refused("a first line from which the indentation could not be told")
    yield from _line_edits(lines, first, indent, before, after)


def _indent(bodies: Sequence[str], values: Sequence[str]) -> str:
    """What the lines of a block are indented by."""
    full = next((n for n, line in enumerate(values) if line.strip()), None)
    width = len(bodies[full]) - len(values[full]) if full is not None else 0
    if any(body[width:] != line or body[:width].strip(" ") for body, line in zip(bodies, values, strict=True)):
        raise Refused("a block whose lines are not understood")
    return " " * width


def _line_edits(lines: Lines, first: int, indent: str, before: list[str], after: list[str]) -> Iterator[Edit]:
    ending = lines.ending(first)
    for step, a, b, c, d in opcodes(before, after):
        new = [indent + line if line else "" for line in after[c:d]]
        start = lines.start(first + a)
        if step == "replace" and b - a == d - c:
            yield from (_difference(lines.body(first + a + n), line, lines.start(first + a + n)) for n, line in enumerate(new))
        elif step == "replace":
            yield _difference(lines.text[start : _stop(lines, first + b - 1)], ending.join(new), start)
        elif step != "equal" and a:
            # Breaks go with the line before, so that a text may end without one.
            yield Edit(_stop(lines, first + a - 1), _stop(lines, first + b - 1), "".join(ending + line for line in new))
        elif step != "equal":
            yield Edit(start, lines.start(first + b), "".join(line + ending for line in new))


def _joined(edits: Iterable[Edit]) -> tuple[Edit, ...]:
    """Edits in their order, those that touch as one: two insertions at one place have no order of their own."""
    found: list[Edit] = []
    for edit in edits:
        if found and found[-1].end == edit.start:
            edit = Edit(found[-1].start, edit.end, found.pop().text + edit.text)
        found.append(edit)
    return tuple(found)


def _stop(lines: Lines, line: int) -> int:
    """Where a line ends, its break excluded."""
    return lines.start(line) + len(lines.body(line))


def prove_replaced(
    before: str,
    old: Sequence[Node | None],
    after: str,
    new: Sequence[Node | None],
    values: Mapping[Path, str],
    start: int = 0,
    plain: bool = False,
) -> None:
    """Raise `Refused` unless `after` is `before` with these values at these paths, and nothing else changed.

    A path has the document's number, then keys and item numbers. Offsets in `old` count from `start` characters before
    `before`, those in `new` from the start of `after`. The new values have the style of the old ones, or are all `plain`.
    """
    if len(old) != len(new) or any((a is None) != (b is None) for a, b in zip(old, new, strict=True)):
        raise Refused("a document would appear or vanish")
    comparison = _Comparison(values, plain)
    for number, (a, b) in enumerate(zip(old, new, strict=True)):
        if a is not None and b is not None and not comparison.same(a, b, (number,)):
            raise Refused(f"document {number + 1} would say something else than planned")
    if comparison.met != set(values):
        raise Refused("a scalar that is not there")
    prove_comments(before, old, after, new, start)


class _Comparison:
    """Walks two trees at once along the paths of the new values, compares numbers everywhere else."""

    def __init__(self, values: Mapping[Path, str], plain: bool) -> None:
        self.values = values
        self.plain = plain
        self.met: set[Path] = set()
        self.old, self.new = Numbering(), Numbering()
        self.new.known = self.old.known

    def same(self, old: Node, new: Node, path: Path) -> bool:
        if not any(where[: len(path)] == path for where in self.values):
            return self.old.of(old) == self.new.of(new)
        if (old.kind, old.tag, old.anchor, old.flow) != (new.kind, new.tag, new.anchor, new.flow):
            return False
        if path in self.values:
            self.met.add(path)
            style = "" if self.plain else old.style
            return old.kind == "scalar" and new.value == self.values[path] and new.style == style
        if len(old.items) != len(new.items) or len(old.pairs) != len(new.pairs):
            return False
        keys = all(self.old.of(a) == self.new.of(b) for (a, _), (b, _) in zip(old.pairs, new.pairs, strict=True))
        items = all(self.same(a, b, (*path, n)) for n, (a, b) in enumerate(zip(old.items, new.items, strict=True)))
        pairs = zip(old.pairs, new.pairs, strict=True)
        return keys and items and all(self.same(a, b, (*path, key.value)) for (key, a), (_, b) in pairs)


def proved_values(stretch: Stretch, lines: Lines, values: Mapping[Path, str]) -> tuple[tuple[Edit, ...], Roots]:
    """The edits on the whole text that give these values to the scalars at these paths, and the documents as they then are.

    Raises `Refused` with the reason where that cannot be written, or not be proved.
    """
    edits: list[Edit] = []
    for path, value in values.items():
        edits += replaced(lines.text, lines, _at(stretch.roots, path), value)
    before, after, roots = stretch.edited(edits)
    prove_replaced(before, stretch.roots, after, roots, values, stretch.start)
    return tuple(edits), roots


def _at(roots: Roots, path: Path) -> Node:
    node = roots[path[0]] if isinstance(path[0], int) and path[0] < len(roots) else None
    for step in path[1:]:
        if node is not None:
            items = dict(enumerate(node.items))
            node = items.get(step) if isinstance(step, int) else node.get(step)
    if node is None:
        raise Refused("a scalar that is not there")
    return node
