"""Where somebody speaks in a recording: passages between silences, without breaths and noises of the room.

What is loud is told from what is quiet by the recording itself: the room is its quietest tenth, the voice its
loudest. A breath is quieter than the voice by far and longer than the end of a word.
"""

from __future__ import annotations

import math
import warnings
from typing import TYPE_CHECKING

from audiocoach.records import dataclass
from audiocoach.units import MS_PER_SECOND, SAMPLE_BYTES
from audiocoach.voice import filters

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

with warnings.catch_warnings():
    # Deprecated in 3.11; from 3.13 the dependency audioop-lts provides it, without the warning.
    warnings.simplefilter("ignore", DeprecationWarning)
    import audioop

RATE_HZ = 16_000
STEP_MS = 10
BANDS_HZ = (200, 350, 550, 800, 1150, 1600, 2200, 3000, 4200, 6000)
_STEP_BYTES = RATE_HZ * STEP_MS // MS_PER_SECOND * SAMPLE_BYTES
_FULL_SCALE = 32_768
_FLOOR_DB = -90.0
_ROOM, _VOICE = 0.1, 0.95  # which of all steps, by level
_BELOW_VOICE_DB = 20.0  # a breath stays further below the voice
_ABOVE_ROOM = 0.3  # of the way from the room to the voice
_LEAST_ABOVE_ROOM_DB = 6.0
_GAP_MS = 350
_LEAST_MS = 90
_TAIL_MS = 150


@dataclass(frozen=True, slots=True)
class Passage:
    """Somebody speaks from `start_ms` to `end_ms`; `peak_db` is its loudest step, of full scale."""

    start_ms: int
    end_ms: int
    peak_db: float

    @property
    def duration_ms(self) -> int:
        """How long it is."""
        return self.end_ms - self.start_ms


def levels_db(samples: bytes) -> list[float]:
    """The level of every 10 ms of 16 kHz samples, in dB of full scale, -90 at least."""
    return [_db(audioop.rms(step, SAMPLE_BYTES)) for step in _steps(samples)]


def peak(samples: bytes, passage: Passage) -> int:
    """The largest of these samples within a passage, without its sign, 0 to 32768."""
    start, end = (time_ms // STEP_MS * _STEP_BYTES for time_ms in (passage.start_ms, passage.end_ms))
    return int(audioop.max(samples[start:end], SAMPLE_BYTES))


def bands_db(samples: bytes) -> list[tuple[float, ...]]:
    """The same for each band of speech: a tuple for every 10 ms."""
    return list(zip(*(levels_db(_band(samples, centre_hz)) for centre_hz in BANDS_HZ), strict=True))


def _band(samples: bytes, centre_hz: int) -> bytes:
    specs = [("bandpass", {"frequency": str(centre_hz), "width_type": "q", "width": "3"})]
    return b"".join(map(filters.samples, filters.filtered(filters.frames(samples, RATE_HZ), specs)))


def _steps(samples: bytes) -> Iterator[bytes]:
    return (samples[at : at + _STEP_BYTES] for at in range(0, len(samples) - _STEP_BYTES + 1, _STEP_BYTES))


def _db(rms: int) -> float:
    return max(_FLOOR_DB, 20 * math.log10(rms / _FULL_SCALE)) if rms else _FLOOR_DB


def passages(levels: Sequence[float]) -> list[Passage]:
    """Where somebody speaks, by the level of every 10 ms; nothing where all is as quiet."""
    ranked = sorted(levels)
    if not ranked:
        return []
    room_db, voice_db = (ranked[int(part * (len(ranked) - 1))] for part in (_ROOM, _VOICE))
    quiet_db = room_db + max(_LEAST_ABOVE_ROOM_DB, _ABOVE_ROOM * (voice_db - room_db))
    if voice_db < quiet_db:
        return []
    islands = list(_islands(levels, quiet_db))
    loud = [one for one in islands if one.peak_db >= voice_db - _BELOW_VOICE_DB]
    kept = [one for one in islands if one in loud or _is_tail(one, loud)]
    whole = [one for one in _joined(kept) if one.duration_ms >= _LEAST_MS]
    return _widened(whole, levels, room_db + _LEAST_ABOVE_ROOM_DB)


def _islands(levels: Sequence[float], quiet_db: float) -> Iterator[Passage]:
    start = None
    for at, level in enumerate((*levels, -math.inf)):
        if level > quiet_db and start is None:
            start = at
        elif level <= quiet_db and start is not None:
            yield Passage(start * STEP_MS, at * STEP_MS, max(levels[start:at]))
            start = None


def _widened(found: Sequence[Passage], levels: Sequence[float], quiet_db: float) -> list[Passage]:
    """Each with what dies away at its ends, as an `n` does, for as long as the room is not heard."""

    def edge(at: int, step: int) -> int:
        for _ in range(_TAIL_MS * 2 // STEP_MS):
            if not 0 <= at + step < len(levels) or levels[at + step] <= quiet_db:
                break
            at += step
        return at

    return [
        Passage(
            edge(one.start_ms // STEP_MS, -1) * STEP_MS,
            (edge(one.end_ms // STEP_MS - 1, 1) + 1) * STEP_MS,
            one.peak_db,
        )
        for one in found
    ]


def _is_tail(island: Passage, loud: Sequence[Passage]) -> bool:
    """Whether it is the end, or the beginning, of a word, as the `t` of `rest`: short, and close to it."""
    return island.duration_ms <= _TAIL_MS and any(
        -_TAIL_MS <= island.start_ms - one.end_ms <= _TAIL_MS
        or -_TAIL_MS <= one.start_ms - island.end_ms <= _TAIL_MS // 2
        for one in loud
    )


def _joined(islands: Sequence[Passage]) -> list[Passage]:
    """Those with less than a silence between them, as one."""
    joined: list[Passage] = []
    for one in islands:
        if joined and one.start_ms - joined[-1].end_ms < _GAP_MS:
            last = joined.pop()
            joined.append(Passage(last.start_ms, one.end_ms, max(last.peak_db, one.peak_db)))
        else:
            joined.append(one)
    return joined
