"""The libraries in which pods are built in Python, and which versions of them a project works with."""
