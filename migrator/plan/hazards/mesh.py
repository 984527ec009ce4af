"""Injected containers and the network they carry."""
