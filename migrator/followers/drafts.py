"""The texts of a run as they will be: what moves made of them, and what follows the moves."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from migrator.model import FileResult
from migrator.text.errors import Refused, TextError
from migrator.text.source import decode


class Drafts:
    """Texts by path; only those that are put here are kept. `read` gives the bytes of a file as it is."""

    def __init__(self, results: Iterable[FileResult], read: Callable[[str], bytes]) -> None:
        self._results = {result.path: result for result in results}
        self._read = read
        self._new: dict[str, str] = {}

    def text(self, path: str) -> str:
        """The text of a file as it will be so far. Raises `Refused` where it cannot be read, or is not to be written."""
        if path in self._new:
            return self._new[path]
        result = self._results.get(path)
        if result is not None and result.status in ("failed", "skipped"):
            raise Refused(f"{path} is left alone: {result.reason}")
        try:
            return decode(result.after if result is not None and result.after is not None else self._read(path)).text
        except OSError as error:
            raise Refused(f"{path} cannot be read: {error.strerror or error}") from None
        except TextError as error:
            raise Refused(f"{path} cannot be read: {error.message}") from None

    def unchanged(self, path: str) -> str:
        """The text of a file as it is, whatever becomes of it; empty where it cannot be read."""
        try:
            return decode(self._read(path)).text
        except (OSError, TextError):
            return ""

    def moved(self, path: str) -> bool:
        """Whether something in the file itself moves."""
        result = self._results.get(path)
        return result is not None and result.after is not None

    def put(self, path: str, text: str) -> None:
        """Let this be the text of a file that was asked for."""
        if text != self.text(path):
            self._new[path] = text

    def results(self, results: Iterable[FileResult]) -> list[FileResult]:
        """The results with these texts."""
        held = list(results)
        known = {result.path for result in held}
        held += [FileResult(path, "unchanged") for path in sorted(self._new) if path not in known]
        return [self._drafted(result) if result.path in self._new else result for result in held]

    def _drafted(self, result: FileResult) -> FileResult:
        before = self._read(result.path)
        after = decode(before).encode(self._new[result.path])
        return replace(result, status="rewritten", before=before, after=after)
