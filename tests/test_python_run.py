"""Python that builds pods is run before and after the rewrite, with three releases of the client: the pods differ by the move."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Collection, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from migrator.code import work
from migrator.judge import rules
from migrator.links import Links
from migrator.model import Decision, FileResult
from migrator.settings import Settings
from tests import pod_runner
from tests.clients import CLIENTS, TOO_OLD, client
from tests.python_pods import Program
from tests.python_pods.builders import BUILDERS
from tests.python_pods.constructors import CONSTRUCTORS, INITS
from tests.python_pods.mutations import MUTATIONS
from tests.python_pods.objects import OBJECTS
from tests.python_pods.short import SHORT
from tests.python_pods.strings import STRINGS
from tests.python_pods.traps import TRAPS

PROGRAMS = (*CONSTRUCTORS, *INITS, *BUILDERS, *OBJECTS, *MUTATIONS, *SHORT, *STRINGS)
CLIENT = pytest.mark.parametrize("version", CLIENTS)
PROGRAM = pytest.mark.parametrize("program", PROGRAMS, ids=lambda program: str(program.id))


@cache
def result(program: Program, version: str = CLIENTS[0]) -> FileResult:
    """What the tool makes of a program."""
    settings = Settings(unsafe=program.unsafe, python_client_version=version)
    return work(f"{program.id}.py", program.text.encode(), settings, rules.load, Links())


def rewritten(program: Program) -> str:
    """The text after its rewrite, or the same text."""
    after = result(program).after
    return after.decode() if after is not None else program.text


def decisions(program: Program, version: str = CLIENTS[0]) -> list[Decision]:
    """What is decided of all the containers of a program."""
    return [decision for pod in result(program, version).pods for decision in pod.decisions]


def moved(program: Program) -> list[str]:
    """The names of the containers that move."""
    return [decision.container.name for decision in decisions(program) if decision.position is not None]


@cache
def runs() -> dict[str, dict[str, Any]]:
    """What the runner says of all programs before and after, by client: each in one process that sees that client alone."""
    states = {f"before {program.id}": program.text for program in (*PROGRAMS, *TRAPS)}
    states |= {f"after {program.id}": rewritten(program) for program in (*PROGRAMS, *TRAPS)}
    texts = json.dumps(states)

    def run(version: str) -> dict[str, Any]:
        command = [sys.executable, "-I", "-S", str(Path(pod_runner.__file__)), str(client(version))]
        done = subprocess.run(command, input=texts, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        found: dict[str, Any] = json.loads(done.stdout)
        return found

    versions = (TOO_OLD, *CLIENTS)
    with ThreadPoolExecutor() as pool:
        return dict(zip(versions, pool.map(run, versions), strict=True))


def pods(program: Program, version: str, state: str) -> dict[str, Any]:
    """What a program builds, by the truth values that it was called with; `error` where it stops."""
    found: dict[str, Any] = runs()[version]["pods"][f"{state} {program.id}"]
    return found


def specs(held: Any) -> Iterator[dict[str, Any]]:
    """The pod specs in an object."""
    if isinstance(held, dict) and "containers" in held:
        yield held
    for inner in held.values() if isinstance(held, dict) else held if isinstance(held, list) else ():
        yield from specs(inner)


def migrate(held: Any, names: Collection[str], first: bool = False) -> Any:
    """The object as it has to be behind the move: said without the tool, in words of the API alone."""
    made = json.loads(json.dumps(held))
    for spec in specs(made):
        native = [{**entry, "restartPolicy": "Always"} for entry in spec["containers"] if entry["name"] in names]
        spec["containers"] = [entry for entry in spec["containers"] if entry["name"] not in names]
        there = spec.get("initContainers") or []
        spec["initContainers"] = native + there if first else there + native
    return tidy(made)


def tidy(held: Any) -> Any:
    """The object without empty lists of init containers: they say what none says."""
    for spec in specs(held):
        if not spec.get("initContainers"):
            spec.pop("initContainers", None)
    return held


@pytest.mark.parametrize("version", [TOO_OLD, *CLIENTS])
def test_each_client_runs_in_a_process_of_its_own(version: str) -> None:
    assert runs()[version]["version"] == version


def test_a_missing_client_is_named_with_what_to_do() -> None:
    with pytest.raises(LookupError, match=r"kubernetes 0\.1 is not in .*: run `python -m tests\.clients`"):
        client("0.1")


@PROGRAM
def test_a_program_is_rewritten_once(program: Program) -> None:
    assert sorted(moved(program)) == sorted(program.moved)
    assert result(program).status == "rewritten"
    again = Program(f"{program.id}-again", rewritten(program), program.moved, program.unsafe)
    assert (result(again).status, result(again).reason, result(again).problems) == ("unchanged", None, ())


@CLIENT
@PROGRAM
def test_the_pods_differ_by_the_move_and_nothing_else(program: Program, version: str) -> None:
    before, after = pods(program, version, "before"), pods(program, version, "after")
    assert "error" not in before
    wanted = {case: migrate(pod, program.moved, program.first) for case, pod in before.items()}
    assert {case: tidy(pod) for case, pod in after.items()} == wanted
    # Without a pod that holds the helper nothing was compared.
    assert any(tidy(pod) != wanted[case] for case, pod in before.items())


@pytest.mark.parametrize("program", [program for program in PROGRAMS if program.models], ids=lambda program: str(program.id))
def test_an_older_client_refuses_the_field_so_nothing_is_rewritten_for_it(program: Program) -> None:
    assert "error" not in pods(program, TOO_OLD, "before")
    assert pods(program, TOO_OLD, "after")["error"].startswith("TypeError: ")
    assert "restart_policy" in pods(program, TOO_OLD, "after")["error"]
    assert result(program, TOO_OLD).status == "unchanged"
    reasons = [decision.reason or "" for decision in decisions(program, TOO_OLD) if decision.container.name in program.moved]
    assert all(TOO_OLD in reason for reason in reasons)


@pytest.mark.parametrize("program", TRAPS, ids=lambda program: str(program.id))
def test_what_others_look_at_is_moved_rightly_or_left_with_a_reason(program: Program) -> None:
    for version in CLIENTS:
        before, after = pods(program, version, "before"), pods(program, version, "after")
        assert "error" not in before
        wanted = {case: migrate(pod, moved(program)) for case, pod in before.items()}
        assert {case: tidy(pod) for case, pod in after.items()} == wanted
    if not moved(program):
        told = {decision.container.name for decision in decisions(program) if decision.reason}
        assert {*program.moved, "(not seen)"} & told
