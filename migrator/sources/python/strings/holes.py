"""Words in place of what is filled into a manifest at run time, so that it can be read before."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from migrator.sources.python.strings.tokens import Token

_STEM = re.compile("hole(x*)")


@dataclass(frozen=True)
class Holes:
    """The words of a text: `stem`, a number, `z`. `found` gives for each what is written, and what a reader is told."""

    stem: str
    found: dict[str, tuple[str, str]]

    def told(self, text: str) -> str:
        """`text` for a reader: `{{ source }}` for each hole."""
        return "".join(self.found[part][1] if part in self.found else part for part in self._split(text))

    def written(self, text: str, spelled: Callable[[str], str]) -> str:
        """`text` as it is written: the holes as they were, all else `spelled`."""
        return "".join(self.found[part][0] if part in self.found else spelled(part) for part in self._split(text))

    def _split(self, text: str) -> list[str]:
        return re.split(rf"({self.stem}[0-9]+z)", text)


def filled(content: str, lines: Iterable[Iterable[Token]]) -> tuple[Holes, list[str]]:
    """The lines with a word for each hole: one word for all that are written alike, unless their order counts.

    `content` is what the words must not occur in.
    """
    runs = [len(run) for run in _STEM.findall(content)]
    holes = Holes("hole" + "x" * (max(runs) + 1 if runs else 0), {})
    words: dict[str, str] = {}

    def word(token: Token) -> str:
        if token.named and token.raw in words:
            return words[token.raw]
        new = f"{holes.stem}{len(holes.found)}z"
        shown = token.raw.strip("${} ") if token.named else f"value {len(holes.found) + 1}"
        holes.found[new] = (token.raw, f"{{{{ {shown} }}}}")
        return words.setdefault(token.raw, new) if token.named else new

    return holes, ["".join(word(t) if t.value is None else t.value for t in line) for line in lines]
