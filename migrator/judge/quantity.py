"""Kubernetes resource quantities as numbers (apimachinery: pkg/api/resource, "Quantity")."""

from __future__ import annotations

import re
from fractions import Fraction
from math import ceil
from typing import Any

_QUANTITY = re.compile(r"([0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE]([+-]?[0-9]{1,3})|([numkMGTPE]|[KMGTPE]i))?\Z")
_SCALES = {
    **{suffix: Fraction(1000) ** n for n, suffix in enumerate(("n", "u", "m", "", "k", "M", "G", "T", "P", "E"), -3)},
    **{suffix: Fraction(1024) ** n for n, suffix in enumerate(("Ki", "Mi", "Gi", "Ti", "Pi", "Ei"), 1)},
}
#: Kubernetes takes larger amounts for this one, and rounds up what is finer than a billionth (`ParseQuantity`).
_LARGEST = 2**63 - 1
_FINEST = 10**9
#: Longer texts are no amounts that a person or a program wrote; they are not worth the arithmetic.
_LONGEST = 64


def exact(value: Any) -> Fraction | None:
    """`250m` is 1/4, `64Mi` 67108864; None where it is no quantity (as in a template), or less than nothing."""
    if isinstance(value, bool):
        return None
    if isinstance(value, (int, float)):
        value = repr(min(value, _LARGEST))
    found = _QUANTITY.match(value.strip()) if isinstance(value, str) and len(value) <= _LONGEST else None
    if found is None:
        return None
    number, exponent, suffix = found.groups()
    amount = Fraction(number) * _SCALES[suffix or ""] * Fraction(10) ** int(exponent or 0)
    return min(Fraction(ceil(amount * _FINEST), _FINEST), Fraction(_LARGEST))


def quantity(value: Any) -> float | None:
    """The same as a float, for rough comparisons."""
    amount = exact(value)
    return None if amount is None else float(amount)


def notation(amount: Fraction, of_bytes: bool = False) -> str:
    """An amount as people write it: 11/10 is `1100m`; of bytes 536870912 is `512Mi`, 1500000000 `1500M`."""
    if amount.denominator != 1:
        suffix = next((s for s in ("m", "u") if (amount / _SCALES[s]).denominator == 1), "n")
        return f"{ceil(amount / _SCALES[suffix])}{suffix}"
    fitting = [s for s, scale in _SCALES.items() if scale >= 1 and (amount / scale).denominator == 1]
    if not of_bytes or not amount:
        return str(amount)
    return min((f"{amount / _SCALES[suffix]}{suffix}" for suffix in fitting), key=len)
