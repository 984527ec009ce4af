"""Kustomization files as they are read, and the graph they make: refs, units, circles, what does not resolve."""

from __future__ import annotations

import pickle
from itertools import pairwise
from textwrap import dedent
from typing import Any, Literal

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from migrator.sources.kustomize.fieldpaths import read_replacements
from migrator.sources.kustomize.model import Kustomization, Patch, Pointer, Ref, Target
from migrator.sources.kustomize.read import NoKustomization, form_of, is_kustomization, read_kustomization
from migrator.sources.kustomize.remote import is_remote
from migrator.sources.kustomize.tree import Tree, Unit, grow, place
from migrator.text.errors import TextError

Kind = Literal["Kustomization", "Component"]

_INLINE = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec: {replicas: 2}\n"
_OPS = "- op: remove\n  path: /spec/replicas\n"


def _read(text: str, path: str = "app/kustomization.yaml") -> Kustomization:
    return read_kustomization(path, dedent(text).lstrip("\n"))


def _refused(text: str) -> tuple[str, int | None]:
    with pytest.raises(TextError) as caught:
        _read(text)
    return caught.value.message, caught.value.line


def _tree(files: dict[str, str]) -> Tree:
    return grow([_read(text, path) for path, text in files.items() if is_kustomization(path)], files)


def _unit(files: dict[str, str]) -> Unit:
    (unit,) = _tree(files).units()
    return unit


def _at(data: Any, pointer: Pointer) -> Any:
    for step in pointer:
        data = data[step]
    return data


# Reading: plain fields


def test_read_everything_it_names_with_its_line() -> None:
    read = _read("""
        # a comment
        apiVersion: kustomize.config.k8s.io/v1beta1
        kind: Kustomization
        namePrefix: a-
        nameSuffix: "-1"
        namespace: shop
        bases: [../base]
        resources:
        - deployment.yaml
        - https://example.com/crds.yaml
        components:
          - ../log
        images: [{name: web, newTag: v2}]
        """)
    assert read == Kustomization(
        folder="app",
        path="app/kustomization.yaml",
        kind="Kustomization",
        resources=(Ref("deployment.yaml", 9), Ref("https://example.com/crds.yaml", 10, remote=True), Ref("../base", 7)),
        components=(Ref("../log", 12),),
        name_prefix="a-",
        name_suffix="-1",
        namespace="shop",
    )
    assert pickle.loads(pickle.dumps(read)) == read


def test_what_says_nothing_is_not_there() -> None:
    read = _read("resources: [a.yaml]\nbases:\nnamePrefix: ''\nnamespace: ~\ntransformers: []\nhelmCharts: null\nopenapi: {}\n")
    assert read == Kustomization("app", "app/kustomization.yaml", "Kustomization", (Ref("a.yaml", 1),))


def test_keys_are_compared_without_case() -> None:
    read = _read("Resources: [a.yaml]\npatchesJSON6902: [{TARGET: {Name: web}, Path: p.json}]\n")
    assert read.resources == (Ref("a.yaml", 1),)
    assert [(patch.field, patch.file, patch.pointer) for patch in read.patches] == [
        ("patchesJson6902", "p.json", ("patchesJSON6902", 0, "Path"))
    ]


def test_aliases_are_followed_and_stand_where_they_are_written() -> None:
    read = _read("resources: &all\n- &name a.yaml\nbases: *all\npatchesStrategicMerge:\n- *name\n")
    assert read.resources == (Ref("a.yaml", 2), Ref("a.yaml", 2))
    assert [(patch.file, patch.line) for patch in read.patches] == [("a.yaml", 5)]


def test_the_first_of_several_documents_counts() -> None:
    assert _read("---\nresources: [a.yaml]\n---\nresources: [b.yaml]\n").resources == (Ref("a.yaml", 2),)


def test_a_component_says_so() -> None:
    assert _read("kind: Component\napiVersion: kustomize.config.k8s.io/v1alpha1\nnamePrefix: a-\n").kind == "Component"


