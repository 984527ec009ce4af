"""Scheduling: what the pod asks of a node, and who reckons it."""
