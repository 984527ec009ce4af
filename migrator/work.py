"""One file from bytes to its result: read, judge, plan, edit, prove. Pure: nothing is written or printed here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from migrator import prefilter
from migrator.change import changed
from migrator.judge.rules import Catalogue
from migrator.judge.verdict import judge
from migrator.links import Facts, Links
from migrator.model import Decision, FileResult, PodResult, Problem, Status
from migrator.settings import Settings
from migrator.sources import manifest
from migrator.sources.facts import may_tell, read_facts, read_script
from migrator.sources.kustomize.model import Kustomization
from migrator.sources.kustomize.read import NoKustomization, is_kustomization, read_kustomization
from migrator.text import differ
from migrator.text.errors import TextError, TooLarge
from migrator.text.source import decode

#: Larger files are skipped: etcd takes objects of 1.5 MiB, so a file beyond this is a bundle or no manifest.
MAX_BYTES = 20 * 1024 * 1024


@dataclass(frozen=True)
class Outline:
    """What the first pass learns of a file: its facts, whether it may hold pods at all, and the kustomization that it is.

    `unread` says why a kustomization could not be read.
    """

    facts: Facts
    candidate: bool
    kustomization: Kustomization | None = None
    unread: Problem | None = None


def outline(path: str, content: bytes) -> Outline:
    """The first pass over a file. Never raises: what is wrong with a file is said by the second."""
    if is_kustomization(path):
        return _kustomization(path, content)
    candidate = prefilter.file_may_hold_pods(content)
    if len(content) > MAX_BYTES or not (candidate or may_tell(content)):
        return Outline(Facts(), candidate)
    try:
        return Outline(read_facts(path, decode(content).text), candidate)
    except TextError:
        return Outline(Facts(), candidate)


def script_facts(path: str, content: bytes) -> Facts:
    """The first pass over a script or a test, which never holds a pod. Never raises."""
    return read_script(path, content.decode(errors="replace")) if may_tell(content) else Facts()


def _kustomization(path: str, content: bytes) -> Outline:
    try:
        return Outline(Facts(), False, read_kustomization(path, decode(content).text))
    except NoKustomization:
        return Outline(Facts(), False)
    except TextError as error:
        return Outline(Facts(), False, None, Problem(error.line or 1, error.message))


def work(path: str, content: bytes, settings: Settings, catalogue: Callable[[], Catalogue], links: Links) -> FileResult:
    """What becomes of the file, with its new bytes where it changes. The rules are asked for once a pod is there to judge."""
    if len(content) > MAX_BYTES:
        return FileResult(path, "skipped", f"larger than {MAX_BYTES // 1024 // 1024} MiB")
    try:
        source = decode(content)
        found = manifest.read(source.text)
    except manifest.Template as template:
        return FileResult(path, "skipped", "a Helm or Go template, which is not YAML until it is rendered", template.line)
    except TooLarge as error:
        return FileResult(path, "skipped", error.message, error.line)
    except TextError as error:
        return FileResult(path, "failed", error.message, error.line)

    text, changes = changed(found, settings, lambda pod, workload: judge(pod, workload, catalogue(), links), links)
    pods, problems = [], list(found.problems)
    for site, (decisions, outcome, extras) in zip(found.sites, changes, strict=True):
        if outcome.refusal:
            problems.append(Problem(site.line, f"cannot be rewritten safely: {outcome.refusal}"))
            pods.append(PodResult(site, _unmoved(decisions, outcome.refusal), extras=extras))
        else:
            differences = _differences(site.pod.raw, outcome.after) if outcome.layout else ()
            pods.append(PodResult(site, decisions, outcome.layout, differences, extras))
    new = text != source.text
    status: Status = "rewritten" if new else "failed" if problems else "unchanged"
    return FileResult(
        path,
        status,
        problems[0].message if problems else None,
        problems[0].line if problems else None,
        tuple(pods),
        tuple(problems),
        content if new else None,
        source.encode(text) if new else None,
    )


def _differences(before: Any, after: Any) -> tuple[str, ...]:
    """What the moves changed in the pod's plain data, containers told by their names."""
    lists = ("containers", "initContainers")
    return differ.differences({"initContainers": {}, **differ.by_name(before, *lists)}, differ.by_name(after, *lists))


def _unmoved(decisions: Sequence[Decision], why: str) -> tuple[Decision, ...]:
    """The decisions where the text could not be rewritten: what was to move waits for a human."""
    return tuple(replace(d, action="review", position=None, reason=why) if d.position is not None else d for d in decisions)
