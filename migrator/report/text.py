"""The report for people: per file and pod, what each container is taken for and why it is or is not moved."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from migrator.model import Decision, FileResult, PodResult
from migrator.report import diff
from migrator.report.words import called, confidence, notable, strongest
from migrator.report.wrap import wrapped
from migrator.run import Report

Style = Callable[..., str]

_COLOURS = {"migrate": "green", "review": "yellow", "keep": "bright_black"}
_DIFF_COLOURS = {"+": "green", "-": "red", "@": "cyan"}

#: So many of those that deploy a file are named.
_DEPLOYERS = 2


def plain(text: str, **_: object) -> str:
    """The style that leaves a text as it is."""
    return text


def render(report: Report, style: Style = plain, verbose: bool = False, with_diff: bool = True, width: int | None = None) -> str:
    """The whole report. `style(text, fg=..., bold=...)` colours, or gives the text back; `width` is that of the terminal."""
    parts: list[str] = []
    for result in report.results:
        # A file that only follows what moves elsewhere has its diff, and nothing to be said of.
        diffed = with_diff and result.after is not None
        block = list(_file(result, style, verbose)) or ([style(result.path, bold=True)] if diffed else [])
        if block:
            parts.append("\n".join(wrapped(line, width) for line in block) + "\n")
            if with_diff and result.after is not None:
                parts.append(coloured(diff.patch(result), style))
    return "\n".join(parts)


def coloured(patch: str, style: Style) -> str:
    """A patch with its lines coloured as git does."""

    def line(text: str) -> str:
        if text.startswith(("diff ", "--- ", "+++ ")):
            return style(text, bold=True)
        colour = _DIFF_COLOURS.get(text[:1])
        return style(text, fg=colour) if colour and text else text

    return "\n".join(line(text) for text in patch.split("\n"))


def _file(result: FileResult, style: Style, verbose: bool) -> Iterator[str]:
    if not (result.pods or result.problems or result.notes or result.status in ("skipped", "failed")):
        return
    yield style(result.path, bold=True)
    if result.status == "skipped" or (result.status == "failed" and not result.problems):
        where = f"line {result.line}: " if result.line else ""
        yield f"  {style(result.status, fg='yellow' if result.status == 'skipped' else 'red')}: {where}{result.reason}"
    for problem in result.problems:
        yield f"  {style('error', fg='red')}: line {problem.line}: {problem.message}"
    for note in result.notes:
        yield f"  {style('by hand', fg='yellow')}: line {note.line}: {note.message}"
    for pod in result.pods:
        yield from _pod(pod, style, verbose)
    for deployer in result.deployed_by if verbose else result.deployed_by[:_DEPLOYERS]:
        yield f"  deployed by {deployer}"
    if not verbose and len(result.deployed_by) > _DEPLOYERS:
        yield f"  and by {len(result.deployed_by) - _DEPLOYERS} more"


def _pod(pod: PodResult, style: Style, verbose: bool) -> Iterator[str]:
    site = pod.site
    name = called(pod)
    if not verbose and not pod.extras and all(d.action == "keep" for d in pod.decisions):
        why = site.refusal if not site.supported else "; ".join(f"{d.container.name}: {d.reason}" for d in pod.decisions)
        yield f"  {name}, line {site.line}: left alone ({why})"
        return
    yield f"  {name}, line {site.line}"
    width = max(len(d.container.name) for d in pod.decisions)
    for decision in pod.decisions:
        yield from _container(decision, width, style, verbose)
    for extra in pod.extras:
        yield f"    also: {extra}"
    if verbose and pod.changes:
        yield f"    changes: {', '.join(pod.changes)}"


def _container(decision: Decision, width: int, style: Style, verbose: bool) -> Iterator[str]:
    verdict = decision.verdict
    said = verdict.purpose or verdict.role
    sure = f" {confidence(verdict)}" if verdict.role == "sidecar" else ""
    action = style(f"{decision.action:7}", fg=_COLOURS[decision.action])
    yield f"    {action} {decision.container.name:{width}}  {said}{sure}, line {decision.container.line}"
    indent = " " * 12
    if decision.action != "keep" or verbose:
        for item in verdict.evidence if verbose else strongest(verdict.evidence):
            yield f"{indent}{'+' if item.weight > 0 else '-'} {item.message} (line {item.line})"
    if decision.position is None and decision.reason:
        yield f"{indent}{'left: ' if decision.action == 'review' else ''}{decision.reason}"
    if decision.placement and (verbose or notable(decision.placement)):
        yield f"{indent}placed {decision.placement}"
    for hazard in decision.hazards:
        if hazard.severity == "info" and not verbose:
            continue
        if decision.reason != hazard.message:
            yield f"{indent}{hazard.severity} {hazard.id}: {hazard.message} (line {hazard.line})"
        for place in hazard.places if verbose and len(hazard.places) > 1 else ():
            yield f"{indent}at {place}"
        if hazard.remedy:
            yield f"{indent}remedy: {hazard.remedy}"
    if decision.follows:
        yield f"{indent}follows: {', '.join(map(str, decision.follows))}"
    if decision.settled_by:
        yield f"{indent}moves with --target-version {decision.settled_by}"
