"""What the place among the init containers decides."""
