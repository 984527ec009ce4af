"""What patches do to objects, against `kubectl kustomize` itself and in words."""

from __future__ import annotations

import json
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from migrator.sources.kustomize.jsonpatch import PatchError, patched
from migrator.sources.kustomize.merge import merged
from migrator.sources.kustomize.model import Target
from migrator.sources.kustomize.plain import texts
from migrator.sources.kustomize.select import identifies, matches

Plain = dict[str, Any]
#: Kinds with the way to their pod spec. The last two have no schema: lists are replaced.
KINDS: dict[tuple[str, str], tuple[str, ...]] = {
    ("apps/v1", "Deployment"): ("spec", "template", "spec"),
    ("apps/v1", "StatefulSet"): ("spec", "template", "spec"),
    ("apps/v1", "DaemonSet"): ("spec", "template", "spec"),
    ("apps/v1", "ReplicaSet"): ("spec", "template", "spec"),
    ("v1", "ReplicationController"): ("spec", "template", "spec"),
    ("batch/v1", "Job"): ("spec", "template", "spec"),
    ("batch/v1", "CronJob"): ("spec", "jobTemplate", "spec", "template", "spec"),
    ("batch/v1beta1", "CronJob"): ("spec", "jobTemplate", "spec", "template", "spec"),
    ("v1", "Pod"): ("spec",),
    ("v1", "PodTemplate"): ("template", "spec"),
    ("extensions/v1beta1", "Deployment"): ("spec", "template", "spec"),
    ("argoproj.io/v1alpha1", "Rollout"): ("spec", "template", "spec"),
}


@dataclass(frozen=True)
class Given:
    """One patch of an object: `said` as the patch says it, selected by a target or found by its name."""

    said: Any
    form: str
    selected: bool


@dataclass(frozen=True)
class Case:
    """An object and its patches, in order."""

    obj: Plain
    patches: tuple[Given, ...]


# The oracle: one kustomization holds all cases, so that one build answers them all.


def kustomize(files: dict[str, Any], folder: str = ".") -> list[Plain] | str:
    """The objects that `kubectl kustomize` builds from files, each a list of documents; what it says where it refuses."""
    if shutil.which("kubectl") is None:
        pytest.fail("this test compares with `kubectl kustomize` and needs kubectl on the PATH")
    with tempfile.TemporaryDirectory() as root:
        for name, documents in files.items():
            Path(root, name).parent.mkdir(exist_ok=True)
            Path(root, name).write_text(yaml.safe_dump_all(documents))
        done = subprocess.run(["kubectl", "kustomize", str(Path(root, folder))], capture_output=True, text=True, check=False)
    return done.stderr if done.returncode else [obj for obj in yaml.safe_load_all(done.stdout) if obj]


def build(*cases: Case) -> list[Plain | None] | str:
    """What becomes of the objects, None for those that went."""
    entries = [_entry(case, patch) for case in cases for patch in case.patches]
    root = {"resources": ["base.yaml"], "patches": entries}
    built = kustomize({"base.yaml": [case.obj for case in cases], "kustomization.yaml": [root]})
    if isinstance(built, str):
        return built
    found = {_called(obj): obj for obj in built}
    return [found.get(_called(case.obj)) for case in cases]


def answers(cases: list[Case]) -> list[Plain | str | None]:
    """The same for each case: one build for all, and one for each where that is refused."""
    built = build(*cases)
    if not isinstance(built, str):
        return list(built)
    return [built] if len(cases) == 1 else [answer for case in cases for answer in answers([case])]


def _entry(case: Case, patch: Given) -> Plain:
    text = json.dumps(patch.said) if patch.form == "json6902" else yaml.safe_dump(patch.said)
    target = {"kind": case.obj["kind"], "name": case.obj["metadata"]["name"]}
    return {"patch": text, **({"target": target} if patch.selected else {})}


def _called(obj: Plain) -> tuple[str, str]:
    return obj["kind"], obj["metadata"]["name"]


def simulated(case: Case) -> Plain | None:
    """The same by the code under test. Raises `PatchError`."""
    obj: Plain | None = case.obj
    for patch in case.patches:
        if obj is None:
            return None
        if patch.form == "json6902":
            obj = patched(obj, patch.said)
        else:
            obj = merged(obj, patch.said, obj["kind"] != "Rollout", selected=patch.selected)
    return obj


