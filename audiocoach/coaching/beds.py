"""Where music plays: the intervals of a session that have the same one, joined.

Music for work plays from the start of an exercise to the next rest that is worth the name, music for rest
there and wherever nothing is done. Pure.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from audiocoach.coaching.timeline import Bed
from audiocoach.records import replace

if TYPE_CHECKING:
    from collections.abc import Iterable

    from audiocoach.coaching.timeline import Interval

# A shorter rest is over before other music has come up.
_REST_FROM_MS = 10_000
_EFFORTS = frozenset({"work", "hold", "reps", "breaths"})
_ASIDE = frozenset({"talk", "pause"})


def beds(intervals: Iterable[Interval]) -> tuple[Bed, ...]:
    """The beds in order of time; where none is there is no music."""
    found: list[Bed] = []
    works = False
    for interval in intervals:
        works = _works(interval, before=works)
        music = interval.music
        if music is None or not interval.duration_ms:
            continue
        tracks = music.work if works else music.rest
        if not tracks:
            continue
        last = found[-1] if found else None
        if last and (last.end_ms, last.tracks, last.level_lu) == (interval.start_ms, tracks, music.level_lu):
            found[-1] = replace(last, duration_ms=last.duration_ms + interval.duration_ms)
        else:
            found.append(Bed(interval.start_ms, interval.duration_ms, tracks, music.level_lu))
    return tuple(found)


def _works(interval: Interval, *, before: bool) -> bool:
    """Whether the music for work plays: what is neither work nor rest has what was there before it."""
    if interval.kind in _EFFORTS:
        return True
    rests = interval.kind == "rest" and interval.duration_ms >= _REST_FROM_MS
    return before and not rests and interval.kind not in _ASIDE
