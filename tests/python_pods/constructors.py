"""Pod specs by constructor: one expression, or one with names."""

from __future__ import annotations

from tests.python_pods import Program, written

CONSTRUCTORS = (
    Program(
        "black-layout",
        """\
from kubernetes import client


def build():
    return client.V1PodSpec(
        containers=[
            client.V1Container(
                name="shop",
                image="registry.example.com/shop:1.4",
                volume_mounts=[client.V1VolumeMount(name="logs", mount_path="/var/log/shop")],
            ),
            client.V1Container(
                name="log-shipper",
                image="fluent/fluent-bit:3.0",
                volume_mounts=[client.V1VolumeMount(name="logs", mount_path="/var/log/shop", read_only=True)],
            ),
        ],
        volumes=[client.V1Volume(name="logs", empty_dir=client.V1EmptyDirVolumeSource())],
    )
""",
        ("log-shipper",),
    ),
    Program(
        "hugging-brackets",
        """\
from kubernetes.client import V1Container, V1PodSpec


def build():
    return V1PodSpec(containers=[V1Container(
        name="shop",
        image="registry.example.com/shop:1.4",
    ), V1Container(
        name="db-metrics",
        image="quay.io/prometheuscommunity/postgres-exporter:v0.15.0",
    )], service_account_name="shop")
""",
        ("db-metrics",),
    ),
    written("one-line", "def build(): return client.V1PodSpec(containers=[$SIGN_IN, $SHOP], hostname='shop')", "sign-in"),
    Program(
        "aligned-by-the-eye",
        """\
from kubernetes import client


def build():
    spec = client.V1PodSpec(termination_grace_period_seconds=45,
                            containers=[client.V1Container(name="shop",
                                                           image="registry.example.com/shop:1.4"),
                                        client.V1Container(name="db",
                                                           image="gcr.io/cloud-sql-connectors/cloud-sql-proxy:2.11",
                                                           args=["shop:europe:orders"])])
    return client.V1PodTemplateSpec(spec=spec)
""",
        ("db",),
    ),
    Program(
        "variables",
        """\
from kubernetes import client


def build():
    shop = client.V1Container(name="shop", image="registry.example.com/shop:1.4")
    metrics = client.V1Container(
        name="db-metrics",
        image="quay.io/prometheuscommunity/postgres-exporter:v0.15.0",
        ports=[client.V1ContainerPort(container_port=9187, name="metrics")],
    )
    return client.V1Pod(
        api_version="v1",
        kind="Pod",
        metadata=client.V1ObjectMeta(name="shop"),
        spec=client.V1PodSpec(containers=[shop, metrics]),
    )
""",
        ("db-metrics",),
    ),
    Program(
        "list-in-a-variable",
        """\
from kubernetes import client


def build():
    containers = [
        client.V1Container(name="shop", image="registry.example.com/shop:1.4"),
        # Its port is scraped.
        client.V1Container(name="db-metrics", image="quay.io/prometheuscommunity/postgres-exporter:v0.15.0"),  # v0.15
    ]
    return client.V1PodSpec(containers=containers, restart_policy="Always")
""",
        ("db-metrics",),
    ),
    Program(
        "attribute-set-behind",
        """\
from kubernetes import client


def build(traced):
    metrics = client.V1Container(name="db-metrics", image="quay.io/prometheuscommunity/postgres-exporter:v0.15.0")
    metrics.env = [client.V1EnvVar(name="PG_EXPORTER_AUTO_DISCOVER_DATABASES", value="true")]
    if traced:
        metrics.args = ["--log.level=debug"]
    shop = client.V1Container(name="shop", image="registry.example.com/shop:1.4")
    return client.V1PodSpec(containers=[metrics, shop])
""",
        ("db-metrics",),
    ),
    Program(
        "factory-function",
        '''\
from kubernetes import client


def _metrics(level="info"):
    """What Prometheus asks for the state of the database."""
    arguments = [f"--log.level={level}"]
    return client.V1Container(
        name="db-metrics",
        image="quay.io/prometheuscommunity/postgres-exporter:v0.15.0",
        args=arguments,
    )


def build():
    shop = client.V1Container(name="shop", image="registry.example.com/shop:1.4")
    return client.V1PodSpec(containers=[shop, _metrics("warn")])
''',
        ("db-metrics",),
    ),
    Program(
        "factory-of-the-pod-spec",
        """\
from kubernetes import client


class Shop:
    def __init__(self, tag):
        self.tag = tag

    def spec(self):
        return client.V1PodSpec(
            containers=[
                client.V1Container(name="shop", image=f"registry.example.com/shop:{self.tag}"),
                client.V1Container(name="sign-in", image=f"quay.io/oauth2-proxy/oauth2-proxy:{self.tag}"),
            ],
        )


def build(tag="v7.6.0"):
    return client.V1PodTemplateSpec(metadata=client.V1ObjectMeta(labels={"app": "shop"}), spec=Shop(tag).spec())
""",
        ("sign-in",),
    ),
    Program(
        "several-sidecars",
        """\
from kubernetes import client

LOGS = client.V1VolumeMount(name="logs", mount_path="/var/log/shop")


def build():
    return client.V1PodSpec(
        containers=[
            client.V1Container(name="log-shipper", image="fluent/fluent-bit:3.0", volume_mounts=[LOGS]),
            client.V1Container(name="shop", image="registry.example.com/shop:1.4", volume_mounts=[LOGS]),
            client.V1Container(name="db-metrics", image="quay.io/prometheuscommunity/postgres-exporter:v0.15.0"),
            client.V1Container(name="sign-in", image="quay.io/oauth2-proxy/oauth2-proxy:v7.6.0"),
        ],
        init_containers=[client.V1Container(name="tables", image="registry.example.com/tables:1.4")],
        volumes=[client.V1Volume(name="logs", empty_dir=client.V1EmptyDirVolumeSource())],
    )
""",
        ("log-shipper", "db-metrics", "sign-in"),
    ),
    Program(
        "said-by-a-comment",
        """\
from kubernetes import client


def build():
    return client.V1PodSpec(
        containers=[
            client.V1Container(name="shop", image="registry.example.com/shop:1.4"),
            # sidecar-migrate: sidecar
            client.V1Container(name="night-watch", image="registry.example.com/watch:1"),
        ]
    )
""",
        ("night-watch",),
    ),
    Program(
        "tabs-and-comments",
        """\
from kubernetes import client

def build():
\treturn client.V1PodSpec(
\t\tcontainers = [
\t\t\t# first: the shop
\t\t\tclient.V1Container(name = 'shop', image = 'registry.example.com/shop:1.4'), # not latest
\t\t\t# second: its database
\t\t\tclient.V1Container(
\t\t\t\tname = 'db', # as the connection string says
\t\t\t\timage = 'gcr.io/cloud-sql-connectors/cloud-sql-proxy:2.11',
\t\t\t\targs = ['shop:europe:orders'],
\t\t\t), # the end
\t\t],
\t)
""",
        ("db",),
    ),
    Program(
        "text-over-lines",
        '''\
from kubernetes import client


def build():
    return client.V1PodSpec(
        containers=[
            client.V1Container(name="shop", image="registry.example.com/shop:1.4"),
            client.V1Container(
                name="sign-in",
                image=(
                    "quay.io/oauth2-proxy/"
                    "oauth2-proxy:v7.6.0"
                ),
                args=["""--banner=
  Hello
"""],
            ),
        ],
    )
''',
        ("sign-in",),
    ),
)

