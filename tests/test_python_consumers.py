"""Programs that look for a container that moves: by its name, by number, through statuses. What is only called so is not told."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from migrator.references import Mention
from migrator.sources.facts import read_script
from tests.conftest import Run

#: A program that builds a pod with a proxy behind the main container; the client's version is in the requirements.
BUILDS = """\
from kubernetes import client

pod = client.V1Pod(
    metadata=client.V1ObjectMeta(name=make_name()),
    spec=client.V1PodSpec(
        containers=[
            client.V1Container(name="work", image="registry.example/work:1"),
            client.V1Container(
                name="cloud-sql-proxy",
                image="gcr.io/cloud-sql-connectors/cloud-sql-proxy:2.14",
                args=["--port=5432", "a:b:c"],
            ),
        ],
    ),
)
"""
MANIFEST = """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: cart
spec:
  template:
    spec:
      containers:
      - name: cart
        image: registry.example/cart:1
      - name: cloud-sql-proxy
        image: gcr.io/cloud-sql-connectors/cloud-sql-proxy:2.14
        args: ["--port=5432", "a:b:c"]
"""


def hazard(run: Run, **files: str) -> dict[str, Any] | None:
    """What is told of the proxy, which one pod in these files (by their paths, `__` for `/`) has."""
    for name, text in {"requirements.txt": "kubernetes==31.0.0\n", **files}.items():
        path = Path(name.replace("__", "/"))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    said = json.loads(run("--dry-run", "-f", "json", ".").stdout)
    held = [c for file in said["files"] for pod in file["pods"] for c in pod["containers"] if c["name"] == "cloud-sql-proxy"]
    (proxy,) = held
    return next((found for found in proxy["hazards"] if found["id"] == "jsonpath-scripts"), None)


def places(run: Run, **files: str) -> list[str]:
    """The places that are told of the proxy."""
    found = hazard(run, **files)
    return [f"{place['path']}:{place['line']}" for place in found["places"]] if found else []


def with_path(text: str) -> str:
    """A program that asks Kubernetes for pods."""
    return f"from kubernetes import client\n\npod = client.CoreV1Api().read_namespaced_pod(name, space)\n{text}\n"


def mentions(text: str) -> list[Mention]:
    """What is read from a program."""
    return list(read_script("app.py", text).mentions)


@pytest.mark.parametrize(
    "line",
    [
        'state = [s for s in pod.status.container_statuses if s.name == "cloud-sql-proxy"]',
        'if "cloud-sql-proxy" == container.name: stop()',
        'names = [c for c in pod.spec.containers if c.name in ("cloud-sql-proxy", "other")]',
        'log = api.read_namespaced_pod_log(name, space, container="cloud-sql-proxy")',
        'KubernetesPodOperator(task_id="t", base_container_name="work", container_logs=["work", "cloud-sql-proxy"])',
        'KubernetesPodOperator(task_id="t", init_container_logs=["cloud-sql-proxy"])',
        'by_name(pod.spec.containers)["cloud-sql-proxy"].image = other',
        'PROXY_CONTAINER = "cloud-sql-proxy"',
    ],
)
@pytest.mark.parametrize("built", ["python", "yaml"])
def test_a_name_is_found_wherever_the_program_stands(run: Run, line: str, built: str) -> None:
    """Of pods in manifests and of those in Python, in a folder that has nothing to do with it."""
    pod = {"src__app.py": BUILDS} if built == "python" else {"deploy__cart.yaml": MANIFEST}
    assert "tools/watch.py:4" in places(run, **pod, **{"tools__watch.py": with_path(line)})


@pytest.mark.parametrize(
    "line",
    [
        'client.V1Container(name="cloud-sql-proxy", image="proxy:1")',
        '{"containers": [{"name": "cloud-sql-proxy", "image": "proxy:1"}]}',
        'labels = {"app": "cloud-sql-proxy"}',
        'assert pod.metadata.labels["app"] == "cloud-sql-proxy"',
        'assert volume.name == "cloud-sql-proxy"',
        'deployment_name = find(deployment="cloud-sql-proxy")',
        '# if container.name == "cloud-sql-proxy": it goes',
        'if container.name == "other": stop()',
    ],
)
def test_what_is_only_called_the_same_is_not_told(run: Run, line: str) -> None:
    """Definitions, labels, volumes, comments, others."""
    assert places(run, **{"src__app.py": BUILDS, "tools__watch.py": with_path(line)}) == []


def test_a_name_is_only_told_in_programs_that_know_pods(run: Run) -> None:
    """Of Docker's containers, too, there may be one that is called so."""
    loop = "for container in docker.from_env().containers.list():"
    docker = f'import docker\n\n{loop}\n    if container.name == "cloud-sql-proxy": stop()\n'
    assert places(run, **{"src__app.py": BUILDS, "src__other.py": docker}) == []


