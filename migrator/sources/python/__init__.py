"""Python files in which pods are built: pod specs by constructor calls, dicts and manifests in strings."""
