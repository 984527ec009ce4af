"""What a file says of containers that stand elsewhere: Services, patches, policies, alerts, scripts and tests.

Gathered in one cheap pass over all files: a text is parsed only where the words of some kind of fact stand in it. A new
kind is a module with a `READER`, named in `_KINDS`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from migrator.links import Company, Facts, Patch, Service
from migrator.references import Delivery, Mention, Names, Reference
from migrator.sources.facts import (
    admission,
    alerts,
    asserts,
    autoscalers,
    companies,
    gitops,
    monitors,
    names,
    netpols,
    patches,
    paths,
    programs,
    resizes,
    scrapes,
    services,
)
from migrator.sources.facts.reader import Fact, File, Reader, Text
from migrator.text.source import chunks

_KINDS = (
    services,
    patches,
    companies,
    names,
    netpols,
    monitors,
    scrapes,
    alerts,
    autoscalers,
    admission,
    asserts,
    paths,
    programs,
    resizes,
    gitops,
)
_READERS: tuple[Reader, ...] = tuple(held for kind in _KINDS for held in vars(kind).values() if isinstance(held, Reader))
_SCRIPTS = tuple(reader for reader in _READERS if reader.scripts)
_WORDS = tuple(sorted({word for reader in _READERS for word in reader.words}))
_BYTES = tuple(word.encode() for word in _WORDS)


def may_tell(content: bytes) -> bool:
    """Whether there may be any fact in a file's bytes."""
    return any(word in content for word in _BYTES)


def read_facts(path: str, text: str) -> Facts:
    """The facts in a manifest. What does not parse has none that need a parse."""
    file, words, spans = File(path, text), _words(_WORDS, text), chunks(text)
    found: list[Fact] = []
    for start, end in spans:
        piece = Text(file, start, end)
        found += _found(_READERS, piece, _words(words, piece.piece) if len(spans) > 1 else words)
    return _sorted_out(found)


def read_script(path: str, text: str) -> Facts:
    """The facts in a script, a test or a policy that is no manifest."""
    return _sorted_out(list(_found(_SCRIPTS, Text(File(path, text), 0, len(text)), _words(_WORDS, text))))


def _words(words: Iterable[str], text: str) -> set[str]:
    return {word for word in words if word in text}


def _found(readers: Iterable[Reader], text: Text, words: set[str]) -> Iterator[Fact]:
    for reader in readers:
        if not words.isdisjoint(reader.words) and reader.wants(text):
            yield from reader.read(text)


def _sorted_out(held: Sequence[Fact]) -> Facts:
    return Facts(
        tuple(fact for fact in held if isinstance(fact, Service)),
        tuple(fact for fact in held if isinstance(fact, Patch)),
        tuple(fact for fact in held if isinstance(fact, Company)),
        tuple(fact for fact in held if isinstance(fact, Reference)),
        tuple(fact for fact in held if isinstance(fact, Mention)),
        tuple(fact for fact in held if isinstance(fact, Names)),
        tuple(fact for fact in held if isinstance(fact, Delivery)),
    )
