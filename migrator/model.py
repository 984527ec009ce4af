"""The nouns. Frozen, picklable, and importing nothing of ours: every stage hands them to the next."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

Role = Literal["sidecar", "main", "peer", "one-shot", "unknown"]
Action = Literal["migrate", "review", "keep"]
Severity = Literal["block", "warn", "info"]
Status = Literal["rewritten", "unchanged", "skipped", "failed"]
Pointer = tuple[str | int, ...]


@dataclass(frozen=True)
class Port:
    """A `ContainerPort`: number (0 where a template hides it), name, hostPort."""

    number: int
    name: str | None = None
    host_port: int | None = None


@dataclass(frozen=True)
class Mount:
    """A `VolumeMount`: the volume's name, the path in the container, whether writing is forbidden."""

    volume: str
    path: str
    read_only: bool = False
    sub_path: str | None = None


@dataclass(frozen=True)
class Probe:
    """A `Probe` or lifecycle handler: which `port` (number or name) and `path` it asks, or the words it runs."""

    kind: Literal["startup", "readiness", "liveness", "postStart", "preStop"]
    port: int | str | None = None
    path: str | None = None
    host: str | None = None
    command: tuple[str, ...] = ()


@dataclass(frozen=True)
class Directive:
    """What the manifest's author says of a container, in a comment or an annotation; it is final."""

    word: Literal["ignore", "sidecar", "main"]
    reason: str
    line: int


@dataclass(frozen=True)
class Container:
    """A `Container` as judging needs it. `raw` is the whole object as plain data, `line` is 1-based.

    `called` are names that code has for it beside its own; `fixed` says why its text cannot be moved, empty where it can,
    `main_as` why it is the main container whatever else is seen of it.
    """

    name: str
    image: str | None
    command: tuple[str, ...]
    args: tuple[str, ...]
    env: tuple[tuple[str, str | None], ...]
    ports: tuple[Port, ...]
    mounts: tuple[Mount, ...]
    probes: tuple[Probe, ...]
    index: int
    line: int
    raw: dict[str, Any] = field(repr=False, compare=False, hash=False)
    lines: dict[str, int] = field(repr=False, compare=False, hash=False)
    directive: Directive | None = None
    called: tuple[str, ...] = ()
    fixed: str = ""
    main_as: str = ""

    def line_of(self, *keys: str) -> int:
        """The line of the first of these fields that is written, else the container's own."""
        return next((self.lines[key] for key in keys if key in self.lines), self.line)


@dataclass(frozen=True)
class PodSpec:
    """A `PodSpec`. `volumes` gives each volume's kind (`emptyDir`, `hostPath`, ...) by name."""

    containers: tuple[Container, ...]
    init_containers: tuple[Container, ...]
    volumes: dict[str, str]
    restart_policy: str | None
    share_processes: bool
    raw: dict[str, Any] = field(repr=False, compare=False, hash=False)


@dataclass(frozen=True)
class Workload:
    """The object that holds the pod spec. `annotations` and `labels` are its own and the pod template's, together.

    `spec` is the plain data of the spec around the pod's: of a CronJob that of its `jobTemplate`, of a Pod its own.
    """

    api_version: str
    kind: str
    name: str
    namespace: str | None = None
    annotations: dict[str, str] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)
    runs_to_completion: bool = False
    spec: dict[str, Any] = field(default_factory=dict, repr=False, compare=False, hash=False)


@dataclass(frozen=True)
class Site:
    """A pod spec found in a file: document number (0-based), pointer inside it, 1-based line.

    `refusal` says why this site is never rewritten, None where it may be; `supported` is false where that
    is because nobody vouches for the kind of object.
    """

    workload: Workload
    pod: PodSpec
    document: int
    pointer: Pointer
    line: int
    supported: bool = True
    refusal: str | None = None


@dataclass(frozen=True)
class Evidence:
    """One reason for or against: the rule's id, log-odds (natural) for being a sidecar, what was seen, where."""

    rule: str
    weight: float
    message: str
    line: int


