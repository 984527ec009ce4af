"""Structural signals: what the pod itself says of a container, without the name of any product.

A signal is a function in one of the modules here, declared with the name that rules use; it gives the words for
what was seen, or None.
"""

from __future__ import annotations

from migrator.judge.signals import images, names, network, repository, volumes, work
from migrator.judge.signals.registry import SIGNALS

__all__ = ["SIGNALS", "images", "names", "network", "repository", "volumes", "work"]
