"""The benchmark: audiocoach beside the best plain script, whole processes, ratios of one run."""
