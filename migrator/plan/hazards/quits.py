"""Quit hacks: what others did so that this container would not keep a Job from ending."""