@pytest.mark.parametrize(
    "field",
    ["transformers", "generators", "helmCharts", "helmChartInflationGenerator", "crds", "configurations", "inventedTomorrow"],
)
def test_fields_that_are_not_simulated_are_named(field: str) -> None:
    assert _read(f"resources: [a.yaml]\n{field}: [x.yaml]\n").unmodelled == ((field, 2),)


@pytest.mark.parametrize("field", ["validators", "configMapGenerator", "images", "replicas", "buildMetadata"])
def test_fields_that_move_no_container_are_not(field: str) -> None:
    assert _read(f"resources: [a.yaml]\n{field}: [x]\n").unmodelled == ()


@pytest.mark.parametrize(
    ("path", "is_one"),
    [
        ("kustomization.yaml", True),
        ("a/kustomization.yml", True),
        ("a/Kustomization", True),
        ("a/Kustomization.yaml", False),
        ("a/kustomization.json", False),
        ("kustomization.yaml/a", False),
    ],
)
def test_names_of_kustomizations(path: str, is_one: bool) -> None:
    assert is_kustomization(path) is is_one


# Reading: what is refused


@pytest.mark.parametrize(
    ("text", "says", "line"),
    [
        ("", "empty", 1),
        ("# only this\n", "empty", 1),
        ("kind: Kustomization\nresources:\n", "empty", 1),
        ("---\n# none\n---\nresources: [a.yaml]\n", "empty", 1),
        ("- resources\n", "a kustomization must be a mapping", 1),
        ("resources: [a\n", "not YAML", 2),
        ("resources: [a]\n\nresources: [b]\n", "`resources` stands twice", 3),
        ("resources: [a]\nReSources: [b]\n", "`ReSources` stands twice", 2),
        ("resources: a.yaml\n", "`resources` must be a list", 1),
        ("resources:\n  a.yaml:\n", "`resources` must be a list", 2),
        ("resources:\n- a.yaml\n-\n", "an entry of `resources` must be a text", 3),
        ("resources:\n- a.yaml\n- 12\n", "an entry of `resources` must be a text", 3),
        ("resources:\n- {path: a.yaml}\n", "an entry of `resources` must be a text", 2),
        ("resources: &r [*r]\n", "an entry of `resources` must be a text", 1),
        ("namePrefix: [a]\n", "`namePrefix` must be a text", 1),
        ("namespace: 12\n", "`namespace` must be a text", 1),
        ("x: &x {path: a}\npatches:\n- <<: *x\n", "a merge key", 3),
        ("{{ if }}: a\n", "no plain word", 1),
        ("resources: [a]\npatches:\n- path: a\n  patch: b\n", "either a `path` or a `patch`", 3),
        ("patches:\n- target: {kind: Deployment}\n", "either a `path` or a `patch`", 2),
        ("patches:\n- patch: ' '\n", "either a `path` or a `patch`", 2),
        ("patches: {path: a}\n", "`patches` must be a list", 1),
        ("patches:\n- path: a\n- b.yaml\n", "an entry of `patches` must be a text", 2),
        ("patches: [a.yaml]\npatchesStrategicMerge: [b.yaml]\n", "beside `patchesStrategicMerge`", 1),
        ("patches:\n- path: a\n  target: {apiVersion: v1}\n", "kustomize knows no `apiVersion` in `target`", 3),
        ("patches:\n- path: a\n  target: [kind]\n", "`target` must be a mapping", 3),
        ("patches:\n- path: a\n  when: now\n", "kustomize knows no `when`", 3),
        ("patches:\n- path: a\n  options: {allowNameChange: maybe}\n", "`allowNameChange` must be true or false", 3),
        ("patches:\n- target: {}\n  patch: word\n", "`patch`: a patch is a mapping or a list", 3),
        ("patches:\n- patch: |\n    a: [\n", "`patch`: not YAML", 2),
        ("patchesStrategicMerge:\n- |\n  - op: remove\n    path: /a\n", "takes no list of operations", 2),
        ("patchesJson6902:\n- path: a\n", "needs a target with a name", 2),
        ("patchesJson6902:\n- path: a\n  target: {kind: Job}\n", "needs a target with a name", 2),
        ("patchesJson6902:\n- target: {name: a}\n  patch: 'a: b'\n", "takes a list of operations", 2),
        ("replacements:\n- path: a\n  source: {kind: Job}\n", "a path or stands here", 2),
        ("replacements:\n- targets:\n  - fieldPaths: [a]\n", "needs a `select`", 3),
        ("vars:\n- name: A\n", "needs an `objref`", 2),
        ("resources: [a]\rnamespace: b\n", "a lone carriage return", 1),
    ],
)
def test_what_kustomize_would_not_take_or_only_by_guessing_is_refused(text: str, says: str, line: int) -> None:
    message, at = _refused(text)
    assert says in message
    assert at == line


