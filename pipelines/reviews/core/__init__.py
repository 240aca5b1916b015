"""The values of reviews and what may become of them: no records, no snapshot, no clock."""
