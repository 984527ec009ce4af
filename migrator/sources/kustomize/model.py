"""The nouns of kustomize, as the files say them. Paths are relative to the repository, with `/`; lines are 1-based."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Pointer = tuple[str | int, ...]


@dataclass(frozen=True)
class Ref:
    """An entry of `resources`, `bases` or `components`: a file, a folder with a kustomization, or what is no local path."""

    path: str
    line: int
    remote: bool = False


@dataclass(frozen=True)
class Target:
    """The `target` of a patch. None selects anything; names are regular expressions that match the whole (Selector)."""

    group: str | None = None
    version: str | None = None
    kind: str | None = None
    name: str | None = None
    namespace: str | None = None
    labels: str | None = None
    annotations: str | None = None


@dataclass(frozen=True)
class Patch:
    """One patch: in a `file`, or inline in the kustomization (file None). `pointer` is the place of the file's name or the text.

    The text may hold several documents. The `form` of a file under `patches` is None: only its text tells it (`read.form_of`).
    Plain strings under `patches`, which kustomize took up to v4, are `patchesStrategicMerge` to it and so here; the pointer
    says where they stand. `options` are those that are set (`allowNameChange`, `allowKindChange`).
    """

    form: Literal["merge", "json6902"] | None
    field: Literal["patches", "patchesStrategicMerge", "patchesJson6902"]
    file: str | None
    pointer: Pointer
    target: Target | None
    line: int
    options: tuple[str, ...] = ()


@dataclass(frozen=True)
class FieldPath:
    """A path that `replacements` or `vars` name, in their own notation: `spec.template.spec.containers.[name=app].image`.

    `select` tells the objects it is followed in, `reject` those that are left out again. A source and a var name one object,
    and exactly; targets too up to kustomize v5.5, later ones take regular expressions. A target `creates` what is not there
    if its options say so.
    """

    text: str
    field: Literal["replacements", "vars"]
    select: Target
    reject: tuple[Target, ...]
    pointer: Pointer
    line: int
    is_source: bool
    creates: bool = False


@dataclass(frozen=True)
class Kustomization:
    """One kustomization file. `patches` stand in the order in which kustomize applies them.

    Resources come first, then components, then `patchesStrategicMerge` and `patches`; namespace, prefix and suffix are set
    between those and `patchesJson6902`. `field_paths` are those in the file itself, `replacement_files` hold further ones
    (`fieldpaths.read_replacements`). `unmodelled` are fields that change objects in ways that are not simulated
    (`transformers`, `helmCharts`, ...), each with its line.
    """

    folder: str
    path: str
    kind: Literal["Kustomization", "Component"]
    resources: tuple[Ref, ...] = ()
    components: tuple[Ref, ...] = ()
    patches: tuple[Patch, ...] = ()
    name_prefix: str = ""
    name_suffix: str = ""
    namespace: str | None = None
    unmodelled: tuple[tuple[str, int], ...] = ()
    field_paths: tuple[FieldPath, ...] = ()
    replacement_files: tuple[Ref, ...] = ()
    #: What `transformers` and `configurations` name, with the field; a path with a line break is itself what is meant.
    sides: tuple[tuple[str, Ref], ...] = ()
    labels: tuple[tuple[str, str], ...] = ()
    annotations: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class TreeProblem:
    """What keeps a kustomization from being followed: `line` in the file `path`."""

    path: str
    line: int
    message: str
