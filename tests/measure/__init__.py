"""Measurements that need labelled manifests, which the project does not carry."""
