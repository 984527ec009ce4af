"""What follows a move in other files: targetPorts of Services, assertions of kuttl and chainsaw, paths of helm-unittest."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from migrator.followers import assertions, stage, unittests
from migrator.followers.failing import in_order, without_dependents
from migrator.followers.rendered import numbers_written, renumbered
from migrator.links import Service
from migrator.model import FileResult, PodResult
from migrator.run import run_text
from migrator.settings import Settings
from migrator.text.edits import apply
from migrator.text.errors import Refused
from migrator.text.numbers import proved_numbers
from migrator.text.pointing import path_of
from migrator.text.rewrite import Stretch, found
from migrator.text.tree import Node, parse
from tests.conftest import Run

AUTH: dict[str, Any] = {
    "name": "auth",
    "image": "quay.io/oauth2-proxy/oauth2-proxy:v7.6.0",
    "args": ["--upstream=http://127.0.0.1:8080"],
    "ports": [{"name": "entry", "containerPort": 4180}],
}
SHOP: dict[str, Any] = {"name": "shop", "image": "registry.example/shop:1", "ports": [{"containerPort": 8080}]}
LOG: dict[str, Any] = {"name": "log", "image": "fluent/fluent-bit:3.1"}


def workload(*containers: dict[str, Any], name: str = "shop", labels: dict[str, str] | None = None, **pod: Any) -> dict[str, Any]:
    """A Deployment of pods with these labels (`app: shop` where none are given)."""
    held = labels or {"app": "shop"}
    spec = {
        "selector": {"matchLabels": held},
        "template": {"metadata": {"labels": held}, "spec": {**pod, "containers": [*containers]}},
    }
    return {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": name}, "spec": spec}


def service(target: int | str = "entry", name: str = "shop", **port: Any) -> dict[str, Any]:
    """The Service of pods labelled `app: shop`."""
    spec = {"selector": {"app": "shop"}, "ports": [{"port": 80, "targetPort": target, **port}]}
    return {"apiVersion": "v1", "kind": "Service", "metadata": {"name": name}, "spec": spec}


def text_of(*objects: dict[str, Any]) -> str:
    """Objects as one manifest, without anchors."""
    return "---\n".join(yaml.safe_dump(json.loads(json.dumps(one)), sort_keys=False, width=200) for one in objects)


def write(files: dict[str, str]) -> None:
    for name, text in files.items():
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_text(text)


def said(run: Run, *args: str) -> dict[str, Any]:
    """The report of a dry run: containers of all pods by name, the last one counts."""
    report = json.loads(run("--dry-run", "-f", "json", *(args or (".",))).stdout)
    return {c["name"]: c for file in report["files"] for pod in file["pods"] for c in pod["containers"]}


def told(container: dict[str, Any], identity: str = "service-named-target-port") -> dict[str, Any] | None:
    held: list[dict[str, Any]] = [hazard for hazard in container["hazards"] if hazard["id"] == identity]
    return held[0] if held else None


def test_the_number_is_written_in_the_same_change(run: Run) -> None:
    write({"pod.yaml": text_of(workload(SHOP, AUTH)), "svc.yaml": text_of(service())})
    auth = said(run)["auth"]
    assert auth["follows"] == ["svc.yaml:10 targetPort"]
    hazard = told(auth)
    assert hazard is not None
    assert (hazard["severity"], hazard["places"]) == ("info", [{"path": "svc.yaml", "line": 10}])
    assert run("--check", ".").exit_code == 1
    assert "follows: svc.yaml:10 targetPort" in run("--dry-run", ".").stderr
    assert run(".").exit_code == 0
    assert yaml.safe_load(Path("svc.yaml").read_text())["spec"]["ports"][0]["targetPort"] == 4180
    assert run("--check", ".").exit_code == 0


def test_from_1_33_on_the_name_stays(run: Run) -> None:
    write({"pod.yaml": text_of(workload(SHOP, AUTH)), "svc.yaml": text_of(service())})
    auth = said(run, "-t", "1.33", ".")["auth"]
    assert (auth["position"], told(auth), "follows" in auth) == (0, None, False)
    assert "targetPort" not in run("-t", "1.33", "--dry-run", ".").stdout


@pytest.mark.parametrize(
    ("more", "why"),
    [
        pytest.param(
            text_of(workload({**SHOP, "ports": [{"name": "entry", "containerPort": 9}]}, name="b")), "another port", id="number"
        ),
        pytest.param(text_of(workload(SHOP, name="b")), "no port of that name", id="no such port"),
        pytest.param(
            text_of(workload({**SHOP, "ports": [{"name": "entry", "containerPort": "x"}]}, name="b")),
            "another port",
            id="unknown",
        ),
        pytest.param(text_of(service(name="b")).replace("targetPort: entry", "targetPort: &a entry"), "an anchor", id="anchor"),
        pytest.param(text_of(service(name="b")).replace("targetPort: entry", "targetPort: !!str entry"), "a tag", id="tag"),
        pytest.param(
            text_of(service(name="b")).replace("targetPort: entry", "targetPort: >-\n      entry"), "several lines", id="folded"
        ),
        pytest.param(text_of(service(name="b")) + "  # {{ x }}\n", "a template", id="template"),
        pytest.param(text_of(service(name="b", protocol="UDP")), "asks for UDP", id="protocol"),
        pytest.param(
            "kind: Deployment\nspec:\n{{ if x }}\n  template:\n    metadata:\n      labels: {app: shop}\n    spec:\n"
            "      containers: [{name: a, ports: [{name: entry, containerPort: {{ .port }}}]}]\n{{ end }}\n",
            "a template",
            id="a pod in a template",
        ),
    ],
)
def test_what_keeps_the_name(run: Run, more: str, why: str) -> None:
    write({"pod.yaml": text_of(workload(SHOP, AUTH)), "svc.yaml": text_of(service()), "more.yaml": more})
    auth = said(run, "--unsafe", ".")["auth"]
    hazard = told(auth)
    assert hazard is not None
    assert (auth["verdict"], auth["position"], hazard["severity"], hazard["certain"]) == ("review", None, "block", True)
    assert why in hazard["message"]
    assert run("--dry-run", ".").stdout == ""


def test_a_number_that_is_not_known_cannot_be_written(run: Run) -> None:
    auth = {**AUTH, "ports": [{"name": "entry", "containerPort": "${PORT}"}]}
    write({"pod.yaml": text_of(workload(SHOP, auth)), "svc.yaml": text_of(service())})
    hazard = told(said(run)["auth"])
    assert hazard is not None
    assert "which number that is cannot be told" in hazard["message"]


def test_an_alias_of_the_port_is_not_rewritten(run: Run) -> None:
    held = text_of(service()).replace("ports:", "ports: &ports") + "externalPorts: *ports\n"
    write({"pod.yaml": text_of(workload(SHOP, AUTH)), "svc.yaml": held})
    assert said(run)["auth"]["position"] is None


@pytest.mark.parametrize(
    "other",
    [
        workload({**SHOP, "ports": [{"name": "entry", "containerPort": 4180}]}, name="b"),
        workload({**SHOP, "ports": [{"name": "entry", "containerPort": 9}]}, name="b", labels={"app": "books"}),
    ],
    ids=["the same number", "not selected"],
)
def test_pods_that_mean_the_same_or_are_not_meant(run: Run, other: dict[str, Any]) -> None:
    write({"pod.yaml": text_of(workload(SHOP, AUTH)), "svc.yaml": text_of(service()), "other.yaml": text_of(other)})
    assert said(run)["auth"]["follows"] == ["svc.yaml:10 targetPort"]


def test_a_test_that_expects_the_name_keeps_it(run: Run) -> None:
    expected = {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "shop"}, "spec": {"ports": [{"targetPort": "entry"}]}}
    write({"pod.yaml": text_of(workload(SHOP, AUTH), service()), "tests/00-assert.yaml": text_of(expected)})
    hazard = told(said(run)["auth"])
    assert hazard is not None
    assert "a test expects the name (tests/00-assert.yaml:7)" in hazard["message"]


def test_a_service_in_a_file_that_was_not_given_holds_the_container(run: Run) -> None:
    write({"pod.yaml": text_of(workload(SHOP, AUTH)), "svc.yaml": text_of(service())})
    subprocess.run(["git", "init", "-q"], check=True)
    hazard = told(said(run, "pod.yaml")["auth"])
    assert hazard is not None
    assert "it is in a file that was not given" in hazard["message"]
    assert said(run, "pod.yaml", "svc.yaml")["auth"]["position"] == 0
    # The pods of files that were not given count as well.
    write({"other.yaml": text_of(workload({**SHOP, "ports": [{"name": "entry", "containerPort": 9}]}, name="b"))})
    assert said(run, "pod.yaml", "svc.yaml")["auth"]["position"] is None


def test_standard_input_has_its_services_in_itself(run: Run) -> None:
    done = run("-", stdin=text_of(service(), workload(SHOP, AUTH)).encode())
    after = list(yaml.safe_load_all(done.stdout))
    assert after[0] == service(4180)
    assert [c["name"] for c in after[1]["spec"]["template"]["spec"]["initContainers"]] == ["auth"]


def test_what_cannot_be_written_after_all_holds_the_move(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first pass has tried the edit, so it takes another mistake for this to happen: then nothing moves either."""

    def refuse(text: str, numbers: dict[Service, int]) -> str:
        raise Refused("the disk is made of cheese")

    monkeypatch.setattr(stage, "renumbered", refuse)
    write({"pod.yaml": text_of(workload(SHOP, AUTH, LOG)), "svc.yaml": text_of(service())})
    containers = said(run)
    hazard = told(containers["auth"])
    assert hazard is not None
    assert hazard["message"].endswith("made of cheese")
    assert (containers["auth"]["position"], containers["log"]["position"]) == (None, 0)


