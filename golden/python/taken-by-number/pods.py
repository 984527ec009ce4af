from kubernetes import client


def pod(image):
    return client.V1PodSpec(
        containers=[
            client.V1Container(name="web", image=image),
            client.V1Container(name="cloud-sql-proxy", image="gcr.io/cloud-sql-connectors/cloud-sql-proxy:2.14.1"),
        ]
    )


def with_region(pod, region):
    pod.spec.containers[-1].env.append(client.V1EnvVar(name="REGION", value=region))
    return pod
