from kubernetes import client


def pod(name, image, database=None):
    containers = [client.V1Container(name="web", image=image)]
    if database:
        containers.append(
            client.V1Container(
                name="cloud-sql-proxy",
                image="gcr.io/cloud-sql-connectors/cloud-sql-proxy:2.14.1",
                args=[database],
            )
        )
    return client.V1Pod(
        metadata=client.V1ObjectMeta(name=name),
        spec=client.V1PodSpec(containers=containers),
    )
