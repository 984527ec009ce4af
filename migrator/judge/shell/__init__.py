"""What a container's command does, from a real parse of the shell scripts in it."""