@pytest.mark.parametrize(
    "text",
    [
        "resources: [a]\napiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\n",
        "resources: [a]\napiVersion: kustomize.config.k8s.io/v1beta1\nkind: Component\n",
        "resources: [a]\napiVersion: v1\nkind: Secret\n",
    ],
)
def test_another_kind_of_object_is_no_kustomization(text: str) -> None:
    with pytest.raises(NoKustomization) as caught:
        _read(text)
    assert caught.value.line in (2, 3)


_VALUES = st.recursive(
    st.sampled_from([None, True, 1, 1.5, "", "a.yaml", "../b", "a: b", _OPS, _INLINE, "{", "\x85", "Component"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["path", "patch", "target", "source", "targets", "select", "name", "<<"]), inner, max_size=3
        )
    ),
    max_leaves=6,
)
_FIELDS = [
    *("kind", "resources", "bases", "components", "patches", "patchesStrategicMerge", "patchesJson6902"),
    *("namePrefix", "replacements", "vars", "x"),
]


@given(st.dictionaries(st.sampled_from(_FIELDS), _VALUES, max_size=3))
def test_any_value_anywhere_is_read_or_refused_with_a_line(data: dict[str, Any]) -> None:
    text = yaml.safe_dump(data)
    try:
        read = _read(text)
    except TextError as error:
        line = error.line
    else:
        line = max((ref.line for ref in (*read.resources, *read.components)), default=1)
    assert line is not None
    assert 1 <= line <= text.count("\n") + 1


# Reading: patches


def test_patches_in_the_order_of_application() -> None:
    read = _read("""
        patchesJson6902:
        - target: {group: apps, version: v1, kind: Deployment, name: web}
          path: ops.yaml
        patches:
        - path: any.yaml
          target: {kind: Deploy.*, labelSelector: tier=web, annotationSelector: a, namespace: shop}
          options: {allowKindChange: true, allowNameChange: false}
        - target: {}
          patch: |-
            # why
            - op: remove
              path: /spec/replicas
        - patch: '{apiVersion: v1, kind: Pod, metadata: {name: a}}'
        patchesStrategicMerge:
        - merge.yaml
        - |-
          apiVersion: v1
          kind: Pod
          metadata: {name: a}
          ---
          apiVersion: v1
          kind: Pod
          metadata: {name: b}
        - '{apiVersion: v1, kind: Pod, metadata: {name: c}}'
        """)
    web = Target(group="apps", version="v1", kind="Deployment", name="web")
    some = Target(kind="Deploy.*", labels="tier=web", annotations="a", namespace="shop")
    assert read.patches == (
        Patch("merge", "patchesStrategicMerge", "merge.yaml", ("patchesStrategicMerge", 0), None, 15),
        Patch("merge", "patchesStrategicMerge", None, ("patchesStrategicMerge", 1), None, 16),
        Patch("merge", "patchesStrategicMerge", None, ("patchesStrategicMerge", 2), None, 24),
        Patch(None, "patches", "any.yaml", ("patches", 0, "path"), some, 5, ("allowKindChange",)),
        Patch("json6902", "patches", None, ("patches", 1, "patch"), Target(), 8),
        Patch("merge", "patches", None, ("patches", 2, "patch"), None, 13),
        Patch("json6902", "patchesJson6902", "ops.yaml", ("patchesJson6902", 0, "path"), web, 2),
    )


