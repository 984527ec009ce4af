from hikaru.model.rel_1_28 import *

SPEC = PodSpec(
    containers=[
        Container("web", image="registry.example/web:1"),
        Container("cloud-sql-proxy", image="gcr.io/cloud-sql-connectors/cloud-sql-proxy:2.14.1"),
    ],
)
