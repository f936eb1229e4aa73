"""When music plays: which track, from where in it, and how it comes and goes.

In: the beds of a timeline and how long each track is. Out: for any window of the session the `Piece`s that
sound in it. Pure; times are whole milliseconds.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from audiocoach.records import dataclass, replace
from audiocoach.units import MS_PER_MINUTE, floor_to

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from audiocoach.coaching.timeline import Bed
    from audiocoach.routine.music import Track

FADE_MS = 2000
# Where a track goes on at a beat, what is cut there is only kept from clicking.
SEAM_MS = 10
# With a whole number of blocks to a track, blocks in which nobody speaks come again.
BLOCK_MS = 12_000
_SHORT_STEP_MS = 4000
_BEATS_IN_BAR = 4
SHORTEST_MS = _SHORT_STEP_MS + FADE_MS


@dataclass(frozen=True, slots=True)
class Reel:
    """A track as it is played: its sound by key, brought to the level of a voice by `gain_db`.

    After `period_ms` the next one begins, which this one fades into for `fade_ms`.
    """

    key: str
    period_ms: int
    fade_ms: int
    gain_db: float


@dataclass(frozen=True, slots=True)
class Fade:
    """A straight way for the power of the sound from nothing to all of it, or back."""

    start_ms: int
    length_ms: int
    rises: bool

    def gain(self, at_ms: int) -> float:
        """The factor at a moment."""
        done = min(1.0, max(0.0, (at_ms - self.start_ms + 0.5) / self.length_ms))
        return math.sin(math.pi / 2 * (done if self.rises else 1 - done))

    def matters(self, start_ms: int, end_ms: int) -> bool:
        """Whether it changes anything in this time."""
        if self.rises:
            return self.start_ms + self.length_ms > start_ms
        return self.start_ms < end_ms


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a track that sounds from `start_ms` to `end_ms`; its beginning would be at `origin_ms`."""

    key: str
    origin_ms: int
    start_ms: int
    end_ms: int
    gain_db: float
    fades: tuple[Fade, ...]

    def seen_from(self, at_ms: int) -> Piece:
        """The same, as it is in a window that begins there."""
        return replace(
            self,
            origin_ms=self.origin_ms - at_ms,
            start_ms=self.start_ms - at_ms,
            end_ms=self.end_ms - at_ms,
            fades=tuple(Fade(fade.start_ms - at_ms, fade.length_ms, fade.rises) for fade in self.fades),
        )

    def gain(self, at_ms: int) -> float:
        """What the fades leave of it at a moment."""
        return math.prod(fade.gain(at_ms) for fade in self.fades)


@dataclass(frozen=True, slots=True)
class Playing:
    """Tracks that play from `start_ms` to `end_ms`, where so much of them was heard before."""

    start_ms: int
    end_ms: int
    heard_ms: int
    reels: tuple[Reel, ...]
    fades: tuple[Fade, ...]


def period_of(length_ms: int, bpm: int) -> tuple[int, int]:
    """After how long the next track begins, and how long it takes this one to fade then.

    With beats it is a whole number of bars; without, what is left of it fades into the next. Both are 0
    where the track is too short for that.
    """
    if bpm:
        bars = length_ms * bpm // (_BEATS_IN_BAR * MS_PER_MINUTE)
        period_ms = bars * _BEATS_IN_BAR * MS_PER_MINUTE // bpm
        return period_ms, min(SEAM_MS, max(0, length_ms - period_ms)) if period_ms else 0
    usable_ms = length_ms - FADE_MS
    step_ms = BLOCK_MS if usable_ms >= MS_PER_MINUTE else _SHORT_STEP_MS
    period_ms = floor_to(max(0, usable_ms), step_ms)
    return period_ms, FADE_MS if period_ms else 0


def playings(beds: Sequence[Bed], reels: Mapping[Track, Reel]) -> tuple[Playing, ...]:
    """What plays when. Music that comes again goes on where it was left."""
    heard: dict[tuple[Track, ...], int] = {}
    found = []
    for index, bed in enumerate(beds):
        meets_before = index > 0 and beds[index - 1].end_ms == bed.start_ms
        meets_after = index + 1 < len(beds) and beds[index + 1].start_ms == bed.end_ms
        fade_ms = min(FADE_MS, bed.duration_ms // 2)
        # Where two meet, both sound for the time of a fade.
        start_ms = bed.start_ms - (fade_ms // 2 if meets_before else 0)
        end_ms = bed.end_ms + (fade_ms // 2 if meets_after else 0)
        position_ms = heard.get(bed.tracks, 0)
        heard[bed.tracks] = position_ms + end_ms - start_ms
        fades = (Fade(start_ms, fade_ms, rises=True), Fade(end_ms - fade_ms, fade_ms, rises=False))
        leveled = tuple(
            replace(reels[track], gain_db=round(reels[track].gain_db + bed.level_lu, 2))
            for track in bed.tracks
        )
        found.append(Playing(start_ms, end_ms, position_ms, leveled, fades if fade_ms else ()))
    return tuple(found)


def pieces(found: Iterable[Playing], start_ms: int, end_ms: int) -> Iterator[Piece]:
    """What sounds in a window of the session, in its own time."""
    for playing in found:
        first_ms, last_ms = max(start_ms, playing.start_ms), min(end_ms, playing.end_ms)
        if first_ms < last_ms:
            yield from (piece.seen_from(start_ms) for piece in _pieces_of(playing, first_ms, last_ms))


def _pieces_of(playing: Playing, start_ms: int, end_ms: int) -> Iterator[Piece]:
    """The tracks in turn, of which those that sound then are cut to size."""
    round_ms = sum(reel.period_ms for reel in playing.reels)
    longest_ms = max(reel.fade_ms for reel in playing.reels)
    zero_ms = playing.start_ms - playing.heard_ms
    at_ms = zero_ms + floor_to(max(0, start_ms - longest_ms - zero_ms), round_ms)
    while at_ms < end_ms:
        for reel in playing.reels:
            over_ms = at_ms + reel.period_ms + reel.fade_ms
            first_ms, last_ms = max(start_ms, at_ms), min(end_ms, over_ms)
            if first_ms < last_ms:
                fades = [*playing.fades, *_seams(reel, at_ms, over_ms, is_first=at_ms == zero_ms)]
                matter = tuple(fade for fade in fades if fade.matters(first_ms, last_ms))
                yield Piece(reel.key, at_ms, first_ms, last_ms, reel.gain_db, matter)
            at_ms += reel.period_ms


def _seams(reel: Reel, at_ms: int, over_ms: int, *, is_first: bool) -> Iterator[Fade]:
    if reel.fade_ms and not is_first:
        yield Fade(at_ms, reel.fade_ms, rises=True)
    if reel.fade_ms:
        yield Fade(over_ms - reel.fade_ms, reel.fade_ms, rises=False)
