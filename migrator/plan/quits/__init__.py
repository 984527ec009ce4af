"""Quit hacks: what a container does so that another one ends, and the pod with it, as pods had to before native sidecars.

Once the other one is a sidecar the kubelet stops it, and the hack does harm: the sidecar ends while it is needed and
is started again (KEP-753, "Motivation"). Both sides are recognised in the scripts themselves. Where both are there and
everything in them is understood, their removal is computed; what stays runs the same commands and ends the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from migrator.judge.view import PodView
from migrator.model import Container
from migrator.plan.quits.calls import http_hacks
from migrator.plan.quits.files import file_hacks
from migrator.plan.quits.hack import Change, ContainerList, Field, QuitHack, applied
from migrator.plan.quits.signals import signal_hacks
from migrator.plan.quits.wrappers import wrapper_hacks

__all__ = ["Change", "QuitHack", "applied", "hacks", "removed"]

_MOST = 50


def hacks(pods: PodView) -> tuple[QuitHack, ...]:
    """The quit hacks of a pod. A removal that is offered has been tried: the hack is not found any more after it."""
    return tuple(_tried(pods, hack) for hack in _found(pods))


def _found(pods: PodView) -> Iterator[QuitHack]:
    yield from http_hacks(pods)
    yield from file_hacks(pods)
    yield from signal_hacks(pods)
    yield from wrapper_hacks(pods)


def _tried(pods: PodView, hack: QuitHack) -> QuitHack:
    if hack.removal and any(other.pair == hack.pair for other in _found(applied(pods, hack.removal))):
        return replace(hack, removal=(), leftovers=(), why_not="a script within the script, or a program, does it as well")
    return hack


def removed(pods: PodView, wanted: Callable[[QuitHack], bool]) -> tuple[tuple[QuitHack, ...], tuple[Change, ...]]:
    """Take off every hack that is wanted and can be, one after the other: which they were, and the changes in total.

    Each is judged on the scripts as those before it have left them. What holds together is done only if all of it is wanted.
    """
    done: list[QuitHack] = []
    after = pods
    for _ in range(_MOST):
        groups: dict[tuple[Change, ...], list[QuitHack]] = {}
        for hack in hacks(after):
            groups.setdefault(hack.removal, []).append(hack)
        removal = next((changes for changes, group in groups.items() if changes and all(map(wanted, group))), None)
        if removal is None:
            break
        done += groups[removal]
        after = applied(after, removal)
    return tuple(done), tuple(_changes(pods, after))


def _changes(before: PodView, after: PodView) -> Iterator[Change]:
    old, new = before.pod, after.pod
    yield from _between(old.containers, new.containers, "containers")
    yield from _between(old.init_containers, new.init_containers, "initContainers")


def _between(old: Sequence[Container], new: Sequence[Container], inside: ContainerList) -> Iterator[Change]:
    fields: tuple[Field, ...] = ("command", "args")
    for was, now in zip(old, new, strict=True):
        for field in fields:
            words = zip(getattr(was, field), getattr(now, field), strict=True)
            yield from (Change(was.name, field, n, a, b, inside) for n, (a, b) in enumerate(words) if a != b)
