"""Start-up: a sidecar must have started before the main containers may (KEP-753, "Pod startup completed").

The gate is the sidecar's process running, its postStart hook having returned and its startupProbe having
succeeded (kubelet: computeInitContainerActions, startContainer); readiness never gates.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from migrator.plan.case import Case
from migrator.plan.hazards.check import Found, hazard
from migrator.plan.needs import asked_by, writer


@hazard("block")
def startup_probe_needs_main(case: Case) -> Iterator[Found]:
    """Its startupProbe is answered by another container, which may only start after it (KEP-753, scenario 7)."""
    for probe in case.view.container.probes:
        if probe.kind == "startup" and (need := asked_by(case.view, probe, case.others)):
            yield Found(
                f"the startupProbe of `{case.name}` {need.words}, and what stays in `containers` starts only after it",
                case.line("startupProbe"),
                "probe something that the container answers itself, or make it a readinessProbe",
                certain=True,
            )


@hazard("block")
def poststart_needs_main(case: Case) -> Iterator[Found]:
    """Its postStart hook asks another container, which may only start after the hook has returned."""
    for hook in case.view.container.probes:
        if hook.kind == "postStart" and (need := asked_by(case.view, hook, case.others)):
            yield Found(
                f"the postStart hook of `{case.name}` {need.words}, and what stays in `containers` starts only after it",
                case.line("lifecycle"),
                "wait in the container's own command instead of in the hook",
                certain=True,
            )


@hazard("block")
def fast_exit_before_main(case: Case) -> Iterator[Found]:
    """`tail -f` of a file that a later container creates ends at once, so the gate may never be seen open."""
    said = case.view.words
    # Whatever else was run before, or is waited for, may be what creates the file.
    if said.kind != "tail" or said.loops or said.waits:
        return
    for number, words in enumerate(said.commands):
        if words[0].rpartition("/")[2] != "tail" or not _follows_descriptor(words):
            continue
        if any(not made.startswith("/") or re.search(r"[$*{]", made) for made in said.touches):
            continue
        for path in words[1:]:
            provider = writer(case.view, path, case.others) if path.startswith("/") else None
            named = path in said.touches or any(path in before for before in said.commands[:number])
            if provider and not named and not _init_creates(case, path):
                yield Found(
                    f"`{case.name}` runs `tail -f {path}`, a file that `{provider.name}` has yet to create: tail ends at once "
                    f"and `{provider.name}` waits for it to run",
                    case.line("command", "args"),
                    f"`tail -F {path}` waits for the file",
                    certain=True,
                )
                return


def _follows_descriptor(words: tuple[str, ...]) -> bool:
    """`tail -f` without a retry for a file that is not there."""
    flags = [word for word in words[1:] if word.startswith("-")]
    if (
        any("F" in flag.split("=")[0] and not flag.startswith("--") for flag in flags)
        or "--retry" in flags
        or "--follow=name" in flags
    ):
        return False
    return any(flag == "--follow" or flag.startswith("--follow=descriptor") or re.match(r"-\d*[a-z]*f", flag) for flag in flags)


def _init_creates(case: Case, path: str) -> bool:
    """Whether an init container names the file: it is there before anything else starts."""
    return any(path in " ".join((*c.command, *c.args)) for c in case.view.pod.init_containers)
