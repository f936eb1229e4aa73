"""Speech processes: the host's side, the child's, and who leads them."""
