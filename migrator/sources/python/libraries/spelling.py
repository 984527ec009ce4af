"""What the Kubernetes API calls a field, whichever way code spells it."""

from __future__ import annotations

from functools import lru_cache

from migrator.sources.python.libraries.dialect import Dialect
from migrator.sources.python.libraries.dialects import dialects


@lru_cache(maxsize=1)
def _either() -> Dialect:
    return next(one for one in dialects() if one.spelling == "both")


def field_name(word: str) -> str:
    """The API's name of a key or attribute: `livenessProbe` of `liveness_probe` and of itself."""
    return _either().field_name(word)