def test_a_service_that_cannot_be_written_keeps_its_pods_from_being_written(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    from migrator.commands import writing
    from migrator.write import write as whole

    def failing(path: str, data: bytes) -> None:
        if path == "z.yaml":
            raise PermissionError(13, "Permission denied")
        whole(path, data)

    monkeypatch.setattr(writing, "write", failing)
    pod = text_of(workload(SHOP, AUTH))
    write({"pod.yaml": pod, "z.yaml": text_of(service())})
    assert run(".").exit_code == 3
    assert Path("pod.yaml").read_text() == pod


def test_the_output_is_the_same_for_any_number_of_processes(run: Run) -> None:
    write({f"{n}/pod.yaml": text_of(workload(SHOP, AUTH, labels={"app": f"a{n}"})) for n in range(3)})
    write({f"{n}/svc.yaml": text_of(service()).replace("app: shop", f"app: a{n}") for n in range(3)})
    one, two = (run("--dry-run", "-j", jobs, "-f", "json", ".").stdout for jobs in ("1", "2"))
    assert one == two
    assert one.count("targetPort") >= 3


KUSTOMIZATION = "resources: [svc.yaml, pod.yaml]\n"


@pytest.mark.parametrize(
    ("overlay", "moves"),
    [
        ("patches:\n- patch: '{apiVersion: v1, kind: Service, metadata: {name: shop}, spec: {ports: [{port: 80}]}}'\n", False),
        ("patches:\n- patch: '{apiVersion: v1, kind: Service, metadata: {name: shop}, spec: {selector: {a: b}}}'\n", False),
        ("patches:\n- patch: '{apiVersion: v1, kind: Service, metadata: {name: shop}, spec: {type: NodePort}}'\n", True),
        ("patches:\n- patch: '{apiVersion: v1, kind: Service, metadata: {name: books}, spec: {ports: [{port: 80}]}}'\n", True),
        ("patches:\n- target: {kind: Service}\n  patch: '[{op: remove, path: /spec/ports/0}]'\n", False),
        ("patches:\n- target: {kind: Service, name: sh.*}\n  patch: '[{op: replace, path: /spec, value: {}}]'\n", False),
        ("patches:\n- target: {kind: Deployment}\n  patch: '[{op: add, path: /spec/replicas, value: 2}]'\n", True),
        ("patchesStrategicMerge: [gone.yaml]\n", False),
        ("transformers: [t.yaml]\n", False),
        ("components: [../component]\n", False),
        ("replacements:\n- source: {kind: Service, fieldPath: spec.ports.0.targetPort}\n  targets: []\n", False),
    ],
)
def test_what_kustomizations_do_with_the_service(run: Run, overlay: str, moves: bool) -> None:
    patch = "patches:\n- target: {kind: Service}\n  patch: '[{op: add, path: /spec/ports/-, value: {port: 1}}]'\n"
    write(
        {
            "base/kustomization.yaml": KUSTOMIZATION,
            "base/svc.yaml": text_of(service()),
            "base/pod.yaml": text_of(workload(SHOP, AUTH)),
            "component/kustomization.yaml": f"kind: Component\napiVersion: kustomize.config.k8s.io/v1alpha1\n{patch}",
            "overlay/kustomization.yaml": f"resources: [../base]\n{overlay}",
        }
    )
    assert (said(run)["auth"]["position"] == 0) is moves


@pytest.mark.parametrize(
    ("overlay", "line"),
    [
        ("patches:\n- path: well.yaml\n- path: gone.yaml\n", 4),
        ("patchesStrategicMerge: [gone.yaml]\n", 2),
        ("patches:\n- target: {kind: Service, name: 'sh('}\n  patch: '[{op: remove, path: /spec/ports/0}]'\n", 3),
        (
            "replacements:\n- source: {kind: Service, name: shop}\n  targets:\n"
            "  - select: {kind: Service, name: 'sh('}\n    fieldPaths: [spec.ports.0.name]\n",
            6,
        ),
    ],
)
def test_what_cannot_be_read_in_a_kustomization_is_said_with_its_line(run: Run, overlay: str, line: int) -> None:
    write(
        {
            "base/kustomization.yaml": KUSTOMIZATION,
            "base/svc.yaml": text_of(service()),
            "base/pod.yaml": text_of(workload(SHOP, AUTH)),
            "overlay/kustomization.yaml": f"resources: [../base]\n{overlay}",
            "overlay/well.yaml": "{apiVersion: v1, kind: ConfigMap, metadata: {name: a}}",
        }
    )
    auth = said(run)["auth"]
    hazard = told(auth)
    assert auth["position"] is None
    assert hazard is not None
    assert f"overlay/kustomization.yaml:{line}" in hazard["message"]


def test_a_patch_finds_the_service_by_the_name_that_it_has_got(run: Run) -> None:
    patch = "{apiVersion: v1, kind: Service, metadata: {name: acme-shop}, spec: {ports: [{port: 80}]}}"
    write(
        {
            "base/kustomization.yaml": f"namePrefix: acme-\n{KUSTOMIZATION}",
            "base/svc.yaml": text_of(service()),
            "base/pod.yaml": text_of(workload(SHOP, AUTH)),
            "overlay/kustomization.yaml": f"resources: [../base]\npatches:\n- patch: '{patch}'\n",
        }
    )
    assert said(run)["auth"]["position"] is None


_NAMES = ("entry", '"entry"', "'entry'", '"ent\\x72y"')


@st.composite
def service_texts(draw: st.DrawFn) -> str:
    """Services of `app: shop` with ports in all styles, some of which find `entry`."""
    eol = draw(st.sampled_from(("\n", "\r\n")))
    lines = ["# Services", "apiVersion: v1", "kind: Service", "metadata: {name: shop}", "spec:", "  selector: {app: shop}"]
    indent = draw(st.sampled_from(("", "  ", "    ")))
    lines.append(f"  ports:{draw(st.sampled_from(('', '   # all')))}")
    for number in range(draw(st.integers(1, 4))):
        target = draw(st.sampled_from((*_NAMES, "http", "80")))
        comment = draw(st.sampled_from(("", " # entry", "   # 'why'")))
        lines += draw(
            st.sampled_from(
                (
                    [f"  {indent}- port: {number}", f"  {indent}  targetPort:  {target}{comment}"],
                    [f"  {indent}- targetPort: {target}{comment}", f"  {indent}  port: {number}", f"  {indent}  name: entry"],
                    [f"  {indent}- {{port: {number}, targetPort: {target}}}{comment}"],
                    [f'  {indent}- {{"targetPort":{json.dumps("entry")},"port":{number}}}'],
                )
            )
        )
    return eol.join(lines) + draw(st.sampled_from(("", eol)))


@given(service_texts())
@settings(max_examples=60, deadline=None)
def test_exactly_the_names_that_are_found_become_numbers(text: str) -> None:
    """Whatever the style; comments and all other bytes stay, and a second run changes nothing."""
    manifest = text_of(workload(SHOP, AUTH)) + "---\n" + text
    content = manifest.encode()
    (result,) = run_text("x.yaml", content, Settings()).results
    after = result.after
    assert after is not None
    _, before = yaml.safe_load_all(manifest)
    _, now = yaml.safe_load_all(after.decode())
    for port in before["spec"]["ports"]:
        port["targetPort"] = 4180 if port["targetPort"] == "entry" else port["targetPort"]
    assert now == before
    assert after.decode().count("#") == manifest.count("#")
    (again,) = run_text("x.yaml", after, Settings()).results
    assert again.after is None


@given(
    st.recursive(
        st.sampled_from(["a", "entry", 7, None]),
        lambda x: st.lists(x) | st.dictionaries(st.sampled_from("abcdé"), x),
        max_leaves=20,
    )
)
def test_a_node_is_found_where_its_path_leads(said: Any) -> None:
    text = yaml.safe_dump({"x": said})
    roots = tuple(parse(text))
    waiting: list[Node] = [root for root in roots if root is not None]
    for node in waiting:
        waiting += [value for _, value in node.pairs] + node.items
        assert found(roots, path_of(roots, node)) is node


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("a: |\n  x\n", "over several lines"),
        ("a:\n", "not written at all"),
        ("a: {b: c}\n", "not a scalar"),
        ("b: &y x\na: *y\n", "not a scalar"),
        ("b: [a]\n", "not a scalar"),
    ],
)
def test_where_no_number_is_written(text: str, reason: str) -> None:
    with pytest.raises(Refused, match=reason):
        proved_numbers(Stretch(text, 0, len(text), tuple(parse(text))), {(0, "a"): 1})


