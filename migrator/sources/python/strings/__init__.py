"""Manifests in the strings of Python files: found, read as manifests are, and written back line by line."""
