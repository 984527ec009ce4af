from kubernetes import client


def pod(image):
    return client.V1PodSpec(
        containers=[
            client.V1Container(name="web", image=image),
            client.V1Container(
                name="oauth2-proxy",
                image="quay.io/oauth2-proxy/oauth2-proxy:v7.6.0",
                args=["--upstream=http://localhost:8080"],
                ports=[client.V1ContainerPort(name="https", container_port=4443)],
            ),
        ]
    )


def service():
    return client.V1ServiceSpec(selector={"app": "web"}, ports=[client.V1ServicePort(port=443, target_port="https")])
