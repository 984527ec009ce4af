"""HTML that cannot forget to escape: children and attributes are text, and escaped, unless this module made them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import escape

#: What no reader may get: control characters, those that turn the direction of text around, and halves of characters.
_UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_VOID = frozenset({"meta", "link", "input", "col"})

Value = str | int | float | bool | None


class Html(str):
    """Markup: what is written as it is."""

    __slots__ = ()


def text(value: str) -> Html:
    """A text, escaped for content and for quoted attributes alike."""
    return Html(escape(_UNSEEN.sub("\ufffd", value.replace("\r", "")), quote=True))


def join(parts: Iterable[str]) -> Html:
    """The parts one after the other; those that are no markup are escaped."""
    return Html("".join(part if isinstance(part, Html) else text(part) for part in parts))


def prose(words: str) -> Html:
    """A sentence in which `backticks` mark code."""
    parts = words.split("`")
    if len(parts) % 2 == 0:
        return text(words)
    return join(el("code", part) if n % 2 else part for n, part in enumerate(parts))


def el(name: str, /, *children: str, **attributes: Value) -> Html:
    """An element. `class_` is `class`, `data_v` is `data-v`; what is None or False is left out, True stands without a value."""
    words = [name]
    for key, value in attributes.items():
        if value is None or value is False:
            continue
        key = key.rstrip("_").replace("_", "-")
        words.append(key if value is True else f'{key}="{text(_spelled(value))}"')
    if name in _VOID:
        return Html(f"<{' '.join(words)}>")
    return Html(f"<{' '.join(words)}>{join(children)}</{name}>")


def shape(name: str, /, **attributes: Value) -> Html:
    """An element of an SVG without content."""
    return Html(el(name, **attributes).removesuffix(f"></{name}>") + "/>")


def _spelled(value: Value) -> str:
    return f"{value:.1f}".removesuffix(".0") if isinstance(value, float) else str(value)