def test_names_under_patches_are_merge_patches_as_they_were_before_v5() -> None:
    assert _read("patches:\n- a.yaml\n- b.yaml\n").patches == (
        Patch("merge", "patchesStrategicMerge", "a.yaml", ("patches", 0), None, 2),
        Patch("merge", "patchesStrategicMerge", "b.yaml", ("patches", 1), None, 3),
    )


@pytest.mark.parametrize(
    ("text", "form"),
    [
        (_OPS, "json6902"),
        ("# why\n---\n" + _OPS, "json6902"),
        (_OPS + "---\n" + _OPS, "json6902"),
        ('[{"op": "remove", "path": "/a"}]', "json6902"),
        (_INLINE, "merge"),
        (_INLINE + "---\n" + _INLINE, "merge"),
        (_INLINE + "---\n# nothing\n", "merge"),
        ('{"kind": "Pod", "apiVersion": "v1"}', "merge"),
    ],
)
def test_the_text_tells_the_form(text: str, form: str) -> None:
    assert form_of(text) == form


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", 1),
        ("# a\n", 1),
        ("\nword\n", 2),
        ("[]\n", 1),
        ("{}\n", 1),
        ("- a\n", 1),
        (_INLINE + "---\n" + _OPS, 6),
        ("a: [\n", 2),
    ],
)
def test_what_is_neither_form_is_refused(text: str, line: int) -> None:
    with pytest.raises(TextError) as caught:
        form_of(text)
    assert caught.value.line == line


# Reading: field paths


def test_field_paths_of_replacements_and_vars() -> None:
    text = dedent("""\
        replacements:
        - path: more.yaml
        - source: {kind: ConfigMap, name: c, version: v1, fieldPath: data.tag}
          targets:
          - select: {kind: Deployment}
            reject: [{name: db}, {name: job}]
            fieldPaths:
            - spec.template.spec.containers.[name=app].image
            - spec.template.spec.containers.*.env
          - select: {name: web}
        - source: {kind: Job, name: j}
        vars:
        - name: A
          objref: {apiVersion: apps/v1, kind: Deployment, name: web}
          fieldref: {fieldpath: 'spec.template.spec.containers[0].image'}
        - name: B
          objref: {apiVersion: v1, kind: Pod, name: web}
          fieldref: {fieldpath: 'spec.containers[1].name'}
        - name: C
          objref: {apiVersion: v1, kind: Service, name: web}
        """)
    read = _read(text)
    deployments, rejected = Target(kind="Deployment"), (Target(name="db"), Target(name="job"))
    assert [(path.text, path.line, path.is_source, path.select, path.reject) for path in read.field_paths] == [
        ("data.tag", 3, True, Target(kind="ConfigMap", name="c", version="v1"), ()),
        ("spec.template.spec.containers.[name=app].image", 8, False, deployments, rejected),
        ("spec.template.spec.containers.*.env", 9, False, deployments, rejected),
        ("spec.template.spec.containers[0].image", 15, True, Target("apps", "v1", "Deployment", "web"), ()),
        ("spec.containers[1].name", 18, True, Target(None, "v1", "Pod", "web"), ()),
    ]
    assert [path.field for path in read.field_paths] == ["replacements"] * 3 + ["vars"] * 2
    assert read.replacement_files == (Ref("more.yaml", 2),)
    data = yaml.safe_load(text)
    assert [_at(data, path.pointer) for path in read.field_paths] == [path.text for path in read.field_paths]