def test_a_number_beside_its_key_in_json() -> None:
    text = '{"a":"x","b":[{"a":"y"}]}'
    edits = proved_numbers(Stretch(text, 0, len(text), tuple(parse(text))), {(0, "a"): 1, (0, "b", 0, "a"): 65535})
    assert apply(text, edits) == '{"a":1,"b":[{"a":65535}]}'


def test_what_a_renderer_may_show_as_a_number() -> None:
    before, after = (text_of(service(), service("http", "b")), text_of(service(4180), service("http", "b")))
    numbers = set(numbers_written(before.encode(), after.encode()))
    assert numbers == {("shop", "entry", 4180)}
    assert renumbered(service(name="pre-shop-1"), service(4180, name="pre-shop-1"), numbers) == service(4180, name="pre-shop-1")
    assert renumbered(service(), service(4181), numbers) == service()
    assert renumbered(service(name="other"), service(4180, name="other"), numbers) == service(name="other")
    assert set(numbers_written(b"a: [", b"a: [")) == set()


def test_files_that_need_another_fall_with_it(run: Run) -> None:
    write({"pod.yaml": text_of(workload(SHOP, AUTH)), "svc.yaml": text_of(service())})
    from migrator.run import run as run_files

    report = run_files(["pod.yaml", "svc.yaml"], Settings(), lambda f, xs: [f(x) for x in xs], dry_run=True)
    assert [result.path for result in in_order(report.results)] == ["svc.yaml", "pod.yaml"]
    pod, svc = report.results
    failed = FileResult(svc.path, "failed", "no")
    assert [result.status for result in without_dependents([pod, failed])] == ["failed", "failed"]
    assert [result.status for result in without_dependents([pod, svc])] == ["rewritten", "rewritten"]


