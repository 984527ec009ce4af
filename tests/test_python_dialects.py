"""Dialects: every file is well-formed and does what its own examples say; names of other libraries mean nothing."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.version import Version

from migrator.datafile import DataError, DataFile
from migrator.sources.python.libraries.dialect import Dialect
from migrator.sources.python.libraries.dialects import (
    constructor,
    dialect,
    dialects,
    distributions,
    holder,
    last_names,
    owned,
    packages,
    read_dialect,
    roles,
)
from tests.generate import python_page

FILES = sorted((Path(__file__).parent.parent / "rules" / "dialects").glob("*.yaml"))
ALL = dialects()
ROLES = {"pod-specs": "pod-spec", "containers": "container", "templates": "template", "workloads": "workload"}

LIBRARY = """\
id: podlib
title: Podlib
modules: [podlib]
pod-specs: [PodSpec]
workloads: [{kind: Job, api: batch/v1, names: [Job]}]
holders: [{keyword: pod}]
lists: [containers, inits]
restart: {keyword: policy, value: always}
spelling: snake
fields: {img: image}
positional: {container: [name]}
packages: [{name: podlib, since: 1.2.0, without: 1.1.0}]
sources: [https://podlib.example/]
examples: {others: [x.PodSpec]}
"""


def _examples() -> list[tuple[Dialect, str, str]]:
    return [(one, key, name) for one in ALL for key, names in one.examples for name in names]


def test_every_file_is_a_library() -> None:
    assert [path.stem for path in FILES] == [one.id for one in ALL]
    assert pickle.loads(pickle.dumps(ALL)) == ALL
    assert len({one.title for one in ALL}) == len(ALL)


@pytest.mark.parametrize(("one", "key", "name"), _examples(), ids=lambda value: getattr(value, "id", str(value)))
def test_the_examples_of_a_library(one: Dialect, key: str, name: str) -> None:
    """A name is what the file says, of this library; and `others` are none of its names."""
    callee, _, keyword = name.rpartition(" ")
    if key == "owners":
        assert owned(name, one.lists[0]) is one
        assert owned(name, "image") is None
    elif key == "holders":
        found = holder(keyword, callee or None)
        assert found
        assert found[0] is one
    elif key == "others":
        assert all(made.dialect is not one for made in roles(name))
        assert (holder(keyword, callee or None) or [None])[0] is not one
        assert owned(name, one.lists[0]) is not one
    else:
        assert ROLES[key] in {made.role for made in roles(name) if made.dialect is one}
        made = constructor(name)
        assert made
        assert (made.dialect.id, made.module, made.sure) == (one.id, name.rpartition(".")[0], True)


@pytest.mark.parametrize("one", ALL, ids=lambda one: one.id)
def test_what_every_library_says(one: Dialect) -> None:
    """Where it comes from; examples of each kind of name it has; and its restart keyword means restartPolicy."""
    assert all(source.startswith("https://") for source in one.sources)
    said = dict(one.examples)
    for key, role in ROLES.items():
        if role != "workload" or not said.get("pod-specs"):
            assert bool(said.get(key)) is any(role == named[0] for named in one.names)
    assert bool(said.get("holders")) is bool(one.holders)
    assert bool(said.get("owners")) is bool(one.owners)
    assert one.field_name(one.restart[0]) == "restartPolicy"
    assert one.field_name(one.lists[0]) == "containers"
    assert one.field_name(one.lists[1]) == "initContainers"


@pytest.mark.parametrize(
    "name",
    [
        "pulumi_azure_native.app.ContainerArgs",
        "pulumi_azure_native.containerinstance.v20230501.ContainerArgs",
        "pulumi_gcp.cloudrunv2.ServiceTemplateContainerArgs",
        "aws_cdk.aws_ecs.Container",
        "google.cloud.run_v2.types.Container",
        "hera.workflows.models.Container",
        "snowflake.core.service.PodSpec",
        "types.SimpleNamespace",
        "PodSpec",
        "Container",
        "kserve.V1beta1PredictorSpec",
        "",
        ".",
        "V1",
    ],
)
def test_the_same_words_elsewhere(name: str) -> None:
    """What is no pod of Kubernetes although it is called like one."""
    assert constructor(name) is None
    assert roles(name) == ()


def test_a_name_without_a_module_comes_from_what_is_imported_with_a_star() -> None:
    found = constructor("PodSpec", ["os", "hikaru.model.rel_1_28"])
    assert found
    assert (found.dialect.id, found.module, found.sure) == ("hikaru", "hikaru.model.rel_1_28", True)
    assert constructor("PodSpec", ["os"]) is None
    found = constructor("V1Pod", ["kubernetes_asyncio.client"])
    assert found
    assert (found.dialect.id, found.kind, found.sure) == ("kubernetes-asyncio", "Pod", True)


@pytest.mark.parametrize("name", ["V1PodSpec", "shop.k8s.V1PodSpec", ".k8s.V1PodSpec"])
def test_the_clients_names_are_known_wherever_they_come_from(name: str) -> None:
    """But not for sure: the module may change them."""
    found = constructor(name)
    assert found
    assert (found.dialect.id, found.role, found.module, found.sure) == ("kubernetes", "pod-spec", "", False)
    assert roles(name) == ()


def test_kind_and_version_of_a_workload() -> None:
    found = constructor("pulumi_kubernetes.batch.v1.JobTemplateSpecArgs")
    assert found
    assert (found.role, found.kind, found.api_version) == ("workload", "CronJob", "batch/v1")
    both = roles("cdk8s_plus_30.Deployment")
    assert {(one.role, one.kind) for one in both} == {("pod-spec", ""), ("workload", "Deployment")}


@pytest.mark.parametrize(
    ("library", "keyword", "name"),
    [
        ("kubernetes", "init_containers", "initContainers"),
        ("kubernetes", "host_ip", "hostIP"),
        ("kubernetes", "set_hostname_as_fqdn", "setHostnameAsFQDN"),
        ("kubernetes", "_exec", "exec"),
        ("kubernetes", "var_exec", "exec"),
        ("kubernetes", "name", "name"),
        ("kubernetes", "termination_grace_period_seconds", "terminationGracePeriodSeconds"),
        ("pulumi-kubernetes", "exec_", "exec"),
        ("pulumi-kubernetes", "target_wwns", "targetWWNs"),
        ("pulumi-kubernetes", "http_get", "httpGet"),
        ("cdk8s", "downward_api", "downwardAPI"),
        ("cdk8s-plus", "liveness", "livenessProbe"),
        ("lightkube", "hostIP", "hostIP"),
        ("lightkube", "from_", "from"),
        ("hikaru", "livenessProbe", "livenessProbe"),
        ("kubespawner", "volume_mounts", "volumeMounts"),
        ("kubespawner", "volumeMounts", "volumeMounts"),
        ("kubespawner", "extra_containers", "containers"),
        ("manifest", "restartPolicy", "restartPolicy"),
    ],
)
def test_the_apis_name_of_a_field(library: str, keyword: str, name: str) -> None:
    assert dialect(library).field_name(keyword) == name


@given(st.text(max_size=40))
def test_any_name_has_some_answer(text: str) -> None:
    """Texts of any kind are looked up without an error, and a field's name in the API's spelling stays what it is."""
    assert constructor(text) is None or text.rpartition(".")[2] in last_names()
    for one in ALL:
        name = one.field_name(text)
        if "_" not in text and text not in dict(one.fields):
            assert name == text


def test_positional_parameters() -> None:
    """Of dataclasses only: the other constructors take keywords, or an order that nobody uses and that changes."""
    assert dialect("lightkube").parameters("container")[:3] == ("name", "args", "command")
    assert dialect("hikaru").parameters("container")[:2] == ("name", "image")
    assert dialect("hikaru").parameters("pod-spec")[0] == "containers"
    assert dialect("hikaru").parameters("workload") == ()
    assert dialect("kubernetes").parameters("container") == ()


def test_which_package_a_module_is_of() -> None:
    cdk8s = dialect("cdk8s")
    assert [one.name for one in packages(cdk8s, "cdk8s_plus_28.k8s")] == ["cdk8s-plus-28"]
    assert [one.name for one in packages(cdk8s, "shop.imports.k8s")] == ["k8s"]
    assert packages(cdk8s, "elsewhere") == ()
    assert packages(cdk8s, "") == cdk8s.packages
    for one in ALL:
        for _, module, _, _, _ in one.names:
            filled = module.replace("[0-9][0-9]", "28").replace("*", "x")
            assert packages(one, filled), filled


def test_releases_between_the_last_without_and_the_first_with_the_field() -> None:
    """`>=28` admits nothing older than 28.1.0, as there is no 28.0."""
    package = dialect("kubernetes").packages[0]
    known = [package.knows(Version(text)) for text in ("26.1.0", "27.2.0", "28", "28.1.0a1", "28.1.0", "37.0.2")]
    assert known == [False, False, True, True, True, True]
    assert "python-kubernetes" in distributions()
    never = packages(dialect("cdk8s-plus"), "cdk8s_plus_27")[0]
    assert not never.knows(Version("99"))


def test_holders_and_owners() -> None:
    assert holder("pod_spec_config", "anything.at_all")
    assert holder("full_pod_spec", None) is None
    assert owned("c.KubeSpawner", "extra_containers") is dialect("kubespawner")
    assert owned("c.KubeSpawner", "containers") is None


def test_the_table_of_the_documents_is_of_these_files() -> None:
    """`python -m tests.generate` writes it."""
    path = Path(__file__).parent.parent / "docs" / "python.md"
    assert path.read_text() == python_page(path.read_text())
    assert all(f"| {one.title} |" in path.read_text() for one in ALL)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (LIBRARY.replace("id: podlib", "id: Podlib"), "dialects/podlib.yaml:1: id: `Podlib` must be kebab-case"),
        (LIBRARY.replace("title: Podlib\n", ""), "dialects/podlib.yaml:1: title: is missing"),
        (LIBRARY.replace("[PodSpec]", '["Pod*"]'), "dialects/podlib.yaml:1: modules: `Pod*` is no name"),
        (LIBRARY.replace("[PodSpec]", "[[PodSpec]]"), "dialects/podlib.yaml:4: pod-specs: a list of texts"),
        (LIBRARY.replace("kind: Job, ", ""), "dialects/podlib.yaml:5: kind: is missing"),
        (LIBRARY.replace("keyword: pod}", "keyword: pod, key: x}"), "dialects/podlib.yaml:6: key: unknown key"),
        (LIBRARY.replace("[containers, inits]", "[containers]"), "dialects/podlib.yaml:7: lists: two are wanted"),
        (LIBRARY.replace("{keyword: policy, value: always}", "always"), "dialects/podlib.yaml:8: rule: a mapping"),
        (LIBRARY.replace("value: always", "value: always, imported: 1"), "dialects/podlib.yaml:8: imported: unknown key"),
        (LIBRARY.replace("snake", "kebab"), "dialects/podlib.yaml:9: spelling: `kebab` is none of snake"),
        (LIBRARY.replace("{img: image}", "[image]"), "dialects/podlib.yaml:10: rule: a mapping"),
        (LIBRARY.replace("container: [", "box: ["), "dialects/podlib.yaml:11: box: unknown key"),
        (LIBRARY.replace("1.2.0", "two"), "dialects/podlib.yaml:12: since: Invalid version: 'two'"),
        (LIBRARY.replace("1.1.0", "1.2.0"), "dialects/podlib.yaml:12: without: must be a release before"),
        (LIBRARY.replace("others:", "rest:"), "dialects/podlib.yaml:14: rest: unknown key"),
    ],
)
def test_mistakes_in_a_file(text: str, message: str) -> None:
    with pytest.raises(DataError) as caught:
        read_dialect(DataFile("dialects/podlib.yaml", text))
    assert str(caught.value).startswith(message)


def test_a_file_is_read_as_it_is_written() -> None:
    one = read_dialect(DataFile("dialects/podlib.yaml", LIBRARY))
    assert one.names == (("pod-spec", "podlib", "PodSpec", "", ""), ("workload", "podlib", "Job", "Job", "batch/v1"))
    assert (one.lists, one.restart) == (("containers", "inits"), ("policy", "always"))
    assert one.field_name("img") == "image"
    assert one.holders[0].of == ()