def test_a_file_of_replacements_holds_one_or_many() -> None:
    one = "source: {kind: Job, fieldPath: a.b}\ntargets: [{select: {name: x}, fieldPaths: [c.d]}]\n"
    many = "- " + one.replace("\n", "\n  ").rstrip() + "\n"
    assert [(path.text, path.pointer) for path in read_replacements(one)] == [
        ("a.b", ("source", "fieldPath")),
        ("c.d", ("targets", 0, "fieldPaths", 0)),
    ]
    assert [(path.text, path.pointer) for path in read_replacements(many)] == [
        ("a.b", (0, "source", "fieldPath")),
        ("c.d", (0, "targets", 0, "fieldPaths", 0)),
    ]
    for wrong in ("", "word\n", "- word\n", "source: a\n"):
        with pytest.raises(TextError):
            read_replacements(wrong)


# Remote or local


@pytest.mark.parametrize(
    "path",
    [
        "https://github.com/org/repo",
        "https://example.com/crds.yaml",
        "HTTP://example.com/a/b?ref=v1",
        "ssh://git@example.com:22/org/repo//base",
        "file:///srv/git/repo",
        "github.com/org/repo",
        "GitHub.com:org/repo/base?ref=v1",
        "git@github.com:org/repo.git",
        "git@gitlab.com:org/repo",
        "git@gitlab.com/org/repo//a",
        "org-1@example.com:org/repo",
        "git::https://example.com/org/repo",
        "git::github.com/org/repo",
        "gh:org/repo",
        "git@example.com:repo.git",
        "gitlab.com/org/repo/base?ref=v1",
        "example.com/org/repo?timeout=3&version=v1",
    ],
)
def test_remote(path: str) -> None:
    assert is_remote(path)
    assert _read(f"components: ['{path}']\n").components == (Ref(path, 1, remote=True),)


@pytest.mark.parametrize(
    "path",
    [
        *("a.yaml", "../base", ".", "/srv/git@github.com:a/b", "github.com/org", "github.company/org/repo", "my@folder/base"),
        *("./github.com/org/repo", "example.com/org/repo", "example.com:org/repo", "https/a", "httpsfoo", "a?b/ref=c"),
    ],
)
def test_local(path: str) -> None:
    assert not is_remote(path)


# The tree: by example

_SHOP = {
    "base/kustomization.yaml": "resources: [web.yaml]\n",
    "base/web.yaml": "",
    "log/kustomization.yaml": "kind: Component\npatches: [{path: log.yaml}]\n",
    "log/log.yaml": "",
    "over/dev/kustomization.yml": "resources: [./../../base/, ../../base/../extra/job.yaml]\ncomponents: [../../log]\n",
    "over/prod/Kustomization": "bases: [../../base]\npatchesStrategicMerge: [./prod.yaml]\n",
    "over/prod/prod.yaml": "",
    "extra/job.yaml": "",
    "extra/kustomization.yaml": "resources: [other.yaml]\n",
    "extra/other.yaml": "",
}


def test_units_hold_what_shares_a_base_or_a_component() -> None:
    tree = _tree(_SHOP)
    assert tree.units() == (
        Unit(
            ("base", "log", "over/dev", "over/prod"),
            ("base/web.yaml", "extra/job.yaml", "log/log.yaml", "over/prod/prod.yaml"),
        ),
        Unit(("extra",), ("extra/other.yaml",)),
    )
    assert tree.uses("over/dev") == ("base", "log")
    assert tree.users("base") == ("over/dev", "over/prod")
    assert tree.uses("base") == tree.users("over/dev") == tree.users("nowhere") == ()
    assert pickle.loads(pickle.dumps(tree)).units() == tree.units()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("resources: [../x.yaml]\n", "resources: [../x.yaml]\n"),
        ("resources: [../x.yaml]\n", "patches: [{path: ../x.yaml}]\n"),
        ("patchesStrategicMerge: [../x.yaml]\n", "patchesJson6902: [{path: ../x.yaml, target: {name: a}}]\n"),
        ("replacements: [{path: ../x.yaml}]\n", "replacements: [{path: ../x.yaml}]\n"),
    ],
)
def test_units_hold_what_shares_a_file(one: str, other: str) -> None:
    files = {"a/kustomization.yaml": one, "b/kustomization.yaml": other, "x.yaml": ""}
    assert _unit(files) == Unit(("a", "b"), ("x.yaml",))


