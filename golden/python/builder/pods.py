from kubernetes import client


def pod(name, image, with_proxy):
    containers = [client.V1Container(name="web", image=image)]
    shipper = client.V1Container(
        name="log-shipper",
        image="fluent/fluent-bit:3.0",
        volume_mounts=[client.V1VolumeMount(name="logs", mount_path="/logs", read_only=True)],
    )
    containers.append(shipper)
    return client.V1Pod(
        metadata=client.V1ObjectMeta(name="web"),
        spec=client.V1PodSpec(containers=containers, volumes=[{"name": "logs", "emptyDir": {}}]),
    )