# Assertions


def subset(expected: Any, actual: Any) -> bool:
    """kuttl: a mapping is part of the other, a list has the same length and each item is part of its opposite."""
    if isinstance(expected, dict):
        return isinstance(actual, dict) and all(key in actual and subset(value, actual[key]) for key, value in expected.items())
    if isinstance(expected, list):
        same = isinstance(actual, list) and len(expected) == len(actual)
        return same and all(subset(a, b) for a, b in zip(expected, actual, strict=True))
    return bool(expected == actual)


def moved_pod(manifest: dict[str, Any], *flags: Any) -> tuple[PodResult, dict[str, Any]]:
    """A pod with its decisions, and the object as it is then."""
    (result,) = run_text("pod.yaml", text_of(manifest).encode(), Settings(*flags)).results
    assert result.after is not None
    return result.pods[0], yaml.safe_load(result.after)


INIT: dict[str, Any] = {"name": "settings", "image": "registry.example/settings:3"}


@st.composite
def expectations(draw: st.DrawFn) -> tuple[dict[str, Any], dict[str, Any]]:
    """A workload, and an assertion on it that holds."""
    containers = draw(st.permutations([SHOP, AUTH, *draw(st.sampled_from([[], [LOG]]))]))
    inits = draw(st.sampled_from([[], [INIT]]))
    manifest = workload(*containers, **({"initContainers": inits} if inits else {}))

    def less(container: dict[str, Any]) -> dict[str, Any]:
        keys = draw(st.sets(st.sampled_from(sorted(container)), min_size=1))
        return {key: value for key, value in container.items() if key in keys}

    pod: dict[str, Any] = {"containers": [less(c) for c in containers]}
    if inits and draw(st.booleans()):
        pod["initContainers"] = [less(c) for c in inits]
    said = {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "shop"}, "spec": {"template": {"spec": pod}}}
    return manifest, said


