"""Calls over HTTP that make another container quit, and the environment that has a program make them.

Sources: istio.io "pilot-agent" (`/quitquitquit` at 15020, Envoy's own at 15000), linkerd.io "Graceful Pod Shutdown"
(`/shutdown` at 4191), Cloud SQL Auth Proxy (`--quitquitquit`, `--admin-port`, `shutdown`), docs.dapr.io (`/v1.0/shutdown`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from migrator.judge.shell.syntax import Source, find
from migrator.judge.shell.wrappers import Words, base_name, unwrap
from migrator.judge.view import PodView, View
from migrator.plan.quits.hack import Change, Kept, QuitHack, shortened
from migrator.plan.quits.removal import without
from migrator.plan.quits.scripts import editable, field_naming, runs

if TYPE_CHECKING:
    from tree_sitter import Node

_URL = re.compile(r"(?:https?://)?(?:localhost|127\.0\.0\.1|\[::1\]|0\.0\.0\.0)(?::(\d{1,5}))?(/[^\s'\"?#);]*)?", re.IGNORECASE)
_QUIT_PATH = re.compile(r"/(?:quitquitquit|graceful_shutdown|shutdown|quit)/?\Z")
_ADDRESS = re.compile(r"://|(?:localhost|127\.0\.0\.1|\[::1\]):\d")
_SCHEME_PORTS = {"https": 443, "http": 80}
_CLIENTS = frozenset({"curl", "wget"})
_TALKS = frozenset({"echo", "printf", "trap"})
_INTO = re.compile(r"(?:--output(?:-document|-file)?(?:=|\Z)|-[sSfkLivgIqN046]*[oO])(.*)\Z")
_NOWHERE = frozenset({"-", "/dev/null", "/dev/stdout", "/dev/stderr"})
#: Variables that name the quit endpoint to a wrapper, or to the program itself.
ENVIRONMENT = ("ENVOY_ADMIN_API", "ISTIO_QUIT_API", "CSQL_PROXY_QUITQUITQUIT", "CSQL_QUIT_URLS")


@dataclass(frozen=True)
class Product:
    """A proxy that is known to quit when asked at these ports; found by its image's last segments or its name."""

    ports: frozenset[int]
    names: re.Pattern[str]
    images: re.Pattern[str]

    def of(self, view: View) -> bool:
        """Whether a container is this product."""
        return bool(self.names.match(view.name) or self.images.search("/".join(view.repository)))


ISTIO = Product(frozenset({15000, 15020}), re.compile(r"istio-proxy\Z"), re.compile(r"(?:^|/)(?:istio-)?proxyv2[^/]*\Z"))
LINKERD = Product(frozenset({4191}), re.compile(r"linkerd-proxy\Z"), re.compile(r"(?:^|/)(?:linkerd/proxy|linkerd-proxy)\Z"))
CLOUD_SQL = Product(
    frozenset({9091}), re.compile(r"cloud-?sql-(?:auth-)?proxy\Z"), re.compile(r"(?:^|/)(?:cloud-?sql-proxy|gce-proxy)\Z")
)
DAPR = Product(frozenset({3500}), re.compile(r"daprd\Z"), re.compile(r"(?:^|/)daprd\Z"))
_PRODUCTS = (ISTIO, LINKERD, CLOUD_SQL, DAPR)


@dataclass(frozen=True)
class _Call:
    """What is told to quit: the neighbour, where it is in the pod; and whether it listens for that."""

    sidecar: View | None
    port: int | None
    listened: bool


def http_hacks(pods: PodView) -> Iterator[QuitHack]:
    """The calls of a pod that make another container quit: one hack for a caller, a field, and who is told."""
    for view in pods.views:
        found: dict[tuple[str, str | int | None], tuple[str, _Call]] = {}
        for field, what, call in _calls(view):
            found.setdefault((field, call.sidecar.name if call.sidecar else call.port), (what, call))
        for (field, _), (what, call) in found.items():
            removal, why_not = _removal(view, field, call)
            yield QuitHack(
                "http",
                view.name,
                call.sidecar.name if call.sidecar else None,
                shortened(what),
                field,
                _field_of(call),
                call.listened,
                removal,
                why_not,
                _leftovers(call.sidecar) if removal and call.sidecar else (),
            )


def neighbour_of(view: View, product: Product) -> View | None:
    """The neighbour that is this product."""
    return next((other for other in view.neighbours if product.of(other)), None)


def _calls(view: View) -> Iterator[tuple[str, str, _Call]]:
    for run in runs(view):
        for words in run.commands:
            if call := _called(view, words):
                yield run.field, " ".join(words), call
    for hook in view.container.probes:
        asked = hook.kind == "preStop" and not hook.host and hook.path and _QUIT_PATH.search(hook.path)
        if asked and hook.path and isinstance(hook.port, int) and (call := _at(view, hook.port, hook.path)):
            yield "lifecycle", f"httpGet :{hook.port}{hook.path}", call
    wrapped = any(base_name(words[0]) == "scuttle" for run in runs(view) for words in run.commands)
    for name, value in view.container.env:
        if name in ENVIRONMENT and not (wrapped and name in ENVIRONMENT[:2]) and not CLOUD_SQL.of(view):
            yield "env", f"{name}={value or '...'}", _named(view, name, value)


