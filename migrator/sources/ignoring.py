"""Writing `# sidecar-migrate: ignore[reason]` above containers, so that what was decided once stays decided."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from migrator.model import Pointer
from migrator.sources import manifest
from migrator.text.edits import Edit, apply
from migrator.text.errors import Refused, TextError
from migrator.text.lines import Lines
from migrator.text.proof import Numbering
from migrator.text.source import chunks
from migrator.text.tree import Node, parse

#: What may stand before a list item on its line: the one dash of its list, or nothing.
_DASH = re.compile(r" *(?:- +)?\Z")
_UNFIT = re.compile(r"[\]\[#\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff]+")


@dataclass(frozen=True)
class Remark:
    """That the container of the pod at `pointer` in a document (0-based) is to be ignored, and why."""

    document: int
    pointer: Pointer
    container: str
    reason: str


def ignoring(text: str, remarks: Iterable[Remark]) -> str:
    """The text with the comments. Raises `Refused` where one cannot be written, or would not be read again."""
    wanted = list(remarks)
    try:
        found = manifest.read(text)
        new = apply(text, [_edit(found, remark) for remark in wanted])
        _prove(text, new, wanted)
    except (TextError, manifest.Template) as error:
        raise Refused(str(error)) from None
    return new


def _edit(found: manifest.Manifest, remark: Remark) -> Edit:
    sites = zip(found.sites, found.handles, strict=True)
    handle = next((held for site, held in sites if (site.document, site.pointer) == (remark.document, remark.pointer)), None)
    held = handle.mapping.get("containers") if handle is not None else None
    item = next((item for item in held.items if _name(item) == remark.container), None) if held is not None else None
    if held is None or item is None:
        raise Refused("the container was not found")
    if held.flow:
        raise Refused("comments do not fit into a list in flow style, such as JSON")
    return _above(found.text, found.lines, item, f"# sidecar-migrate: ignore[{_fit(remark.reason)}]")


def _above(text: str, lines: Lines, item: Node, comment: str) -> Edit:
    """A line above the first one of a list item, as deep as what the item's line begins with."""
    line = lines.of(item.start)
    start = lines.start(line)
    before = text[start : item.start]
    if not _DASH.match(before):
        raise Refused("something else stands on the first line of the container")
    depth = len(before) - len(before.lstrip(" ")) if "-" in before else len(before)
    return Edit(start, start, f"{' ' * depth}{comment}{lines.ending(line)}")


def _prove(before: str, after: str, wanted: Iterable[Remark]) -> None:
    """Raise `Refused` unless both texts say the same, and the comments are understood."""
    old, new = chunks(before), chunks(after)
    if len(old) != len(new):
        raise Refused("with the comment the file would fall into other documents")
    for (a, b), (c, d) in zip(old, new, strict=True):
        # What a comment does not touch need not be YAML.
        if before[a:b] != after[c:d] and not _same(parse(before, a, b), parse(after, c, d)):
            raise Refused("with the comment the file would say something else")
    sites = {(site.document, site.pointer): site for site in manifest.read(after).sites}
    for remark in wanted:
        site = sites.get((remark.document, remark.pointer))
        held = next((c.directive for c in site.pod.containers if c.name == remark.container), None) if site else None
        if held is None or (held.word, held.reason) != ("ignore", _fit(remark.reason)):
            raise Refused("the comment would not be understood there")


def _same(old: Sequence[Node | None], new: Sequence[Node | None]) -> bool:
    numbers = Numbering()
    first, second = ([numbers.of(root) if root is not None else None for root in roots] for roots in (old, new))
    return first == second


def _name(item: Node) -> str | None:
    value = item.resolved.get("name")
    return value.value if value is not None and value.kind == "scalar" else None


def _fit(reason: str) -> str:
    """A reason without what would end the comment or its brackets."""
    return " ".join(_UNFIT.sub(" ", reason).split())
