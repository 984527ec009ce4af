"""Write one `key: "value"` into a mapping, and the mappings on the way to it that are missing; nothing is re-emitted.

The pair goes behind the last one, below comments that stand at the mapping's own depth. A key that is there already
keeps its place: its scalar alone is replaced, or nothing where it says the same.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence

from migrator.text.edits import Edit
from migrator.text.errors import Refused, TooLarge
from migrator.text.lines import Lines
from migrator.text.transfer import explicit
from migrator.text.tree import Node, behind_properties
from migrator.text.values import data, is_merge, is_null, scalar

_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9._/-]*\Z")
_RESERVED = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null"})
#: What YAML wants escaped and JSON lets stand.
_ESCAPED = re.compile("[\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]")
_COLON = re.compile(r"[ \t]*:")
_DIVIDER = re.compile(r",[ \t]*(?:\r?\n[ \t]*)?\Z")
_TAIL = re.compile(r"[ \t]*(,?)[ \t]*#.*\Z")
#: The header of a block scalar that ends without a line break wherever it stands.
_CUT = re.compile(r"\s*[|>][1-9]?-")
#: Columns that a mapping is deeper than the one around it, where the text shows none.
_STEP = 2


def pair_in(text: str, lines: Lines, mapping: Node, key: str, value: str) -> tuple[Edit, ...]:
    """The edits that make `mapping` say `key: "value"`, a string. Raises `Refused` where it cannot be written."""
    if mapping.kind != "map":
        raise Refused("an alias" if mapping.kind == "alias" else "no mapping")
    there = _own(mapping, key)
    if there is not None:
        return _replaced(text, *there, value)
    if _inherited(mapping).get(key) == value:
        return ()
    return _added(text, lines, mapping, (key,), value, _STEP)


def path_in(text: str, lines: Lines, root: Node, keys: Sequence[str], key: str, value: str) -> tuple[Edit, ...]:
    """The same in the mapping that `keys` lead to from `root`; those of them that are missing or empty are written as well."""
    node, step = root, _STEP
    for number, name in enumerate(keys):
        if node.kind != "map":
            raise Refused(f"`{keys[number - 1]}` is {'an alias' if node.kind == 'alias' else 'no mapping'}")
        step = _step(lines, node) or step
        there = _own(node, name)
        if there is None:
            if name in _inherited(node):
                raise Refused(f"`{name}` comes from a merge key")
            return _added(text, lines, node, (*keys[number:], key), value, step)
        child = there[1]
        if is_null(child) or (child.kind == "map" and not child.pairs):
            return _filled(text, lines, node, there, (*keys[number + 1 :], key), value, step)
        node = child
    return pair_in(text, lines, node, key, value)


def _own(mapping: Node, key: str) -> tuple[Node, Node] | None:
    """The pair of this key that is written in the mapping itself."""
    found = [pair for pair in mapping.pairs if pair[0].resolved.kind == "scalar" and pair[0].resolved.value == key]
    if len(found) > 1:
        raise Refused(f"`{key}` is given twice")
    return found[0] if found else None


def _inherited(mapping: Node) -> dict[str, object]:
    """What a mapping with a merge key says in all; nothing where it has none."""
    if not any(is_merge(key) for key, _ in mapping.pairs):
        return {}
    try:
        held = data(mapping)
    except TooLarge as error:
        raise Refused(error.message) from None
    return held if isinstance(held, dict) else {}


def _replaced(text: str, key: Node, node: Node, value: str) -> tuple[Edit, ...]:
    """The text of a scalar replaced."""
    if node.resolved.kind != "scalar":
        raise Refused(f"`{key.value}` is no text")
    if scalar(node.resolved) == value:
        return ()
    if node.anchor or node.tag:
        raise Refused(f"`{key.value}` carries an anchor or a tag")
    if node.style in ("|", ">") and "#" in text[node.start : node.end].partition("\n")[0]:
        raise Refused(f"a comment on the first line of `{key.value}`")
    if node.empty:
        return (Edit(node.start, node.start, f"{_colon(text, key, node)} {_quoted(value)}"),)
    return (Edit(node.start, node.end, _quoted(value)),)


def _colon(text: str, key: Node, node: Node) -> str:
    """The colon that an empty value lacks (`{a}`), or nothing."""
    return "" if ":" in text[key.end : node.start] else ":"


def _added(text: str, lines: Lines, mapping: Node, names: Sequence[str], value: str, step: int) -> tuple[Edit, ...]:
    """A pair behind the last one of a mapping, below the mappings of all `names` but the last."""
    if mapping.flow:
        return _added_in_flow(text, lines, mapping, names, value)
    first, (key, last) = mapping.pairs[0][0], mapping.pairs[-1]
    if explicit(text, lines, first):
        raise Refused("an explicit key (`?`)")
    return (_below(text, lines, max(key.end, last.end), lines.column(first.start), _nested(names, value, step), last),)


def _nested(names: Sequence[str], value: str, step: int) -> list[str]:
    """The lines of a pair in block style, at the margin."""
    written = [f"{' ' * (step * depth)}{_word(name)}:" for depth, name in enumerate(names)]
    return [*written[:-1], f"{written[-1]} {_quoted(value)}"]


def _below(text: str, lines: Lines, end: int, column: int, new: Iterable[str], last: Node | None = None) -> Edit:
    """New lines at `column` below the one that holds `end`, and below comments that are as deep."""
    line = lines.of(end)
    eol = lines.ending(line if "\n" in text[lines.start(line) : lines.end(line)] else max(line - 1, 0))
    line += 1
    while column and line < len(lines.starts) and lines.comment(line) and lines.depth(line) >= column:
        line += 1
    place = lines.start(line)
    block = eol.join(" " * column + body for body in new)
    if place < len(text) or text.endswith("\n"):
        return Edit(place, place, block + eol)
    if last is not None and _would_grow(text, last):
        raise Refused("a block scalar that ends the text without a line break")
    return Edit(place, place, eol + block)


def _would_grow(text: str, node: Node) -> bool:
    """Whether the last value of a text without a last line break would gain one."""
    while node.pairs or node.items:
        node = node.pairs[-1][1] if node.pairs else node.items[-1]
    return node.style in ("|", ">") and node.end == len(text) and not _CUT.match(text, behind_properties(text, node))


def _step(lines: Lines, mapping: Node) -> int | None:
    """How many columns deeper the mappings in a block mapping stand."""
    own = [lines.column(mapping.pairs[0][0].start)] if mapping.pairs and not mapping.flow else []
    inner = [node.pairs[0][0] for _, node in mapping.pairs if node.kind == "map" and node.pairs and not node.flow]
    return next((lines.column(key.start) - column for column in own for key in inner), None)


def _filled(
    text: str, lines: Lines, mapping: Node, pair: tuple[Node, Node], names: Sequence[str], value: str, step: int
) -> tuple[Edit, ...]:
    """A pair in the place of a null or an empty mapping; in block style it gets a line of its own."""
    key, node = pair
    if node.anchor or node.tag:
        raise Refused(f"`{key.value}` is empty and carries an anchor or a tag")
    if "#" in text[key.end : node.end]:
        raise Refused(f"a comment in what `{key.value}` is")
    if mapping.flow:
        written = "{" + _flow_pair(names, value, *_manner(text, pair)) + "}"
        return (Edit(node.start, node.end, f"{_colon(text, key, node)} {written}" if node.empty else written),)
    colon = _COLON.match(text, key.end)
    if colon is None or explicit(text, lines, key):
        raise Refused("an explicit key (`?`)")
    cleared = [Edit(colon.end(), node.end, "")] if node.end > colon.end() else []
    column = lines.column(key.start) + step
    return (*cleared, _below(text, lines, max(colon.end(), node.end), column, _nested(names, value, step)))


def _added_in_flow(text: str, lines: Lines, mapping: Node, names: Sequence[str], value: str) -> tuple[Edit, ...]:
    if not mapping.pairs:
        if text[mapping.end - 2 : mapping.end] != "{}":
            raise Refused("an empty mapping with something in it")
        return (Edit(mapping.end - 1, mapping.end - 1, _flow_pair(names, value, '"', ": ")),)
    key, last = mapping.pairs[-1]
    quote, colon = _manner(text, (key, last))
    written = _flow_pair(names, value, quote, colon)
    divider = _divider(text, lines, mapping, colon)
    end = max(key.end, last.end)
    line = lines.of(end)
    stop = lines.start(line) + len(lines.body(line))
    tail = _TAIL.match(text[end:stop])
    if tail and "\n" in divider:
        # A comment behind the last pair stays behind it.
        comma = (Edit(end, end, ","),) if not tail[1] else ()
        return (*comma, Edit(stop, stop, divider[1:].lstrip(" \t") + written + tail[1]))
    return (Edit(end, end, (" " if text[end - 1] == ":" else "") + divider + written),)


def _manner(text: str, pair: tuple[Node, Node]) -> tuple[str, str]:
    """How a neighbour in flow style is written: the quote of its key (none or `"`), and what stands between key and value."""
    key, node = pair
    between = text[key.end : node.start]
    plain = between.strip(" ") == ":" and not node.empty and (key.style == '"' or between.endswith(" "))
    return '"' if key.style else "", between if plain else ": "


def _flow_pair(names: Sequence[str], value: str, quote: str, colon: str) -> str:
    words = [_quoted(name) if quote else _word(name) for name in names]
    return f"{colon}{{".join(words) + colon + _quoted(value) + "}" * (len(words) - 1)


def _divider(text: str, lines: Lines, mapping: Node, colon: str) -> str:
    """What stands between two pairs of a flow mapping: a comma and white space."""
    key = mapping.pairs[-1][0]
    if len(mapping.pairs) > 1:
        divider = text[mapping.pairs[-2][1].end : key.start]
    else:
        divider = "," + (text[mapping.start : key.start].rpartition("{")[2] or colon[1:])
    if _DIVIDER.match(divider):
        return divider
    line = lines.of(key.start)
    if "\n" in divider and lines.first_on_line(key.start):
        return "," + lines.ending(line) + " " * lines.column(key.start)
    return ", "


def _word(name: str) -> str:
    """A key, with quotes where it would not be a string without."""
    return name if _PLAIN.match(name) and name.lower() not in _RESERVED else _quoted(name)


def _quoted(value: str) -> str:
    """A string in double quotes, for YAML and JSON alike."""
    written = json.dumps(value, ensure_ascii=False)
    return _ESCAPED.sub(lambda found: f"\\u{ord(found.group()):04x}", written)
