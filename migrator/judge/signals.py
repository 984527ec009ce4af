"""Structural signals: what the pod itself says of a container, without the name of any product.

Each is declared once, under the name that rules use, and gives the words for what was seen, or None.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from migrator.judge.programs import kind_of
from migrator.judge.quantity import quantity

if TYPE_CHECKING:
    from migrator.judge.view import View

Signal = Callable[["View"], "str | None"]
SIGNALS: dict[str, Signal] = {}

DEFAULT_CONTAINER = "kubectl.kubernetes.io/default-container"
_OLD_DEFAULT_CONTAINER = "kubectl.kubernetes.io/default-logs-container"
#: Images that hold tools and no work of their own: that two containers use one says nothing of either.
_UTILITIES = re.compile(
    r"(?:busybox|alpine|ubuntu|debian|centos|fedora|bash|curl|kubectl|alpine-curl|toolbox|pause|sleep)(?:-.*)?\Z"
)
#: Well-known ports of databases, caches, brokers and search engines.
_STORE_PORTS = frozenset({1433, 2181, 2379, 3306, 4222, 5432, 5672, 6379, 7687, 8086, 8123, 9000, 9042, 9092, 9200, 11211, 27017})
_CSI_FLAGS = re.compile(r"--?csi-address|--?kubelet-registration-path")
#: Cluster-wide controllers of the CSI project: they stand beside CSI helpers and are no driver.
_CSI_CONTROLLERS = re.compile(r"(?:csi-)?(?:snapshot-controller|snapshot-validation-webhook|snapshot-conversion-webhook)\Z")
#: A workload called `web-with-proxy` or `app-log-sidecar` is named for what it is made of, not for its main container.
_DESCRIBES_PARTS = frozenset({"with", "and", "sidecar", "sidecars", "multi"})
_SEPARATORS = re.compile(r"[^a-z0-9]+")


def signal(name: str) -> Callable[[Signal], Signal]:
    """Declare a signal under the name that rules use."""

    def declare(function: Signal) -> Signal:
        SIGNALS[name] = function
        return function

    return declare


@signal("default-container")
def default_container(view: View) -> str | None:
    """The `kubectl.kubernetes.io/default-container` annotation names it (kubectl: pkg/cmd/util/podcmd)."""
    named = _annotated(view)
    return f"the default-container annotation names `{view.name}`" if named == view.name else None


@signal("other-default-container")
def other_default_container(view: View) -> str | None:
    """The annotation names a neighbour."""
    named = _annotated(view)
    if named and any(other.name == named for other in view.neighbours):
        return f"the default-container annotation names `{named}`"
    return None


def _annotated(view: View) -> str | None:
    notes = view.workload.annotations
    return notes.get(DEFAULT_CONTAINER) or notes.get(_OLD_DEFAULT_CONTAINER)


@signal("named-like-workload")
def named_like_workload(view: View) -> str | None:
    """Its name is the workload's, or the `app` label's."""
    labels = view.workload.labels
    names = {view.workload.name, *(labels.get(k, "") for k in ("app", "app.kubernetes.io/name", "k8s-app", "name"))}
    return f"named like the {view.workload.kind}" if _plain(view.name) in {_plain(n) for n in names if n} else None


def named_for_image(view: View) -> bool:
    """Whether its image's last segment is the workload's name."""
    return bool(view.repository) and _plain(view.repository[-1]) == _plain(view.workload.name)


@signal("beside-namesake")
def beside_namesake(view: View) -> str | None:
    """A neighbour, and not it, is named like the workload."""
    if named_like_workload(view) or part_of_workload_name(view):
        return None
    other = next((o for o in view.neighbours if named_like_workload(o) or part_of_workload_name(o)), None)
    return f"stands beside `{other.name}`, which bears the {view.workload.kind}'s name" if other else None


@signal("part-of-workload-name")
def part_of_workload_name(view: View) -> str | None:
    """All words of its name are words of the workload's, and no neighbour can say so."""
    if named_like_workload(view) or any(named_like_workload(other) for other in view.neighbours):
        return None
    words = _words(view.workload.name)
    if words & _DESCRIBES_PARTS:
        return None
    if _words(view.name) <= words and not any(_words(other.name) <= words for other in view.neighbours):
        return f"its name is part of the {view.workload.kind}'s"
    return None


