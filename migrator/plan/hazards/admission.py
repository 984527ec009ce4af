"""Admission and ownership: who else writes this pod, and what the API server takes."""

from __future__ import annotations

from collections.abc import Iterator

from migrator.plan.case import Case
from migrator.plan.hazards.check import Found, hazard
from migrator.versions import version_text

#: Container names that a product's webhook looks for, and the product's own switch for native sidecars.
_INJECTED = {
    "istio-proxy": "ENABLE_NATIVE_SIDECARS of istiod, or the pod annotation sidecar.istio.io/nativeSidecar",
    "linkerd-proxy": "proxy.nativeSidecar of the Linkerd chart",
    "daprd": "the annotation dapr.io/enable-native-sidecar (Dapr 1.18)",
    "gke-gcsfuse-sidecar": "automatic on GKE from 1.29",
    "vault-agent": "none released yet",
    "consul-dataplane": "the annotation consul.hashicorp.com/enable-consul-dataplane-as-sidecar (consul-k8s 1.9)",
}


@hazard("block", "<1.29")
def cluster_too_old(case: Case) -> Iterator[Found]:
    """Below 1.29 the field is dropped or off, and the container would block the pod as a plain init container."""
    yield Found(
        f"Kubernetes {version_text(case.target)} has no sidecar containers (they are on from 1.29)",
        case.line(),
        "target 1.29 or newer",
        certain=True,
    )


@hazard("block")
def injected_or_placeholder_proxy(case: Case) -> Iterator[Found]:
    """A webhook merges its proxy into a container of this name; it owns where the proxy stands."""
    image = case.view.container.image
    if case.name in _INJECTED or image == "auto":
        switch = _INJECTED.get(case.name, _INJECTED["istio-proxy"])
        yield Found(
            f"`{case.name}` is {'a placeholder' if image == 'auto' else 'a name'} that an injector fills in and places itself",
            case.line("image"),
            f"use the product's own switch: {switch}",
            certain=image == "auto",
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
    """A strategic-merge patch that lists the container under `containers` would add it a second time."""
    if patch := case.links.patch_for(case.workload, case.name):
        yield Found(
            f"the patch {patch.path}:{patch.line} names `{case.name}` under `containers`: it would add it a second time",
            case.line(),
            "move the entry of the patch as well",
            certain=True,
        )
