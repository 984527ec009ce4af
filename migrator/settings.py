"""What the user asked for, as one frozen value that every worker gets."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from migrator.judge.weights import MIGRATE, REVIEW
from migrator.left import Left
from migrator.versions import FIRST_NATIVE, Version


@dataclass(frozen=True)
class Settings:
    """Frozen and picklable. `target` is the oldest cluster that the manifests must run on.

    `position` says where in `initContainers` the moved containers go: `last`, `first`, `before:NAME`, `after:NAME`.
    `select` and `ignore` hold purposes, rule ids and container names; `rules_dirs` folders with rules of the
    user's own. `python_client_version` is that of the library in which pods are built in Python, where no file says it.
    The patterns of `include` and `exclude` start at the folders `include_from` and `exclude_from`. `left` are containers
    that are not to be moved now.
    """

    target: Version = FIRST_NATIVE
    unsafe: bool = False
    position: str = "last"
    remove_quit_hacks: bool = False
    enable_native_injectors: bool = False
    layout: Literal["smallest", "canonical"] = "smallest"
    migrate_from: float = MIGRATE
    review_from: float = REVIEW
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    include_from: str = "."
    exclude_from: str = "."
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    rules_dirs: tuple[str, ...] = ()
    python_client_version: str | None = None
    jobs: int = 1
    left: Left = field(default_factory=dict, hash=False)