def test_what_is_missing_joins_nobody() -> None:
    tree = _tree({"a/kustomization.yaml": "resources: [../x.yaml]\n", "b/kustomization.yaml": "resources: [../x.yaml]\n"})
    assert [unit.folders for unit in tree.units()] == [("a",), ("b",)]


@pytest.mark.parametrize(
    ("text", "says", "remote", "outside"),
    [
        ("resources:\n- x.yaml\n", "`x.yaml` is neither a file nor a folder with a kustomization", False, False),
        ("resources:\n- ../plain\n", "`../plain` is neither a file nor a folder with a kustomization", False, False),
        ("resources:\n- ../flux\n", "the kustomization in `../flux` cannot be read", False, False),
        ("resources:\n- ../base/kustomization.yaml\n", "kustomize takes its folder, not the file", False, False),
        ("resources:\n- ../part\n", "is a component and does not stand under `components`", False, False),
        ("components:\n- ../base\n", "stands under `components` and is no component", False, False),
        ("components:\n- ../plain/a.yaml\n", "is a file; kustomize takes a folder", False, False),
        ("patches:\n- path: x.yaml\n", "the patch `x.yaml` names no file", False, False),
        ("patches:\n- path: ../plain\n", "the patch `../plain` names no file", False, False),
        ("replacements:\n- path: x.yaml\n", "the file of replacements `x.yaml` names no file", False, False),
        ("resources:\n- .\n", "in a circle: app -> app", False, False),
        ("resources:\n- ../../x.yaml\n", "the resource `../../x.yaml` lies outside the repository", False, True),
        ("components:\n- /srv/base\n", "the component `/srv/base` lies outside the repository", False, True),
        ("patches:\n- path: ../../../x.yaml\n", "the patch `../../../x.yaml` lies outside", False, True),
        ("resources:\n- github.com/a/b\n", "the resource `github.com/a/b` is remote; it is not fetched", True, False),
        ("components:\n- https://a.io/b/c\n", "the component `https://a.io/b/c` is remote", True, False),
        ("patches:\n- path: https://a.io/p.yaml\n", "the patch `https://a.io/p.yaml` is remote", True, False),
    ],
)
def test_what_does_not_resolve_is_said_with_its_line(text: str, says: str, remote: bool, outside: bool) -> None:
    tree = grow(
        [
            _read(text),
            _read("resources: [../plain/a.yaml]\n", "base/kustomization.yaml"),
            _read("kind: Component\nnamePrefix: a-\n", "part/kustomization.yaml"),
        ],
        ["base/kustomization.yaml", "plain/a.yaml", "flux/kustomization.yaml"],
    )
    (unit,) = (unit for unit in tree.units() if "app" in unit.folders)
    (problem,) = unit.problems
    assert (problem.path, problem.line) == ("app/kustomization.yaml", 2 if "\n- " in text else 1)
    assert says in problem.message
    assert (unit.remote, unit.outside) == (remote, outside)


def test_a_file_that_looks_remote_is_read_and_a_folder_is_not() -> None:
    unit = _unit({"kustomization.yaml": "resources: [github.com/a/b.yaml]\n", "github.com/a/b.yaml": ""})
    assert unit == Unit(("",), ("github.com/a/b.yaml",))
    files = {"kustomization.yaml": "resources: [github.com/a/b]\n", "github.com/a/b/kustomization.yaml": "namePrefix: a-\n"}
    assert [unit.remote for unit in _tree(files).units()] == [True, False]


def test_two_kustomizations_in_one_folder_are_told_apart_by_nobody() -> None:
    text = "resources: [x.yaml]\n"
    unit = _unit({"a/kustomization.yaml": text, "a/Kustomization": text, "a/x.yaml": ""})
    assert [(problem.path, problem.line) for problem in unit.problems] == [("a/Kustomization", 1), ("a/kustomization.yaml", 1)]
    pair = [_read("resources: [../b, ../c]\n", "a/Kustomization"), _read("resources: [../c, ../b]\n", "a/kustomization.yaml")]
    bases = [_read("namePrefix: a-\n", f"{folder}/kustomization.yaml") for folder in "bc"]
    assert grow([*pair, *bases], ()) == grow([*bases, *reversed(pair)], ())
    (unread,) = grow([_read(text, "a/kustomization.yaml")], ["a/x.yaml", "a/Kustomization"]).units()
    assert "two kustomization files" in unread.problems[0].message