@signal("image-like-workload")
def image_like_workload(view: View) -> str | None:
    """Its image's last segment is the workload's name, and no neighbour's is."""
    if not named_for_image(view) or any(other.repository[-1:] == view.repository[-1:] for other in view.neighbours):
        return None
    return f"its image is named like the {view.workload.kind}"


@signal("dials-neighbour")
def dials_neighbour(view: View) -> str | None:
    """It dials a port on localhost that a neighbour listens on; to dial a data store is to be its client."""
    served = [(other, number) for other, number in view.dialled if number not in _STORE_PORTS]
    if not served:
        return None
    other, number = served[0]
    return f"dials localhost:{number}, where `{other.name}` listens"


@signal("dialled-by-neighbour")
def dialled_by_neighbour(view: View) -> str | None:
    """A neighbour dials a port on localhost that it listens on."""
    for other in view.neighbours:
        for target, number in other.dialled:
            if target.name == view.name:
                return f"`{other.name}` dials localhost:{number}, where it listens"
    return None


@signal("dials-localhost")
def dials_localhost(view: View) -> str | None:
    """It dials a port on localhost that no container declares."""
    if view.dials and not view.dialled:
        return f"dials localhost:{min(view.dials)}"
    return None


@signal("reads-neighbour-volume")
def reads_neighbour_volume(view: View) -> str | None:
    """It mounts read-only a data volume that a neighbour mounts for writing."""
    for volume, other in view.shared:
        if view.reads_only(volume) and not other.reads_only(volume):
            return f"reads the {view.pod.volumes[volume]} `{volume}` that `{other.name}` writes"
    return None


@signal("feeds-neighbour-volume")
def feeds_neighbour_volume(view: View) -> str | None:
    """A neighbour mounts read-only a data volume that it mounts for writing."""
    for volume, other in view.shared:
        if other.reads_only(volume) and not view.reads_only(volume):
            return f"writes the {view.pod.volumes[volume]} `{volume}` that `{other.name}` reads"
    return None


@signal("shares-volume")
def shares_volume(view: View) -> str | None:
    """It shares a data volume with a neighbour."""
    if view.shared:
        volume, other = view.shared[0]
        return f"shares the {view.pod.volumes[volume]} `{volume}` with `{other.name}`"
    return None


@signal("same-image-as-main")
def same_image(view: View) -> str | None:
    """It runs the image of the neighbour whose name, or image's name, is the workload's."""
    if _utility(view):
        return None
    for other in view.neighbours:
        bears = named_like_workload(other) or part_of_workload_name(other) or named_for_image(other)
        if other.container.image == view.container.image and bears:
            return f"runs the same image as `{other.name}`"
    return None


@signal("all-same-image")
def all_same_image(view: View) -> str | None:
    """Every container of the pod runs the same image."""
    image = view.container.image
    if _utility(view) or not view.neighbours or any(other.container.image != image for other in view.neighbours):
        return None
    return "every container runs the same image"


def _utility(view: View) -> bool:
    return not view.repository or bool(_UTILITIES.match(view.repository[-1]))


@signal("numbered-like-neighbour")
def numbered(view: View) -> str | None:
    """Its name differs from a neighbour's in a number alone: workers of one kind."""
    stem = re.sub(r"\d+", "", view.name).strip("-")
    for other in view.neighbours:
        if stem == re.sub(r"\d+", "", other.name).strip("-") and re.search(r"\d", view.name + other.name):
            return f"its name differs from `{other.name}` only in the number"
    return None


@signal("first")
def first(view: View) -> str | None:
    """It stands first in `containers`."""
    return "stands first" if view.container.index == 0 and not view.native else None


@signal("completes")
def completes(view: View) -> str | None:
    """The pod is meant to run to completion (Job, CronJob, or restartPolicy Never or OnFailure)."""
    if view.workload.runs_to_completion or view.pod.restart_policy in ("Never", "OnFailure"):
        return f"the {view.workload.kind} runs to completion"
    return None


@signal("idles")
def idles(view: View) -> str | None:
    """It does nothing but wait: `sleep`, `pause`, `tail -f /dev/null`."""
    said = view.words
    quiet = said.kind == "idle" and all(kind_of(command) in (None, "idle") for command in said.commands)
    return "does nothing but wait" if quiet and not said.touches else None