def finished(obj: Plain | None) -> Plain | None:
    """The object as the end of a build leaves it, patched or not: its annotations are texts, and not empty."""
    if obj is None:
        return None
    meta = dict(obj["metadata"])
    if said := texts(meta.pop("annotations", None)):
        meta["annotations"] = said
    return {**obj, "metadata": meta}


# Objects and patches at random: few names, so that they meet.

# Texts need no quotes: kustomize keeps the quotes of a text that a number takes the place of, which plain data does not tell.
words = st.sampled_from(["a", "b", "c d"])
names = st.sampled_from(["app", "proxy", "log", "80"])
booleans = st.booleans()
counts = st.integers(1, 3)
some_words = st.lists(words, max_size=2)
directives = st.sampled_from(["delete", "replace", "merge"])
oddities = ["null", "{}", '{"image": "i"}', '{"name": null}', '{"$patch": "replace"}', '{"$patch": "delete"}', '"a"']
Fields = dict[str, SearchStrategy[Any]]


def one_of(*texts: str) -> SearchStrategy[Any]:
    return st.sampled_from(texts).map(json.loads)


def seldom() -> SearchStrategy[bool]:
    return st.integers(0, 14).map(lambda number: number == 14)


@st.composite
def record(draw: st.DrawFn, always: Fields, maybe: Fields, patch: bool, most: int = 3) -> Plain:
    """A mapping with up to `most` further fields; in a patch any of those may be null or a text, or there is a directive."""
    said = {key: draw(value) for key, value in always.items()}
    for key in draw(st.lists(st.sampled_from(sorted(maybe)), max_size=most, unique=True)) if maybe else ():
        said[key] = draw(st.sampled_from([None, None, "a"]) if draw(seldom()) and (patch or most > 3) else maybe[key])
    if patch and draw(seldom()):
        said["$patch"] = draw(directives)
    return said


@st.composite
def items(draw: st.DrawFn, of: SearchStrategy[Any], *keys: str, low: int = 0, high: int = 2) -> list[Any]:
    """A list of mappings: mostly each key once, now and then with what should not be there."""
    usual = draw(st.lists(of, min_size=low, max_size=high))
    if draw(seldom()):
        usual.insert(draw(st.integers(0, len(usual))), draw(one_of(*oddities)))
        return usual
    return list({tuple(str(item.get(key)) for key in keys): item for item in usual}.values())


@cache
def envs(patch: bool) -> SearchStrategy[list[Any]]:
    source = one_of("{}", '{"fieldRef": {"fieldPath": "x"}}', '{"secretKeyRef": {"name": "s", "key": "k"}}')
    return items(record({"name": st.sampled_from(["A", "B"])}, {"value": words, "valueFrom": source}, patch), "name")


@cache
def ports(patch: bool) -> SearchStrategy[list[Any]]:
    port = record(
        {"containerPort": st.sampled_from([80, 81])}, {"protocol": st.sampled_from(["TCP", "UDP"]), "name": words}, patch
    )
    return items(port, "containerPort", "protocol", high=3)


@cache
def mounts(key: str, patch: bool) -> SearchStrategy[list[Any]]:
    return items(record({key: st.sampled_from(["/a", "/b"])}, {"name": words, "readOnly": booleans}, patch), key)


@cache
def probes(patch: bool) -> SearchStrategy[Any]:
    get = record({}, {"path": words, "port": st.one_of(counts, words)}, patch)
    return record({}, {"httpGet": get, "exec": record({}, {"command": some_words}, patch), "periodSeconds": counts}, patch)


@cache
def containers(patch: bool) -> SearchStrategy[Any]:
    maybe = {
        "image": words,
        "args": some_words,
        "env": envs(patch),
        "ports": ports(patch),
        "volumeMounts": mounts("mountPath", patch),
        "volumeDevices": mounts("devicePath", patch),
        "livenessProbe": probes(patch),
        "resources": record({}, {"limits": one_of("{}", '{"cpu": 1}')}, patch),
        "resizePolicy": one_of("[]", '[{"resourceName": "cpu"}]'),
    }
    return record({"name": names}, maybe, patch, most=4)


