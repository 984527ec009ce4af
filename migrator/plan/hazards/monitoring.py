"""Monitoring: who measures the container, and finds it by its port, its name, or the list it stands in."""

from __future__ import annotations

import re
from collections.abc import Iterator

from migrator.plan.case import Case
from migrator.plan.hazards.check import Found, hazard
from migrator.plan.hazards.completion import first_to_move
from migrator.plan.told import places, told

_METRICS = re.compile(r"metric|prom(?:$|etheus)|telemetry|exporter", re.IGNORECASE)
_PORT = "prometheus.io/port"


@hazard("warn")
def prometheus_sd(case: Case) -> Iterator[Found]:
    """A scrape configuration that drops init containers, or a monitor that finds a port of the container by the pod.

    With `role: pod` the target stays and is marked as of an init container; with `role: endpoints` the container's ports
    were not looked up in init containers before prometheus#14929. A Service's own port is found all the same.
    """
    staying = {str(held) for view in case.staying for port in view.container.ports for held in (port.number, port.name)}
    own = {str(held) for port in case.view.container.ports for held in (port.number, port.name) if held} - staying
    monitors = [(held, port) for held, port in case.links.monitored(case.workload) if port in own]
    lost = [(held.what, held.place) for held, _ in monitors if held.kind == "monitor-target-port"]
    found = [(held.what, held.place) for held, _ in monitors if held.kind != "monitor-target-port"]
    drops = case.links.references.about(case.workload, "drops-inits") if own else []
    dropped = [(held.what, held.place) for held in drops]
    all_places = places([*dropped, *lost, *found])
    if dropped:
        yield Found(
            f"{told(dropped, 'leaves', 'leave')} init containers out, so the ports of `{case.name}` are not scraped any more",
            case.line("ports"),
            "keep what `__meta_kubernetes_pod_container_init` marks where it is a sidecar, or drop by name",
            severity=None if _is_scraped(case) else "info",
            places=all_places,
        )
    elif lost:
        yield Found(
            f"{told(lost, 'finds', 'find')} a port of `{case.name}` through the pod; releases of Prometheus before 3.0 do not "
            "see the ports of init containers there, and lose the target",
            case.line("ports"),
            "name the port of the Service instead (`port`)",
            places=all_places,
        )
    elif found:
        yield Found(
            f"{told(found, 'scrapes', 'scrape')} a port of `{case.name}`, whose targets are then marked as of an init container",
            case.line("ports"),
            severity="info",
            places=all_places,
        )


def _is_scraped(case: Case) -> bool:
    """Whether it is its own ports that are scraped, as far as the pod shows: an annotated port is found by any container."""
    if _PORT in case.workload.annotations:
        return False
    named = any(_METRICS.search(port.name or "") for port in case.view.container.ports)
    return named or case.verdict.purpose == "metrics-exporter"


@hazard("warn")
def ksm_metrics_alerts(case: Case) -> Iterator[Found]:
    """kube-state-metrics has one family for containerStatuses and one for initContainerStatuses (kube-state-metrics#2436)."""
    asked = [held for held in case.links.references.about(case.workload, "state-metric") if held.names(case.name)]
    seen = [(held.what, held.place) for held in asked]
    blind = case.links.references.about(case.workload, "state-alert") if first_to_move(case) else []
    seen_blind = [(held.what, held.place) for held in blind]
    remedy = "ask for both families, joined with `or`: `kube_pod_container_...` and `kube_pod_init_container_...`"
    if asked:
        families = {held.port for held in asked}
        family = asked[0].port if len(families) == 1 else "kube_pod_container_..."
        yield Found(
            f"{told(seen, 'asks', 'ask')} `{family}` for `{case.name}`, which is then counted in "
            f"`{family.replace('_pod_', '_pod_init_')}`",
            case.line("name"),
            remedy,
            places=places([*seen, *seen_blind]),
        )
    elif blind:
        yield Found(
            f"{told(seen_blind, 'watches', 'watch')} the containers in `containers` only, and no longer `{case.name}`",
            case.line("name"),
            remedy,
            severity="info",
            places=places(seen_blind),
        )
