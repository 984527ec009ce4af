"""How far a long run is, on a terminal: one line on stderr that is gone when the run is done."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, TextIO

from migrator.run import Map

#: Seconds before anything is said, and between two words.
PATIENCE, PACE = 1.0, 0.1
_CLEAR = "\r\x1b[K"


@dataclass
class Progress:
    """Counts what goes through the passes of a run. `clock` gives seconds."""

    stream: TextIO
    clock: Callable[[], float] = time.monotonic
    _passes: int = 0
    _said: float | None = None
    _began: float = field(default=0.0)

    def __post_init__(self) -> None:
        self._began = self.clock()

    def watched(self, mapper: Map) -> Map:
        """The same mapping, which says how far it is."""

        def mapping(function: Callable[[Any], Any], items: Sequence[Any]) -> Iterable[Any]:
            return self._counted(mapper(function, items), len(items))

        return mapping

    def done(self) -> None:
        """Take the line away."""
        if self._said is not None:
            self.stream.write(_CLEAR)
            self.stream.flush()
            self._said = None

    def _counted(self, results: Iterable[Any], total: int) -> Iterator[Any]:
        self._passes += bool(total)
        number = self._passes
        for count, result in enumerate(results, 1):
            self._say(number, count, total)
            yield result

    def _say(self, number: int, count: int, total: int) -> None:
        now = self.clock()
        if now - self._began < PATIENCE or (self._said is not None and now - self._said < PACE):
            return
        self._said = now
        self.stream.write(f"{_CLEAR}pass {number}: {count} of {total}")
        self.stream.flush()
