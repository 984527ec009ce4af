"""sidecar-migrate: move pseudo-sidecars in Kubernetes manifests to native sidecar containers."""

__version__ = "0.1.0"
