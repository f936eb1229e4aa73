"""The serve room: HTTP."""
