"""Probe budgets: how long a container may take until a probe gives up on it, in seconds."""

from __future__ import annotations

from typing import Any

from migrator.plan.fields import mapping

# SetDefaults_Probe.
_DEFAULTS = {"initialDelaySeconds": 0, "failureThreshold": 3, "periodSeconds": 10}


def budget(probe: Any) -> int | None:
    """initialDelaySeconds + failureThreshold * periodSeconds; None where there is no probe, or a number is not known."""
    if not isinstance(probe, dict):
        return None
    delay, times, period = (_known(mapping(probe).get(field), default) for field, default in _DEFAULTS.items())
    return None if delay is None or times is None or period is None else delay + times * period


def _known(value: Any, default: int) -> int | None:
    if value is None:
        return default
    return value if isinstance(value, int) and not isinstance(value, bool) else None
