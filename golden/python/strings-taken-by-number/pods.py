import yaml

POD = """
apiVersion: v1
kind: Pod
metadata: {name: web}
spec:
  containers:
    - name: web
      image: registry.example/web:1
    - name: cloud-sql-proxy
      image: gcr.io/cloud-sql-connectors/cloud-sql-proxy:2.14.1
"""


def pod(region):
    made = yaml.safe_load(POD)
    made["spec"]["containers"][1]["args"] = [region]
    return made
