"""The field paths that `replacements` and `vars` name. A path into a container that moves must be rewritten with it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from migrator.sources.kustomize.model import FieldPath, Ref, Target
from migrator.sources.kustomize.remote import is_url
from migrator.sources.kustomize.strict import Place, text_of
from migrator.text.errors import TextError
from migrator.text.lines import Lines
from migrator.text.source import check_line_ends
from migrator.text.tree import parse


def read_replacements(text: str) -> tuple[FieldPath, ...]:
    """The paths of a file that an entry `path` of `replacements` names: one replacement, or a list of them.

    Raises `TextError` (with a line) where it is neither.
    """
    check_line_ends(text)
    roots = parse(text)
    if not roots or roots[0] is None:
        raise TextError("no replacements in this file", 1)
    root = Place(roots[0], (), Lines(text), "a replacement")
    entries = root.items() if root.node.kind == "seq" else [root]
    return tuple(path for entry in entries for path in _paths(entry.fields()))


def replacements(place: Place) -> tuple[tuple[FieldPath, ...], tuple[Ref, ...]]:
    """The paths that the field `replacements` names itself, and the files that name further ones."""
    paths: list[FieldPath] = []
    files: list[Ref] = []
    for entry in place.items():
        fields = entry.fields()
        file = text_of(fields, "path")
        if file is None:
            paths += _paths(fields)
        elif "source" in fields or "targets" in fields:
            entry.refuse("a replacement has a path or stands here, not both")
        else:
            files.append(Ref(file, fields["path"].line, is_url(file)))
    return tuple(paths), tuple(files)


def variables(place: Place) -> Iterator[FieldPath]:
    """The paths that the field `vars` names; a var without one takes the object's name."""
    for entry in place.items():
        fields = entry.fields()
        reference = fields["fieldref"].fields() if "fieldref" in fields else {}
        if "objref" not in fields:
            entry.refuse("a var needs an `objref`")
        if text_of(reference, "fieldpath"):
            yield _path(reference["fieldpath"], "vars", _object(fields["objref"]), is_source=True)


def target(place: Place) -> Target:
    """The `target` of a patch, or the `select` of a replacement."""
    fields = place.fields(("group", "version", "kind", "name", "namespace", "labelselector", "annotationselector"))
    return Target(
        text_of(fields, "group"),
        text_of(fields, "version"),
        text_of(fields, "kind"),
        text_of(fields, "name"),
        text_of(fields, "namespace"),
        text_of(fields, "labelselector"),
        text_of(fields, "annotationselector"),
    )


def _paths(replacement: dict[str, Place]) -> Iterator[FieldPath]:
    source = replacement.get("source")
    if source is not None:
        fields = source.fields()
        if text_of(fields, "fieldpath"):
            yield _path(fields["fieldpath"], "replacements", _object(source), is_source=True)
    for entry in replacement["targets"].items() if "targets" in replacement else []:
        fields = entry.fields()
        if "select" not in fields:
            entry.refuse("a target of a replacement needs a `select`")
        chosen = target(fields["select"])
        left_out = tuple(target(one) for one in fields["reject"].items()) if "reject" in fields else ()
        options = fields["options"].fields() if "options" in fields else {}
        creates = "create" in options and options["create"].flag()
        for path in fields["fieldpaths"].items() if "fieldpaths" in fields else []:
            yield _path(path, "replacements", chosen, left_out, creates=creates)


def _path(
    place: Place,
    field: Literal["replacements", "vars"],
    chosen: Target,
    left_out: tuple[Target, ...] = (),
    is_source: bool = False,
    creates: bool = False,
) -> FieldPath:
    return FieldPath(place.text(), field, chosen, left_out, place.pointer, place.line, is_source, creates)


def _object(place: Place) -> Target:
    """An object named in full; `apiVersion` says group and version at once (kustomize: types.Target.GVK)."""
    fields = place.fields()
    group, version = text_of(fields, "group"), text_of(fields, "version")
    if both := text_of(fields, "apiversion"):
        before, slash, behind = both.partition("/")
        group, version = (before, behind) if slash else (group, before)
    return Target(group, version, text_of(fields, "kind"), text_of(fields, "name"), text_of(fields, "namespace"))
