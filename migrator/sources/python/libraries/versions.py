"""Whether the library in which a pod is built knows the field: an old client refuses it, or drops it silently."""

from __future__ import annotations

import os

from migrator.sources.python.known import Known
from migrator.sources.python.libraries.clients import Enough, Pins, TooOld, enough
from migrator.sources.python.libraries.dialect import Dialect
from migrator.sources.python.libraries.dialects import dialect
from migrator.sources.python.pods import Spec


def too_old(spec: Spec, known: Known, pins: Pins, override: str | None) -> str:
    """Why a pod spec is not changed because of a library's version, empty where it may be.

    Containers may be models of another library than the spec: in a dict, or in a trait.
    """
    asked = {spec.dialect: spec.module}
    for call in spec.made:
        for one in known.makes(call):
            if one.role == "container":
                asked.setdefault(one.dialect.id, one.module)
    return next((why for name in asked if (why := _too_old(dialect(name), asked[name], pins, override))), "")


def _too_old(held: Dialect, module: str, pins: Pins, override: str | None) -> str:
    answer = enough(held, pins, module, override)
    if isinstance(answer, Enough):
        return ""
    if isinstance(answer, TooOld):
        place = f" ({_from_here(answer.where)})" if answer.where else ""
        wanted = f"; {answer.wanted} does" if answer.wanted else ", in any version"
        version = f" {answer.version}" if answer.version else ""
        return f"{answer.package}{version}{place} does not know the restartPolicy of a container{wanted}"
    return f"{_from_here(answer.reason)} (--python-client-version can)"


def _from_here(text: str) -> str:
    """A place with its path from the directory the command was started in."""
    return text.replace(os.getcwd().replace(os.sep, "/") + "/", "")
