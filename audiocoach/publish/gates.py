"""Where a player waits until its listener is ready, and the tone that tells so to whoever does not look.

In: a timeline. Out: times in ms, and a WAV as text. The MP3 knows nothing of either.
"""

from __future__ import annotations

import base64
import io
import wave
from array import array
from functools import cache
from typing import TYPE_CHECKING

from audiocoach.sound import tones
from audiocoach.units import SAMPLE_BYTES, SAMPLE_RATE_HZ

if TYPE_CHECKING:
    from audiocoach.coaching.timeline import Interval, Timeline

# What leads out of a rest: who is ready later hears it then.
_LEAD = frozenset({"time_left", "get_ready", "at_go", "count"})
# Players tell their time ten times a second.
_BEFORE_MS = 200
_TONE = "soft/bell"
# Every sixth sample is enough: nothing of this tone lies above 2.2 kHz, and a page holds a sixth of it.
_STEP = 6


def times_ms(timeline: Timeline) -> list[int]:
    """When a player waits, in order: before what leads on, which is heard when it goes on."""
    return [_time_ms(one, timeline) for one in timeline.intervals if one.until]


def _time_ms(one: Interval, timeline: Timeline) -> int:
    leads = [
        event.start_ms
        for event in timeline.events
        if event.cue in _LEAD and one.start_ms <= event.start_ms < one.end_ms
    ]
    return max(one.start_ms, min([*leads, one.end_ms]) - _BEFORE_MS)


@cache
def tone() -> str:
    """A soft bell of 0.9 s: WAV, 8 kHz, 16 bit, mono, as base64 of 19 kB."""
    samples = array("h", tones.render(_TONE))[::_STEP]
    out = io.BytesIO()
    with wave.open(out, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(SAMPLE_BYTES)
        sound.setframerate(SAMPLE_RATE_HZ // _STEP)
        sound.writeframes(samples.tobytes())
    return base64.b64encode(out.getvalue()).decode("ascii")
