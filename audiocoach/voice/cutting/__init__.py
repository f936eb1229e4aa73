"""From one long recording to sentences: where somebody speaks, what is alike, which line it is."""
