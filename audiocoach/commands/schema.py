"""`audiocoach schema`: what may be written, for editors."""

from __future__ import annotations

import sys

from audiocoach.api import dumped
from audiocoach.publish import timeline_schema
from audiocoach.routine.schema import schema_of


def print_schema(kind: str) -> None:
    """Print the JSON Schema of a routine, a library, a show or a timeline."""
    sys.stdout.write(dumped(timeline_schema.schema() if kind == "timeline" else schema_of(kind)))
