"""What the user chose to leave alone: by a comment or annotation, by `--ignore`, by not being in `--select`."""

from __future__ import annotations

from collections.abc import Iterable
from fnmatch import fnmatchcase

from migrator.model import Container, FileResult, Verdict
from migrator.settings import Settings


def choice(container: Container, verdict: Verdict, settings: Settings, left: str | None = None) -> str | None:
    """Why the user wants this container left where it is, or None. `left` says why it is not to be moved now."""
    said = container.directive
    if said and said.word == "ignore":
        return f"ignored: {said.reason}" if said.reason else f"ignored (line {said.line})"
    if left and verdict.role == "sidecar":
        return left
    if named := next((word for word in settings.ignore if means(word, container, verdict)), None):
        return f"ignored by --ignore {named}"
    if settings.select and not any(means(word, container, verdict) for word in settings.select):
        return "not among what --select names" if verdict.role == "sidecar" else None
    return None


def means(word: str, container: Container, verdict: Verdict) -> bool:
    """Whether a word of `--select` or `--ignore` means this container: its purpose, a rule that spoke for it, its name."""
    if word == verdict.purpose or fnmatchcase(container.name, word):
        return True
    return any(item.rule == word and item.weight > 0 for item in verdict.evidence)


def idle(results: Iterable[FileResult], settings: Settings) -> list[str]:
    """The ignores that ignored nothing: they outlived what they were written for, or are misspelt."""
    decisions = [(result, d) for result in results for pod in result.pods for d in pod.decisions]
    unused = [
        f"--ignore {word} ignored nothing"
        for word in settings.ignore
        if not any(d.verdict.role == "sidecar" and means(word, d.container, d.verdict) for _, d in decisions)
    ]
    for result, decision in decisions:
        said = decision.container.directive
        if said and said.word == "ignore" and decision.verdict.role != "sidecar":
            unused.append(f"{result.path}:{said.line}: `{decision.container.name}` would stay without being ignored")
    return unused
