"""The shapes in which code builds pods: each module finds those of one."""
