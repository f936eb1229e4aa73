"""A count to a moment, by ticks, aloud, or both: each sound begins exactly on its second (law 3).

In: the moment, and the effort that begins or ends at it. Out: tones, words with their times, and notes. A
number that has no room in its second is ticked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from audiocoach.coaching.cues import Cue, Laid
from audiocoach.coaching.notes import Note
from audiocoach.coaching.ringing import ring
from audiocoach.coaching.space import APART_MS
from audiocoach.records import dataclass
from audiocoach.units import MS_PER_SECOND

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from audiocoach.coaching.speaker import Speaker
    from audiocoach.coaching.steps import Effort
    from audiocoach.coaching.timeline import Tone
    from audiocoach.errors import Position

# The end of an exercise is counted to as its start is, for so long at most.
COUNT_OUT_MS = 3 * MS_PER_SECOND


@dataclass(frozen=True, slots=True)
class Window:
    """A count of `length_ms` to `to_ms`, and from when on and until when it may sound: ticks, and numbers.

    `meaning` is that of its ticks: they lead to a start or to an end.
    """

    to_ms: int
    length_ms: int
    ticks_from_ms: int
    words_from_ms: int
    until_ms: int
    words_until_ms: int
    meaning: str = "count"


@dataclass(frozen=True, slots=True)
class Counted:
    """A count as it sounds."""

    tones: tuple[Tone, ...] = ()
    laid: tuple[Laid, ...] = ()
    notes: tuple[Note, ...] = ()


def count_in_ms(effort: Effort) -> int:
    """How long the count is that leads to an effort."""
    return effort.delivery.count_in.length_ms


def count_out_ms(effort: Effort) -> int:
    """How long the count is that leads to the end of an effort, where that is counted to."""
    return min(COUNT_OUT_MS, count_in_ms(effort))


def count_to(
    window: Window, effort: Effort, speaker: Speaker, position: Position, spoken: Sequence[Laid] = ()
) -> Counted:
    """The sounds of a count, as the effort wants it, that lie in its window.

    `spoken` are the numbers of a count before it: while that lasts no other is spoken, so that one hears
    either `3, 2, 1` or `5, 4, 3`, and a second that both have is spoken once.
    """
    tones, laid, notes = [], [], []
    said_ms = {number.start_ms for number in spoken}
    aloud, ticked = effort.delivery.count_in.by != "ticks", effort.delivery.count_in.by != "voice"
    for second, time_ms in _seconds(window):
        number = _number(second, time_ms, effort, speaker, position) if aloud else None
        if number is not None and time_ms in said_ms:
            number = None
        elif number is not None and _has_room(number, window) and not _meets(number, spoken):
            laid.append(number)
        elif number is not None and (time_ms >= window.words_from_ms or effort.delivery.tones != "full"):
            notes.append(_ticked(number, effort))
        is_heard = time_ms in said_ms or (bool(laid) and laid[-1] is number)
        if effort.delivery.tones == "full" and (ticked or not is_heard):
            tones.append(ring(effort.delivery, window.meaning).at(time_ms, "count", position))
    return Counted(tuple(tones), tuple(laid), tuple(notes))


def _seconds(window: Window) -> Iterator[tuple[int, int]]:
    for second in range(window.length_ms // MS_PER_SECOND, 0, -1):
        time_ms = window.to_ms - second * MS_PER_SECOND
        if window.ticks_from_ms <= time_ms < window.until_ms:
            yield second, time_ms


def _number(second: int, time_ms: int, effort: Effort, speaker: Speaker, position: Position) -> Laid | None:
    """A number at its second; none where the author has silenced them."""
    line = speaker.phrase("count_in", {"count": str(second)})
    if not line:
        return None
    cue = Cue("count_in", line, position, effort.delivery, entry="count_in")
    return Laid(time_ms, speaker.length_ms(line, effort.delivery), cue, line)


def _has_room(number: Laid, window: Window) -> bool:
    """Whether a number is over before the next second, and before a tone that closes what it is said in."""
    latest_ms = min(number.start_ms + MS_PER_SECOND - APART_MS, window.words_until_ms)
    return number.start_ms >= window.words_from_ms and number.start_ms + number.length_ms <= latest_ms


def _meets(number: Laid, spoken: Sequence[Laid]) -> bool:
    """Whether a number falls into another count that is spoken, or is not over in time for it."""
    if not spoken:
        return False
    from_ms, until_ms = spoken[0].start_ms - APART_MS, spoken[-1].start_ms + MS_PER_SECOND
    return number.start_ms < until_ms and number.start_ms + number.length_ms > from_ms


def _ticked(number: Laid, effort: Effort) -> Note:
    what = "ticked" if effort.delivery.tones == "full" else "left out"
    why = "since the number has no room in its second"
    return Note(number.cue.position, what, why, number.start_ms, number.line.text)
