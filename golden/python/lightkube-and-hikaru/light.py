from lightkube.models.core_v1 import Container, PodSpec

SPEC = PodSpec(
    containers=[
        Container("web", image="registry.example/web:1"),
        Container("cloud-sql-proxy", image="gcr.io/cloud-sql-connectors/cloud-sql-proxy:2.14.1"),
    ],
)
