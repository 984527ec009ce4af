"""Field paths of `replacements` and `vars` that lead into a container which moves: the same path into the other list."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from migrator.sources.kustomize.chains import Chain
from migrator.sources.kustomize.model import FieldPath, Kustomization, Pointer
from migrator.sources.kustomize.objects import names
from migrator.sources.kustomize.select import matches
from migrator.text.errors import Refused

#: What follows `containers` in a path: an entry by its name, or anything that counts them or means them all.
_LIST = re.compile(r"(?<![A-Za-z])containers(?:\.\[name=(?P<name>[^\]]+)\]|[.\[])")
Moved = tuple[Chain, frozenset[str]]


def repathed(kustomizations: Iterable[Kustomization], chains: Iterable[Moved]) -> dict[tuple[str, Pointer], str]:
    """The new texts of field paths, by file and pointer.

    Raises `Refused` where a path goes by the number of a container or through all of them, or means one that moves here
    and stays there.
    """
    held = list(chains)
    found = {}
    for own in kustomizations:
        for path in own.field_paths:
            if new := _new(own, path, held):
                found[own.path, path.pointer] = new
        for ref in own.replacement_files:
            if any(moving for _, moving in held):
                raise Refused(f"{own.path}:{ref.line}: the replacements in {ref.path} may lead into it")
    return found


def _new(own: Kustomization, path: FieldPath, held: list[Moved]) -> str | None:
    entry = _LIST.search(path.text)
    if entry is None:
        return None
    meant = [moving for chain, moving in held if matches(path.select, chain.said, chain.names)]
    if not any(meant):
        return None
    where = f"{own.path}:{path.line}: `{path.text}`"
    name = entry["name"]
    if name is None:
        raise Refused(f"{where} counts containers")
    stays = list(_stays(name, path, held))
    if not any(name in moving for moving in meant):
        return None
    if stays:
        raise Refused(f"{where} also leads to `{name}` in {stays[0]}, where it does not move")
    return f"{path.text[: entry.start()]}initContainers{path.text[entry.start() + len('containers') :]}"


def _stays(name: str, path: FieldPath, held: list[Moved]) -> Iterator[str]:
    for chain, moving in held:
        there = name in names(chain.said, chain.held.pod, "containers")
        if there and name not in moving and matches(path.select, chain.said, chain.names):
            yield chain.folder or "."
