"""Lists that fold and end where they must, and words of others that must not become Markdown."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape
from typing import TypeVar

T = TypeVar("T")

#: A longer list is folded.
_FOLD = 5
#: Of a minor list this part is shown.
_MINOR = 8
#: So many places are named with a message.
_PLACES = 3
#: So many characters of a message are shown.
_CLIP = 400

_CODE = re.compile(r"(`[^`]+`)")
_FENCE = re.compile("`+")
_MARKS = re.compile(r"[\\*_\[\]<>|~$#]")
#: What GitHub makes a link to a person of.
_MENTION = re.compile(r"@(?=\w)")


@dataclass(frozen=True)
class Shown:
    """How much is shown: `most` items of a list, and of a minor one, which nobody has to act on, less."""

    most: int

    def list(self, title: str, held: Sequence[T], say: Callable[[T], str], indent: str = "", minor: bool = False) -> list[str]:
        """A list under its title, folded where it is long. What is left out is counted."""
        if not held:
            return []
        most = self.most // _MINOR if minor else self.most
        bullets = [f"{indent}- {say(item)}" for item in held[:most]]
        if left := len(held) - len(bullets):
            bullets.append(
                f"{indent}- … and {left} more" if bullets else f"{indent}- {left}, left out as this is too long already"
            )
        if len(held) <= _FOLD:
            return [*([f"{indent}{title}", ""] if title else []), *bullets, ""]
        head = [f"{indent}<details><summary>{title or 'All'} ({len(held)})</summary>", ""]
        return [*head, *bullets, "", f"{indent}</details>", ""]


def code(text: str) -> str:
    """A name as code, whatever is in it."""
    held = _clipped(" ".join(text.split()), _CLIP)
    fence = "`" * (max(map(len, _FENCE.findall(held)), default=0) + 1)
    pad = " " if "`" in held else ""
    return f"{fence}{pad}{held or ' '}{pad}{fence}"


def html(text: str) -> str:
    """Words of ours as HTML, for the head of a folded list, where backticks say nothing."""
    return _CODE.sub(lambda held: f"<code>{held.group()[1:-1]}</code>", escape(text, quote=False))


def places(held: Sequence[str]) -> str:
    """The places that something is said of: the first few, and how many more there are."""
    left = f" and {len(held) - _PLACES} more" if len(held) > _PLACES else ""
    return ", ".join(map(code, held[:_PLACES])) + left


def prose(text: str) -> str:
    """A message, in which names stand in backticks: the rest of it is text, and mentions nobody."""
    held = _clipped(" ".join(text.split()), _CLIP)
    return "".join(part if _CODE.fullmatch(part) else _plain(part) for part in _CODE.split(held))


def _plain(text: str) -> str:
    return _MENTION.sub("@\u200b", _MARKS.sub(lambda mark: "\\" + mark.group(), text)).replace("`", "\\`")


def _clipped(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"
