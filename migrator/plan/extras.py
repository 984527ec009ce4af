"""What is changed beside the moves where the user asked for it: quit hacks taken off, injectors made native.

A hack is taken off only where every sidecar that it stops is one, or becomes one in the same change: so the pod is
decided as it will be without the hack, and what then does not move gets its hack back.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from migrator.judge.view import PodView
from migrator.model import Decision, Extras, Rewording, Site
from migrator.plan.injectors import injecting, is_native
from migrator.plan.quits import Change, QuitHack, applied, removed
from migrator.settings import Settings

Decide = Callable[[Site], tuple[Decision, ...]]


def with_extras(site: Site, settings: Settings, decide: Decide) -> tuple[Extras, tuple[Decision, ...]]:
    """The extras of a site, and the decisions of its containers given them."""
    if site.refusal or not site.supported:
        return Extras(), decide(site)
    annotations = _annotations(site) if settings.enable_native_injectors else ()
    asked = replace(site, workload=replace(site.workload, annotations={**site.workload.annotations, **dict(annotations)}))
    said = tuple(f'the annotation {key}: "{value}" is set' for key, value in annotations)
    if not settings.remove_quit_hacks:
        return Extras((), annotations, said), decide(asked)
    pods = PodView(site.pod, asked.workload)
    native = {view.name for view in pods.native}
    sidecars = native | {container.name for container in site.pod.containers}
    while True:
        gone, changes = removed(pods, lambda hack: hack.sidecar in sidecars)
        decisions = decide(replace(asked, pod=applied(pods, changes).pod))
        made = native | {d.container.name for d in decisions if d.position is not None}
        if all(hack.sidecar in made for hack in gone):
            words = [part for hack in gone for part in (_words(hack), *hack.leftovers)]
            return Extras(_rewordings(site, changes), annotations, (*said, *dict.fromkeys(words))), decisions
        sidecars.intersection_update(made)


def _words(hack: QuitHack) -> str:
    return f"`{hack.what}`, with which `{hack.caller}` stops `{hack.sidecar}`, is taken out"


def _annotations(site: Site) -> tuple[tuple[str, str], ...]:
    """The switches of the products that inject into the pod; what its author has set stays as it is."""
    held = site.workload.annotations
    asked = injecting(held, site.workload.labels)
    return tuple(one.annotation for one in asked if one.annotation and is_native(one, held) is None)


def _rewordings(site: Site, changes: Sequence[Change]) -> tuple[Rewording, ...]:
    """The changes by the place of the text."""
    lists = {"containers": site.pod.containers, "initContainers": site.pod.init_containers}
    places = {key: {c.name: c.index for c in held} for key, held in lists.items()}
    pointers = [(c.inside, places[c.inside][c.container], c.field, c.item) for c in changes]
    return tuple(Rewording(pointer, c.before, c.after) for pointer, c in zip(pointers, changes, strict=True))
