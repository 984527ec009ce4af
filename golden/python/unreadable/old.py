from kubernetes import client
print "containers", client.V1PodSpec(containers=[a, b])
