"""What leaves the room as a document or a file."""
