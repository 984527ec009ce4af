"""One file from bytes to its result: read, judge, plan, edit, prove. Pure: nothing is written or printed here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from migrator import prefilter
from migrator.change import changed
from migrator.judge.rules import Catalogue
from migrator.judge.verdict import judge
from migrator.links import Facts, Links
from migrator.model import FileResult, Problem, Status
from migrator.podresults import pod_results
from migrator.settings import Settings
from migrator.sources import manifest
from migrator.sources.facts import may_tell, read_facts, read_script
from migrator.sources.facts.asserts import is_assertion
from migrator.sources.kustomize.model import Kustomization
from migrator.sources.kustomize.read import NoKustomization, is_kustomization, read_kustomization
from migrator.sources.python import prefilter as programs
from migrator.text.errors import TextError, TooLarge
from migrator.text.source import decode

#: Larger files are skipped: etcd takes objects of 1.5 MiB, so a file beyond this is a bundle or no manifest.
MAX_BYTES = 20 * 1024 * 1024

_EXPECTED = "what a test expects of it changes with the workload itself"


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
    if is_program(path):
        return Outline(script_facts(path, content), programs.file_may_hold_pods(content))
    candidate = prefilter.file_may_hold_pods(content)
    if len(content) > MAX_BYTES or not (candidate or may_tell(content)):
        return Outline(Facts(), candidate)
    try:
        return Outline(read_facts(path, decode(content).text), candidate)
    except TextError:
        return Outline(Facts(), candidate)


def is_program(path: str) -> bool:
    """Whether a file is Python, in which pods may be built."""
    return path.endswith(".py")


def script_facts(path: str, content: bytes) -> Facts:
    """The first pass over a script or a test, which never holds a pod. Never raises."""
    return read_script(path, content.decode(errors="replace")) if may_tell(content) else Facts()


def _kustomization(path: str, content: bytes) -> Outline:
    if len(content) > MAX_BYTES:
        return Outline(Facts(), False, None, Problem(1, _too_long()))
    try:
        return Outline(Facts(), False, read_kustomization(path, decode(content).text))
    except NoKustomization:
        return Outline(read_facts(path, decode(content).text) if may_tell(content) else Facts(), False)
    except TextError as error:
        return Outline(Facts(), False, None, Problem(error.line or 1, error.message))


def _too_long() -> str:
    return f"larger than {MAX_BYTES // 1024 // 1024} MiB"


def work(path: str, content: bytes, settings: Settings, catalogue: Callable[[], Catalogue], links: Links) -> FileResult:
    """What becomes of the file, with its new bytes where it changes. The rules are asked for once a pod is there to judge."""
    links = replace(links, left=settings.left.get(path, {}))
    if len(content) > MAX_BYTES:
        return FileResult(path, "skipped", _too_long())
    try:
        source = decode(content)
        found = manifest.read(source.text)
    except manifest.Template as template:
        return FileResult(path, "skipped", f"a {template.engine} template, which is not YAML until it is rendered", template.line)
    except TooLarge as error:
        return FileResult(path, "skipped", error.message, error.line)
    except TextError as error:
        return FileResult(path, "failed", error.message, error.line)

    if is_assertion(path):
        found.sites = [replace(site, supported=False, refusal=_EXPECTED) for site in found.sites]
    text, changes = changed(found, settings, lambda pod, workload: judge(pod, workload, catalogue(), links), links)
    if is_assertion(path):
        changes = [(tuple(replace(d, hazards=()) for d in told), outcome, extras) for told, outcome, extras in changes]
    pods, unwritten = pod_results(found.sites, changes)
    problems = [*found.problems, *unwritten]
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
