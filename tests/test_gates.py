"""Where a player waits, and the tone that tells it."""

from __future__ import annotations

import base64
import csv
import io
import wave

from audiocoach.coaching.schedule import schedule
from audiocoach.publish import gates, site, transcript
from audiocoach.publish.cuesheet import tables
from audiocoach.publish.preview import SHAPES
from tests.generate import constant, planned

WAITS = "waits until you are ready"
SESSION = """\
title: A
moves: {squat: {name: Squat}}
session:
  - {do: squat, for: 20s}
  - {rest: 30s, until: ready}
  - {do: squat, for: 20s}
  - {rest: 30s}
  - {do: squat, for: 20s}
"""


def test_it_waits_before_what_leads_out_of_a_rest_that_says_so() -> None:
    timeline = schedule(planned(SESSION), constant)
    (at_ms,) = gates.times_ms(timeline)
    rest = next(one for one in timeline.intervals if one.until)
    after = [event for event in timeline.events if at_ms < event.start_ms < rest.end_ms]
    assert rest.start_ms < at_ms < rest.end_ms
    assert after[0].start_ms == at_ms + 200
    assert {event.cue for event in after} <= {"time_left", "get_ready", "at_go", "count"}


def test_all_that_tells_of_the_rest_tells_that_it_waits() -> None:
    timeline = schedule(planned(SESSION), constant)
    told = (
        SHAPES["text"](timeline),
        SHAPES["markdown"](timeline),
        SHAPES["svg"](timeline),
        transcript.txt(timeline),
        site.transcript_page(timeline),
        tables(timeline, "a.mp3"),
    )
    assert [WAITS in text for text in told] == [True] * len(told)
    rows = csv.DictReader(io.StringIO(SHAPES["csv"](timeline)))
    assert [row["until"] for row in rows if row["lane"] == "interval" and row["until"]] == ["ready"]


def test_the_tone_is_a_soft_bell_in_few_bytes() -> None:
    packed = gates.tone()
    with wave.open(io.BytesIO(base64.b64decode(packed))) as sound:
        assert (sound.getframerate(), sound.getnchannels(), sound.getnframes()) == (8000, 1, 7200)
    assert len(packed) < 20_000
