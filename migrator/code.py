"""One Python file from text to its result: pods built in code and manifests in strings, judged like any other."""

from __future__ import annotations

import io
import tokenize
from collections.abc import Callable, Sequence
from dataclasses import replace

from migrator.change import Judge
from migrator.judge.rules import Catalogue
from migrator.judge.verdict import judge
from migrator.links import Links
from migrator.model import Decision, FileResult, PodResult, PodSpec, Site, Verdict, Workload
from migrator.plan.decide import moves
from migrator.plan.lifting import with_settling
from migrator.plan.settle import settle
from migrator.plan.targets import FINDS_SIDECARS
from migrator.podresults import unmoved
from migrator.settings import Settings
from migrator.sources.python.asked import Asked
from migrator.sources.python.libraries.clients import Pins
from migrator.sources.python.program import Program, read, rewrite
from migrator.sources.python.strings.pieces import Piece, migrated
from migrator.sources.python.uses import by_number
from migrator.text.edits import apply
from migrator.text.errors import TextError

#: Longer programs are generated: no pod of anybody's is in them, and libcst takes minutes.
MAX_BYTES = 1024 * 1024


def work(
    path: str, content: bytes, settings: Settings, catalogue: Callable[[], Catalogue], links: Links, pins: Pins | None = None
) -> FileResult:
    """What becomes of the file, with its new bytes where it changes. `pins` says which versions its project works with."""
    if len(content) > MAX_BYTES:
        return FileResult(path, "skipped", f"Python of more than {MAX_BYTES // 1024 // 1024} MiB", source="python")

    links = replace(links, program=path, left=settings.left.get(path, {}))

    def judged(pod: PodSpec, workload: Workload) -> Sequence[Verdict]:
        return judge(pod, workload, catalogue(), links)

    try:
        encoding, text = _decoded(content)
        program = read(text, Asked(pins or Pins(), settings.unsafe, settings.python_client_version))
        pieces = migrated(text, settings, judged, links) if "containers" in text else []
    except TextError as error:
        return FileResult(path, "skipped", error.message, error.line, source="python")
    decided = [_unless_named(_decided(held.site, settings, judged, links), program, settings) for held in program.sites]
    edits, refusals = rewrite(program, [moves(decisions) for decisions in decided])
    pods = [
        PodResult(held.site, unmoved(decisions, why) if why else decisions, held.spec.shape)
        for held, decisions, why in zip(program.sites, decided, refusals, strict=True)
    ]
    pieces = [_unless_used(piece, program) for piece in pieces]
    pods += [pod for piece in pieces for pod in piece.pods]
    notes = [*program.problems, *(problem for piece in pieces for problem in piece.problems)]
    new = apply(text, [*edits, *(edit for piece in pieces for edit in piece.edits)])
    return FileResult(
        path,
        "rewritten" if new != text else "unchanged",
        pods=tuple(sorted(pods, key=lambda pod: pod.site.line)),
        notes=tuple(sorted(notes, key=lambda note: note.line)),
        before=content if new != text else None,
        after=new.encode(encoding) if new != text else None,
        source="python",
    )


def _decoded(content: bytes) -> tuple[str, str]:
    """The encoding that the file says it has (PEP 263), and its text. Raises `TextError`."""
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(content).readline)
        return encoding, content.decode(encoding)
    except (SyntaxError, UnicodeDecodeError, LookupError) as error:
        raise TextError(f"cannot be decoded: {error}", 1) from None


def _decided(site: Site, settings: Settings, judged: Judge, links: Links) -> tuple[Decision, ...]:
    def verdicts(seen: Site) -> Sequence[Verdict]:
        return judged(seen.pod, seen.workload)

    decisions = settle(site, verdicts, settings, links)
    return with_settling(decisions, settings, lambda under: settle(site, verdicts, under, links))


def _unless_named(decisions: tuple[Decision, ...], program: Program, settings: Settings) -> tuple[Decision, ...]:
    """The decisions, but for containers that a Service of the same file finds by the name of a port.

    Below 1.33 that is looked for among `containers` alone (kubernetes#128850). Which pods it selects nobody follows in code.
    """
    if settings.target >= FINDS_SIDECARS:
        return decisions
    found: list[Decision] = []
    for decision in decisions:
        named = next((port.name for port in decision.container.ports if port.name in program.target_ports), None)
        why = f"the Service on line {program.target_ports[named]} may find it by the name of its port, `{named}`" if named else ""
        found += unmoved([decision], f"{why}: write the number, or target 1.33") if why else [decision]
    return tuple(found)


def _unless_used(piece: Piece, program: Program) -> Piece:
    """The piece; as it was where the file does more with the lists of some pod than the manifest says.

    Which pod that is nobody follows from a text.
    """
    moved = [d.container.index for pod in piece.pods for d in pod.decisions if d.position is not None]
    if not moved:
        return piece
    numbered = by_number(program.used, min(moved))
    other = next((use for use in program.used if use.kind != "number"), None)
    if numbered is None and other is None:
        return piece
    why = f"line {numbered.line} takes a container by its number" if numbered else ""
    why = why or f"line {other.line if other else 0} does more with the containers of some pod"
    return replace(piece, edits=(), pods=tuple(replace(pod, decisions=unmoved(pod.decisions, why)) for pod in piece.pods))
