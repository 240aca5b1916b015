"""The services of a cycle, by phase; pages call them through `pipelines.reviews.cycles`."""
