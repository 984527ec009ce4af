# -*- coding: latin-1 -*-
# Schöne Grüße
from kubernetes import client


def pod(image):
	return client.V1PodSpec(
		containers=[
			client.V1Container(name="web", image=image),  # für alle
			client.V1Container(name="cloud-sql-proxy", image="gcr.io/cloud-sql-connectors/cloud-sql-proxy:2.14.1"),
		],
	)