@pytest.mark.parametrize("word", ["main", "app", "proxy"])
def test_a_name_of_one_word_has_to_be_a_containers(word: str) -> None:
    """Compared with a name, or given as a container; else it is any word."""
    text = with_path(f'found = [c for c in pod.spec.containers if c.name == "{word}"]\nread(container="{word}")\nrun("{word}")')
    assert [(m.line, m.container) for m in mentions(text) if m.kind == "name"] == [(4, word), (5, word)]


@pytest.mark.parametrize(
    ("line", "severity"),
    [
        ("for status in pod.status.container_statuses: check(status)", "warn"),
        ("done = all(s.state.terminated for s in pod.status.container_statuses or [])", "warn"),
        ("failed = any(s.state.terminated for s in pod.status.init_container_statuses)", "warn"),
        ('statuses = pod["status"].get("containerStatuses", [])', "warn"),
        ("image = pod.spec.containers[1].image", "warn"),
        ("for container in pod.spec.containers: patch(container)", "info"),
        ('names = [c["name"] for c in pod["spec"]["containers"]]', "info"),
        ('for container in pod_spec.get("containers", []): patch(container)', "info"),
    ],
)
def test_what_goes_through_the_lists_beside_the_program(run: Run, line: str, severity: str) -> None:
    """The pod has no name that they could say."""
    found = hazard(run, **{"src__app.py": BUILDS, "src__inner__watch.py": with_path(line)})
    assert found is not None
    assert [f"{place['path']}:{place['line']}" for place in found["places"]] == ["src/inner/watch.py:4"]
    assert found["severity"] == severity


@pytest.mark.parametrize(
    "line",
    [
        "image = pod.spec.containers[0].image",
        "both = [*pod.spec.init_containers, *pod.spec.containers]",
        "pod.spec.containers.append(more)",
        "for container in task.containers: stop(container)",
        'for container in detail.get("containers", []): stop(container)',
    ],
)
def test_what_finds_the_same_as_before(run: Run, line: str) -> None:
    """The first is still the main container, init containers are looked at as well, one is added; ECS has containers, too."""
    assert places(run, **{"src__app.py": BUILDS, "src__watch.py": with_path(line)}) == []


def test_programs_of_other_folders_and_tests_are_about_other_pods(run: Run) -> None:
    """Unless they say a name."""
    text = with_path("for container in pod.spec.containers: patch(container)")
    assert places(run, **{"src__app.py": BUILDS, "other__watch.py": text, "src__tests__test_app.py": text}) == []


def test_the_constant_that_the_program_itself_has_is_its_definition(run: Run) -> None:
    """Another program's is somebody who looks for it."""
    constant = 'PROXY_CONTAINER = "cloud-sql-proxy"\n'
    assert places(run, **{"src__app.py": f"{constant}{BUILDS}"}) == []


@pytest.mark.parametrize("text", ["'" * 5000, '"a-b" ' * 5000, "x.get(" * 3000, 'container_logs=["' + "a, " * 5000, "pod" * 5000])
def test_hostile_programs_are_read_in_time(text: str) -> None:
    """No line is too long for it."""
    assert len(mentions(f"import kubernetes\ncontainers = container_statuses\n{text}")) <= 10000