def test_a_circle_is_named_once_from_its_first_folder() -> None:
    files = {
        "a/kustomization.yaml": "resources: [../b]\n",
        "b/kustomization.yaml": "namePrefix: b-\ncomponents: [../c]\n",
        "c/kustomization.yaml": "kind: Component\nresources: [../a]\n",
    }
    unit = _unit(files)
    assert unit.folders == ("c", "b", "a")
    assert [(problem.path, problem.line, problem.message) for problem in unit.problems] == [
        ("c/kustomization.yaml", 2, "the bases go round in a circle: a -> b -> c -> a")
    ]


def test_a_base_around_its_user_is_refused_as_kustomize_does() -> None:
    unit = _unit({"kustomization.yaml": "namePrefix: a-\n", "over/kustomization.yaml": "resources: [..]\n"})
    assert unit.folders == ("", "over")
    assert ["holds the folder of its user" in problem.message for problem in unit.problems] == [True]


def test_long_chains_and_many_circles_cost_no_more_than_their_uses() -> None:
    number = 3000
    chain = [
        Kustomization(f"{n:05}", f"{n:05}/kustomization.yaml", "Kustomization", (Ref(f"../{n + 1:05}", 1), Ref("../00000", 2)))
        for n in range(number)
    ]
    (unit,) = grow(chain, ()).units()
    assert unit.folders == tuple(f"{n:05}" for n in reversed(range(number)))
    # One ref is to a folder past the last; all others to the first close a circle.
    assert len(unit.problems) == number + 1
    assert max(len(problem.message) for problem in unit.problems) < 150


@pytest.mark.parametrize(
    ("folder", "path", "at"),
    [
        ("", ".", ""),
        ("a", "..", ""),
        ("a/b", "../c/./d.yaml", "a/c/d.yaml"),
        ("a", "b//c/", "a/b/c"),
        ("a", "../..", None),
        ("", "..", None),
        ("", "../a", None),
        ("", "..a", "..a"),
        ("a", "/a/b", None),
    ],
)
def test_places(folder: str, path: str, at: str | None) -> None:
    assert place(folder, path) == at


# The tree: laws

_FOLDERS = ["", "a", "a/b", "c", "d", "d/e"]
_REFS = ["..", ".", "../a", "a", "b", "../c", "../d/e", "x.yaml", "../x.yaml", "../../x.yaml", "gone", "github.com/a/b", "/x"]
_KNOWN = ["x.yaml", "a/x.yaml", "c/x.yaml", "d/e/x.yaml", "other.yaml"]


@st.composite
def _kustomizations(draw: st.DrawFn) -> list[Kustomization]:
    made = []
    for folder in draw(st.lists(st.sampled_from(_FOLDERS), unique=True, max_size=6)):
        path = f"{folder}/kustomization.yaml".lstrip("/")
        names = draw(st.lists(st.sampled_from(_REFS), max_size=4))
        refs = tuple(Ref(name, line, is_remote(name)) for line, name in enumerate(names, 1))
        cut = draw(st.integers(0, len(refs)))
        patches = tuple(
            Patch("merge", "patchesStrategicMerge", name, ("patchesStrategicMerge", n), None, 10 + n)
            for n, name in enumerate(draw(st.lists(st.sampled_from(["x.yaml", "../x.yaml", "gone.yaml"]), max_size=2)))
        )
        kind: Kind = draw(st.sampled_from(["Kustomization", "Component"]))
        made.append(Kustomization(folder, path, kind, refs[:cut], refs[cut:], patches))
    return made


