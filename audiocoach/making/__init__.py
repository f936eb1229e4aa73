"""The making room: what one worker does for one session."""
