def deployment(name, image):
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": "orders", "labels": {"app": "orders"}},
        "spec": {
            "replicas": 2,
            "selector": {"matchLabels": {"app": "orders"}},
            "template": {
                "metadata": {"labels": {"app": "orders"}},
                "spec": {
                    "containers": [
                        {"name": "orders", "image": image},
                        {
                            "name": "cloud-sql-proxy",
                            "image": "gcr.io/cloud-sql-connectors/cloud-sql-proxy:2.14.1",
                            "args": ["shop:europe-west1:orders"],
                        },
                    ],
                },
            },
        },
    }


def job(name, image, proxied):
    containers = [{'name': 'work', 'image': image}]
    if proxied:
        containers.append({'name': 'cloud-sql-proxy', 'image': 'gcr.io/cloud-sql-connectors/cloud-sql-proxy:2.14.1'})
    return {
        'apiVersion': 'batch/v1',
        'kind': 'Job',
        'metadata': {'name': name},
        'spec': {'template': {'spec': {'restartPolicy': 'Never', 'containers': containers}}},
    }


def part(image):
    """Nobody says what this becomes a part of."""
    return {
        "serviceAccountName": "orders",
        "containers": [
            {"name": "orders", "image": image},
            {"name": "cloud-sql-proxy", "image": "gcr.io/cloud-sql-connectors/cloud-sql-proxy:2.14.1"},
        ],
    }
