"""Free time in an interval: where words may stand between the sounds that are already there.

All times are milliseconds from the start of the session. Words keep 168 ms to every other
sound, and start on the grid of what the sound is put into (law 8).
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING

from audiocoach.records import dataclass
from audiocoach.units import ceil_to

if TYPE_CHECKING:
    from collections.abc import Iterable

# Seven frames of an MP3, where six between two phrases let each be encoded by itself.
APART_MS = 168
# What one hears as a breath between two sentences.
PAUSE_MS = 336
# Up to so many sounds are taken one by one: more are sorted in with what is taken already.
_FEW = 4


@dataclass(frozen=True, slots=True)
class Space:
    """The stretch from `start_ms` to `end_ms`, and what is taken of it.

    Words start on a whole number of `grid_ms`. `starts` and `ends` are what is taken, in order, as stretches
    that neither overlap nor touch.
    """

    start_ms: int
    end_ms: int
    grid_ms: int
    starts: tuple[int, ...] = ()
    ends: tuple[int, ...] = ()

    def closed(self, from_ms: int, to_ms: int) -> Space:
        """Without the time from `from_ms` to `to_ms`; words may touch both ends."""
        if from_ms >= to_ms:
            return self
        first, last = bisect_left(self.ends, from_ms), bisect_right(self.starts, to_ms)
        start_ms = min([from_ms, *self.starts[first:last]])
        end_ms = max([to_ms, *self.ends[first:last]])
        starts = (*self.starts[:first], start_ms, *self.starts[last:])
        return self._with(starts, (*self.ends[:first], end_ms, *self.ends[last:]))

    def taken(self, start_ms: int, length_ms: int) -> Space:
        """With a sound here, to which words keep their distance."""
        return self.closed(start_ms - APART_MS, start_ms + length_ms + APART_MS)

    def taking(self, sounds: Iterable[tuple[int, int]], apart_ms: int = APART_MS) -> Space:
        """With sounds, each as its start and its length: all at once, however many they are."""
        rows = [(start_ms - apart_ms, start_ms + length_ms + apart_ms) for start_ms, length_ms in sounds]
        if len(rows) <= _FEW:
            space = self
            for row in rows:
                space = space.closed(*row)
            return space
        starts: list[int] = []
        ends: list[int] = []
        for start_ms, end_ms in sorted([*zip(self.starts, self.ends, strict=True), *rows]):
            if ends and start_ms <= ends[-1]:
                ends[-1] = max(ends[-1], end_ms)
            else:
                starts.append(start_ms)
                ends.append(end_ms)
        return self._with(tuple(starts), tuple(ends))

    def _with(self, starts: tuple[int, ...], ends: tuple[int, ...]) -> Space:
        # Not by `replace`: it is made for each sound of a session.
        return Space(self.start_ms, self.end_ms, self.grid_ms, starts, ends)

    def first(self, earliest_ms: int, latest_ms: int, length_ms: int, margin_ms: int = 0) -> int | None:
        """The first place on the grid for words of this length that starts in the window."""
        start_ms = ceil_to(max(earliest_ms, self.start_ms), self.grid_ms)
        latest_ms = min(latest_ms, self.end_ms - length_ms)
        while start_ms <= latest_ms:
            clash = self._clash(start_ms - margin_ms, start_ms + length_ms + margin_ms)
            if clash is None:
                return start_ms
            start_ms = ceil_to(clash[1] + margin_ms, self.grid_ms)
        return None

    def last(self, earliest_ms: int, latest_ms: int, length_ms: int) -> int | None:
        """The last place on the grid for words of this length that starts in the window."""
        start_ms = min(latest_ms, self.end_ms - length_ms) // self.grid_ms * self.grid_ms
        while start_ms >= max(earliest_ms, self.start_ms):
            clash = self._clash(start_ms, start_ms + length_ms)
            if clash is None:
                return start_ms
            start_ms = (clash[0] - length_ms) // self.grid_ms * self.grid_ms
        return None

    def fits(self, start_ms: int, length_ms: int) -> bool:
        """Whether words of this length can start at exactly this time."""
        inside = self.start_ms <= start_ms and start_ms + length_ms <= self.end_ms
        return inside and self._clash(start_ms, start_ms + length_ms) is None

    def _clash(self, from_ms: int, to_ms: int) -> tuple[int, int] | None:
        index = bisect_right(self.ends, from_ms)
        if index < len(self.ends) and self.starts[index] < to_ms:
            return self.starts[index], self.ends[index]
        return None
