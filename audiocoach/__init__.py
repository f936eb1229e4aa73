"""audiocoach: from a workout routine in YAML to an MP3 with a coach's voice."""

__version__ = "0.1.0"
