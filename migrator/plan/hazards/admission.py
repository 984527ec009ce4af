"""Admission and ownership: who else writes this pod, and what the API server takes."""

from __future__ import annotations

from collections.abc import Iterator

from migrator.model import Place
from migrator.plan.case import Case
from migrator.plan.hazards.check import Found, hazard
from migrator.plan.told import places, told
from migrator.plan.webhooks import rewriters
from migrator.references import Reference
from migrator.versions import version_text
from migrator.workloads import group_of

_KNATIVE = "serving.knative.dev"


@hazard("block", "<1.29")
def cluster_too_old(case: Case) -> Iterator[Found]:
    """Below 1.29 the field is dropped or off, and the container would block the pod as a plain init container."""
    yield Found(
        f"Kubernetes {version_text(case.target)} has no sidecar containers (they are on from 1.29)",
        case.line(),
        "target 1.29 or newer",
        certain=True,
    )


@hazard("block", "<1.33")
def resizepolicy_on_sidecar(case: Case) -> Iterator[Found]:
    """Up to 1.32 the API server rejects resizePolicy on any init container."""
    if "resizePolicy" in case.raw:
        yield Found(
            f"`{case.name}` has a resizePolicy, which Kubernetes {version_text(case.target)} rejects on init containers",
            case.line("resizePolicy"),
            "target 1.33, or drop the field",
            certain=True,
        )


@hazard("block")
def duplicate_name(case: Case) -> Iterator[Found]:
    """Names are unique over containers and initContainers (validation.go, validateInitContainers)."""
    for other in case.view.pod.init_containers:
        if other.name == case.name:
            yield Found(
                f"an init container is called `{case.name}` too (line {other.line}): Kubernetes rejects this pod",
                case.line("name"),
                "give one of them another name",
                certain=True,
            )


@hazard("block")
def kustomize_smp_left_behind(case: Case) -> Iterator[Found]:
    """A strategic-merge patch that lists the container under `containers` would add it a second time.

    Patches that belong to a kustomization of the run are rewritten with their base; where they cannot be, nothing moves.
    """
    if why := case.links.held_back.get((case.workload.kind, case.workload.name, case.name)):
        yield Found(
            f"`{case.name}` is changed by kustomizations: {why}", case.line(), "move it by hand in all of them", certain=True
        )
        return
    inline = _inline(case)
    seen = [(held.what, held.place) for held in inline]
    if patch := case.links.patch_for(case.workload, case.name):
        yield Found(
            f"the patch {patch.path}:{patch.line} names `{case.name}` under `containers`: it would add it a second time",
            case.line(),
            "move the entry of the patch as well",
            certain=True,
            places=places([("the patch", Place(patch.path, patch.line)), *seen]) if seen else (),
        )
    elif inline:
        named = f"{told(seen, 'names', 'name')} `{case.name}` under `containers`"
        counted = f"{told(seen, 'goes', 'go')} by the places in `containers`, which are others once `{case.name}` leaves"
        yield Found(
            named if all(held.container for held in inline) else counted,
            case.line(),
            "inline patches of Argo CD and Flux are not rewritten: change them and move by hand",
            places=places(seen),
        )


def _inline(case: Case) -> list[Reference]:
    """Patches inside objects of Argo CD and Flux. Whether they are applied to this very file is not known."""
    names = [view.name for view in case.pod.views]
    held = case.links.references.about(case.workload, "inline-patch")
    return [one for one in held if one.container == case.name or one.port in map(str, range(names.index(case.name), len(names)))]


@hazard("block")
def crd_embedded_podspec(case: Case) -> Iterator[Found]:
    """The schema of a custom resource that was generated before Kubernetes 1.28 prunes the field
    (argo-rollouts#3366, actions-runner-controller#4144); only kinds in `rules/workloads/` are known not to.
    """
    if not case.supported and group_of(case.workload.api_version) != _KNATIVE:
        yield Found(
            f"where the schema of {case.workload.kind} ({case.workload.api_version}) is older than Kubernetes 1.28, the "
            f"`restartPolicy` of an init container is dropped, and the pod waits for ever for `{case.name}` to end",
            case.line(),
            "look into its CustomResourceDefinition, or for a field of its own for sidecars",
            certain=True,
        )


@hazard("block")
def knative_service(case: Case) -> Iterator[Found]:
    """Init containers are off in Knative by default, and its mask of fields has no restartPolicy (fieldmask.go)."""
    if group_of(case.workload.api_version) == _KNATIVE:
        yield Found(
            f"Knative takes no `restartPolicy` on an init container: it would reject the {case.workload.kind} with "
            f"`{case.name}` there",
            case.line(),
            "leave it in `containers`: Knative runs several of them",
            certain=True,
        )


@hazard("warn")
def webhook_strips_field(case: Case) -> Iterator[Found]:
    """A program that changes this pod was built on API types that do not know the field (see `plan.webhooks`).

    The API server rejects probes and hooks on a plain init container; without any the pod is taken, and waits.
    """
    found = rewriters(case.workload, case.view.pod)
    if not found:
        return
    moved = (case.view, *(view for view in case.others if view not in case.staying))
    loud = any(view.container.probes for view in moved)
    what = "Kubernetes would then reject the pod" if loud else f"the pod would then wait for ever for `{case.name}` to end"
    told = " and ".join(f"{one.product}{f' before {one.keeps}' if one.keeps else ', in every release,'}" for one in found)
    verb = "takes" if len(found) == 1 else "take"
    remedies = [f"run release {one.keeps} or newer of {one.product}" for one in found if one.keeps]
    remedies += [f"leave it for as long as {one.product} is there" for one in found if not one.keeps]
    if not loud:
        remedies.append(f"any probe on `{case.name}` turns the silent wait into an error")
    yield Found(
        f"{told} {verb} `restartPolicy` from the init containers of this pod: {what}",
        case.line(),
        "; ".join(remedies),
        severity="block" if any(one.sure and not one.keeps for one in found) else None,
    )
