"""The JSON Schema (2020-12) of `<slug>.timeline.json`, for programs that read it."""

from __future__ import annotations

from typing import Any

from audiocoach.publish.timeline_json import INTERVAL_FIELDS, VERSION
from audiocoach.routine.schema import DIALECT


def schema() -> dict[str, Any]:
    """What is written: every field, and no others."""
    text, ms, number = {"type": "string"}, {"type": "integer", "minimum": 0}, {"type": ["integer", "null"]}
    span = {"start_ms": ms, "duration_ms": ms}
    place = {
        "line": ms,
        "column": ms,
        "end": {"anyOf": [_whole({"line": ms, "column": ms}), {"type": "null"}]},
    }
    of_node = {**place, "node": text}
    side = {"enum": ["left", "right"]}
    speech = {
        **span,
        "kind": {"const": "speech"},
        "cue": text,
        "text": text,
        "spoken": text,
        "side": side,
        **of_node,
    }
    tone = {
        **span,
        "kind": {"const": "tone"},
        "cue": text,
        "tone": text,
        "sound": text,
        "side": side,
        **of_node,
    }
    maybe_text = {"type": ["string", "null"]}
    words = dict.fromkeys(("move", "side", "way", "section", "weight", "until"), maybe_text)
    parts = {"cycle_ms": {"type": "array", "items": ms}}
    interval = {**dict.fromkeys(INTERVAL_FIELDS, number), **words, **parts, **span, "kind": text, **of_node}
    bed = {**span, "level_lu": {"type": "number"}, "tracks": {"type": "array", "items": text}}
    lists = {
        "events": {"anyOf": [_whole(speech, ("spoken", "side")), _whole(tone, ("sound", "side"))]},
        "intervals": _whole(interval),
        "chapters": _whole({"start_ms": ms, "title": text}),
        "notes": _whole({**place, "code": text, "message": text}),
        "music": _whole(bed),
    }
    head = {"version": {"const": VERSION}, "title": text, "duration_ms": ms, "language": text}
    rows = {name: {"type": "array", "items": items} for name, items in lists.items()}
    return {"$schema": DIALECT, "title": "audiocoach: a timeline", **_whole({**head, **rows}, ("music",))}


def _whole(properties: dict[str, Any], optional: tuple[str, ...] = ()) -> dict[str, Any]:
    """A map of these fields, all of them but the optional ones, and no others."""
    required = [name for name in properties if name not in optional]
    return {
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": False,
    }