@cache
def pods(patch: bool) -> SearchStrategy[Any]:
    rules = st.sampled_from(["DoNotSchedule", "ScheduleAnyway"])
    zones = st.sampled_from(["zone", "host"])
    lists: Fields = {
        "containers": items(containers(patch), "name", low=0 if patch else 1, high=4),
        "initContainers": items(containers(patch), "name", high=3),
    }
    few: Fields = {
        "ephemeralContainers": items(containers(patch), "name"),
        "volumes": items(record({"name": words}, {"emptyDir": one_of("{}", '{"medium": "Memory"}')}, patch), "name"),
        "imagePullSecrets": items(record({"name": words}, {}, patch), "name"),
        "hostAliases": items(record({"ip": words}, {"hostnames": some_words}, patch), "ip"),
        "topologySpreadConstraints": items(
            record({"topologyKey": zones}, {"whenUnsatisfiable": rules, "maxSkew": counts}, patch),
            *("topologyKey", "whenUnsatisfiable"),
        ),
        "tolerations": one_of("[]", '[{"key": "k"}]'),
        "nodeSelector": record({}, {"a": words, "b": words}, patch),
        "serviceAccountName": words,
    }
    if patch:
        few["$setElementOrder/containers"] = one_of('[{"name": "log"}]')
        few["$retainKeys"] = one_of('["containers"]')
    rest = record({}, {**few, **(lists if patch else {})}, patch)
    return st.tuples(rest, st.fixed_dictionaries(lists)).map(lambda both: {**both[1], **both[0]})


@st.composite
def metas(draw: st.DrawFn, patch: bool) -> Plain:
    """Labels, annotations and the lists of an object's metadata."""
    owners = items(record({"uid": words}, {"name": words}, patch), "uid")
    said = draw(record({}, {"finalizers": st.lists(words, max_size=2, unique=True), "ownerReferences": owners}, patch))
    for name in draw(st.sets(st.sampled_from(["labels", "annotations"]))):
        values = st.one_of(words, st.none()) if patch else words
        said[name] = None if patch and draw(seldom()) else draw(st.dictionaries(st.sampled_from(["a", "b"]), values, max_size=2))
    return said


def around(pod: Plain, way: tuple[str, ...], meta: Plain, below: Plain) -> Plain:
    """The object with this pod spec; `below` is the metadata of the pod template."""
    held: Plain = {way[-1]: pod}
    if len(way) > 1:
        held["metadata"] = below
    for step in reversed(way[:-1]):
        held = {step: held}
    return {**held, "metadata": meta}


def pointers(value: Any, at: str = "") -> Iterator[str]:
    yield at
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, held in pairs:
        yield from pointers(held, f"{at}/{str(key).replace('~', '~0').replace('/', '~1')}")


@st.composite
def operations(draw: st.DrawFn, obj: Plain, way: tuple[str, ...]) -> list[Plain]:
    """A JSON patch, most of whose paths lead somewhere."""
    deep = [path for path in pointers(obj) if path.startswith((f"/{way[0]}/", "/metadata/labels", "/metadata/annotations"))]
    places = st.sampled_from(deep)
    below = places.filter(lambda path: not path.startswith("/metadata"))
    ends = st.sampled_from(["/-", "/0", "/1", "/-1", "/new", "/a~1b", "/image", "/env", "/+0", "/01"])
    paths = st.one_of(places, st.tuples(below, ends).map("".join), below.map(lambda path: path.rpartition("/")[0] + "/1"))
    values = st.one_of(containers(False), words, counts, booleans, some_words, one_of("null", '{"name": "A", "value": "b"}'))
    kinds = st.sampled_from(["add", "add", "remove", "replace", "test", "move", "copy"])
    ops = []
    for kind in draw(st.lists(kinds, min_size=1, max_size=3)):
        op: Plain = {"op": kind, "path": draw(paths)}
        if kind in ("add", "replace"):
            op["value"] = draw(values)
        elif kind == "test":
            op["value"] = _at(obj, op["path"]) if draw(booleans) else draw(values)
        elif kind != "remove":
            # The annotations as a whole hold notes of kustomize by then.
            op["from"] = draw(paths.filter(lambda path: path != "/metadata/annotations"))
        ops.append(op)
    return ops


def _at(value: Any, path: str) -> Any:
    for step in path.split("/")[1:]:
        if isinstance(value, dict):
            value = value.get(step)
        else:
            value = value[int(step)] if isinstance(value, list) and step.isdigit() and int(step) < len(value) else None
    return value


