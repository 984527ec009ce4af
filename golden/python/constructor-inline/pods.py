from kubernetes import client


def deployment(image: str) -> client.V1Deployment:
    return client.V1Deployment(
        metadata=client.V1ObjectMeta(name="orders"),
        spec=client.V1DeploymentSpec(
            selector={"matchLabels": {"app": "orders"}},
            template=client.V1PodTemplateSpec(
                metadata=client.V1ObjectMeta(labels={"app": "orders"}),
                spec=client.V1PodSpec(
                    containers=[
                        # The service itself.
                        client.V1Container(name="orders", image=image),
                        # Reaches the database for it.
                        client.V1Container(
                            name="cloud-sql-proxy",
                            image="gcr.io/cloud-sql-connectors/cloud-sql-proxy:2.14.1",
                            args=["--port=5432", "shop:europe-west1:orders"],  # one instance
                        ),
                    ],
                ),
            ),
        ),
    )
