from kubernetes import client


def pod(image):
    return client.V1PodSpec(
        containers=[
            client.V1Container(name="web", image=image),
            # sidecar-migrate: sidecar[warms the cache]
            client.V1Container(name="warmer", image="registry.example/warmer:1"),
            # sidecar-migrate: ignore[the node has an agent]
            client.V1Container(name="cloud-sql-proxy", image="gcr.io/cloud-sql-connectors/cloud-sql-proxy:2.14.1"),
        ],
    )
