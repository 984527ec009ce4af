from kubernetes import client


def pod(image):
    return client.V1PodSpec(
        init_containers=[
            client.V1Container(
                name="cloud-sql-proxy",
                image="gcr.io/cloud-sql-connectors/cloud-sql-proxy:2.14.1",
                restart_policy="Always",
            ),
        ],
        containers=[client.V1Container(name="web", image=image), client.V1Container(name="api", image=image)],
    )