def _called(view: View, words: Words) -> _Call | None:
    """Who is told to quit by a command; None where it is nobody else."""
    words, _ = unwrap(words)
    name = base_name(words[0])
    if name in _TALKS:
        return None
    if name == "pilot-agent" and "quitquitquit" in words:
        return None if ISTIO.of(view) else _product(view, ISTIO, 15020)
    if name == "cloud-sql-proxy" and words[1:2] == ("shutdown",):
        flags = [found.group(1) for word in words if (found := re.fullmatch(r"--admin-port=(\d+)", word))]
        return _product(view, CLOUD_SQL, int(flags[0]) if flags else 9091)
    for word in words[1:]:
        for found in _URL.finditer(word):
            if _QUIT_PATH.search(found.group(2) or ""):
                scheme = found.group().partition("://")[0].lower()
                if call := _at(view, int(found.group(1) or _SCHEME_PORTS.get(scheme, 80)), found.group(2)):
                    return call
        if "/quitquitquit" in word and not _URL.search(word) and not re.search(r"//[a-z]", word):
            # The host is a variable: it is most likely this pod, and not known to be.
            return _Call(None, None, False)
    return None


def _at(view: View, port: int, path: str) -> _Call | None:
    """Who listens for a quit at a port of this pod."""
    if port in view.listens:
        return None
    product = next((product for product in _PRODUCTS if port in product.ports), None)
    if product is not None and product.of(view):
        return None
    listening = [other for other in view.neighbours if port in other.listens]
    if len(listening) == 1:
        return _Call(listening[0], port, not CLOUD_SQL.of(listening[0]) or _enabled(listening[0]))
    if product is not None:
        return _product(view, product, port)
    return _Call(None, port, False) if path.rstrip("/").endswith("quitquitquit") else None


def _product(view: View, product: Product, port: int) -> _Call:
    other = neighbour_of(view, product)
    if other is None:
        return _Call(None, port, False)
    default = port in product.ports and not (product is CLOUD_SQL and re.search(r"--admin-port|ADMIN_PORT", _said(other)))
    return _Call(other, port, (default or port in other.listens) and (product is not CLOUD_SQL or _enabled(other)))


def _named(view: View, name: str, value: str | None) -> _Call:
    """Who a variable of the environment names."""
    ports = [int(found.group(1)) for found in _URL.finditer(value or "") if found.group(1)]
    default = 9091 if name.startswith("CSQL") else 15020
    product = CLOUD_SQL if name.startswith("CSQL") else ISTIO
    port = ports[0] if ports else default
    return _at(view, port, "/quitquitquit") or _product(view, product, port)


def _enabled(proxy: View) -> bool:
    """Whether a Cloud SQL Auth Proxy is told to listen for it."""
    return bool(re.search(r"--quitquitquit(?!=false)|CSQL_PROXY_QUITQUITQUIT=(?!false)", _said(proxy)))


def _said(view: View) -> str:
    return " ".join((view.text, *(f"{name}={value}" for name, value in view.container.env)))


def _field_of(call: _Call) -> str | None:
    if call.sidecar is None:
        return None
    named = field_naming(call.sidecar, "quitquitquit")
    return named if named != "image" or call.port is None else field_naming(call.sidecar, str(call.port))


def _removal(view: View, field: str, call: _Call) -> tuple[tuple[Change, ...], str]:
    try:
        if call.sidecar is None:
            raise Kept("the one that is told is not in this pod, or not known")
        if not call.listened:
            raise Kept(f"nothing shows that `{call.sidecar.name}` listens for it")
        if field in ("lifecycle", "env"):
            raise Kept("it stands in a hook" if field == "lifecycle" else "a program makes the call by itself")
        script = editable(view)
        after = without(script.text, script.errexit, lambda source, node: _calls_only(source, node, view, call), False)
        if after == script.text:
            raise Kept("the call is not one of `curl` or `wget` alone")
    except Kept as kept:
        return (), str(kept)
    except RecursionError:
        return (), "the script is nested too deeply"
    return (script.becoming(after),), ""


def _calls_only(source: Source, node: Node, view: View, call: _Call) -> bool:
    """Whether a command tells the same container to quit and does nothing else."""
    if node.type != "command" or any(find(node, lambda child: child.type in ("command_substitution", "process_substitution"))):
        return False
    given = source.words(node)
    words, wrappers = unwrap(given)
    if not words or base_name(words[0]) not in _CLIENTS or not wrappers <= {"timeout", "command"}:
        return False
    told = _called(view, words)
    addresses = [word for word in words[1:] if _ADDRESS.search(word) or _URL.match(word)]
    return told is not None and told.sidecar is call.sidecar and len(addresses) == 1 and not _saves(words)


def _saves(words: Words) -> bool:
    """Whether the answer is kept in a file that is named."""
    for word, following in zip(words, (*words[1:], ""), strict=True):
        if (found := _INTO.match(word)) and (found.group(1) or following) not in _NOWHERE:
            return True
    return False


def _leftovers(sidecar: View) -> tuple[str, ...]:
    """What has the sidecar listen for it."""
    if "--quitquitquit" in sidecar.text:
        return (f"`{sidecar.name}` is still started with `--quitquitquit`",)
    if any(name == "CSQL_PROXY_QUITQUITQUIT" for name, _ in sidecar.container.env):
        return (f"`{sidecar.name}` still has CSQL_PROXY_QUITQUITQUIT in its environment",)
    return ()
