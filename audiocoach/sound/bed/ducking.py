"""How music makes room for what is said: from the events of a timeline, never from their sound.

It is down before the first syllable, stays down through short pauses, and comes up again more slowly. For a
tone it makes less room. Pure; times are whole milliseconds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from audiocoach.coaching.timeline import Speech
from audiocoach.records import dataclass
from audiocoach.units import db_to_gain

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from audiocoach.coaching.timeline import Event

DOWN_MS = 150
UP_MS = 500
# A pause that is shorter is no place for music to come up in; between tones, which may be a second apart, a
# longer one neither.
HELD_MS = 850
HELD_BY_TONES_MS = 1000
SPEECH_DB = -12.0
TONE_DB = -5.0


@dataclass(frozen=True, slots=True, order=True)
class Dip:
    """From its start to its end the music is lower by `depth_db`, and on its way there before and after."""

    start_ms: int
    end_ms: int
    depth_db: float

    def moved(self, by_ms: int) -> Dip:
        """The same, later."""
        return Dip(self.start_ms + by_ms, self.end_ms + by_ms, self.depth_db)

    def meets(self, start_ms: int, end_ms: int) -> bool:
        """Whether the music is not at its full level in all of this time."""
        return self.start_ms - DOWN_MS < end_ms and start_ms < self.end_ms + UP_MS


def dips(events: Iterable[Event]) -> tuple[Dip, ...]:
    """All dips of a session: one for words that follow each other closely, and one for sounds that do."""
    spans = sorted((event.start_ms, event.end_ms, _held_ms(event)) for event in events)
    words = _clusters([span for span in spans if span[2] == HELD_MS])
    sounds = _clusters(spans)
    return tuple(
        sorted(
            (
                *(Dip(start_ms, end_ms, SPEECH_DB) for start_ms, end_ms in words),
                *(Dip(start_ms, end_ms, TONE_DB) for start_ms, end_ms in sounds),
            )
        )
    )


def _held_ms(event: Event) -> int:
    return HELD_MS if isinstance(event, Speech) else HELD_BY_TONES_MS


def _clusters(spans: Sequence[tuple[int, int, int]]) -> Iterator[tuple[int, int]]:
    """Runs of sounds without a pause in which the music could come up: the shorter that holds it decides."""
    if not spans:
        return
    (start_ms, end_ms, held_ms), *others = spans
    for next_ms, next_end_ms, next_held_ms in others:
        if next_ms - end_ms >= min(held_ms, next_held_ms):
            yield start_ms, end_ms
            start_ms = next_ms
        if next_end_ms >= end_ms:
            end_ms, held_ms = next_end_ms, next_held_ms
    yield start_ms, end_ms


def gains(found: Iterable[Dip], length_ms: int) -> list[float]:
    """The factor of each millisecond from 0 on; dips may begin before it."""
    level = [1.0] * length_ms
    for dip in found:
        down, up = _ramp(dip.depth_db, DOWN_MS), _ramp(dip.depth_db, UP_MS)
        _lower(level, dip.start_ms - DOWN_MS, down)
        _lower(level, dip.start_ms, [db_to_gain(dip.depth_db)] * (dip.end_ms - dip.start_ms))
        _lower(level, dip.end_ms, up[::-1])
    return level


def _ramp(depth_db: float, length_ms: int) -> list[float]:
    """From full level to this one, as straight for the ear as it can be."""
    return [db_to_gain(depth_db * (step + 1) / length_ms) for step in range(length_ms)]


def _lower(level: list[float], at_ms: int, wanted: list[float]) -> None:
    """Bring a stretch down to these factors, where it is not lower already."""
    first, last = max(0, at_ms), min(len(level), at_ms + len(wanted))
    for time_ms in range(first, last):
        level[time_ms] = min(level[time_ms], wanted[time_ms - at_ms])
