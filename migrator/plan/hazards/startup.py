"""Start-up: a sidecar must have started before the main containers may (KEP-753, "Pod startup completed").

The gate is the sidecar's process running, its postStart hook having returned and its startupProbe having
succeeded (kubelet: computeInitContainerActions, startContainer); readiness never gates.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from migrator.judge.view import View, localhost_ports
from migrator.model import Hazard, Probe
from migrator.plan.case import Case, Check

_WAITS_FOR_FILE = re.compile(r"(?:-[ef]|\btest\s+-[ef]|\bcat|\bstat|\bls)\s+[\"']?(/[\w./-]+)")


def startup_probe_needs_main(case: Case) -> Iterator[Hazard]:
    """Its startupProbe is answered by another container, which may only start after it (KEP-753, scenario 7)."""
    for probe in case.view.container.probes:
        if probe.kind == "startup" and (needs := _needs(case, probe)):
            yield Hazard(
                "startup-probe-needs-main",
                "block",
                f"the startupProbe of `{case.name}` {needs}: what stays in `containers` starts only after the probe succeeded",
                case.line("startupProbe"),
                "probe something that the container answers itself, or make it a readinessProbe",
                certain=True,
            )


def post_start_needs_main(case: Case) -> Iterator[Hazard]:
    """Its postStart hook asks another container, which may only start after the hook has returned."""
    for hook in case.view.container.probes:
        if hook.kind == "postStart" and (needs := _needs(case, hook)):
            yield Hazard(
                "poststart-needs-main",
                "block",
                f"the postStart hook of `{case.name}` {needs}: what stays in `containers` starts only after the hook returned",
                case.line("lifecycle"),
                "wait in the container's own command instead of in the hook",
                certain=True,
            )


def _needs(case: Case, probe: Probe) -> str | None:
    """What a probe or hook asks of a container that starts later, in words, or None."""
    own = case.view
    if isinstance(probe.port, int) and not _own_port(own, probe.port):
        for other in case.others:
            if probe.port in other.listens:
                return f"asks port {probe.port} of `{other.name}`"
    script = " ".join(probe.command)
    for number in localhost_ports(script) - own.listens:
        for other in case.others:
            if number in other.listens:
                return f"asks port {number} of `{other.name}`"
    for path in _WAITS_FOR_FILE.findall(script):
        if (writer := _writer(case, path)) and not _made_here(own, path):
            return f"waits for {path}, which `{writer.name}` writes"
    return None


def _own_port(view: View, number: int) -> bool:
    """Whether the container itself listens there, as far as its manifest shows."""
    return number in view.listens or (number not in view.dials and bool(re.search(rf"\b{number}\b", view.text)))


def _writer(case: Case, path: str) -> View | None:
    """A later container that can write the file at `path` of this one: they share the volume mounted there."""
    mounts = [m for m in case.view.container.mounts if path == m.path or path.startswith(m.path.rstrip("/") + "/")]
    if not mounts:
        return None
    volume = max(mounts, key=lambda m: len(m.path)).volume
    if case.view.pod.volumes.get(volume) != "emptyDir":
        return None
    return next((o for o in case.others for m in o.container.mounts if m.volume == volume and not m.read_only), None)


def _made_here(view: View, path: str) -> bool:
    """Whether the container's own script names the file in a command that creates it."""
    return bool(re.search(rf"(?:touch|tee|>>?|mkdir -p|mkfifo|cp .*)\s*[\"']?{re.escape(path)}", view.text))


def fast_exit_before_main(case: Case) -> Iterator[Hazard]:
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
            writer = _writer(case, path) if path.startswith("/") else None
            named = path in said.touches or any(path in before for before in said.commands[:number])
            if writer and not named and not _init_creates(case, path):
                yield Hazard(
                    "fast-exit-before-main",
                    "block",
                    f"`{case.name}` runs `tail -f {path}`, a file that `{writer.name}` has yet to create: tail ends at once "
                    f"and `{writer.name}` waits for it to run",
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


CHECKS: tuple[Check, ...] = (startup_probe_needs_main, post_start_needs_main, fast_exit_before_main)
