"""As a KRM function: a ResourceList on standard input, the same with what moved and what was found on standard output.

Source: the KRM Functions Specification (kubernetes-sigs/kustomize, cmd/config/docs/api-conventions/functions-spec.md).
"""