@st.composite
def cases(draw: st.DrawFn) -> Case:
    (version, kind), way = draw(st.sampled_from(sorted(KINDS.items())))
    head = {"apiVersion": version, "kind": kind}
    obj = {**around(draw(pods(False)), way, draw(metas(False)), draw(metas(False))), **head}
    obj["metadata"]["name"] = "x"
    patches = []
    for form in draw(st.lists(st.sampled_from(["merge", "merge", "json6902"]), min_size=1, max_size=3)):
        if form == "json6902":
            patches.append(Given(draw(operations(obj, way)), form, True))
            continue
        said = {**around(draw(pods(True)), way, draw(metas(True)), draw(metas(True))), **head}
        said["metadata"]["name"] = "x"
        patches.append(Given(said, form, draw(st.booleans())))
    if draw(st.integers(0, 30)) == 30:
        patches.append(Given({**head, "metadata": {"name": "x"}, "$patch": draw(directives)}, "merge", draw(st.booleans())))
    return Case(obj, tuple(patches))


def numbered(case: Case, number: int) -> Case:
    """The case under a name of its own."""
    told = json.loads(json.dumps([case.obj, [patch.said for patch in case.patches]]))
    for obj in (told[0], *(said for said in told[1] if isinstance(said, dict))):
        obj["metadata"]["name"] = f"x{number}"
    return Case(told[0], tuple(Given(said, p.form, p.selected) for said, p in zip(told[1], case.patches, strict=True)))


def outcome(case: Case) -> Plain | str | None:
    """The object, None where it went, or why a patch does not fit."""
    try:
        return finished(simulated(case))
    except PatchError as error:
        return str(error)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(st.lists(cases(), min_size=1, max_size=3))
def test_patches_do_what_kustomize_does(several: list[Case]) -> None:
    """The objects, and which patches do not fit, are those of `kubectl kustomize`."""
    given_names = [numbered(case, number) for number, case in enumerate(several)]
    mine = [(case, outcome(case)) for case in given_names]
    for case, said in mine:
        assert not isinstance(said, str) or isinstance(build(case), str), said
    fine = [(case, said) for case, said in mine if not isinstance(said, str)]
    for answer, (_, expected) in zip(answers([case for case, _ in fine]), fine, strict=True):
        # Names are looked for after the patches, in fields that may be of any type by then.
        assert answer == expected or (isinstance(answer, str) and "updating name reference" in answer)


# The same in words: each fact is one that kustomize shows here, too.


def shown(obj: Plain, *patches: Given) -> Plain | None:
    """What both make of the object."""
    case = Case(obj, patches)
    mine = finished(simulated(case))
    assert build(case) == [mine]
    return mine


def web(kind: str = "Deployment", version: str = "apps/v1", **spec: Any) -> Plain:
    held = {"template": {"spec": spec}} if kind != "Pod" else spec
    return {"apiVersion": version, "kind": kind, "metadata": {"name": "web"}, "spec": held}


def pod_after(obj: Plain, *patches: Given) -> Plain:
    after = shown(obj, *patches)
    assert after is not None
    spec: Plain = after["spec"]["template"]["spec"]
    return spec


def merge(selected: bool = False, **spec: Any) -> Given:
    return Given(web(**spec), "merge", selected)


def ops(*said: Plain) -> Given:
    return Given(list(said), "json6902", True)


SETUP, PROXY = {"name": "setup", "image": "s"}, {"name": "proxy", "image": "p"}


def test_elements_of_the_patch_come_first_in_its_order() -> None:
    base = web(initContainers=[SETUP, PROXY])
    news = [{"name": "one"}, {"name": "two"}]
    assert pod_after(base, merge(initContainers=news))["initContainers"] == [*news, SETUP, PROXY]
    changed = {"name": "proxy", "image": "new"}
    assert pod_after(base, merge(initContainers=[changed]))["initContainers"] == [changed, SETUP]
    assert pod_after(base, merge(initContainers=[{"name": "setup"}, changed]))["initContainers"] == [SETUP, changed]


def test_set_element_order_and_retain_keys_mean_nothing_and_stay() -> None:
    told: Plain = {"$setElementOrder/initContainers": [{"name": "proxy"}, {"name": "setup"}], "$retainKeys": ["initContainers"]}
    after = pod_after(web(initContainers=[SETUP, PROXY]), merge(**told))
    assert after == {"initContainers": [SETUP, PROXY], **told}


