import pulumi_kubernetes as k8s

SQL = "gcr.io/cloud-sql-connectors/cloud-sql-proxy:2.14.1"

web = k8s.apps.v1.Deployment(
    "web",
    metadata=k8s.meta.v1.ObjectMetaArgs(name="web"),
    spec=k8s.apps.v1.DeploymentSpecArgs(
        template=k8s.core.v1.PodTemplateSpecArgs(
            metadata=k8s.meta.v1.ObjectMetaArgs(labels={"app": "web"}),
            spec=k8s.core.v1.PodSpecArgs(
                containers=[
                    k8s.core.v1.ContainerArgs(name="web", image="registry.example/web:1"),
                    k8s.core.v1.ContainerArgs(name="cloud-sql-proxy", image=SQL),
                ],
            ),
        ),
    ),
)


def with_output(before):
    return k8s.core.v1.PodSpecArgs(
        init_containers=before,
        containers=[
            k8s.core.v1.ContainerArgs(name="web", image="registry.example/web:1"),
            k8s.core.v1.ContainerArgs(name="cloud-sql-proxy", image=SQL),
        ],
    )
