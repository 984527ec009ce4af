"""A light YAML tree with exact character offsets, built from parse events.

ruamel.yaml's *events* are used, never its composer: the composer loses aliases, is recursive, and its C
variant crashes on deep input. Offsets are what the editor cuts by, so two things the events leave vague
are settled here: where a block collection ends (with its last leaf, not at the next token) and where an
empty value stands (right behind its `:` or `-`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from migrator.text.errors import TextError, TooLarge

MAX_DEPTH = 200
MAX_NODES = 200_000

_PROPERTIES = re.compile(r"[&!][^\s,\[\]{}]*(?:[ \t]+[&!][^\s,\[\]{}]*)?")
_TAG_BEFORE = re.compile(r"![^\s,\[\]{}]*[ \t]+\Z")
_TO_COLON = re.compile(r"(?:[ \t]|\r?\n|#[^\n]*)*:")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_BLANKS = re.compile(r"[ \t]+")


class Node:
    """One YAML node. `kind` is `scalar`, `seq`, `map` or `alias`; `end` is exclusive."""

    __slots__ = ("anchor", "end", "flow", "items", "kind", "pairs", "start", "style", "tag", "target", "value")

    def __init__(self, kind: str, start: int, end: int) -> None:
        self.kind = kind
        self.start = start
        self.end = end
        self.anchor: str | None = None
        self.tag: str | None = None
        self.value = ""
        self.style = ""
        self.flow = False
        self.items: list[Node] = []
        self.pairs: list[tuple[Node, Node]] = []
        self.target: Node | None = None

    def get(self, key: str) -> Node | None:
        """The value of `key` in a mapping (aliases are not followed), or None."""
        for name, value in self.pairs:
            if name.kind == "scalar" and name.value == key:
                return value
        return None

    def key(self, key: str) -> Node | None:
        """The key node of `key` in a mapping, or None."""
        for name, _ in self.pairs:
            if name.kind == "scalar" and name.value == key:
                return name
        return None

    def children(self) -> Iterator[Node]:
        """The nodes directly below, in text order."""
        for name, value in self.pairs:
            yield name
            yield value
        yield from self.items

    def walk(self) -> Iterator[Node]:
        """The node and all below it, in no order."""
        waiting = [self]
        while waiting:
            node = waiting.pop()
            yield node
            waiting.extend(node.children())

    @property
    def empty(self) -> bool:
        """Whether this is a value of no characters at all (a null that was never written)."""
        return self.kind == "scalar" and self.start == self.end

    @property
    def resolved(self) -> Node:
        """The node itself, or what it is an alias of."""
        return self.target if self.target is not None else self


def shadow(text: str) -> str:
    """A text of the same length for the parser: tabs before a line's end or a comment are blanks.

    Kubernetes and libyaml accept such tabs, the pure Python parser does not.
    """

    def blank(found: re.Match[str]) -> str:
        behind = text[found.end() : found.end() + 1]
        return " " * len(found.group()) if behind in ("", "\r", "\n", "#") else found.group()

    return _BLANKS.sub(blank, text)


def parse(text: str, start: int = 0, end: int | None = None, pure: bool = False) -> list[Node | None]:
    """The root of every document in `text[start:end]`; None for a document without content.

    Offsets are those of `text`. The C parser is asked first where there is one (unless `pure`); what it refuses
    and YAML allows (a colon inside a plain flow scalar, surrogate pairs) the Python parser takes. Raises
    `TextError` (with a line) where it is not YAML, `TooLarge` beyond `MAX_DEPTH` levels or `MAX_NODES` nodes.
    """
    end = len(text) if end is None else end
    if text.startswith("\ufeff", start):
        start += 1
    piece = text[start:end]
    try:
        return _parsed(text, start, piece, pure)
    except TooLarge:
        raise
    except TextError as refusal:
        try:
            return _leniently(text, start, piece)
        except TextError:
            raise refusal from None


#: So many lines with tabs are looked at one by one before all are.
_TABBED_LINES = 20


def _leniently(text: str, start: int, piece: str) -> list[Node | None]:
    """The Python parser's answer, tabs before a line's end or a comment taken for blanks where it stumbles over one."""
    first = line_number(text, start)
    lines = piece.split("\n")
    for _ in range(_TABBED_LINES):
        try:
            return _parsed(text, start, "\n".join(lines), True)
        except TextError as error:
            at = (error.line or first) - first
            if isinstance(error, TooLarge) or at >= len(lines) or shadow(lines[at]) == lines[at]:
                raise
            lines[at] = shadow(lines[at])
    return _parsed(text, start, shadow(piece), True)


def _parsed(text: str, start: int, piece: str, pure: bool) -> list[Node | None]:
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError, YAMLError

    builder = _Builder(text, start)
    try:
        # A new YAML() per parse: it gathers document information for as long as it lives.
        for event in YAML(typ="safe", pure=pure).parse(piece):
            builder.take(event)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        at = start + (mark.index if mark else 0)
        raise TextError(_plain(error, text, at), line_number(text, at)) from None
    except (YAMLError, ValueError, OverflowError, UnicodeError) as error:
        control = _CONTROL.search(piece)
        at = start + (control.start() if control else 0)
        raise TextError(f"not YAML: {str(error).splitlines()[0]}", line_number(text, at)) from None
    except RecursionError:
        raise TooLarge(f"nested deeper than {MAX_DEPTH} levels") from None
    return builder.roots


def line_number(text: str, offset: int) -> int:
    """The 1-based line of `offset`; only LF counts, as in diffs and editors."""
    return text.count("\n", 0, offset) + 1


def _plain(error: Any, text: str, at: int) -> str:
    line_start = text.rfind("\n", 0, at) + 1
    indent = text[line_start:at]
    if text[at : at + 1] == "\t" or (indent.strip(" \t") == "" and "\t" in indent):
        return "a tab where YAML wants blanks"
    problem = str(error.problem or error.context or "not YAML").strip()
    return f"not YAML: {problem}"


class _Builder:
    """Takes events, gives trees; iterative, because real depth is the input's choice."""

    def __init__(self, text: str, base: int) -> None:
        self.text = text
        self.base = base
        self.roots: list[Node | None] = []
        self.stack: list[Node] = []
        self.keys: list[Node | None] = []
        self.root: Node | None = None
        self.anchors: dict[str, Node] = {}
        self.nodes = 0

    def take(self, event: Any) -> None:
        name = type(event).__name__
        if name == "ScalarEvent":
            self._add(self._scalar(event))
        elif name in ("MappingStartEvent", "SequenceStartEvent"):
            node = self._node("map" if name[0] == "M" else "seq", event)
            node.flow = bool(event.flow_style)
            self._add(node)
            if len(self.stack) >= MAX_DEPTH:
                raise TooLarge(f"nested deeper than {MAX_DEPTH} levels", line_number(self.text, node.start))
            self.stack.append(node)
            self.keys.append(None)
        elif name in ("MappingEndEvent", "SequenceEndEvent"):
            self._close(event)
        elif name == "AliasEvent":
            node = self._node("alias", event)
            node.target = self.anchors.get(event.anchor)
            node.anchor, node.value = None, event.anchor
            if node.target is None:
                raise TextError(f"alias *{event.anchor} has no anchor", line_number(self.text, node.start))
            self._add(node)
        elif name == "DocumentStartEvent":
            self.anchors = {}
            self.root = None
            self.nodes = 0
        elif name == "DocumentEndEvent":
            empty = self.root is None or (self.root.kind == "scalar" and not self.root.value and not self.root.style)
            self.roots.append(None if empty else self.root)

    def _node(self, kind: str, event: Any) -> Node:
        self.nodes += 1
        start = self.base + event.start_mark.index
        if self.nodes > MAX_NODES:
            raise TooLarge(f"more than {MAX_NODES} nodes in one document", line_number(self.text, start))
        node = Node(kind, start, self.base + event.end_mark.index)
        node.anchor = event.anchor
        node.tag = getattr(event, "tag", None)
        if node.anchor is not None and kind != "alias":
            self.anchors[node.anchor] = node
            if node.tag is not None and (tag := _TAG_BEFORE.search(self.text, max(self.base, start - 200), start)):
                # The Python parser begins a node at its anchor even where its tag stands before that.
                node.start = tag.start()
        return node

    def _scalar(self, event: Any) -> Node:
        node = self._node("scalar", event)
        node.value = event.value
        if _SURROGATE.search(node.value):
            node.value = node.value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        node.style = event.style or ""
        if node.style in ("|", ">"):
            node.end = _block_scalar_end(self.text, node)
        elif not node.value and not node.style:
            if node.tag is None and node.anchor is None:
                node.start = node.end = self._pin(node.start)
            else:
                node.end = behind_properties(self.text, node)
        return node

    def _pin(self, at: int) -> int:
        """Where an empty value belongs: behind the `:` of its key, the `-` of its item."""
        if not self.stack:
            return at
        parent = self.stack[-1]
        key = self.keys[-1]
        if parent.kind == "map":
            if key is None:
                return at
            colon = _TO_COLON.match(self.text, key.end)
            return colon.end() if colon else key.end
        if parent.flow:
            return at
        before = parent.items[-1].end if parent.items else behind_properties(self.text, parent)
        return after_dash(self.text, before)

    def _add(self, node: Node) -> None:
        if not self.stack:
            self.root = node
            return
        parent = self.stack[-1]
        if parent.kind == "seq":
            parent.items.append(node)
            return
        key = self.keys[-1]
        if key is None:
            self.keys[-1] = node
        else:
            parent.pairs.append((key, node))
            self.keys[-1] = None

    def _close(self, event: Any) -> None:
        node = self.stack.pop()
        self.keys.pop()
        if node.flow:
            node.end = self.base + event.end_mark.index
        elif node.pairs:
            key, value = node.pairs[-1]
            node.end = max(value.end, key.end)
        elif node.items:
            node.end = node.items[-1].end


