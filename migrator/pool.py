"""How the passes over many files are mapped: in this process, or by several."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

from migrator.run import Map

#: Files handed to a process at a time.
CHUNK = 50


@contextmanager
def mapping(jobs: int) -> Iterator[Map]:
    """A `map` over `jobs` processes; results come in the order of what goes in, whatever their number."""
    if jobs < 2:
        yield map
        return
    from concurrent.futures import ProcessPoolExecutor

    with ProcessPoolExecutor(jobs) as executor:
        yield partial(executor.map, chunksize=CHUNK)
