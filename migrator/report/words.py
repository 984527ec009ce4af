"""Words that several formats have for the same thing."""

from __future__ import annotations

from migrator.model import Container, Evidence, PodResult, Verdict


def called(pod: PodResult) -> str:
    """The object that holds a pod: `Deployment/web`."""
    return f"{pod.site.workload.kind}/{pod.site.workload.name or '(no name)'}"


def subject_of(pod: PodResult, container: Container) -> str:
    """A container by names alone, which no edit elsewhere changes: `Deployment/shop/web/log`, `shop` the namespace."""
    workload = pod.site.workload
    namespace = [workload.namespace] if workload.namespace else []
    return "/".join([workload.kind, *namespace, workload.name or "(no name)", container.name])


def confidence(verdict: Verdict) -> str:
    """How surely it is a sidecar. Nothing here is certain, so nothing is said to be."""
    return f"{min(verdict.confidence, 0.99):.0%}"


def strongest(evidence: tuple[Evidence, ...]) -> list[Evidence]:
    """The two strongest pieces that do not say the same."""
    told: dict[str, Evidence] = {}
    for item in evidence:
        told.setdefault(item.message.rpartition(": ")[2], item)
    return list(told.values())[:2]


def notable(placement: str) -> bool:
    """Whether a place is another one than the usual, behind all that was there."""
    return "asked" in placement or " not " in placement


def counted(number: int, noun: str) -> str:
    """`1 file`, `3 files`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