@given(expectations(), st.booleans(), st.booleans())
@settings(max_examples=80, deadline=None)
def test_an_assertion_that_holds_today_holds_afterwards_or_is_left_alone(
    both: tuple[dict[str, Any], dict[str, Any]], flow: bool, canonical: bool
) -> None:
    manifest, expected = both
    pod, after = moved_pod(manifest)
    assert subset(expected, manifest)
    text = json.dumps(expected, indent=1) if flow else text_of(expected)
    following = assertions.followed("00-assert.yaml", text, [pod], canonical)
    now = yaml.safe_load(following.text)
    lists = expected["spec"]["template"]["spec"]
    certain = ("initContainers" in lists) == bool(pod.site.pod.init_containers)
    assert (following.text != text) is certain
    if certain:
        assert subset(now, after)
        assert sorted(name for _, name, _ in following.told) == sorted(d.container.name for d in pod.moved)
        assert assertions.followed("00-assert.yaml", following.text, [pod], canonical).text == following.text


@pytest.mark.parametrize(
    "pod",
    [
        {"containers": [{"name": "auth"}]},
        {"containers": [{"name": "shop"}, {"name": "auth"}]},
        {"containers": [{"name": "auth"}, {"name": "shop"}], "initContainers": [{"name": "x"}]},
        {"containers": [{}, {"name": "shop"}]},
        {"containers": ["auth", {"name": "shop"}]},
        {"containers": {"name": "shop"}},
        {"containers": None},
    ],
)
def test_assertions_that_are_not_certain(pod: dict[str, Any]) -> None:
    held, _ = moved_pod(workload(AUTH, SHOP))
    expected = {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "shop"}, "spec": {"template": {"spec": pod}}}
    text = text_of(expected)
    assert assertions.followed("00-assert.yaml", text, [held], False) == assertions.Following(text)