@dataclass(frozen=True)
class Verdict:
    """What a container is taken for. `confidence` is the probability (0 to 1) that it is a sidecar."""

    role: Role
    purpose: str | None
    confidence: float
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True)
class Place:
    """A line of a file, 1-based."""

    path: str
    line: int

    def __str__(self) -> str:
        return f"{self.path}:{self.line}"


@dataclass(frozen=True)
class Hazard:
    """What a move would put at risk. `certain` says that a `block` breaks the pod for sure, not perhaps.

    `lifted` is the next Kubernetes version in which it cannot happen any more, None where there is none.
    `places` are all the places elsewhere that show it, where the message names but the first.
    """

    id: str
    severity: Severity
    message: str
    line: int
    remedy: str = ""
    certain: bool = False
    lifted: str | None = None
    places: tuple[Place, ...] = ()


@dataclass(frozen=True)
class Move:
    """`container` goes to `initContainers` as number `position` (0-based), with `restartPolicy: Always`."""

    container: str
    index: int
    position: int


@dataclass(frozen=True)
class Follow:
    """What changes with a move at another place, as it is before: a `targetPort`, an assertion, a path."""

    place: Place
    what: str

    def __str__(self) -> str:
        return f"{self.place} {self.what}"


@dataclass(frozen=True)
class Decision:
    """What happens to one container. `position` among the init containers where it moves, else `reason` says why not.

    `placement` says why it stands at that position; `settled_by` is the later Kubernetes version from which on it
    would move, where a newer target is all that a review waits for. `follows` is what changes elsewhere in the same change.
    """

    container: Container
    verdict: Verdict
    action: Action
    hazards: tuple[Hazard, ...] = ()
    position: int | None = None
    reason: str | None = None
    placement: str | None = None
    settled_by: str | None = None
    follows: tuple[Follow, ...] = ()


@dataclass(frozen=True)
class Rewording:
    """The text at `pointer`, below the pod spec, becomes another."""

    pointer: Pointer
    before: str
    after: str


@dataclass(frozen=True)
class Extras:
    """What is changed at a site beside the moves, because it was asked for.

    `texts` are in the pod spec, `annotations` are set in the metadata of the pod (template); `words` says it all.
    """

    texts: tuple[Rewording, ...] = ()
    annotations: tuple[tuple[str, str], ...] = ()
    words: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.texts or self.annotations)


@dataclass(frozen=True)
class PodResult:
    """A site with its decisions. `changes` is what the move changed in the pod's plain data, in words.

    `extras` says what else was changed, or why what was asked for was not.
    """

    site: Site
    decisions: tuple[Decision, ...]
    layout: str | None = None
    changes: tuple[str, ...] = ()
    extras: tuple[str, ...] = ()

    @property
    def moved(self) -> tuple[Decision, ...]:
        """The containers that the rewrite moves."""
        return tuple(d for d in self.decisions if d.position is not None)


@dataclass(frozen=True)
class Problem:
    """An object that Kubernetes would not take, or that cannot be read without guessing."""

    line: int
    message: str


@dataclass(frozen=True, order=True)
class Deployer:
    """An object of Argo CD or Flux that deploys a folder; it names that in `line` (1-based) of the file `path`."""

    kind: str
    name: str
    path: str
    line: int

    def __str__(self) -> str:
        return f"the {self.kind} `{self.name}` ({self.path}:{self.line})"


@dataclass(frozen=True)
class FileResult:
    """What became of a file. `before` are its bytes where there is something to say of it, `after` the new ones that differ.

    `problems` are objects in it that were passed over; its other objects are done all the same. `notes` are
    places that nothing is wrong with, but which only a human can change. `deployed_by` are those
    that roll out what was rewritten, as far as the repository shows.
    """

    path: str
    status: Status
    reason: str | None = None
    line: int | None = None
    pods: tuple[PodResult, ...] = ()
    problems: tuple[Problem, ...] = ()
    before: bytes | None = None
    after: bytes | None = None
    source: Literal["manifest", "kustomize", "python"] = "manifest"
    notes: tuple[Problem, ...] = ()
    deployed_by: tuple[Deployer, ...] = ()