def behind_properties(text: str, node: Node) -> int:
    """The offset behind the node's own anchor and tag, or its start where it has neither."""
    properties = _PROPERTIES.match(text, node.start) if node.anchor or node.tag else None
    return properties.end() if properties else node.start


def after_dash(text: str, at: int) -> int:
    """The offset behind the next `-` indicator, over blanks and comments."""
    while at < len(text):
        char = text[at]
        if char == "#":
            end = text.find("\n", at)
            at = end if end >= 0 else len(text)
        elif char == "-":
            return at + 1
        else:
            at += 1
    return at


def _block_scalar_end(text: str, node: Node) -> int:
    """The end of a block scalar's own last line, its line break excluded.

    The event runs on through blank lines that follow. They are content only with the `+` indicator, or
    where they hold more blanks than the indentation.
    """
    piece = text[node.start : node.end]
    header, _, _ = piece.partition("\n")
    last = node.value.rstrip("\n").rpartition("\n")[2]
    if "+" in header.split("#")[0] or (last and not last.strip()):
        stripped = piece.removesuffix("\n").removesuffix("\r")
    else:
        # Up to the end of the last line that says something, its trailing blanks included.
        end = piece.find("\n", len(piece.rstrip()))
        stripped = piece[: end if end >= 0 else None].removesuffix("\r")
    return node.start + len(stripped)
