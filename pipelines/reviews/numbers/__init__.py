"""What reviews read from published snapshots, and how it is frozen."""
