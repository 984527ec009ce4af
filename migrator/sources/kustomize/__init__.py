"""Kustomize trees: what a kustomization builds, and a move written into bases and patches together."""
