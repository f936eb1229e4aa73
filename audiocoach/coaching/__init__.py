"""The coaching room."""
