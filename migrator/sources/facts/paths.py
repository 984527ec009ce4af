"""Paths into the list of containers, or of their statuses: in scripts, pipelines and tests of any language.

`containers[1]`, `containers[?(@.name=="x")]`, `.containers[] | select(.name == "x")`, `/containers/1/`, `Spec.Containers[0]`,
`containers[*]`, and a merge patch that a command brings along.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

from migrator.references import Mention
from migrator.sources.facts.reader import Reader, Text
from migrator.sources.facts.surroundings import Surroundings

_STATUSES = ("ontainerStatuses", "container_statuses")
_LIST = re.compile(r"(?<![A-Za-z0-9_])(?:[cC]ontainers|(?P<status>[cC]ontainerStatuses|container_statuses))(?!\w)")
_Q = r"""\\*["'`]?"""
_BY_NAME = tuple(
    re.compile(pattern)
    for pattern in (
        # JSONPath, JMESPath, yq 3, and the overlays of an IstioOperator
        rf"\[\?\(?\s*@?\.?name\s*==?\s*{_Q}([\w.-]+)",
        rf"\.\(name==?{_Q}([\w.-]+)",
        rf"\.?\[name:\s*{_Q}([\w.-]+)",
        # jq and yq
        rf"(?:\[\])?\??\s*\|\s*(?:map|first|last|\.\[\]\s*\|)?\s*\(?\s*select\(\s*\.name\s*==\s*{_Q}([\w.-]+)",
        # the fieldPath of an event
        r"\{([a-z0-9][\w.-]*)\}",
    )
)
_INDEX = re.compile(rf"{_Q}\]?[!?]?\.?\[(\d{{1,3}})\]")
_POINTER = re.compile(r"/(\d{1,3})(?![\w.])")
_GO_INDEX = re.compile(r"\bindex\s+[\w.$()]*\.\Z")
_GO_NUMBER = re.compile(r"\s+(\d{1,3})(?!\w)")
_ALL = re.compile(r"\[[*:]?\]|\.\*")
_ADDED = re.compile(r"""(?:["']\])?\.(?:append|insert|extend)\(""")
_OWNER = re.compile(r"""(?:(?:[sS]pec|[sS]tatus)(?:["']?\]|[!?])?(?:\.|\[["'])|range\s+[\w.$]*\.)\Z""")
_PATCHED = re.compile(rf"{_Q}\s*:\s*\[\s*\{{[^{{}}\[\]]{{0,200}}?name{_Q}\s*:\s*{_Q}([\w.-]+)")
#: The patches and replacements of kustomize are read as such.
_KUSTOMIZE = re.compile(r"(?m)^kind:[ \t]*(?:Kustomization|Component)\b|^(?:-[ \t]+)?op:[ \t]")
#: Patches in Applications of Argo CD are read as such, too (gitops.py).
_OPERATION = re.compile(r"\bpath[\"']?[ \t]*:[ \t]*[\"']?/[\w/]*\Z")
_FIELD = re.compile(r"\bfieldPaths?[\"']?\s*:[^\n]*\Z|-\s+spec\.[^\n]*\Z")


def _wants(text: Text) -> bool:
    """Whether the list is named in another way than as the key of a manifest, which all manifests do, or of a patch."""
    piece = text.piece
    keys = piece.count("ontainers:") + (0 if "patch" in piece else piece.count('ontainers":'))
    # In Python a loop over the list ends so, too.
    return text.path.endswith(".py") or piece.count("ontainers") > keys or any(word in piece for word in _STATUSES)


def _read(text: Text) -> Iterator[Mention]:
    if text.path.endswith(".rego") or text.schema or _KUSTOMIZE.search(text.piece):
        return
    around: Surroundings | None = None
    inline = "argoproj.io" in text.piece
    told: set[tuple[int, str, str, bool]] = set()
    for found in _LIST.finditer(text.piece):
        before, behind = text.piece[max(0, found.start() - 60) : found.start()], text.piece[found.end() : found.end() + 300]
        taken = _taken(before, behind)
        if taken is None or _FIELD.search(before) or (inline and _OPERATION.search(before)):
            continue
        patched = bool(_PATCHED.match(behind))
        index, container, said = taken
        path = (text.line(found.start()), f"{found[0]}{said}", container, patched)
        if path in told:
            continue
        told.add(path)
        around = around or Surroundings(text)
        if not around.idle(found.start()) and (not patched or around.patches(found.start())):
            kind: Literal["containers", "statuses"] = "statuses" if found["status"] else "containers"
            yield around.mention(found.start(), kind, path[1], index, container)


def _taken(before: str, behind: str) -> tuple[int, str, str] | None:
    """Which entry a path takes: its index or -1, its name or nothing, and how that is written; None for no path."""
    for pattern in (*_BY_NAME, _PATCHED):
        if found := pattern.match(behind):
            return -1, found[1], ""
    index = _GO_NUMBER.match(behind) if _GO_INDEX.search(before) else _INDEX.match(behind)
    if index is None and before.endswith("/"):
        index = _POINTER.match(behind)
    if index is not None:
        return int(index[1]), "", f"[{index[1]}]"
    if _ADDED.match(behind):
        return None
    return (-1, "", "") if _ALL.match(behind) or _OWNER.search(before) else None


READER = Reader(("containers", ".Containers", "Containers[", *_STATUSES), _read, _wants, scripts=True)
