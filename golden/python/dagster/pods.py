from dagster import job

TAGS = {
    "dagster-k8s/config": {
        "pod_spec_config": {
            "containers": [
                {
                    "name": "cloud-sql-proxy",
                    "image": "gcr.io/cloud-sql-connectors/cloud-sql-proxy:2.14.1",
                    "image_pull_policy": "IfNotPresent",
                },
            ],
        },
    },
}


@job(tags=TAGS)
def nightly():
    pass
