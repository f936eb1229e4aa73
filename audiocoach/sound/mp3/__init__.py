"""MP3: a region is encoded once, and a file is a join of frames."""
