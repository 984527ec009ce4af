"""Pods of which the truth is known: what each container does, as the model takes it, and the manifest that shows it.

Nothing here reads a manifest as the tool does: the truth is made first and written down twice.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from hypothesis import strategies as st

from migrator.model import PodSpec, Site, Workload
from migrator.plan.life import RestartPolicy
from migrator.plan.lifecycle import Gate, Pod, Process
from migrator.sources.manifest import read

Draw = Callable[[st.SearchStrategy[Any]], Any]
MAIN, PORT = "shop", 8080
CALL = "curl -s -X POST http://localhost:{}/quitquitquit"


@dataclass(frozen=True)
class Member:
    """A container as it is written and as it is; `main` are changes to what the main container does and runs."""

    raw: dict[str, Any]
    process: Process
    main: dict[str, Any] = field(default_factory=dict)
    script: str = ""
    hook: str = ""


@dataclass(frozen=True)
class Lived:
    """A workload in words of Kubernetes, and the life of its pods before anything moves."""

    text: str
    truth: Pod
    helpers: tuple[str, ...]
    kinds: tuple[str, ...]

    @property
    def site(self) -> Site:
        """The pod spec as the tool reads it."""
        (site,) = read(self.text).sites
        return site

    @property
    def pod(self) -> PodSpec:
        """What the tool reads of the pod."""
        return self.site.pod

    @property
    def workload(self) -> Workload:
        """The object around it."""
        return self.site.workload


def _plain(name: str, port: int, seconds: int) -> Member:
    return Member({"image": "registry.example/daemon", "ports": [{"containerPort": port}]}, Process(name))


def _own_probe(name: str, port: int, seconds: int) -> Member:
    member = _plain(name, port, seconds)
    probe = {"tcpSocket": {"port": port}, "periodSeconds": 5, "failureThreshold": 12}
    return Member({**member.raw, "startupProbe": probe}, Process(name, startup=Gate(seconds, budget=60)))


def _main_probe(name: str, port: int, seconds: int) -> Member:
    probe = {"tcpSocket": {"port": PORT}, "periodSeconds": 5, "failureThreshold": 6}
    gate = Gate(1, frozenset({MAIN}), 30)
    return Member({**_plain(name, port, 0).raw, "startupProbe": probe}, Process(name, startup=gate))


def _file_probe(name: str, port: int, seconds: int) -> Member:
    probe = {"exec": {"command": ["test", "-f", "/shared/ready"]}, "periodSeconds": 5, "failureThreshold": 6}
    raw = {**_plain(name, port, 0).raw, "startupProbe": probe, "volumeMounts": [_shared(True)]}
    return Member(raw, Process(name, startup=Gate(0, frozenset({MAIN}), 30)), script="touch /shared/ready")


def _hook_for_ever(name: str, port: int, seconds: int) -> Member:
    hook = {"postStart": {"exec": {"command": ["sh", "-c", f"until nc -z localhost {PORT}; do sleep 1; done"]}}}
    process = Process(name, post_start=Gate(0, frozenset({MAIN})))
    return Member({**_plain(name, port, 0).raw, "lifecycle": hook}, process)


def _hook_gives_up(name: str, port: int, seconds: int) -> Member:
    loop = f"for n in 1 2 3; do nc -z localhost {PORT} && break; sleep 1; done; true"
    hook = {"postStart": {"exec": {"command": ["sh", "-c", loop]}}}
    return Member({**_plain(name, port, 0).raw, "lifecycle": hook}, Process(name, post_start=Gate(3)))


def _tail(name: str, port: int, seconds: int) -> Member:
    raw = {"image": "busybox:1.36", "command": ["tail", "-f", "/shared/shop.log"], "volumeMounts": [_shared(True)]}
    return Member(raw, Process(name, needs=frozenset({MAIN}), stops=99), script="echo started > /shared/shop.log")


def _tail_retries(name: str, port: int, seconds: int) -> Member:
    raw = {"image": "busybox:1.36", "command": ["tail", "-F", "/shared/shop.log"], "volumeMounts": [_shared(True)]}
    return Member(raw, Process(name, stops=99), script="echo started > /shared/shop.log")


def _waits(name: str, port: int, seconds: int) -> Member:
    script = f"until nc -z localhost {PORT}; do sleep 1; done; exec daemon --port {port}"
    return Member({**_plain(name, port, 0).raw, "command": ["sh", "-c", script]}, Process(name, awaits=frozenset({MAIN})))


def _waits_and_is_probed(name: str, port: int, seconds: int) -> Member:
    member, probed = _waits(name, port, 0), _own_probe(name, port, 0)
    gate = Gate(0, frozenset({MAIN}), 60)
    return Member({**member.raw, "startupProbe": probed.raw["startupProbe"]}, replace(member.process, startup=gate))


def _told_to_quit(name: str, port: int, seconds: int) -> Member:
    raw = {"image": "gcr.io/cloud-sql-connectors/cloud-sql-proxy:2.11.4", "args": ["--quitquitquit", f"--admin-port={port}"]}
    return Member(raw, Process(name), {"quits": frozenset({name})}, script=f"work; {CALL.format(port)}; sleep 60")


def _one_shot(name: str, port: int, seconds: int) -> Member:
    return Member({"image": "busybox:1.36", "command": ["cp", "/a", "/b"]}, Process(name, runs=seconds))


def _waited_for(name: str, port: int, seconds: int) -> Member:
    hook = f"while nc -z localhost {port}; do sleep 1; done"
    return Member(_plain(name, port, 0).raw, Process(name), {"pre_stop_awaits": frozenset({name})}, hook=hook)


def _sleeps_before_it_stops(name: str, port: int, seconds: int) -> Member:
    hook = {"preStop": {"exec": {"command": ["sleep", str(seconds)]}}}
    return Member({**_plain(name, port, 0).raw, "lifecycle": hook}, Process(name, pre_stop=seconds))


KINDS = {
    make.__name__.strip("_"): make
    for make in (
        _plain,
        _own_probe,
        _main_probe,
        _file_probe,
        _hook_for_ever,
        _hook_gives_up,
        _tail,
        _tail_retries,
        _waits,
        _waits_and_is_probed,
        _told_to_quit,
        _one_shot,
        _waited_for,
        _sleeps_before_it_stops,
    )
}
JOB_ONLY = frozenset({"told_to_quit", "one_shot"})


def _shared(read_only: bool = False) -> dict[str, Any]:
    return {"name": "shared", "mountPath": "/shared", **({"readOnly": True} if read_only else {})}


@st.composite
def lives(draw: Draw, only: str | None = None) -> Lived:
    """A Deployment or Job with one main container, init containers and perhaps a native sidecar.

    It has one helper of the kind `only`, else one or two of any.
    """
    job = only in JOB_ONLY or draw(st.booleans())
    names = sorted(KINDS if job else KINDS.keys() - JOB_ONLY)
    kinds = [only or draw(st.sampled_from(names)), *draw(st.lists(st.sampled_from(names), max_size=0 if only else 1))]
    # Two that write the hook or the script of the main container differently do not go together.
    if len(kinds) == 2 and kinds[1] in ("told_to_quit", "waited_for", "file_probe", "tail", "tail_retries"):
        kinds.pop()
    helpers = [KINDS[kind](f"helper{n}", 9000 + n, draw(st.integers(1, 20))) for n, kind in enumerate(kinds)]
    inits = [Process(f"init{n}", runs=draw(st.integers(1, 30))) for n in range(draw(st.integers(0, 2)))]
    native = [Process("native")] if draw(st.booleans()) else []
    place = draw(st.integers(0, len(inits)))
    policy: RestartPolicy = draw(st.sampled_from(["Never", "OnFailure"])) if job else "Always"
    limit = draw(st.sampled_from([0, 1, 6])) if job else None
    grace = draw(st.integers(30, 60))
    changes: dict[str, Any] = {key: value for helper in helpers for key, value in helper.main.items()}
    main = Process(MAIN, runs=draw(st.integers(30, 90)) if job else None, **changes)
    mains = [main, *(helper.process for helper in helpers)]
    order = draw(st.permutations(range(len(mains))))
    truth = Pod(
        (*inits[:place], *native, *inits[place:]),
        tuple(mains[n] for n in order),
        frozenset(process.name for process in native),
        policy,
        grace,
        limit,
    )
    written = [_main(helpers), *({"name": f"helper{n}", **helper.raw} for n, helper in enumerate(helpers))]
    spec = {
        "restartPolicy": policy,
        "terminationGracePeriodSeconds": grace,
        "initContainers": [_init(process, process in native, draw) for process in truth.inits],
        "containers": [{**written[n], **_resources(draw)} for n in order],
        "volumes": [{"name": "shared", "emptyDir": {}}],
    }
    return Lived(_written(spec, job, limit, len(helpers)), truth, tuple(f"helper{n}" for n in range(len(helpers))), tuple(kinds))


def _main(helpers: list[Member]) -> dict[str, Any]:
    script = "; ".join(part for part in (*(helper.script for helper in helpers), "run-shop") if part)
    hooks = [helper.hook for helper in helpers if helper.hook]
    return {
        "name": MAIN,
        "image": "registry.example/shop",
        "command": ["sh", "-c", script],
        "ports": [{"containerPort": PORT}],
        "volumeMounts": [_shared()],
        **({"lifecycle": {"preStop": {"exec": {"command": ["sh", "-c", hooks[0]]}}}} if hooks else {}),
    }


def _init(process: Process, native: bool, draw: Draw) -> dict[str, Any]:
    always = {"restartPolicy": "Always"} if native else {}
    return {"name": process.name, "image": "registry.example/setup", **always, **_resources(draw)}


def _resources(draw: Draw) -> dict[str, Any]:
    amounts = draw(st.dictionaries(st.sampled_from(["cpu", "memory"]), st.sampled_from(["100m", "1", "2", "512Mi"]), max_size=2))
    return {"resources": {"requests": amounts}} if amounts else {}


def _written(spec: dict[str, Any], job: bool, limit: int | None, helpers: int) -> str:
    import json

    said = {"sidecar-migrate.dev/sidecar": ", ".join(f"helper{n}" for n in range(helpers))}
    return json.dumps(
        {
            "apiVersion": "batch/v1" if job else "apps/v1",
            "kind": "Job" if job else "Deployment",
            "metadata": {"name": MAIN, "annotations": said},
            "spec": {**({"backoffLimit": limit} if job else {}), "template": {"spec": spec}},
        },
        indent=1,
    )
