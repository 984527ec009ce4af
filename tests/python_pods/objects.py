"""Pods within other objects of the API, as models and as dicts."""

from __future__ import annotations

from tests.python_pods import Program

OBJECTS = (
    Program(
        "deployment",
        """\
from kubernetes import client


def build():
    labels = {"app": "shop"}
    return client.V1Deployment(
        api_version="apps/v1",
        kind="Deployment",
        metadata=client.V1ObjectMeta(name="shop"),
        spec=client.V1DeploymentSpec(
            replicas=2,
            selector=client.V1LabelSelector(match_labels=labels),
            template=client.V1PodTemplateSpec(
                metadata=client.V1ObjectMeta(labels=labels),
                spec=client.V1PodSpec(
                    containers=[
                        client.V1Container(name="shop", image="registry.example.com/shop:1.4"),
                        client.V1Container(name="sign-in", image="quay.io/oauth2-proxy/oauth2-proxy:v7.6.0"),
                    ],
                ),
            ),
        ),
    )
""",
        ("sign-in",),
    ),
    Program(
        "stateful-set",
        """\
from kubernetes import client


def build():
    main = client.V1Container(
        name="db", image="postgres:16", volume_mounts=[client.V1VolumeMount(name="data", mount_path="/var/lib/postgresql")]
    )
    exporter = client.V1Container(
        name="db-metrics", image="quay.io/prometheuscommunity/postgres-exporter:v0.15.0"
    )
    template = client.V1PodTemplateSpec(
        metadata=client.V1ObjectMeta(labels={"app": "db"}), spec=client.V1PodSpec(containers=[main, exporter])
    )
    spec = client.V1StatefulSetSpec(
        service_name="db", selector=client.V1LabelSelector(match_labels={"app": "db"}), template=template
    )
    return client.V1StatefulSet(api_version="apps/v1", kind="StatefulSet", metadata=client.V1ObjectMeta(name="db"), spec=spec)
""",
        ("db-metrics",),
    ),
    Program(
        "job",
        """\
from kubernetes import client


def build():
    pod = client.V1PodSpec(
        restart_policy="Never",
        containers=[
            client.V1Container(name="bills", image="registry.example.com/bills:1.4"),
            client.V1Container(
                name="db",
                image="gcr.io/cloud-sql-connectors/cloud-sql-proxy:2.11",
                args=["--port=5432", "shop:europe:orders"],
            ),
        ],
    )
    spec = client.V1JobSpec(template=client.V1PodTemplateSpec(spec=pod), backoff_limit=1)
    return client.V1Job(api_version="batch/v1", kind="Job", metadata=client.V1ObjectMeta(name="bills"), spec=spec)
""",
        ("db",),
    ),
    Program(
        "cron-job",
        """\
from kubernetes import client as c


def build():
    pod = c.V1PodSpec(
        restart_policy="OnFailure",
        containers=[
            c.V1Container(name="bills", image="registry.example.com/bills:1.4"),
            c.V1Container(name="db", image="gcr.io/cloud-sql-connectors/cloud-sql-proxy:2.11", args=["shop:europe:orders"]),
        ],
    )
    job = c.V1JobTemplateSpec(spec=c.V1JobSpec(template=c.V1PodTemplateSpec(spec=pod)))
    return c.V1CronJob(
        api_version="batch/v1",
        kind="CronJob",
        metadata=c.V1ObjectMeta(name="bills"),
        spec=c.V1CronJobSpec(schedule="0 4 * * *", job_template=job),
    )
""",
        ("db",),
    ),
    Program(
        "options-unpacked",
        """\
from kubernetes import client


def build():
    options = {"restart_policy": "Never", "service_account_name": "bills"}
    return client.V1PodSpec(
        containers=[
            client.V1Container(name="bills", image="registry.example.com/bills:1.4"),
            client.V1Container(name="db", image="gcr.io/cloud-sql-connectors/cloud-sql-proxy:2.11"),
        ],
        **options,
    )
""",
        ("db",),
    ),
    Program(
        "deployment-as-dict",
        """\
IMAGE = "quay.io/oauth2-proxy/oauth2-proxy"


def build(tag="v7.6.0"):
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": "shop"},
        "spec": {
            "selector": {"matchLabels": {"app": "shop"}},
            "template": {
                "metadata": {"labels": {"app": "shop"}},
                "spec": {
                    "containers": [
                        {"name": "shop", "image": "registry.example.com/shop:1.4"},
                        {
                            "name": "sign-in",
                            "image": f"{IMAGE}:{tag}",
                            "ports": [{"containerPort": 4180}],
                        },
                    ],
                },
            },
        },
    }
""",
        ("sign-in",),
        models=False,
    ),
    Program(
        "pod-as-dict",
        """\
def build():
    sidecar = {'name': 'db-metrics', 'image': 'quay.io/prometheuscommunity/postgres-exporter:v0.15.0'}
    return {
        'apiVersion': 'v1', 'kind': 'Pod', 'metadata': {'name': 'shop'},
        'spec': {'containers': [{'name': 'shop', 'image': 'registry.example.com/shop:1.4'}, sidecar],
                 'initContainers': [{'name': 'tables', 'image': 'registry.example.com/tables:1.4'}]},
    }
""",
        ("db-metrics",),
        models=False,
    ),
    Program(
        "dict-filled-sometimes",
        """\
def build(metered):
    containers = [{"name": "shop", "image": "registry.example.com/shop:1.4"}]
    if metered:
        containers.append(
            {
                "name": "db-metrics",
                "image": "quay.io/prometheuscommunity/postgres-exporter:v0.15.0",
            }
        )
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": "shop"},
        "spec": {"containers": containers, "restartPolicy": "Always"},
    }
""",
        ("db-metrics",),
        models=False,
    ),
    Program(
        "dicts-in-a-model",
        """\
from kubernetes import client


def build():
    body = {
        "apiVersion": "batch/v1",
        "kind": "Job",
        "metadata": {"name": "bills"},
        "spec": {"template": {"spec": {
            "restartPolicy": "Never",
            "containers": [
                client.V1Container(name="bills", image="registry.example.com/bills:1.4"),
                client.V1Container(name="db", image="gcr.io/cloud-sql-connectors/cloud-sql-proxy:2.11"),
            ],
        }}},
    }
    return body
""",
        ("db",),
    ),
)
