"""Ownership and tools: how the change reaches the cluster, and who looks for the container in `containers`."""
