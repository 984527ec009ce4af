"""Jobs: what counts as their end and their failure (Job controller)."""
