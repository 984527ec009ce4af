"""How fast each stage drops the Python files of a tree: `python -m tests.measure.programs DIR`.

Every stage sees what the one before it left, and all of them do so in this process, one after the other.
"""

from __future__ import annotations

import ast
import sys
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from migrator.sources.python import prefilter
from migrator.text.errors import TextError

T = TypeVar("T")
R = TypeVar("R")

#: Longer programs are generated, and skipped by the tool as well.
_MOST = 1024 * 1024


def main(folder: str) -> None:
    """Print files, megabytes and seconds of CPU of each stage."""
    paths = sorted(path for path in Path(folder).rglob("*.py") if path.is_file())
    held = _stage("read", paths, lambda path: path.read_bytes(), lambda path: path.stat().st_size)
    contents = [(path, content) for path, content in zip(paths, held, strict=True) if len(content) <= _MOST]
    left = _kept("bytes and pattern", contents, prefilter.file_may_hold_pods)
    left = _kept("ast", left, _builds)
    _kept("libcst: find", left, _found)


def _builds(content: bytes) -> bool:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return prefilter.builds_pods(ast.parse(content))
    except (SyntaxError, ValueError, RecursionError):
        return False


def _found(content: bytes) -> bool:
    from migrator.sources.python.asked import Asked
    from migrator.sources.python.finding import found
    from migrator.sources.python.libraries.clients import Pins

    try:
        _, sites, _ = found(content.decode(errors="replace"), Asked(Pins()))
    except TextError:
        return False
    return bool(sites)


def _kept(name: str, held: list[tuple[Path, bytes]], keep: Callable[[bytes], bool]) -> list[tuple[Path, bytes]]:
    answers = _stage(name, held, lambda pair: keep(pair[1]), lambda pair: len(pair[1]))
    left = [pair for pair, answer in zip(held, answers, strict=True) if answer]
    print(f"{'':22}{len(left)} left")
    return left


def _stage(name: str, items: list[T], do: Callable[[T], R], size: Callable[[T], int]) -> list[R]:
    start = time.process_time()
    answers = [do(item) for item in items]
    seconds = time.process_time() - start
    megabytes = sum(map(size, items)) / 1e6
    rate = f"{len(items) / seconds:,.0f} files/s, {megabytes / seconds:,.1f} MB/s" if seconds else ""
    print(f"{name:20}  {len(items):6} files {megabytes:8.1f} MB {seconds:7.2f} s  {rate}")
    return answers


if __name__ == "__main__":
    main(sys.argv[1])