def test_patch_delete() -> None:
    base = web(containers=[SETUP, PROXY], initContainers=[SETUP])
    gone = [{"name": "proxy", "$patch": "delete"}]
    assert pod_after(base, merge(containers=gone))["containers"] == [SETUP]
    assert pod_after(base, merge(initContainers=gone)) == base["spec"]["template"]["spec"]
    field = [{"name": "proxy", "image": {"$patch": "delete"}}]
    assert pod_after(web(containers=[{"name": "proxy", "image": {}}]), merge(containers=field)) == {
        "containers": [{"name": "proxy"}]
    }
    assert shown(base, Given({**web(), "$patch": "delete"}, "merge", False)) is None


def test_patch_replace_is_for_mappings_and_whole_lists() -> None:
    probe = {**PROXY, "livenessProbe": {"periodSeconds": 1, "httpGet": {"port": 80}}}
    base = web(containers=[SETUP, probe])
    change = {"name": "proxy", "livenessProbe": {"$patch": "replace", "exec": {}}}
    assert pod_after(base, merge(containers=[change]))["containers"] == [{**PROXY, "livenessProbe": {"exec": {}}}, SETUP]
    whole = [{"$patch": "replace"}, {"name": "only"}]
    assert pod_after(base, merge(containers=whole))["containers"] == [{"name": "only"}]
    # Of an element and of the whole object kustomize keeps the old one.
    one = [{"name": "proxy", "$patch": "replace", "image": "new"}]
    assert pod_after(base, merge(containers=one))["containers"] == [probe, SETUP]
    assert shown(base, Given({**web(containers=one), "$patch": "replace"}, "merge", False)) == base


def test_null_takes_a_field_away_and_is_not_added() -> None:
    change = {"name": "proxy", "image": None, "env": None, "resources": {"limits": None}}
    after = pod_after(web(containers=[PROXY, {**SETUP, "args": None}]), merge(containers=[change]))
    assert after["containers"] == [{"name": "proxy", "resources": {}}, {**SETUP, "args": None}]


def test_a_port_without_its_protocol_is_lost_on_one_that_has_it() -> None:
    tcp, plain, named = {"containerPort": 80, "protocol": "TCP"}, {"containerPort": 80}, {"containerPort": 80, "name": "http"}
    patch = merge(containers=[{"name": "proxy", "ports": [named]}])
    assert pod_after(web(containers=[{**PROXY, "ports": [tcp]}]), patch)["containers"] == [{**PROXY, "ports": [tcp]}]
    assert pod_after(web(containers=[{**PROXY, "ports": [plain]}]), patch)["containers"] == [{**PROXY, "ports": [named]}]


def test_an_element_without_its_key_takes_the_others_with_it() -> None:
    after = pod_after(web(containers=[PROXY, {"image": "nameless"}]), merge(containers=[{"name": "proxy"}]))
    assert after["containers"] == [{"image": "nameless"}]


@pytest.mark.parametrize(
    ("kind", "version"), [("Deployment", "extensions/v1beta1"), ("Rollout", "argoproj.io/v1alpha1"), ("Deployment", "apps/v2")]
)
def test_lists_of_kinds_without_a_schema_are_replaced(kind: str, version: str) -> None:
    base, patch = web(kind, version, containers=[PROXY, SETUP]), web(kind, version, containers=[{"name": "new"}])
    assert pod_after(base, Given(patch, "merge", False))["containers"] == [{"name": "new"}]
    assert merged(base, patch, True) == merged(base, patch, False)


def test_an_object_within_a_custom_resource_has_its_own_schema() -> None:
    outer = {"apiVersion": "example.org/v1", "kind": "Object", "metadata": {"name": "o"}}
    after = shown(
        {**outer, "spec": {"manifest": web(containers=[PROXY])}},
        Given({**outer, "spec": {"manifest": web(containers=[SETUP])}}, "merge", True),
    )
    assert after is not None
    assert after["spec"]["manifest"]["spec"]["template"]["spec"]["containers"] == [SETUP, PROXY]


def test_service_ports_merge() -> None:
    def service(*ports: Plain) -> Plain:
        return {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "s"}, "spec": {"ports": list(ports)}}

    base = service({"port": 80, "targetPort": 1}, {"port": 81})
    after = shown(base, Given(service({"port": 81, "name": "x"}, {"port": 82}), "merge", False))
    assert after == service({"port": 81, "name": "x"}, {"port": 82}, {"port": 80, "targetPort": 1})


