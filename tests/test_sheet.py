"""The timeline as CSV, read back with the standard library."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given

from audiocoach.coaching.timeline import Speech, Timeline
from audiocoach.publish import sheet
from audiocoach.sound.tags import clean
from tests.hostile import TEXTS, session, texts
from tests.test_preview import TIMELINE


def rows_of(timeline: Timeline) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(sheet.csv(timeline), newline=""), strict=True))


def test_everything_that_begins_is_a_row() -> None:
    assert sheet.csv(TIMELINE) == (
        "start,start_ms,duration_ms,lane,kind,text,move,set,sets,rep,side,way,round,section,weight,until,line\n"
        "00:00:00.000,0,,chapter,,Legs,,,,,,,,,,,\n"
        "00:00:00.000,0,5000,interval,ready,,Squat,1,3,,,,,,,,7\n"
        '00:00:01.008,1008,900,speech,say,"Say ""hi"" — now.",,,,,,,,,,,7\n'
        "00:00:02.000,2000,90,tone,count,count,,,,,,,,,,,7\n"
        "00:00:05.000,5000,60000,interval,work,,Squat,1,3,2,left,,,Legs,,,7\n"
        "00:00:05.000,5000,360,tone,go,go,,,,,,,,,,,7\n"
    )


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@a", "\t=1+1"])
def test_a_text_is_no_formula(text: str) -> None:
    spoken = [row["text"] for row in rows_of(session(text)) if row["lane"] == "speech"]
    assert spoken == [f"'{text.strip()}"]


def check(timeline: Timeline) -> None:
    rows = rows_of(timeline)
    spoken = [clean(one.text) for one in timeline.events if isinstance(one, Speech)]
    assert [row["text"].removeprefix("'") for row in rows if row["lane"] == "speech"] == [
        text.removeprefix("'") for text in spoken
    ]
    assert len(rows) == len(timeline.events) + len(timeline.intervals) + len(timeline.chapters)
    assert [int(row["start_ms"]) for row in rows] == sorted(int(row["start_ms"]) for row in rows)


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_hostile_text_stays_in_its_cell(text: str) -> None:
    check(session(text, "then", text))


@given(texts(), texts())
def test_any_text_stays_in_its_cell(first: str, second: str) -> None:
    check(session(first, second))
