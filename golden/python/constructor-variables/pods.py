from kubernetes.client import V1Container, V1Job, V1JobSpec, V1ObjectMeta, V1PodSpec, V1PodTemplateSpec

PROXY_IMAGE = "gcr.io/cloud-sql-connectors/cloud-sql-proxy:2.14.1"


def nightly(name):
    proxy = V1Container(name="cloud-sql-proxy", image=PROXY_IMAGE, args=["shop:europe-west1:orders"])
    work = V1Container(name="nightly", image=f"registry.example/nightly:{name}")
    wait = V1Container(name="wait", image="busybox:1.36", command=["sh", "-c", "sleep 2"])
    pod = V1PodSpec(init_containers=[wait], containers=[proxy, work], restart_policy="Never")
    return V1Job(
        metadata=V1ObjectMeta(name="nightly"),
        spec=V1JobSpec(template=V1PodTemplateSpec(spec=pod)),
    )
