from kubernetes import client
POD = client.V1PodSpec(containers=[
