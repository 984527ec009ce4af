"""Termination: SIGTERM waits until the main containers are gone, preStop hooks do not (killContainersWithSyncResult)."""
