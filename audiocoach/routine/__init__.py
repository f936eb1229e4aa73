"""The routine room."""
