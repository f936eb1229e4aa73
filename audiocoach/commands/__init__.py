"""The commands: one module each, from options to what is told."""
