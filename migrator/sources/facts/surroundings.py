"""What a path in a script is about: the command it stands in, the words near it, the words of its file."""

from __future__ import annotations

import re
from functools import cached_property
from typing import NamedTuple

from migrator.references import Mention, MentionKind
from migrator.sources.facts.reader import Text

_CODE = (".go", ".py", ".ts", ".js", ".mjs", ".groovy", "Jenkinsfile")
_WORD = re.compile(r"(?<![\w.-])[a-z0-9](?:[\w.-]*[a-z0-9])?(?![\w])")
_QUOTED = re.compile(r"""["'`]([a-z0-9](?:[a-z0-9.-]*[a-z0-9])?)["'`]""")
_ORDINAL = re.compile(r"-\d+\Z")
_COMMAND = re.compile(r"(?i)\b(?:kubectl|oc|jq|yq)\b")
_COMMENT = re.compile(r"[ \t]*(?:#|//|\*|-- )")
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
#: The object that an overlay patches by path (IstioOperator, `k8s.overlays`).
_OVERLAID = re.compile(r"\bkind:[ \t]*\w+[ \t\r]*\n[ \t]*name:[ \t]*([a-z0-9][\w.-]*)[ \t\r]*\n[ \t]*patches:")
_PATH = re.compile(r"[ \t]*(?:-[ \t]+)?path:")
_PATCHES = re.compile(r"\bpatch\b")
#: How many lines near a path are read with it where it stands in no command: tests say first what they look at.
_BEFORE, _AFTER = 8, 4
#: How far above a path the object may be named that an overlay is for.
_OVERLAY = 60
#: A command over more lines than so many, before a path or after it, is not read to its end.
_COMMAND_LINES = 60
#: A longer line is no line of a script.
_LINE = 2000


class _Said(NamedTuple):
    """What is said about the paths of a line (see `Mention`)."""

    owner: str
    namespace: str
    selector: tuple[tuple[str, str], ...]
    near: frozenset[str]
    inits: bool


class Surroundings:
    """The lines of a text, taken together where a command runs over several."""

    def __init__(self, text: Text) -> None:
        self.text = text
        self.code = text.path.endswith(_CODE)
        self.lines = text.piece.split("\n")
        self.first = text.line(0)
        self._said: dict[int, _Said] = {}

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
        line = self.lines[self._row(offset)][:_LINE]
        return bool(_COMMENT.match(line) or (_TEMPLATE.search(line) and not _COMMAND.search(line)))

    def patches(self, offset: int) -> bool:
        """Whether a command stands there that patches an object, its containers and nothing less."""
        command = self._command(self._row(offset))
        return bool(_COMMAND.search(command) and _PATCHES.search(command)) and "resize" not in command

    def mention(self, offset: int, kind: MentionKind, said: str, index: int = -1, container: str = "") -> Mention:
        """The path at an offset of the text, with all that is said about it."""
        row = self._row(offset)
        if row not in self._said:
            self._said[row] = self._read(row)
        said_there = self._said[row]
        return Mention(
            self.text.path,
            self.first + row,
            kind,
            said,
            index,
            container,
            said_there.owner,
            said_there.namespace,
            said_there.selector,
            said_there.near,
            self.far,
            said_there.inits,
            self.makes_pods,
        )

    def _read(self, row: int) -> _Said:
        """What is said about all paths of a line: in its command, else in the lines around it."""
        text = self._command(row)
        if command := bool(_COMMAND.search(text)):
            owner, space = _OBJECT.search(text), _NAMESPACE.search(text)
        else:
            owner, space, text = self._overlaid(row), None, self._around(row, _BEFORE, _AFTER)
        chosen = _SELECTOR.search(text)
        return _Said(
            owner[1].rstrip("-.") if owner and not chosen else "",
            space[1] if space else "",
            tuple(_pair(term) for term in chosen[1].split(",")) if chosen else (),
            _words(text, self.code and not command),
            bool(_INITS.search(text)),
        )

    def _around(self, row: int, before: int, after: int) -> str:
        return "\n".join(line[:_LINE] for line in self.lines[max(0, row - before) : row + after])

    def _overlaid(self, row: int) -> re.Match[str] | None:
        """The name of the object that a path in an overlay is for."""
        found = list(_OVERLAID.finditer(self._around(row, _OVERLAY, 0))) if _PATH.match(self.lines[row]) else []
        return found[-1] if found else None

    def _row(self, offset: int) -> int:
        return self.text.line(offset) - self.first

    def _command(self, row: int) -> str:
        """The line, with those that it continues and that continue it."""
        first, last = row, row
        while first > max(0, row - _COMMAND_LINES) and _goes_on(self.lines[first - 1]):
            first -= 1
        while last + 1 < min(len(self.lines), row + _COMMAND_LINES) and _goes_on(self.lines[last]):
            last += 1
        return " ".join(line.rstrip("\\\r ")[:_LINE] for line in self.lines[first : last + 1])


def _goes_on(line: str) -> bool:
    """Whether a command goes on in the next line."""
    return line.rstrip().endswith(("\\", "|", "&&"))


def _pair(term: str) -> tuple[str, str]:
    key, _, value = term.partition("=")
    return key, value.lstrip("=")


def _words(text: str, quoted: bool) -> frozenset[str]:
    """The words that may be names, also of the pods of a StatefulSet by its name; of a program, those it quotes."""
    found = (_QUOTED if quoted else _WORD).findall(text)
    return frozenset(held for word in found for held in (word, _ORDINAL.sub("", word)))
