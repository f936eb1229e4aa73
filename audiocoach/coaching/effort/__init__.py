"""The inside of an effort: one model lays out whatever sounds in it."""