@signal("loops")
def loops(view: View) -> str | None:
    """A loop that goes on as long as the pod does and is what it does, not what it does beside."""
    return "loops for as long as the pod runs" if view.words.loops and view.words.kind != "unknown" else None


@signal("tails")
def tails(view: View) -> str | None:
    """It follows a file with `tail -f` or `-F`."""
    if view.words.kind not in ("tail", "loop"):
        return None
    return next((f"follows {words[-1]}" for words in view.words.commands if kind_of(words) == "tail"), None)


@signal("serves")
def serves(view: View) -> str | None:
    """It declares ports."""
    return f"serves port {min(view.listens)}" if view.listens else None


@signal("silent")
def silent(view: View) -> str | None:
    """It declares no port and has no probe."""
    return "declares neither port nor probe" if not view.container.ports and not view.container.probes else None


@signal("only-server")
def only_server(view: View) -> str | None:
    """It alone declares ports."""
    if view.container.ports and not any(other.container.ports for other in view.neighbours):
        return "the only one that declares ports"
    return None


@signal("csi-driver-elsewhere")
def csi_driver_elsewhere(view: View) -> str | None:
    """All its neighbours are CSI helpers or controllers too: the driver is in another pod."""
    for other in view.neighbours:
        controller = other.repository and _CSI_CONTROLLERS.match(other.repository[-1])
        if not controller and not _CSI_FLAGS.search(other.text):
            return None
    return "no CSI driver in this pod to help"


@signal("small")
def small(view: View) -> str | None:
    """It asks for a quarter, or less, of the CPU and the memory that a neighbour asks for."""
    own = _requests(view)
    for other in view.neighbours:
        theirs = _requests(other)
        known = own.keys() & theirs.keys()
        if known and all(own[resource] * 4 <= theirs[resource] for resource in known):
            return f"asks for a quarter, or less, of what `{other.name}` asks for"
    return None


def _requests(view: View) -> dict[str, float]:
    """What it requests of CPU (cores) and memory (bytes), as far as the manifest says."""
    held = view.container.raw.get("resources")
    asked = held.get("requests") if isinstance(held, dict) else None
    found = {key: quantity(asked.get(key)) for key in ("cpu", "memory")} if isinstance(asked, dict) else {}
    return {key: value for key, value in found.items() if value}


@signal("patched-as-sidecar")
def patched_as_sidecar(view: View) -> str | None:
    """A patch in this repository that adds or changes it has `sidecar` in its path: its author's word."""
    found = view.of.links.patched_as_sidecar.get(view.name)
    return f"the patch {found} calls it a sidecar" if found else None


@signal("marked-always")
def marked_always(view: View) -> str | None:
    """It has the sidecar marker, in the list where it means something else (KEP-753, KEP-5307)."""
    return "has `restartPolicy: Always`" if view.container.raw.get("restartPolicy") == "Always" else None


@signal("beside-many")
def beside_many(view: View) -> str | None:
    """Elsewhere in the repository its image keeps company with different others: a helper of many mains."""
    companies = view.of.links.beside.get("/".join(view.repository), frozenset())
    others = {image for company in companies for image in company}
    if _utility(view) or alone_elsewhere(view):
        return None
    if len(companies) > 2 and not frozenset.intersection(*companies):
        return f"stands beside {len(others)} other images in this repository"
    return None


@signal("alone-elsewhere")
def alone_elsewhere(view: View) -> str | None:
    """Elsewhere in the repository its image is a pod of its own."""
    if view.repository and not _utility(view) and "/".join(view.repository) in view.of.links.alone:
        return "is a pod of its own elsewhere in this repository"
    return None


@signal("serves-the-service")
def serves_the_service(view: View) -> str | None:
    """A Service targets a port of it, and of no neighbour."""
    wanted = view.of.links.ports_served(view.workload)
    if not wanted or not _served(view, wanted) or any(_served(other, wanted) for other in view.neighbours):
        return None
    return "of this pod, the Service sends traffic only to it"


def _served(view: View, wanted: frozenset[str]) -> bool:
    ports = view.container.ports
    return any(str(p.number) in wanted or (p.name or "") in wanted for p in ports) or any(str(n) in wanted for n in view.listens)


def _plain(name: str) -> str:
    return _SEPARATORS.sub("-", name.lower()).strip("-")


def _words(name: str) -> set[str]:
    return set(_plain(name).split("-"))
