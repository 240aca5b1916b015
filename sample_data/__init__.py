"""The simulated product "Lumen": a seeded generator and the workspace it writes."""
