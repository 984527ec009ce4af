from kubernetes import client


def _proxy(database):
    return client.V1Container(
        name="cloud-sql-proxy",
        image="gcr.io/cloud-sql-connectors/cloud-sql-proxy:2.14.1",
        args=[database],
    )


def make_shipper():
    return client.V1Container(name="log-shipper", image="fluent/fluent-bit:3.0", args=["-i", "tail"])


def own(image):
    return client.V1PodSpec(containers=[client.V1Container(name="web", image=image), _proxy("shop")])


def of_others(image):
    """Others may import `make_shipper`."""
    return client.V1PodSpec(containers=[client.V1Container(name="web", image=image), make_shipper()])