def expected(*names: str, **metadata: str) -> dict[str, Any]:
    """An assertion that lists containers by their names."""
    pod = {"containers": [{"name": name} for name in names]}
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": "shop", **metadata},
        "spec": {"template": {"spec": pod}},
    }


def test_an_assertion_follows_and_is_not_warned_of(run: Run) -> None:
    write({"pod.yaml": text_of(workload(AUTH, SHOP)), "e2e/00-assert.yaml": text_of(expected("auth", "shop"))})
    auth = said(run)["auth"]
    report = json.loads(run("--dry-run", "-f", "json", ".").stdout)
    assert [file["status"] for file in report["files"]] == ["rewritten", "rewritten"]
    auth = report["files"][1]["pods"][0]["containers"][0]
    assert auth["follows"] == ["e2e/00-assert.yaml:9 assertion"]
    assert told(auth, "jsonpath-scripts") is None
    run(".")
    assert yaml.safe_load(Path("e2e/00-assert.yaml").read_text())["spec"]["template"]["spec"] == {
        "initContainers": [{"name": "auth", "restartPolicy": "Always"}],
        "containers": [{"name": "shop"}],
    }


@pytest.mark.parametrize(
    ("name", "more"),
    [
        ("e2e/00-errors.yaml", {}),
        ("e2e/00-assert.yaml", {"second.yaml": text_of(workload(AUTH, LOG, SHOP))}),
        ("e2e/00-assert.yaml", {"one.yaml": text_of(workload(SHOP))}),
        ("e2e/00-assert.yaml", {"t.yaml": "kind: Deployment\nmetadata:\n  name: shop\n{{ x }}\nspec: {containers: []}\n"}),
    ],
    ids=["what is not to be", "another of the name", "another that does not move", "a template"],
)
def test_an_assertion_that_stays_is_still_warned_of(run: Run, name: str, more: dict[str, str]) -> None:
    text = text_of(expected("auth", "shop"))
    write({"pod.yaml": text_of(workload(AUTH, SHOP)), name: text, **more})
    assert name in json.dumps(told(said(run)["auth"], "jsonpath-scripts"))
    run(".")
    assert Path(name).read_text() == text


