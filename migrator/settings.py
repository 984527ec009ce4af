"""What the user asked for, as one frozen value that every worker gets."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from migrator.judge.weights import MIGRATE, REVIEW

Version = tuple[int, int]

#: The first version in which a sidecar container is on by default (KEP-753, beta).
FIRST_NATIVE: Version = (1, 29)
_VERSION = re.compile(r"v?(\d+)\.(\d+)(?:\.\d+)?\Z")


@dataclass(frozen=True)
class Settings:
    """Frozen and picklable. `target` is the oldest cluster that the manifests must run on.

    `select` and `ignore` hold purposes, rule ids and container names; `rules_dirs` folders with rules of the
    user's own.
    """

    target: Version = FIRST_NATIVE
    unsafe: bool = False
    layout: Literal["smallest", "canonical"] = "smallest"
    migrate_from: float = MIGRATE
    review_from: float = REVIEW
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    rules_dirs: tuple[str, ...] = ()
    jobs: int = 1


def version(text: str) -> Version:
    """`1.29`, `v1.29` or `1.29.4` as (1, 29). Raises ValueError."""
    found = _VERSION.match(text.strip())
    if not found:
        raise ValueError(f"`{text}` is no Kubernetes version such as 1.29")
    return int(found[1]), int(found[2])


def version_text(value: Version) -> str:
    """(1, 29) as `1.29`."""
    return f"{value[0]}.{value[1]}"