def test_who_is_patched_stays_who_it_is() -> None:
    base = {**web(containers=[PROXY]), "metadata": {"name": "web", "namespace": "shop", "labels": {"a": "x", "b": "y"}}}
    other = {"name": "other", "namespace": "other", "labels": {"a": None, "c": 1}}
    patch = {**web("StatefulSet", "apps/v2"), "metadata": other}
    after = shown(base, Given(patch, "merge", True))
    assert after == {**base, "metadata": {**base["metadata"], "labels": {"a": "null", "b": "y", "c": "1"}}}
    renamed = merged(base, patch, True, selected=True, options=["allowNameChange", "allowKindChange"])
    assert renamed is not None
    assert (renamed["kind"], renamed["metadata"]["name"], renamed["metadata"]["namespace"]) == ("StatefulSet", "other", "shop")


def test_a_patch_that_was_found_by_name_takes_labels_away() -> None:
    base = {**web(), "metadata": {"name": "web", "labels": {"a": "x", "b": "y"}}}
    after = shown(base, Given({**web(), "metadata": {"name": "web", "labels": {"a": None}}}, "merge", False))
    assert after == {**web(), "metadata": {"name": "web", "labels": {"b": "y"}}}


@pytest.mark.parametrize(
    ("patch", "message"),
    [
        (merge(containers={"name": "proxy"}), "spec.template.spec.containers is a list, and in the patch a mapping"),
        (merge(containers=[{"name": "proxy", "image": {}}]), "containers.image is a scalar, and in the patch a mapping"),
        (merge(containers=[{"name": "proxy", "$patch": "drop"}]), "kustomize knows no `$patch: drop`"),
        (ops({"op": "remove", "path": "/spec/nope"}), "operation 1 (remove /spec/nope): there is no `nope`"),
        (
            ops({"op": "test", "path": "/kind", "value": "Deployment"}, {"op": "add", "path": "/a/b", "value": 1}),
            "operation 2 (add /a/b): `a` in /a/b leads nowhere",
        ),
        (ops({"op": "test", "path": "/kind", "value": "Pod"}), "operation 1 (test /kind): the value is another one"),
        (ops({"op": "test", "path": "/spec/none"}), "operation 1 (test /spec/none): the value is another one"),
        (ops({"op": "test", "path": "/spec/template", "value": [None]}), "the value is another one"),
        (ops({"op": "add", "path": "spec", "value": 1}), "operation 1 (add spec): it names no place in the object"),
        (ops({"op": "drop", "path": "/spec"}), "operation 1 (drop /spec): kustomize knows no operation `drop`"),
        (ops({"op": "replace", "path": "/spec/template/spec/containers/1", "value": 1}), "no item `1` in a list of 1"),
        (ops({"op": "remove", "path": "/spec/template/spec/containers/-"}), "no item `-` in a list of 1"),
        (ops({"op": "add", "path": "/spec/template/spec/initContainers/-", "value": 1}), "`initContainers` in"),
        (ops({"op": "move", "from": "/spec/none", "path": "/spec/new"}), "there is no `none`"),
        (ops({"op": "add", "path": "/spec/template/spec/containers/2", "value": 1}), "no item `2` in a list of 2"),
    ],
)
def test_what_does_not_fit(patch: Given, message: str) -> None:
    case = Case(web(containers=[PROXY]), (patch,))
    with pytest.raises(PatchError) as error:
        simulated(case)
    assert message in str(error.value)
    assert isinstance(build(case), str)


CONTAINERS = "/spec/template/spec/containers"


