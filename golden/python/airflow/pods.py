from airflow.decorators import task
from kubernetes.client import models as k8s

SQL = "gcr.io/cloud-sql-connectors/cloud-sql-proxy:2.14.1"

both = {
    "pod_override": k8s.V1Pod(
        spec=k8s.V1PodSpec(
            containers=[
                k8s.V1Container(name="base"),
                k8s.V1Container(name="cloud-sql-proxy", image=SQL),
            ],
        )
    ),
}

# Airflow merges this one onto its own container.
alone = {"pod_override": k8s.V1Pod(spec=k8s.V1PodSpec(containers=[k8s.V1Container(name="cloud-sql-proxy", image=SQL)]))}


@task(executor_config=both)
def nightly():
    pass
