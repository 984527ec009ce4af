"""Start-up: a sidecar must have started before the main containers may (KEP-753, "Pod startup completed").

The gate is the sidecar's process running, its postStart hook having returned and its startupProbe having
succeeded (kubelet: computeInitContainerActions, startContainer); readiness never gates.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from migrator.plan.case import Case
from migrator.plan.hazards.check import Found, hazard
from migrator.plan.lives import never_comes
from migrator.plan.needs import Alone
from migrator.plan.rehearsal.of_case import of_command, of_probe, probes_of
from migrator.plan.rehearsal.outcome import Outcome

_LOOP = "wait for it in a loop: `until ...; do sleep 1; done`"


@hazard("block")
def startup_probe_needs_main(case: Case) -> Iterator[Found]:
    """Its startupProbe is answered by another container, which may only start after it (KEP-753, scenario 7).

    So it is with a probe of its own port, where its command waits for another container before it opens it.
    """
    for probe in probes_of(case, "startup"):
        found = of_probe(case, probe)
        if found.cause and found.end != "passes":
            yield Found(
                f"the startupProbe of `{case.name}` {found.cause.words}, and what stays in `containers` starts only after it",
                case.line("startupProbe"),
                "probe something that the container answers itself, or make it a readinessProbe",
                certain=never_comes(case, found, "startup"),
            )


@hazard("block")
def poststart_needs_main(case: Case) -> Iterator[Found]:
    """Its postStart hook asks another container, which may only start after the hook has returned.

    The kubelet runs the hook as a part of starting the container, which it kills where the hook fails (startContainer).
    A hook that gives up and succeeds only keeps the others waiting, or does its work in vain.
    """
    for hook in probes_of(case, "postStart"):
        found = of_probe(case, hook)
        if found.end == "stays":
            yield Found(
                f"the postStart hook of `{case.name}` shows no end, and what stays in `containers` starts only after it",
                case.line("lifecycle"),
                "do it in the container's own command instead of in the hook",
            )
        elif found.cause:
            gives_up = found.end == "passes"
            then = "every start would take as long as it waits" if found.tries else "whatever it is for would not be done"
            yield Found(
                f"the postStart hook of `{case.name}` {found.cause.words}, and what stays in `containers` starts only after it"
                + (f": {then}" if gives_up else ""),
                case.line("lifecycle"),
                "wait in the container's own command instead of in the hook",
                severity="warn" if gives_up else None,
                certain=never_comes(case, found, "postStart"),
            )


@hazard("block")
def fast_exit_before_main(case: Case) -> Iterator[Found]:
    """A process that is gone before the kubelet has seen it Running never opens the gate: the next container waits for it.

    `tail -f` of a file that a later container creates is gone at once. A script that asks a later container once, and
    ends where nobody answers, may be.
    """
    yield from _tail_without_file(case)
    found = of_command(case)
    if found.tries or found.cause is None or not found.cause.sure:
        return
    if found.end == "fails":
        yield Found(
            f"the command of `{case.name}` {found.cause.words}, once, and ends where it does not find it; "
            f"`{found.cause.provider}` may wait for `{case.name}` to be seen running",
            case.line("command", "args"),
            _LOOP,
            severity="warn",
        )
    elif found.vain and found.end in ("passes", "stays"):
        yield Found(
            f"the command of `{case.name}` {found.vain.words}, once, and goes on without: it would always come too early",
            case.line("command", "args"),
            _LOOP,
            severity="info",
        )


@hazard("info")
def entrypoint_waits_for_main(case: Case) -> Iterator[Found]:
    """Its command waits for another container: its process runs meanwhile, which is all that the gate asks for.

    With a startupProbe a wait that gives up after a while keeps all others waiting as well; one for ever is a deadlock,
    which `startup_probe_needs_main` finds.
    """
    found = of_command(case)
    probed = bool(probes_of(case, "startup"))
    if found.cause is None or not (found.tries or (found.end == "waits" and not probed)):
        return
    words = f"the command of `{case.name}` {found.cause.words}, and waits for it"
    if probed:
        yield Found(
            f"{words} a while: the startupProbe of `{case.name}` keeps `{found.cause.provider}` from starting meanwhile",
            case.line("command", "args"),
            "drop the startupProbe or the wait",
            severity="warn",
        )
    else:
        yield Found(
            f"{words}; its process runs meanwhile, so `{found.cause.provider}` starts all the same",
            case.line("command", "args"),
            "give it no startupProbe",
        )


def _tail_without_file(case: Case) -> Iterator[Found]:
    said = case.view.words
    # Whatever else was run before, or is waited for, may be what creates the file.
    if said.kind != "tail" or said.loops or said.waits:
        return
    alone = Alone(case.view, case.others, makes_files=False, up=False)
    for number, words in enumerate(said.commands):
        if words[0].rpartition("/")[2] != "tail" or not _follows_descriptor(words):
            continue
        if any(not made.startswith("/") or re.search(r"[$*{]", made) for made in said.touches):
            continue
        files = [word for word in words[1:] if word.startswith("/")]
        needs = [None if _named_before(said.commands[:number], path) else alone.lacks(files=frozenset({path})) for path in files]
        if needs and needs[0] and all(needs):
            yield Found(
                f"`{case.name}` runs `tail -f {files[0]}`, a file that `{needs[0].provider}` has yet to create: tail ends at "
                f"once and `{needs[0].provider}` waits for it to run",
                case.line("command", "args"),
                f"`tail -F {files[0]}` waits for the file",
                certain=never_comes(case, Outcome("fails", needs[0]), "command"),
            )
            return


def _named_before(commands: Sequence[tuple[str, ...]], path: str) -> bool:
    return any(path in words for words in commands)


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