@pytest.mark.parametrize(
    ("said", "names_then"),
    [
        ([{"op": "add", "path": f"{CONTAINERS}/-", "value": {"name": "x"}}], "setup proxy x"),
        ([{"op": "add", "path": f"{CONTAINERS}/1", "value": {"name": "x"}}], "setup x proxy"),
        ([{"op": "add", "path": f"{CONTAINERS}/-1", "value": {"name": "x"}}], "setup proxy x"),
        ([{"op": "add", "path": CONTAINERS, "value": [{"name": "x"}]}], "x"),
        ([{"op": "remove", "path": f"{CONTAINERS}/0"}], "proxy"),
        ([{"op": "replace", "path": f"{CONTAINERS}/1", "value": {"name": "x"}}], "setup x"),
        ([{"op": "replace", "path": f"{CONTAINERS}/-2/name", "value": "x"}], "x proxy"),
        ([{"op": "replace", "path": f"ignored{CONTAINERS}/0/name", "value": "x"}], "x proxy"),
        ([{"op": "move", "from": f"{CONTAINERS}/0", "path": f"{CONTAINERS}/1"}], "proxy setup"),
        ([{"op": "copy", "from": f"{CONTAINERS}/1", "path": f"{CONTAINERS}/0"}], "proxy setup proxy"),
        ([{"op": "test", "path": f"{CONTAINERS}/1", "value": PROXY}, {"op": "remove", "path": f"{CONTAINERS}/1"}], "setup"),
        ([{"op": "replace", "path": f"{CONTAINERS}/0/new", "value": 1}], "setup proxy"),
        ([{"op": "copy", "from": "/spec/none", "path": "/spec/new"}], "setup proxy"),
        ([{"op": "add", "path": "/metadata/annotations/a~1b~0c~01", "value": "x"}], "setup proxy"),
    ],
)
def test_operations(said: list[Plain], names_then: str) -> None:
    after = pod_after(web(containers=[SETUP, PROXY]), ops(*said))
    assert [container["name"] for container in after["containers"]] == names_then.split()


def test_keys_with_slashes_and_tildes() -> None:
    after = shown(web(), ops({"op": "add", "path": "/metadata/annotations/a~1b~0c~01", "value": 1}))
    assert after is not None
    assert after["metadata"]["annotations"] == {"a/b~c~1": "1"}


@given(cases())
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
def test_what_goes_in_stays_as_it_is(case: Case) -> None:
    """Neither object nor patch change, and nothing of the result is a part of them."""
    before = json.dumps([case.obj, [patch.said for patch in case.patches]])
    after = outcome(case)
    if isinstance(after, dict):
        spoil(after)
    assert json.dumps([case.obj, [patch.said for patch in case.patches]]) == before


def spoil(value: Any) -> None:
    for held in list(value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()):
        spoil(held)
    if isinstance(value, (dict, list)):
        value.clear()


junk: SearchStrategy[Any] = st.recursive(
    st.one_of(st.none(), booleans, counts, words, st.floats()),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.sampled_from(["spec", "containers", "name", "$patch", "metadata"]), inner)
    ),
    max_leaves=12,
)


@given(junk, junk, junk)
def test_hostile_data_is_refused_or_merged(said: Any, other: Any, kind: Any) -> None:
    """Nothing but `PatchError` comes out of data of any shape."""
    obj = {**web(containers=said), "kind": kind, "metadata": other}
    for one, patch in ((obj, other), (web(containers=said), web(containers=other))):
        with suppress(PatchError):
            merged(one, patch, True)
    with suppress(PatchError):
        patched(obj, [{"op": "add", "path": "/spec/template/spec/containers/0/name", "value": other}, other])
    with suppress(PatchError):
        matches(Target(labels="a", name="web"), obj, [])
    assert identifies(obj, obj, []) in (True, False)


# Which objects a patch is meant for: in a base that is given a prefix and a namespace, and patched from outside.


def held(version: str, kind: str, name: str, namespace: str | None = None, **labels: str) -> Plain:
    meta: Plain = {"name": name, "labels": labels, "annotations": {"team": labels.get("app", "none")}}
    return {"apiVersion": version, "kind": kind, "metadata": {**meta, "namespace": namespace} if namespace else meta, "spec": {}}


BASE = [
    held("apps/v1", "Deployment", "web", app="web", tier="front"),
    held("apps/v1", "Deployment", "web-2", "shop", app="web", rank="7"),
    held("apps/v1", "StatefulSet", "web", app="db"),
    held("batch/v1", "Job", "load", "default", tier=""),
    held("v1", "Pod", "load"),
    held("example.org/v1", "Deployment", "web", app="web"),
]
RENAMED = {"namePrefix": "p-", "namespace": "new"}


def overlay(*patches: Plain) -> list[Plain] | str:
    base = {"base/kustomization.yaml": [{"resources": ["all.yaml"], **RENAMED}], "base/all.yaml": BASE}
    return kustomize({**base, "top/kustomization.yaml": [{"resources": ["../base"], "patches": list(patches)}]}, "top")


def renamed(obj: Plain) -> tuple[Plain, list[str], list[str]]:
    """The object as the base builds it, and the name and namespace that it began with."""
    meta = obj["metadata"]
    new = {**meta, "name": f"p-{meta['name']}", "namespace": "new"}
    return {**obj, "metadata": new}, [meta["name"]], [meta.get("namespace", "")]


