"""Injected containers and the network they carry (see `plan.injectors` for the products)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from migrator.judge.view import View
from migrator.model import Probe
from migrator.plan.case import Case
from migrator.plan.fields import at
from migrator.plan.hazards.check import Found, hazard
from migrator.plan.injectors import Injector, injecting, is_native, placeholder

#: Products that a label or annotation of the namespace, or their own configuration, lets inject into any pod.
_UNASKED = frozenset({"istio", "linkerd", "consul", "kuma", "nginx-service-mesh"})
#: The users whose traffic a mesh leaves alone, because its own proxy runs as them.
_PROXY_USERS = {"istio": 1337, "linkerd": 2102}
_ISTIO_REWRITES = "sidecar.istio.io/rewriteAppHTTPProbers"
_HOOKS = {"startup": ("startupProbe", "startupProbe"), "postStart": ("postStart hook", "lifecycle")}
_URL = re.compile(r"\b[a-z][a-z0-9+.-]{0,20}://(?:[^/@\s\"']*@)?([A-Za-z0-9][\w.-]*)", re.IGNORECASE)
_HERE = re.compile(r"localhost|127\.[\d.]+|0\.0\.0\.0", re.IGNORECASE)
#: What helpers of a purpose talk to outside the pod, whatever their command says.
_TALKS_TO = {
    "auth-proxy": "its identity provider",
    "backup": "the place of its backups",
    "db-proxy": "its database",
    "log-shipper": "the store of its logs",
    "secrets-agent": "the source of its secrets",
    "sync": "the source of its files",
    "tracing": "its collector",
}


@hazard("block")
def injected_or_placeholder_proxy(case: Case) -> Iterator[Found]:
    """A webhook merges its proxy into a container of this name, or refuses to inject; it owns where the proxy stands
    (Istio: inject.go, which moves `istio-proxy` itself where it is native; Cloud Storage FUSE: ExtractImageAndDeleteContainer).
    """
    image = case.view.container.image
    product = placeholder(case.name, image)
    if product is None:
        return
    if image in product.images:
        told = f"is a placeholder (`image: {image}`) that {product.product} fills in and places itself"
    elif product.captures_traffic and _on_the_node(case):
        return
    elif product in injecting(case.workload.annotations, case.workload.labels):
        told = f"has the name of the container that {product.product} injects into this pod and places itself"
    elif product.id in _UNASKED and not _refused(case, product):
        told = f"has the name of the container that {product.product} injects, for which a label on the namespace is enough"
    else:
        return
    yield Found(
        f"`{case.name}` {told}",
        case.line("image"),
        f"leave it to the product; its own switch: {product.switch} ({product.since})",
        certain=image in product.images,
    )


@hazard("warn")
def mesh_proxy_not_native(case: Case) -> Iterator[Found]:
    """The mesh's proxy stays in `containers`, so that it starts after this one and stops before it, but carries its traffic
    (Istio: reorderPod; KEP-753, "Problems: service mesh").

    Istio also lets the proxy answer HTTP, TCP and gRPC probes, those of init containers too (app_probe.go, patchRewriteProbe).
    """
    notes, labels = case.workload.annotations, case.workload.labels
    own = placeholder(case.name, case.view.container.image)
    for mesh in injecting(notes, labels):
        if not mesh.captures_traffic or mesh == own or is_native(mesh, notes) or _on_the_node(case) or _as_proxy(case, mesh):
            continue
        switch = f"make the proxy a native sidecar first: {mesh.switch} ({mesh.since})"
        remedy = "leave it in `containers`: this proxy is never a native sidecar" if mesh.never_native else switch
        for hook in case.view.container.probes:
            if hook.kind in _HOOKS and (why := _needs_proxy(case, mesh, hook)):
                what, field = _HOOKS[hook.kind]
                yield Found(f"the {what} of `{case.name}` {why}", case.line(field), remedy, severity="block")
        if target := _talks_to(case):
            sure = "stands" if mesh.never_native else "may stand"
            yield Found(
                f"the proxy of {mesh.product} {sure} in `containers`, where it starts after `{case.name}` and stops before it: "
                f"until it runs, and again at the end, `{case.name}` does not reach {target}",
                case.line("image"),
                remedy,
            )


def _refused(case: Case, product: Injector) -> bool:
    """Whether the pod itself says no."""
    return any(ask.answer(case.workload.annotations, case.workload.labels) is False for ask in product.asks)


def _on_the_node(case: Case) -> bool:
    """Whether the pod has the network of its node, into which no mesh injects."""
    return case.view.pod.raw.get("hostNetwork") is True


def _as_proxy(case: Case, mesh: Injector) -> bool:
    """Whether the container runs as the user of the proxy, whose traffic the mesh leaves alone."""
    users = (at(holder, "securityContext", "runAsUser") for holder in (case.raw, case.view.pod.raw))
    user = next((user for user in users if user is not None), None)
    return user is not None and user == _PROXY_USERS.get(mesh.id)


def _needs_proxy(case: Case, mesh: Injector, hook: Probe) -> str | None:
    """Why a startupProbe or postStart hook cannot succeed before the proxy runs, or None."""
    if hook.port is not None and mesh.id == "istio" and case.workload.annotations.get(_ISTIO_REWRITES, "").lower() != "false":
        return (
            f"is answered by the proxy of {mesh.product}, which starts only after it has succeeded, "
            "unless that is a native sidecar"
        )
    if host := _host(" ".join(hook.command)):
        return (
            f"asks {host}: where {mesh.product} captures the traffic from the start (CNI), nothing answers until its proxy runs, "
            "and that starts only afterwards"
        )
    return None


def _talks_to(case: Case) -> str | None:
    """What it talks to outside the pod, as far as its command, its environment or its purpose show."""
    view = case.view
    if host := _host(view.text) or next((found for _, value in view.container.env if (found := _host(value or ""))), None):
        return host
    return None if _only_local(view, case.verdict.purpose) else _TALKS_TO.get(case.verdict.purpose or "")


def _only_local(view: View, purpose: str | None) -> bool:
    """Whether its command shows that all it does is inside the pod: it prints files, or waits."""
    return view.words.kind in ("tail", "idle") or (purpose == "log-shipper" and view.words.kind == "loop")


def _host(text: str) -> str | None:
    """The first host of a URL in the text that is not the pod itself."""
    return next((found[1] for found in _URL.finditer(text) if not _HERE.fullmatch(found[1])), None)