def test_what_a_test_expects_of_an_object_that_is_not_here_stays(run: Run) -> None:
    """An operator may make it: its containers are nobody's to move here."""
    text = text_of(workload(AUTH, SHOP))
    write({"e2e/00-assert.yaml": text})
    assert run(".").exit_code == 0
    assert Path("e2e/00-assert.yaml").read_text() == text


def test_an_assertion_in_another_namespace_is_another_object(run: Run) -> None:
    held = workload(AUTH, SHOP)
    held["metadata"]["namespace"] = "one"
    write({"pod.yaml": text_of(held), "00-assert.yaml": text_of(expected("auth", "shop", namespace="two"))})
    assert "00-assert.yaml" not in run("--dry-run", ".").stdout


# Paths of helm-unittest

INDEXED = st.builds(lambda key, n: f"{key}[{n}]", st.sampled_from(["containers", "initContainers"]), st.integers(0, 3))
NAMED = st.builds(
    lambda key, name, quote: f"{key}[?(@.name=={quote}{name}{quote})]",
    st.sampled_from(["containers", "initContainers"]),
    st.sampled_from(["auth", "shop", "log", "settings", "gone"]),
    st.sampled_from(["'", '"']),
)


def entry_of(manifest: dict[str, Any], path: str) -> Any:
    """The container that a path leads to, without the policy that a move adds; None where there is none."""
    entry_at = re.search(r"\.(\w+)\[(?:(\d+)|.*?[\"'](\w+)[\"']\))\]", path)
    assert entry_at is not None
    held = manifest["spec"]["template"]["spec"].get(entry_at[1], [])
    entry = next((c for n, c in enumerate(held) if entry_at[2] == str(n) or c["name"] == entry_at[3]), None)
    return {k: v for k, v in entry.items() if k != "restartPolicy"} if entry else None


@given(st.permutations([AUTH, SHOP, LOG]), st.booleans(), INDEXED | NAMED, st.sampled_from(["last", "first"]))
@settings(max_examples=100, deadline=None)
def test_a_path_leads_to_the_same_container_afterwards(
    order: list[dict[str, Any]], init: bool, entry: str, position: str
) -> None:
    more: dict[str, Any] = {"initContainers": [INIT]} if init else {}
    manifest = workload(*order, **more)
    (result,) = run_text("x.yaml", text_of(manifest).encode(), Settings(position=position)).results
    assert result.after is not None
    template = unittests.Template(1, result.pods)
    path = f"spec.template.spec.{entry}.image"
    suite = text_of({"tests": [{"template": "pod.yaml", "asserts": [{"equal": {"path": path, "value": "x"}}]}]})
    new = unittests.retold(suite, "chart", lambda _: template)
    (test,) = yaml.safe_load(new.text)["tests"]
    now = test["asserts"][0]["equal"]["path"]
    was = entry_of(manifest, path)
    if was is None:
        assert now == path
    else:
        assert entry_of(yaml.safe_load(result.after), now) == was
    assert bool(new.told) is (now != path)


def suite(path: str, kind: str = "equal", **more: Any) -> str:
    """A suite with one assert on one path."""
    return text_of({"suite": "s", "tests": [{"it": "x", **more, "asserts": [{kind: {"path": path, "value": 1}}]}]})


@pytest.mark.parametrize(
    ("text", "documents", "rewritten"),
    [
        (suite("spec.template.spec.containers[0].image", templates=["pod.yaml"]), 1, True),
        (suite("spec.template.spec.containers[0].image", template="templates/pod.yaml"), 1, True),
        (suite("spec.template.spec.containers[0].image", templates=["pod.yaml", "b.yaml"]), 1, False),
        (suite("spec.template.spec.containers[0].image"), 1, False),
        (suite("spec.template.spec.containers[0].image", template="gone.yaml"), 1, False),
        (suite("spec.template.spec.containers[0].image", template="pod.yaml"), 2, False),
        (suite("spec.template.spec.containers[0].image", template="pod.yaml", documentIndex=0), 2, True),
        (suite("spec.template.spec.containers[0].image", template="pod.yaml", documentIndex=1), 2, False),
        (suite("spec.template.spec.containers[0].image", template="pod.yaml", documentSelector={"path": "kind"}), 1, False),
        (suite("spec.template.spec.containers[0]", template="pod.yaml"), 1, False),
        (suite("spec.template.spec.containers[0]", "isSubset", template="pod.yaml"), 1, True),
        (suite("spec.template.spec.containers[1]", template="pod.yaml"), 1, True),
        (suite("spec.template.spec.containers[0].restartPolicy", "notExists", template="pod.yaml"), 1, False),
        (suite("spec.template.spec.containers[7].image", template="pod.yaml"), 1, False),
        (suite("spec.containers[0].image", template="pod.yaml"), 1, False),
        ("tests: {asserts: [{equal: {path: 'containers[0]'}}]}\n", 1, False),
        ("- containers[0]\n", 1, False),
        ("tests: [7, {asserts: [8, {equal: 9}, {equal: {path: [spec.template.spec.containers[0].image]}}]}]\n", 1, False),
    ],
)
def test_which_paths_are_certain(text: str, documents: int, rewritten: bool) -> None:
    pod, _ = moved_pod(workload(AUTH, SHOP))
    known = {"chart/templates/pod.yaml": unittests.Template(documents, (pod,))}
    assert (unittests.retold(text, "chart", known.get).text != text) is rewritten


