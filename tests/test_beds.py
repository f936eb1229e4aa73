"""Where music plays: the intervals that have the same one, joined."""

from __future__ import annotations

from audiocoach.coaching.beds import beds
from audiocoach.coaching.timeline import Bed, Interval
from audiocoach.errors import Position
from audiocoach.routine.music import Music, Track

AT = Position("a.yaml", 1, 1)
PULSE, RAIN = (Track("pulse", 120),), (Track("rain"),)
BOTH = Music(PULSE, RAIN)


def laid(*rows: tuple[str, int, Music | None]) -> list[tuple[int, int, str]]:
    """What plays when, of intervals by their kinds, their seconds and their music."""
    intervals, at_ms = [], 0
    for kind, seconds, music in rows:
        intervals.append(Interval(at_ms, seconds * 1000, kind, AT, music=music))
        at_ms += seconds * 1000
    return [(bed.start_ms, bed.end_ms, bed.tracks[0].name) for bed in beds(intervals)]


def test_music_for_work_plays_through_what_is_no_rest_worth_the_name() -> None:
    rows = (("talk", 5), ("ready", 5), ("work", 40), ("switch", 5), ("work", 40), ("rest", 9), ("hold", 30))
    assert laid(*((kind, seconds, BOTH) for kind, seconds in rows)) == [
        (0, 10_000, "rain"),
        (10_000, 134_000, "pulse"),
    ]
    assert laid(("work", 20, BOTH), ("rest", 10, BOTH), ("ready", 5, BOTH), ("work", 20, BOTH)) == [
        (0, 20_000, "pulse"),
        (20_000, 35_000, "rain"),
        (35_000, 55_000, "pulse"),
    ]


def test_one_music_is_one_bed_and_where_there_is_none_there_is_silence() -> None:
    same, off = Music(RAIN, RAIN), Music((), ())
    assert laid(("work", 20, same), ("rest", 10, same), ("work", 20, off), ("talk", 3, same)) == [
        (0, 30_000, "rain"),
        (50_000, 53_000, "rain"),
    ]
    assert laid(("work", 20, None), ("rest", 10, None)) == []
    assert beds([Interval(0, 5000, "work", AT, music=Music(PULSE, (), -12.0))]) == (
        Bed(0, 5000, PULSE, -12.0),
    )