def patterns(*texts: str) -> SearchStrategy[str | None]:
    return st.sampled_from([None, None, None, "", ".*", *texts])


selectors = [
    "app=web",
    "app==db",
    "app!=web",
    "tier",
    "!tier",
    "tier=",
    "app in (web, db)",
    "app notin (web),tier",
    "tier in (,x)",
]
selectors += [" app = web , tier=front ", "rank>6", "rank<7", "in", "app in ()", "rank > 6,app", "tier notin (front,)"]
unread = ["app in web", "app=web,", ",", "=web", "app=a/b", "app>x", "!app=web", "app in (a b)", "app ~ b", "-a", "a=b=c", "(a)"]
targets = st.builds(
    Target,
    group=patterns("apps", "app", "example.*", "batch|apps"),
    version=patterns("v1", "v", "v[12]"),
    kind=patterns("Deployment", "Deploy", "Stateful.*|Job", "Po."),
    name=patterns("web", "p-web", "web.*", "w|load", "(?i)WEB", r"web-\d", "^web$", "p-.*"),
    namespace=patterns("new", "default", "shop", "sh.p|new", "nowhere"),
    labels=st.sampled_from([None, None, "", *selectors]),
    annotations=st.sampled_from([None, None, "team=web", "team notin (none)"]),
)


def identity(obj: Plain) -> tuple[str, str, str]:
    return obj["apiVersion"], obj["kind"], obj["metadata"]["name"]


def as_said(target: Target) -> Plain:
    said = {"labelSelector": target.labels, "annotationSelector": target.annotations}
    said |= {name: getattr(target, name) for name in ("group", "version", "kind", "name", "namespace")}
    return {name: value for name, value in said.items() if value is not None}


def mark(number: int) -> str:
    return json.dumps([{"op": "add", "path": f"/spec/hit{number}", "value": True}])


@settings(max_examples=15, deadline=None)
@given(st.lists(targets, min_size=10, max_size=40))
def test_targets_select_what_kustomize_selects(several: list[Target]) -> None:
    """By the name and namespace of today or by those at the beginning, and by everything else as it is."""
    built = overlay(*({"target": as_said(target), "patch": mark(n)} for n, target in enumerate(several)))
    assert not isinstance(built, str), built
    found = {identity(obj): set(obj["spec"]) for obj in built}
    for obj, names_then, namespaces in map(renamed, BASE):
        hits = {f"hit{n}" for n, target in enumerate(several) if matches(target, obj, names_then, namespaces)}
        assert found[identity(obj)] == hits


@pytest.mark.parametrize("selector", unread)
def test_a_selector_that_kustomize_does_not_read_is_an_error(selector: str) -> None:
    target = Target(labels=selector)
    with pytest.raises(PatchError, match="is no label selector"):
        matches(target, BASE[0], [])
    assert isinstance(overlay({"target": as_said(target), "patch": mark(0)}), str)


@pytest.mark.parametrize(
    ("version", "kind", "name", "namespace"),
    [
        ("apps/v1", "Deployment", "web", None),
        ("apps/v1", "Deployment", "web", "default"),
        ("apps/v1", "Deployment", "web", "new"),
        ("apps/v1", "Deployment", "p-web", "new"),
        ("apps/v1", "Deployment", "web-2", None),
        ("apps/v1", "Deployment", "web-2", "shop"),
        ("apps/v1", "Deployment", "we.", None),
        ("apps/v2", "Deployment", "web", None),
        ("example.org/v1", "Deployment", "web", None),
        ("apps/v1", "StatefulSet", "web", None),
        ("batch/v1", "Job", "load", None),
        ("v1", "Pod", "load", "shop"),
    ],
)
def test_a_patch_without_a_target_finds_what_kustomize_finds(version: str, kind: str, name: str, namespace: str | None) -> None:
    patch = {**held(version, kind, name, namespace), "spec": {"hit": True}}
    mine = [identifies(patch, *one) for one in map(renamed, BASE)]
    built = overlay({"patch": yaml.safe_dump(patch)})
    if isinstance(built, str):
        assert sum(mine) != 1
    else:
        found = {identity(obj): "hit" in obj["spec"] for obj in built}
        assert mine == [found[identity(obj)] for obj, _, _ in map(renamed, BASE)]
