"""What gates the start: everything that keeps a sidecar from starting now keeps what comes behind it from starting too."""
