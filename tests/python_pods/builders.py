"""Lists of containers that are filled step by step."""

from __future__ import annotations

from tests.python_pods import Program

BUILDERS = (
    Program(
        "appended-variable",
        """\
from kubernetes import client


def build():
    containers = [client.V1Container(name="shop", image="registry.example.com/shop:1.4")]
    metrics = client.V1Container(name="db-metrics", image="quay.io/prometheuscommunity/postgres-exporter:v0.15.0")
    containers.append(metrics)
    return client.V1PodSpec(containers=containers)
""",
        ("db-metrics",),
    ),
    Program(
        "appended-inline",
        """\
from kubernetes import client


def build():
    containers = []
    containers.append(client.V1Container(name="shop", image="registry.example.com/shop:1.4"))
    containers.append(
        client.V1Container(
            name="sign-in",
            image="quay.io/oauth2-proxy/oauth2-proxy:v7.6.0",
        )
    )
    return client.V1PodSpec(containers=containers)
""",
        ("sign-in",),
    ),
    Program(
        "appended-sometimes",
        """\
from kubernetes import client


def build(metered):
    containers = [client.V1Container(name="shop", image="registry.example.com/shop:1.4")]
    if metered:
        # Prometheus finds it by its port.
        metrics = client.V1Container(name="db-metrics", image="quay.io/prometheuscommunity/postgres-exporter:v0.15.0")
        containers.append(metrics)
    return client.V1PodSpec(containers=containers, host_network=False)
""",
        ("db-metrics",),
    ),
    Program(
        "appended-inline-sometimes",
        """\
from kubernetes import client


def build(guarded, metered):
    containers = [client.V1Container(name="shop", image="registry.example.com/shop:1.4")]
    if guarded:
        containers.append(client.V1Container(name="sign-in", image="quay.io/oauth2-proxy/oauth2-proxy:v7.6.0"))
    if metered:
        containers.append(client.V1Container(
            name="db-metrics", image="quay.io/prometheuscommunity/postgres-exporter:v0.15.0"))
    return client.V1PodSpec(
        containers=containers,
    )
""",
        ("sign-in", "db-metrics"),
    ),
    Program(
        "appended-sometimes-beside-others",
        """\
from kubernetes import client


def build(metered, tables):
    containers = [
        client.V1Container(name="shop", image="registry.example.com/shop:1.4"),
        client.V1Container(name="db", image="gcr.io/cloud-sql-connectors/cloud-sql-proxy:2.11"),
    ]
    init_containers = []
    if tables:
        init_containers.append(client.V1Container(name="tables", image="registry.example.com/tables:1.4"))
    if metered:
        containers.append(
            client.V1Container(name="db-metrics", image="quay.io/prometheuscommunity/postgres-exporter:v0.15.0")
        )
    return client.V1PodSpec(containers=containers, init_containers=init_containers)
""",
        ("db", "db-metrics"),
    ),
    Program(
        "appended-sometimes-with-literal-inits",
        """\
from kubernetes import client


def build(metered):
    containers = [client.V1Container(name="shop", image="registry.example.com/shop:1.4")]
    if metered:
        containers.append(
            client.V1Container(name="db-metrics", image="quay.io/prometheuscommunity/postgres-exporter:v0.15.0")
        )
    return client.V1PodSpec(
        init_containers=[client.V1Container(name="tables", image="registry.example.com/tables:1.4")],
        containers=containers,
    )
""",
        ("db-metrics",),
    ),
    Program(
        "appended-first-and-only-one-stays",
        """\
from kubernetes import client


def build(metered):
    containers = []
    if metered:
        containers.append(
            client.V1Container(name="db-metrics", image="quay.io/prometheuscommunity/postgres-exporter:v0.15.0")
        )
    shop = client.V1Container(name="shop", image="registry.example.com/shop:1.4")
    containers.append(shop)
    return client.V1PodSpec(containers=containers)
""",
        ("db-metrics",),
    ),
)
