"""Lists that nobody wrote down in one place are left to a human, with the reason."""

from kubernetes import client

PROXY = "gcr.io/cloud-sql-connectors/cloud-sql-proxy:2.14.1"


def added(main):
    return client.V1PodSpec(containers=[main] + [client.V1Container(name="cloud-sql-proxy", image=PROXY)])


def perhaps(main, proxied):
    return client.V1PodSpec(
        containers=[main, client.V1Container(name="cloud-sql-proxy", image=PROXY)] if proxied else [main]
    )


def comprehended(names):
    return client.V1PodSpec(containers=[client.V1Container(name=name, image=PROXY) for name in names])


def handed_in(containers):
    return client.V1PodSpec(containers=containers)


def with_more(main, **more):
    return client.V1PodSpec(containers=[main, client.V1Container(name="cloud-sql-proxy", image=PROXY, **more)])


def alternatives(main, old):
    if old:
        proxy = client.V1Container(name="cloud-sql-proxy", image=f"{PROXY}-alpine")
    else:
        proxy = client.V1Container(name="cloud-sql-proxy", image=PROXY)
    return client.V1PodSpec(containers=[main, proxy])
