"""What looks at the list of containers finds others in it once some have moved."""

from kubernetes import client

PROXY = client.V1Container(name="cloud-sql-proxy", image="gcr.io/cloud-sql-connectors/cloud-sql-proxy:2.14.1")


def counted(image):
    containers = [client.V1Container(name="web", image=image)]
    containers.append(client.V1Container(name="cloud-sql-proxy", image="gcr.io/cloud-sql-connectors/cloud-sql-proxy:2.14.1"))
    print(len(containers))
    return client.V1PodSpec(containers=containers)


def in_a_loop(image, databases):
    containers = [client.V1Container(name="web", image=image)]
    for database in databases:
        containers.append(client.V1Container(name=f"cloud-sql-proxy-{database}", image="gcr.io/cloud-sql-connectors/cloud-sql-proxy:2.14.1"))
    return client.V1PodSpec(containers=containers)


def too_late(image):
    containers = [client.V1Container(name="web", image=image)]
    spec = client.V1PodSpec(containers=containers)
    containers.append(client.V1Container(name="cloud-sql-proxy", image="gcr.io/cloud-sql-connectors/cloud-sql-proxy:2.14.1"))
    return spec


def shared_by_two(image):
    return [client.V1PodSpec(containers=[client.V1Container(name=name, image=image), PROXY]) for name in ("a", "b")]


def one(image):
    return client.V1PodSpec(containers=[client.V1Container(name="one", image=image), PROXY])