def test_paths_into_a_plain_template_follow(run: Run) -> None:
    path = "spec.template.spec.containers[0].image"
    write(
        {
            "chart/Chart.yaml": "name: shop\nversion: 1.0.0\n",
            "chart/templates/shop.yaml": text_of(workload(AUTH, SHOP)),
            "chart/tests/shop_test.yaml": suite(path, template="shop.yaml"),
        }
    )
    auth = said(run)["auth"]
    assert auth["follows"] == ["chart/tests/shop_test.yaml:7 path"]
    assert told(auth, "jsonpath-scripts") is None
    run(".")
    assert "initContainers[0].image" in Path("chart/tests/shop_test.yaml").read_text()
    assert run("--check", ".").exit_code == 0


def test_labels_and_ports_by_merge_keys_count(run: Run) -> None:
    """A pod that gets its labels and ports by `<<` is another one that the Service may send to."""
    other = text_of(workload(SHOP, name="b", labels={"x": "y"}))
    other = other.replace("metadata:\n  name: b", "metadata:\n  name: b\n  annotations: {a: &l {app: shop}}", 1)
    other = other.replace("x: y\n    spec:", "<<: *l\n    spec:")
    assert yaml.safe_load(other)["spec"]["template"]["metadata"]["labels"] == {"app": "shop"}
    write({"pod.yaml": text_of(workload(SHOP, AUTH)), "svc.yaml": text_of(service()), "other.yaml": other})
    assert said(run)["auth"]["position"] is None


SERVICE = "kind: Service\napiVersion: v1\n"
PODS = "kind: Deployment\napiVersion: apps/v1\n"


@pytest.mark.parametrize(
    "odd",
    [
        f"{SERVICE}metadata: []\nspec: {{selector: {{app: shop}}, ports: [{{targetPort: entry}}]}}\n",
        f"{SERVICE}metadata: {{name: [x]}}\nspec: {{selector: [app], ports: [7, {{targetPort: {{a: b}}}}, {{targetPort: x}}]}}\n",
        f"{SERVICE}metadata: {{}}\nspec: {{selector: {{app: {{a: b}}}}, ports: {{targetPort: entry}}}}\n",
        f"{SERVICE}metadata: {{}}\nspec: {{selector: {{app: ''}}, ports: [{{targetPort: entry}}]}}\n",
        f"{SERVICE}metadata: {{name: s}}\nspec:\n  selector: {{app: shop}}\n  ports: &p [{{targetPort: entry, x: *p}}]\n",
        f"{PODS}spec: {{template: {{metadata: {{labels: [app, shop]}}, spec: {{containers: [7, {{ports: [8]}}]}}}}}}\n",
        f"{PODS}spec: {{template: {{metadata: {{labels: {{<<: [7], app: shop}}}}, spec: {{containers: shop}}}}}}\n",
    ],
)
def test_odd_objects_do_no_harm(odd: str) -> None:
    """Every field may have any type; no such object makes the run fail."""
    text = odd + "---\n" + text_of(service(name="entry"), workload(SHOP, AUTH))
    (result,) = run_text("x.yaml", text.encode(), Settings()).results
    assert "a mistake in" not in str(result.reason)
    names = [d.container.name for pod in result.pods for d in pod.decisions]
    assert names == ["shop", "auth"]
