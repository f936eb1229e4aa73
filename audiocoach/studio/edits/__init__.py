"""Edits of a text by its tree: by span, pure."""
