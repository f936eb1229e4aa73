"""The server side of the studio: a folder behind a gate."""
