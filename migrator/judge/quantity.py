"""Kubernetes resource quantities as numbers (apimachinery: pkg/api/resource, "Quantity")."""

from __future__ import annotations

import re
from typing import Any

_QUANTITY = re.compile(r"([0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:e([+-]?[0-9]+))?([numkMGTPE]|[KMGTPE]i)?\Z", re.IGNORECASE)
_DECIMAL = {"n": 1e-9, "u": 1e-6, "m": 1e-3, "k": 1e3, "M": 1e6, "G": 1e9, "T": 1e12, "P": 1e15, "E": 1e18}
_BINARY = {"Ki": 2**10, "Mi": 2**20, "Gi": 2**30, "Ti": 2**40, "Pi": 2**50, "Ei": 2**60}


def quantity(value: Any) -> float | None:
    """`250m` is 0.25, `64Mi` 67108864; None where it is no quantity, as in a template."""
    if isinstance(value, bool):
        return None
    if isinstance(value, (int, float)):
        return float(value)
    found = _QUANTITY.match(value.strip()) if isinstance(value, str) else None
    if found is None:
        return None
    number, exponent, suffix = found.groups()
    scale = _DECIMAL.get(suffix or "", _BINARY.get(suffix or "", 1.0 if not suffix else None))
    return None if scale is None else float(number) * 10 ** int(exponent or 0) * scale