_HEAD = """\
from kubernetes import client

TABLES = client.V1Container(name="tables", image="registry.example.com/tables:1.4")
SHOP = client.V1Container(name="shop", image="registry.example.com/shop:1.4")


def _inits(wanted):
    return [TABLES] if wanted else []
"""
_METRICS = 'client.V1Container(name="db-metrics", image="quay.io/prometheuscommunity/postgres-exporter:v0.15.0")'


def _beside(identity: str, inits: str, before: str = "", parameters: str = "") -> Program:
    """A pod whose init containers are written as `inits`."""
    text = f"""{_HEAD}

def build({parameters}):
{before}    metrics = {_METRICS}
    return client.V1PodSpec(containers=[SHOP, metrics], init_containers={inits})
"""
    return Program(identity, text, ("db-metrics",))


#: What stands where the init containers go.
INITS = (
    _beside("inits-empty", "[]"),
    _beside("inits-none", "None"),
    _beside("inits-literal", "[TABLES]"),
    _beside("inits-variable", "inits", "    inits = [TABLES]\n"),
    _beside("inits-variable-filled", "inits", "    inits = []\n    if tables:\n        inits.append(TABLES)\n", "tables"),
    _beside("inits-star", "[*_inits(tables)]", "", "tables"),
    _beside("inits-conditional", "[TABLES] if tables else None", "", "tables"),
    _beside("inits-conditional-list", "[TABLES] if tables else []", "", "tables"),
    _beside("inits-call", "_inits(tables)", "", "tables"),
    _beside("inits-sum", "[TABLES] + _inits(tables)", "", "tables"),
    _beside("inits-or", "_inits(tables) or None", "", "tables"),
)
