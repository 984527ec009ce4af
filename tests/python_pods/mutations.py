"""Containers that are added to pods which exist already, and to those of a JupyterHub."""

from __future__ import annotations

from tests.python_pods import Program

_POD = """\
from kubernetes import client


def pod(tables):
    shop = client.V1Container(name="shop", image="registry.example.com/shop:1.4")
    held = [client.V1Container(name="tables", image="registry.example.com/tables:1.4")] if tables else None
    return client.V1Pod(spec=client.V1PodSpec(containers=[shop], init_containers=held))
"""
_DICT = """\
def manifest(tables):
    spec = {"containers": [{"name": "shop", "image": "registry.example.com/shop:1.4"}]}
    if tables:
        spec["initContainers"] = [{"name": "tables", "image": "registry.example.com/tables:1.4"}]
    return {"apiVersion": "v1", "kind": "Pod", "spec": spec}
"""

MUTATIONS = (
    Program(
        "append-to-a-pod",
        f"""\
{_POD}

def build(tables):
    made = pod(tables)
    made.spec.containers.append(
        client.V1Container(name="db-metrics", image="quay.io/prometheuscommunity/postgres-exporter:v0.15.0")
    )
    return made
""",
        ("db-metrics",),
        unsafe=True,
    ),
    Program(
        "append-a-variable-to-a-pod",
        f"""\
{_POD}

def build(tables, guarded):
    made = pod(tables)
    if guarded:
        proxy = client.V1Container(name="sign-in", image="quay.io/oauth2-proxy/oauth2-proxy:v7.6.0")
        made.spec.containers.append(proxy)
    return made
""",
        ("sign-in",),
        unsafe=True,
    ),
    Program(
        "insert-into-a-pod",
        f"""\
{_POD}

def build(tables):
    made = pod(tables)
    made.spec.containers.insert(0, client.V1Container(
        name="sign-in", image="quay.io/oauth2-proxy/oauth2-proxy:v7.6.0"))
    return made
""",
        ("sign-in",),
        unsafe=True,
        first=True,
    ),
    Program(
        "append-to-a-dict",
        f"""\
{_DICT}

def build(tables):
    made = manifest(tables)
    made["spec"]["containers"].append(
        {{"name": "db-metrics", "image": "quay.io/prometheuscommunity/postgres-exporter:v0.15.0"}}
    )
    return made
""",
        ("db-metrics",),
        unsafe=True,
        models=False,
    ),
    Program(
        "insert-into-a-dict",
        f"""\
{_DICT}

def build(tables):
    made = manifest(tables)
    spec = made['spec']
    sidecar = {{'name': 'db-metrics', 'image': 'quay.io/prometheuscommunity/postgres-exporter:v0.15.0'}}
    spec['containers'].insert(0, sidecar)
    return made
""",
        ("db-metrics",),
        unsafe=True,
        first=True,
        models=False,
    ),
    Program(
        "hub-list",
        """\
c = get_config()  # noqa

c.KubeSpawner.image = "registry.example.com/notebook:4"
c.KubeSpawner.extra_containers = [
    {
        "name": "db",
        "image": "gcr.io/cloud-sql-connectors/cloud-sql-proxy:2.11",
        "args": ["shop:europe:orders"],
    },
]
""",
        ("db",),
        models=False,
    ),
    Program(
        "hub-append",
        """\
c = get_config()  # noqa

c.KubeSpawner.extra_containers.append({"name": "db", "image": "gcr.io/cloud-sql-connectors/cloud-sql-proxy:2.11"})
c.KubeSpawner.extra_containers += [{"name": "db-metrics", "image": "quay.io/prometheuscommunity/postgres-exporter:v0.15.0"}]
""",
        ("db", "db-metrics"),
        models=False,
    ),
)
