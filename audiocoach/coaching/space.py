"""Free time in an interval: where words may stand between the sounds that are already there.

All times are milliseconds from the start of the session. Words keep 168 ms (7 frames) to every
other sound, so that each phrase is a region of its own, and start on the 24 ms grid (law 8).
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right

from audiocoach.units import FRAME_MS, ceil_to

APART_MS = 7 * FRAME_MS
# What one hears as a breath between two sentences.
PAUSE_MS = 14 * FRAME_MS


class Space:
    """The stretch from `start_ms` to `end_ms`, and what is taken of it."""

    def __init__(self, start_ms: int, end_ms: int) -> None:
        self.start_ms = start_ms
        self.end_ms = end_ms
        # What is taken as stretches that neither overlap nor touch, in order.
        self._starts: list[int] = []
        self._ends: list[int] = []

    def copy(self) -> Space:
        """The same stretch, for a trial."""
        other = Space(self.start_ms, self.end_ms)
        other._starts, other._ends = self._starts[:], self._ends[:]
        return other

    def close(self, from_ms: int, to_ms: int) -> None:
        """No words from `from_ms` to `to_ms`; they may touch both ends."""
        if from_ms >= to_ms:
            return
        met = slice(bisect_left(self._ends, from_ms), bisect_right(self._starts, to_ms))
        starts, ends = self._starts[met], self._ends[met]
        self._starts[met], self._ends[met] = [min([from_ms, *starts])], [max([to_ms, *ends])]

    def take(self, start_ms: int, length_ms: int) -> None:
        """A sound stands here: words keep their distance to it."""
        self.close(start_ms - APART_MS, start_ms + length_ms + APART_MS)

    def first(self, earliest_ms: int, latest_ms: int, length_ms: int, margin_ms: int = 0) -> int | None:
        """The first place on the grid for words of this length that starts in the window."""
        start_ms = ceil_to(max(earliest_ms, self.start_ms), FRAME_MS)
        latest_ms = min(latest_ms, self.end_ms - length_ms)
        while start_ms <= latest_ms:
            clash = self._clash(start_ms - margin_ms, start_ms + length_ms + margin_ms)
            if clash is None:
                return start_ms
            start_ms = ceil_to(clash[1] + margin_ms, FRAME_MS)
        return None

    def last(self, earliest_ms: int, latest_ms: int, length_ms: int) -> int | None:
        """The last place on the grid for words of this length that starts in the window."""
        start_ms = min(latest_ms, self.end_ms - length_ms) // FRAME_MS * FRAME_MS
        while start_ms >= max(earliest_ms, self.start_ms):
            clash = self._clash(start_ms, start_ms + length_ms)
            if clash is None:
                return start_ms
            start_ms = (clash[0] - length_ms) // FRAME_MS * FRAME_MS
        return None

    def fits(self, start_ms: int, length_ms: int) -> bool:
        """Whether words of this length can start at exactly this time."""
        inside = self.start_ms <= start_ms and start_ms + length_ms <= self.end_ms
        return inside and self._clash(start_ms, start_ms + length_ms) is None

    def _clash(self, from_ms: int, to_ms: int) -> tuple[int, int] | None:
        index = bisect_right(self._ends, from_ms)
        if index < len(self._ends) and self._starts[index] < to_ms:
            return self._starts[index], self._ends[index]
        return None
