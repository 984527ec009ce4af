"""Programs that wrap the work of a container and make another quit when it has ended: nothing of them is taken off."""

from __future__ import annotations

import re
from collections.abc import Iterator

from migrator.judge.shell.wrappers import Words, base_name, unwrap
from migrator.judge.view import PodView, View
from migrator.plan.quits.calls import ISTIO, LINKERD, Product, neighbour_of
from migrator.plan.quits.hack import QuitHack, shortened
from migrator.plan.quits.scripts import runs

_SHUTDOWN = re.compile(r"--shutdown\Z|-[a-zA-Z]*S[a-zA-Z]*\Z")


def wrapper_hacks(pods: PodView) -> Iterator[QuitHack]:
    """`linkerd-await --shutdown` and `scuttle` before a command; `kubexit` on both sides."""
    for view in pods.views:
        for run in runs(view):
            for words in run.commands:
                if product := _wraps(words):
                    yield _hack(view, run.field, " ".join(words), neighbour_of(view, product), False)
        yield from _kubexit(pods, view)


def _wraps(given: Words) -> Product | None:
    """The proxy that a wrapper makes quit."""
    words, _ = unwrap(given)
    name = base_name(words[0])
    if name == "scuttle":
        return ISTIO
    own = words[: words.index("--")] if "--" in words else words
    return LINKERD if name == "linkerd-await" and any(_SHUTDOWN.match(word) for word in own[1:]) else None


def _kubexit(pods: PodView, view: View) -> Iterator[QuitHack]:
    """The containers that end because this one has, by the names that kubexit gives them."""
    name = _value(view, "KUBEXIT_NAME")
    for other in (*pods.views, *pods.native) if name else ():
        if other is not view and name in (_value(other, "KUBEXIT_DEATH_DEPS") or "").split(","):
            same = _value(view, "KUBEXIT_GRAVEYARD") == _value(other, "KUBEXIT_GRAVEYARD")
            yield _hack(view, "env", f"KUBEXIT_NAME={name}", other, same)


def _value(view: View, name: str) -> str | None:
    return next((value for key, value in view.container.env if key == name and value and "$(" not in value), None)


def _hack(view: View, field: str, what: str, sidecar: View | None, listened: bool) -> QuitHack:
    told = sidecar.name if sidecar else None
    there = ("env" if field == "env" else "image") if sidecar else None
    why = "a wrapper does more than this: taking it off a command is left to you"
    return QuitHack(
        "wrapper", view.name, told, shortened(what), field, there, listened or bool(sidecar and field != "env"), (), why, ()
    )
