"""`--changed-since REF`: the files that changed since the branch left REF, and those that git does not know yet."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterable, Iterator

import click

from migrator.sources.kustomize.read import is_kustomization
from migrator.work import outline
from migrator.worktree import top


def changed_since(ref: str, paths: Iterable[str]) -> frozenset[str]:
    """Those of `paths` that differ from the merge base with `ref` or are untracked.

    Raises `click.UsageError` outside a git work tree, and for a ref that git does not know.
    """
    held = list(paths)
    tops: dict[str, list[str]] = {}
    for path in held:
        tops.setdefault(top(os.path.dirname(os.path.realpath(path))) or "", []).append(path)
    if not tops:
        tops = {top(".") or "": []}
    if "" in tops:
        raise click.UsageError(f"--changed-since wants a git work tree, and {(tops[''] or ['this folder'])[0]} is in none")
    return _with_kustomizations(frozenset(path for folder, own in tops.items() for path in _changed(ref, folder, own)), held)


def _with_kustomizations(changed: frozenset[str], paths: Iterable[str]) -> frozenset[str]:
    """The kustomizations as well of which a patch changed: what it brings is reported under them."""
    whole = {os.path.abspath(path) for path in changed}
    more = [path for path in paths if is_kustomization(path) and not whole.isdisjoint(_patches(path))]
    return changed.union(more)


def _patches(path: str) -> Iterator[str]:
    try:
        with open(path, "rb") as stream:
            held = outline(path, stream.read()).kustomization
    except OSError:
        return
    for patch in held.patches if held else ():
        if patch.file is not None:
            yield os.path.abspath(os.path.join(os.path.dirname(path), patch.file))


def _changed(ref: str, folder: str, paths: list[str]) -> Iterable[str]:
    whole = os.path.realpath(folder)
    if ref.startswith("-") or _git(folder, "rev-parse", "--verify", "--quiet", f"{ref}^{{commit}}") is None:
        raise click.UsageError(f"--changed-since: git knows no commit `{ref}` in {os.path.relpath(folder)}")
    base = _git(folder, "merge-base", ref, "HEAD")
    if base is None:
        raise click.UsageError(f"--changed-since: HEAD and `{ref}` have no commit in common")
    # Against the work tree, so that what is not committed counts as well.
    differing = _git(folder, "diff", "--name-only", "-z", "--no-renames", "--diff-filter=d", base.strip(), "--") or ""
    untracked = _git(folder, "ls-files", "-z", "--others", "--exclude-standard") or ""
    names = {os.path.join(whole, name) for name in (*differing.split("\0"), *untracked.split("\0")) if name}
    return [path for path in paths if os.path.realpath(path) in names]


def _git(folder: str, *words: str) -> str | None:
    """What git answers; None where it fails. Raises `click.UsageError` where there is no git."""
    try:
        answer = subprocess.run(["git", "-C", folder, *words], capture_output=True, check=False)
    except OSError:
        raise click.UsageError("--changed-since wants git, which is not on this machine") from None
    return os.fsdecode(answer.stdout) if answer.returncode == 0 else None
