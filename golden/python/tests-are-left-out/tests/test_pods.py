from kubernetes import client
POD = client.V1PodSpec(containers=[client.V1Container(name="web", image="x"), client.V1Container(name="cloud-sql-proxy", image="gcr.io/cloud-sql-connectors/cloud-sql-proxy:2.14.1")])
