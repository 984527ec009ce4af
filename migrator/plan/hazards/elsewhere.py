"""Who looks for the container in `containers`, by its name or its place in the list: autoscalers, policies, scripts, tests."""

from __future__ import annotations

from collections.abc import Iterator

from migrator.plan.case import Case
from migrator.plan.hazards.check import Found, hazard
from migrator.plan.hazards.completion import first_to_move
from migrator.plan.hazards.programs import in_its_programs, reaches
from migrator.plan.told import Seen, places, told
from migrator.references import Mention, Nearness


@hazard("warn")
def vpa(case: Case) -> Iterator[Found]:
    """The Vertical Pod Autoscaler reads `containers` alone (autoscaler AEP-8905): a policy that names the container
    is without effect; one for all containers just leaves it out.
    """
    held = case.links.references.about(case.workload, "vertical")
    named = [reference for reference in held if reference.names(case.name)]
    others = [reference for reference in held if reference.container == "*"]
    seen = [(reference.what, reference.place) for reference in named or others if reference.active]
    if seen:
        what = "sets the requests" if named else "looks after the requests"
        yield Found(
            f"{told(seen, what, what.replace('s ', ' ', 1))} of `{case.name}`, but not once that is an init container",
            case.line("resources"),
            "write the requests that it has settled on into the manifest",
            severity=None if named else "info",
            places=places(seen),
        )


@hazard("info")
def hpa_container_resource(case: Case) -> Iterator[Found]:
    """From 1.29 on the autoscaler finds a container by name in both lists (replica_calculator.go); before, nothing moves."""
    held = case.links.references.about(case.workload, "horizontal")
    if seen := [(reference.what, reference.place) for reference in held if reference.container == case.name]:
        yield Found(
            f"{told(seen, 'measures', 'measure')} `{case.name}`; from Kubernetes 1.29 on that finds sidecars, too",
            case.line("resources"),
            f"keep the requests of `{case.name}`",
            places=places(seen),
        )


@hazard("warn")
def policy_engines(case: Case) -> Iterator[Found]:
    """A policy over `containers` alone does not see the container any more. Said once a pod; a warning where the policy
    itself says that it is for such pods.
    """
    if not first_to_move(case):
        return
    sure = [(held.what, held.place) for held in case.links.references.about(case.workload, "policy")]
    perhaps = [(held.what, held.place) for held in case.links.references.about(case.workload, "policy-somewhere")]
    if sure or perhaps:
        moved = [f"`{entry.name}`" for entry in case.order if entry.moved]
        yield Found(
            f"{told(sure or perhaps, 'looks', 'look')} at `containers` and not at `initContainers`: {', '.join(moved)} "
            f"{'is' if len(moved) == 1 else 'are'} not covered any more",
            case.line(),
            "write the rule for both lists",
            severity=None if sure else "info",
            places=places([*sure, *perhaps]),
        )


@hazard("warn")
def jsonpath_scripts(case: Case) -> Iterator[Found]:
    """Paths into `containers` and `containerStatuses` in scripts, pipelines and tests that are about this pod.

    A warning where the container is meant, or an index that is then another's; else a note.
    """
    asserted = [held for held in case.links.references.about(case.workload, "assertion") if held.container == case.name]
    met: list[Seen] = [(held.what, held.place) for held in asserted]
    noted: list[Seen] = []
    for mention, near in case.links.references.mentioned(case.workload, case.name):
        if mention.kind != "resize" and reaches(case, mention):
            (met if _meant(case, mention, near) else noted).append((f"`{mention.said}`", mention.place))
    if case.links.program:
        for mention, sure in in_its_programs(case):
            (met if sure else noted).append((f"`{mention.said}`", mention.place))
    noted = [seen for seen in noted if seen[1] not in {place for _, place in met}]
    if met or noted:
        yield Found(
            f"`{case.name}` leaves the list that {told(met or noted, 'reaches', 'reach')} into",
            case.line("name"),
            "look there: by name it is then in `initContainers` and `initContainerStatuses`, and an index may be another's",
            severity=None if met else "info",
            places=places([*met, *noted]),
        )


def _meant(case: Case, mention: Mention, near: Nearness) -> bool:
    """Whether it is about this container, or about an index of this very pod; not just about all containers of some pod,
    or about one of many that are called the same.
    """
    if mention.kind == "name":
        return False
    if mention.index >= 0 or mention.owner or mention.selector:
        return near == "near"
    named = case.name == mention.container or case.name in mention.near
    told_apart = case.name not in case.links.references.common or case.workload.name in mention.near | mention.far
    return named and told_apart


@hazard("info", ">=1.33")
def inplace_resize_paths(case: Case) -> Iterator[Found]:
    """The resize subresource takes a sidecar under `initContainers` (validation.go, ValidatePodResize)."""
    found = case.links.references.mentioned(case.workload, case.name)
    if seen := [(f"`{m.said}`", m.place) for m, _ in found if m.kind == "resize" and not m.inits]:
        yield Found(
            f"{told(seen, 'resizes', 'resize')} containers in place; `{case.name}` is then under `spec.initContainers`",
            case.line("resources"),
            f"name `{case.name}` under `initContainers` in the patch",
            places=places(seen),
        )
