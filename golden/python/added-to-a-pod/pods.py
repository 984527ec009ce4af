from kubernetes.client import V1Container, V1Pod


def mutate(pod: V1Pod) -> V1Pod:
    proxy = V1Container(
        name="cloud-sql-proxy",
        image="gcr.io/cloud-sql-connectors/cloud-sql-proxy:2.14.1",
    )
    pod.spec.containers.append(proxy)
    return pod


def first(pod):
    pod.spec.containers.insert(0, V1Container(name="cloud-sql-proxy", image="gcr.io/cloud-sql-connectors/cloud-sql-proxy:2.14.1"))


def to_a_dict(manifest):
    proxy = {
        'name': 'cloud-sql-proxy',
        'image': 'gcr.io/cloud-sql-connectors/cloud-sql-proxy:2.14.1',
    }
    manifest['spec']['template']['spec']['containers'].append(proxy)


def made_elsewhere(pod, proxy):
    pod.spec.containers.append(proxy)
