"""What the calls of one file make: models of the Kubernetes API, told by where their names are imported from."""

from __future__ import annotations

import re
from fnmatch import translate
from functools import cached_property, lru_cache

import libcst as cst

from migrator.sources.python.libraries.dialect import Constructor, Dialect
from migrator.sources.python.libraries.dialects import constructor, dialects, last_names, roles
from migrator.sources.python.syntax import Syntax

#: Names of the models of the client, wherever they come from.
_DISTINCTIVE = re.compile(r"V1[A-Z]\w*\Z")


class Known:
    """The constructors of one file."""

    def __init__(self, syntax: Syntax) -> None:
        self.syntax = syntax

    def makes(self, call: cst.Call) -> tuple[Constructor, ...]:
        """All that a call makes of a pod; empty where it is something else."""
        if _last(call) not in last_names():
            return ()
        for name in self._names(call):
            if found := roles(name):
                return found
            if one := constructor(name, self._stars):
                return (one,)
        return ()

    def pod_spec(self, call: cst.Call) -> Constructor | None:
        """The constructor of a pod spec that a call is."""
        return next((one for one in self.makes(call) if one.role == "pod-spec"), None)

    def workload(self, call: cst.Call) -> tuple[str, str] | None:
        """Kind and apiVersion of the object that a call makes, or the spec of."""
        return next(((one.kind, one.api_version) for one in self.makes(call) if one.role == "workload"), None)

    def parameters(self, call: cst.Call) -> tuple[str, ...]:
        """The fields that the first positional arguments of a call are, where it makes a model."""
        return next((held for one in self.makes(call) if (held := one.dialect.parameters(one.role))), ())

    def model(self, call: cst.Call) -> Dialect | None:
        """The library of which a call makes a model, whichever."""
        last = _last(call)
        if not last[:1].isupper():
            return None
        for name in self._names(call):
            for pattern, dialect in _modules():
                if pattern.match(name):
                    return dialect
            if "." not in name and (found := constructor(name, self._stars)):
                return found.dialect
        return _client() if _DISTINCTIVE.match(last) else None

    def _names(self, call: cst.Call) -> list[str]:
        found = sorted(self.syntax.qualified(call.func))
        return found or [self.syntax.source(call.func)]

    @cached_property
    def _stars(self) -> tuple[str, ...]:
        """The modules of which everything is imported."""
        found = []
        for node in self.syntax.nodes(cst.ImportFrom):
            if isinstance(node.names, cst.ImportStar) and node.module is not None:
                found.append(self.syntax.source(node.module))
        return tuple(found)


def _last(call: cst.Call) -> str:
    if isinstance(call.func, cst.Attribute):
        return call.func.attr.value
    return call.func.value if isinstance(call.func, cst.Name) else ""


@lru_cache(maxsize=1)
def _modules() -> tuple[tuple[re.Pattern[str], Dialect], ...]:
    globs = {(module, one.id): one for one in dialects() for _, module, _, _, _ in one.names}
    return tuple((re.compile(translate(f"{module}.*")), one) for (module, _), one in globs.items())


@lru_cache(maxsize=1)
def _client() -> Dialect:
    """The library that such names are of."""
    return next(one for one in dialects() if one.distinctive)