@given(_kustomizations(), st.randoms(use_true_random=False))
def test_the_order_of_the_input_does_not_matter(made: list[Kustomization], chance: Any) -> None:
    shuffled, files = list(made), list(_KNOWN)
    chance.shuffle(shuffled)
    chance.shuffle(files)
    assert grow(made, _KNOWN) == grow(iter(shuffled), files)


@given(_kustomizations())
def test_units_are_what_hangs_together_and_bases_come_first(made: list[Kustomization]) -> None:
    tree = grow(made, _KNOWN)
    units = tree.units()
    # Told apart from the engine: what each reads, joined as long as anything joins.
    paths = {one.folder: one.path for one in made}
    reads: list[set[str]] = []
    for one in made:
        held = {place(one.folder, ref.path) for ref in one.resources if not ref.remote}
        held |= {place(one.folder, patch.file or "") for patch in one.patches}
        bases = held | {place(one.folder, ref.path) for ref in one.components if not ref.remote}
        reads.append({one.path, *(path for folder, path in paths.items() if folder in bases)})
        reads[-1].update(file for file in _KNOWN if file in held)
    groups: list[set[str]] = []
    for group in reads:
        apart = [other for other in groups if not other & group]
        groups = [*apart, group.union(*(other for other in groups if other & group))]
    assert sorted(sorted(group) for group in groups) == sorted(
        sorted([*unit.files, *(paths[folder] for folder in unit.folders)]) for unit in units
    )
    assert [min(unit.folders) for unit in units] == sorted(min(unit.folders) for unit in units)
    for unit in units:
        assert list(unit.problems) == sorted(unit.problems, key=lambda one: (one.path, one.line, one.message))
        closed = {problem.path: problem for problem in unit.problems if "in a circle" in problem.message}
        for n, folder in enumerate(unit.folders):
            late = [used for used in tree.uses(folder) if used not in unit.folders[:n]]
            assert not late or paths[folder] in closed
            assert all(folder in tree.users(used) for used in tree.uses(folder))


@given(_kustomizations())
def test_a_circle_is_a_problem_and_nothing_else_is_called_one(made: list[Kustomization]) -> None:
    tree = grow(made, _KNOWN)
    left = {one.folder: set(tree.uses(one.folder)) for one in made}
    while free := [folder for folder, uses in left.items() if not uses]:
        left = {folder: uses - set(free) for folder, uses in left.items() if folder not in free}
    messages = [problem.message for unit in tree.units() for problem in unit.problems if "in a circle" in problem.message]
    assert bool(messages) is bool(left)
    for message in messages:
        trail = ["" if name == "." else name for name in message.partition(": ")[2].split(" -> ")]
        assert trail[0] == trail[-1]
        assert all(used in tree.uses(folder) for folder, used in pairwise(trail))


_NAMES = st.sampled_from(
    ["a.yaml", "../base", "./x y.yaml", "#odd", "it's", "a: b", "null", "12", "yes", "ü/b", "github.com/a/b"]
)


@given(
    st.fixed_dictionaries(
        {"resources": st.lists(_NAMES, min_size=1)},
        optional={"components": st.lists(_NAMES), "bases": st.lists(_NAMES), "patchesStrategicMerge": st.lists(_NAMES)},
    ),
    st.sampled_from([None, False, True]),
    st.sampled_from([None, "'", '"']),
)
def test_refs_are_what_another_parser_reads_and_stand_on_their_lines(data: dict[str, list[str]], flow: Any, style: Any) -> None:
    text = yaml.safe_dump(data, default_flow_style=flow, default_style=style, sort_keys=False, allow_unicode=True, width=10**6)
    read = _read(text)
    refs = [*read.resources, *read.components]
    expected = [*data["resources"], *data.get("bases", []), *data.get("components", [])]
    assert [ref.path for ref in refs] == expected
    assert [ref.remote for ref in refs] == [name.startswith("github.com") for name in expected]
    lines = text.splitlines()
    for ref in refs:
        assert ref.path.replace("'", "").strip("./") in lines[ref.line - 1].replace("'", "")
    assert [_at(data, patch.pointer) for patch in read.patches] == [patch.file for patch in read.patches]
