"""Kustomization files as kustomize v3 to v5 read them (api/types/kustomization.go, patch.go)."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from typing import Literal

from migrator.sources.kustomize.fieldpaths import replacements, target, variables
from migrator.sources.kustomize.model import Kustomization, Patch, Ref
from migrator.sources.kustomize.naming import Pairs, pairs_of
from migrator.sources.kustomize.remote import is_remote
from migrator.sources.kustomize.strict import Place, text_of
from migrator.text.errors import TextError
from migrator.text.lines import Lines
from migrator.text.source import check_line_ends
from migrator.text.tree import line_number, parse
from migrator.text.values import data

NAMES = ("kustomization.yaml", "kustomization.yml", "Kustomization")

_VERSIONS = {"Kustomization": "kustomize.config.k8s.io/v1beta1", "Component": "kustomize.config.k8s.io/v1alpha1"}
_READ = (
    *("apiVersion", "kind", "resources", "bases", "components", "patches", "patchesStrategicMerge", "patchesJson6902"),
    *("namePrefix", "nameSuffix", "namespace", "replacements", "vars"),
)
#: They change no list of containers and neither kind nor name of a workload, or make objects that hold no pod.
_HARMLESS = (
    *("metadata", "commonLabels", "labels", "commonAnnotations", "images", "imageTags", "replicas", "sortOptions"),
    *("configMapGenerator", "secretGenerator", "generatorOptions", "helmGlobals", "validators", "buildMetadata"),
)
#: Whether they change lists of containers stands in the files that they name.
_SIDE = ("transformers", "configurations")
_OPTIONS = ("allowNameChange", "allowKindChange")
_SIMULATED = frozenset(word.lower() for word in (*_READ, *_HARMLESS))


class NoKustomization(TextError):
    """A file with the name of a kustomization that holds something else, such as a Kustomization of Flux."""


def is_kustomization(path: str) -> bool:
    """Whether kustomize takes a file of this name for a kustomization; case counts."""
    return posixpath.basename(path) in NAMES


def read_kustomization(path: str, text: str) -> Kustomization:
    """The kustomization in `text`; of several documents the first, as kustomize does.

    Raises `NoKustomization` where it is of another kind, `TextError` (both with a line) where kustomize would refuse it
    or take one of two answers.
    """
    check_line_ends(text)
    roots = parse(text)
    if not roots or roots[0] is None:
        raise TextError("an empty kustomization", 1)
    root = Place(roots[0], (), Lines(text), "a kustomization")
    fields = root.fields()
    kind = _kind(fields)
    if not fields.keys() - {"kind", "apiversion"}:
        root.refuse("an empty kustomization")
    paths, files = replacements(fields["replacements"]) if "replacements" in fields else ((), ())
    return Kustomization(
        folder=posixpath.dirname(path),
        path=path,
        kind=kind,
        resources=(*_refs(fields, "resources"), *_refs(fields, "bases")),
        components=tuple(_refs(fields, "components")),
        patches=tuple(_patches(fields)),
        name_prefix=text_of(fields, "nameprefix") or "",
        name_suffix=text_of(fields, "namesuffix") or "",
        namespace=text_of(fields, "namespace"),
        # What a later kustomize may know is not simulated either.
        unmodelled=tuple((str(p.pointer[0]), p.line) for word, p in fields.items() if word not in _SIMULATED and not p.empty),
        field_paths=(*paths, *(variables(fields["vars"]) if "vars" in fields else ())),
        replacement_files=files,
        sides=tuple((word, Ref(entry.text(), entry.line)) for word in _SIDE if word in fields for entry in fields[word].items()),
        labels=tuple(_labels(fields)),
        annotations=_pairs(fields["commonannotations"]) if "commonannotations" in fields else (),
    )


def form_of(text: str) -> Literal["merge", "json6902"]:
    """What the text of a patch is: objects to merge, or operations (JSON 6902), of which kustomize reads the first list.

    Raises `TextError` (with a line) where it is neither.
    """
    roots = parse(text)
    if not roots or roots[0] is None:
        raise TextError("an empty patch", 1)
    held = [root for root in roots if root is not None]
    if roots[0].kind == "seq" and roots[0].items and all(item.resolved.kind == "map" for item in roots[0].items):
        return "json6902"
    for root in held:
        if root.kind != "map" or not root.pairs:
            raise TextError("a patch is a mapping or a list of operations", line_number(text, root.start))
    return "merge"


def _kind(fields: dict[str, Place]) -> Literal["Kustomization", "Component"]:
    kind = text_of(fields, "kind") or "Kustomization"
    version = text_of(fields, "apiversion")
    if kind not in _VERSIONS or version not in (None, _VERSIONS[kind]):
        at = fields["kind" if kind not in _VERSIONS else "apiversion"]
        raise NoKustomization(f"kustomize takes no {kind} of {version or 'no apiVersion'}", at.line)
    return "Component" if kind == "Component" else "Kustomization"


def _refs(fields: dict[str, Place], key: str) -> Iterator[Ref]:
    for entry in fields[key].items() if key in fields else []:
        path = entry.text()
        yield Ref(path, entry.line, is_remote(path))


def _labels(fields: dict[str, Place]) -> Iterator[tuple[str, str]]:
    """The labels that every object gets, those of `commonLabels` last."""
    for entry in fields["labels"].items() if "labels" in fields else []:
        held = entry.fields()
        if "pairs" in held:
            yield from _pairs(held["pairs"])
    if "commonlabels" in fields:
        yield from _pairs(fields["commonlabels"])


def _pairs(place: Place) -> Pairs:
    """Labels or annotations; unlike the fields of a kustomization they are told apart by case."""
    if place.node.resolved.kind != "map":
        place.refuse(f"{place.name} must be a mapping")
    return pairs_of(data(place.node.resolved))


def _patches(fields: dict[str, Place]) -> Iterator[Patch]:
    """All patches in the order in which kustomize applies them (kusttarget_configplugin.go, configureBuiltinTransformers)."""
    strings = fields.get("patchesstrategicmerge")
    mappings = fields.get("patches")
    if mappings is not None and any(entry.node.resolved.kind == "scalar" for entry in mappings.items()):
        if strings is not None:
            mappings.refuse("file names under `patches` beside `patchesStrategicMerge`")
        strings, mappings = mappings, None
    for entry in strings.items() if strings is not None else []:
        yield _merge(entry)
    for entry in mappings.items() if mappings is not None else []:
        yield _patch(entry, "patches")
    for entry in fields["patchesjson6902"].items() if "patchesjson6902" in fields else []:
        yield _patch(entry, "patchesJson6902")


def _merge(entry: Place) -> Patch:
    """A string that is the name of a file, or a patch itself."""
    text = entry.text()
    inline = "\n" in text.strip() or text.lstrip().startswith("{")
    if inline and _form(entry, text) != "merge":
        entry.refuse("`patchesStrategicMerge` takes no list of operations")
    return Patch("merge", "patchesStrategicMerge", None if inline else text, entry.pointer, None, entry.line)


def _patch(entry: Place, field: Literal["patches", "patchesJson6902"]) -> Patch:
    fields = entry.fields(("path", "patch", "target", "options"))
    file, text = text_of(fields, "path"), (text_of(fields, "patch") or "").strip()
    if (file is None) == (not text):
        entry.refuse("a patch has either a `path` or a `patch`")
    chosen = target(fields["target"]) if "target" in fields else None
    form: Literal["merge", "json6902"] | None = None
    if field == "patchesJson6902":
        form = "json6902"
        if chosen is None or chosen.name is None:
            entry.refuse("an entry of `patchesJson6902` needs a target with a name")
    if text:
        form = _form(fields["patch"], text)
        if form == "merge" and field == "patchesJson6902":
            entry.refuse("`patchesJson6902` takes a list of operations")
    place = fields["path" if file is not None else "patch"]
    return Patch(form, field, file, place.pointer, chosen, entry.line, _options(fields))


def _form(place: Place, text: str) -> Literal["merge", "json6902"]:
    try:
        return form_of(text)
    except TextError as error:
        place.refuse(f"{place.name}: {error.message}")


def _options(fields: dict[str, Place]) -> tuple[str, ...]:
    held = fields["options"].fields([word.lower() for word in _OPTIONS]) if "options" in fields else {}
    return tuple(word for word in _OPTIONS if word.lower() in held and held[word.lower()].flag())
