"""What a path in a script is about: the command it stands in, the words near it, the words of its file."""

from __future__ import annotations

import re
from functools import cached_property
from typing import Literal

from migrator.references import Mention
from migrator.sources.facts.reader import Text

_CODE = (".go", ".py", ".ts", ".js", ".mjs", ".groovy", "Jenkinsfile")
_WORD = re.compile(r"(?<![\w.-])[a-z0-9](?:[\w.-]*[a-z0-9])?(?![\w])")
_QUOTED = re.compile(r"""["'`]([a-z0-9](?:[a-z0-9.-]*[a-z0-9])?)["'`]""")
_ORDINAL = re.compile(r"-\d+\Z")
_COMMAND = re.compile(r"(?i)\b(?:kubectl|oc|jq|yq)\b")
_COMMENT = re.compile(r"[ \t]*(?:#|//|\*|-- )")
_CONTINUED = re.compile(r"(?:\\|\||&&)[ \t\r]*\Z")
_INITS = re.compile(r"init_?[cC]ontainer|InitContainer")
_KINDS = r"(?:deploy(?:ment)?s?|sts|statefulsets?|ds|daemonsets?|po|pods?|rs|replicasets?|jobs?|cj|cronjobs?)(?:\.apps|\.batch)?"
_VERB = r"\b(?:get|patch|describe|wait)\b[^|;&]{0,80}?"
_OBJECT = re.compile(rf"""{_VERB}(?<![\w./-]){_KINDS}(?:/|[\s"',]+)[\\"']*([a-z0-9][\w.-]*)""")
_EQUAL = r"[\w./-]+==?[\w.-]+"
_SELECTOR = re.compile(rf"""(?:(?<!\S)-l|--selector|[lL]abel_?[sS]elector)[\s=,:"']+({_EQUAL}(?:,{_EQUAL})*)""")
_NAMESPACE = re.compile(r"""(?:(?<!\S)-n|--namespace)[\s=,"']+([a-z0-9][a-z0-9-]*)(?![\w$])""")
#: A program that makes pods looks at its own.
_MAKES = re.compile(r"""[cC]ontainers["']?\s*(?::=|[:=])\s*\[\s*(?:\]\w|\{|[\w.]*V1Container\()""")
_TEMPLATE = re.compile(r"(?<!\$)\{\{")
_PATCHES = re.compile(r"\bpatch\b")
#: How many lines near a path are read with it where it stands in no command: tests say first what they look at.
_BEFORE, _AFTER = 8, 4
#: A longer line is no line of a script.
_LINE = 2000


class Surroundings:
    """The lines of a text, taken together where a command runs over several."""

    def __init__(self, text: Text) -> None:
        self.text = text
        self.code = text.path.endswith(_CODE)
        self.lines = text.piece.split("\n")
        self.first = text.line(0)

    @cached_property
    def far(self) -> frozenset[str]:
        """All words of the text; of a program, those it quotes."""
        return _words(self.text.piece, self.code)

    @cached_property
    def makes_pods(self) -> bool:
        """Whether it is a program that makes pods."""
        return self.code and bool(_MAKES.search(self.text.piece))

    def idle(self, offset: int) -> bool:
        """Whether the line is a comment, or part of a template that makes pods."""
        line = self.lines[self._row(offset)]
        return bool(_COMMENT.match(line) or (_TEMPLATE.search(line) and not _COMMAND.search(line)))

    def patches(self, offset: int) -> bool:
        """Whether a command stands there that patches an object, its containers and nothing less."""
        command = self._command(self._row(offset))
        return bool(_COMMAND.search(command) and _PATCHES.search(command)) and "resize" not in command

    def mention(
        self, offset: int, kind: Literal["containers", "statuses", "resize"], said: str, index: int = -1, container: str = ""
    ) -> Mention:
        """The path at an offset of the text, with all that is said about it."""
        row = self._row(offset)
        said_there = self._command(row)
        owner = space = None
        if command := bool(_COMMAND.search(said_there)):
            owner, space = _OBJECT.search(said_there), _NAMESPACE.search(said_there)
        else:
            said_there = "\n".join(line[:_LINE] for line in self.lines[max(0, row - _BEFORE) : row + _AFTER])
        chosen = _SELECTOR.search(said_there)
        return Mention(
            self.text.path,
            self.first + row,
            kind,
            said,
            index,
            container,
            owner[1].rstrip("-.") if owner and not chosen else "",
            space[1] if space else "",
            tuple(_pair(term) for term in chosen[1].split(",")) if chosen else (),
            _words(said_there, self.code and not command),
            self.far,
            bool(_INITS.search(said_there)),
            self.makes_pods,
        )

    def _row(self, offset: int) -> int:
        return self.text.line(offset) - self.first

    def _command(self, row: int) -> str:
        """The line, with those that it continues and that continue it."""
        first, last = row, row
        while first > 0 and _CONTINUED.search(self.lines[first - 1]):
            first -= 1
        while last + 1 < len(self.lines) and _CONTINUED.search(self.lines[last]):
            last += 1
        return " ".join(line.rstrip("\\\r ")[:_LINE] for line in self.lines[first : last + 1])


def _pair(term: str) -> tuple[str, str]:
    key, _, value = term.partition("=")
    return key, value.lstrip("=")


def _words(text: str, quoted: bool) -> frozenset[str]:
    """The words that may be names, also of the pods of a StatefulSet by its name; of a program, those it quotes."""
    found = (_QUOTED if quoted else _WORD).findall(text)
    return frozenset(held for word in found for held in (word, _ORDINAL.sub("", word)))
