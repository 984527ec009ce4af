"""Edits in other files that follow a move: Services that find a port by its name, and tests that expect the old place."""
