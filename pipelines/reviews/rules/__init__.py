"""V1 to V25, each stated once. Pure."""
