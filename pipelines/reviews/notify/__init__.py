"""What somebody is told after a refresh, and how it reaches them."""
