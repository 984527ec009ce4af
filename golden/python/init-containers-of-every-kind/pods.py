from kubernetes import client as k8s

SQL = "gcr.io/cloud-sql-connectors/cloud-sql-proxy:2.14.1"


def listed(app, before):
    return k8s.V1PodSpec(
        init_containers=[before],
        containers=[app, k8s.V1Container(name="cloud-sql-proxy", image=SQL)],
    )


def given(app, before=None):
    return k8s.V1PodSpec(
        init_containers=before,
        containers=[app, k8s.V1Container(name="cloud-sql-proxy", image=SQL)],
    )


def unpacked(app, before):
    return k8s.V1PodSpec(
        init_containers=[
            *before,  # whatever came before
        ],
        containers=[app, k8s.V1Container(name="cloud-sql-proxy", image=SQL)],
    )


def named(app):
    before = [k8s.V1Container(name="wait", image="busybox:1.36", command=["true"])]
    return k8s.V1PodSpec(
        containers=[app, k8s.V1Container(name="cloud-sql-proxy", image=SQL)],
        init_containers=before,
    )


def none(app):
    return k8s.V1PodSpec(
        init_containers=None,
        containers=[app, k8s.V1Container(name="cloud-sql-proxy", image=SQL)],
    )
