"""The studio room: a folder of routines that are written in a browser, or by its cards."""
