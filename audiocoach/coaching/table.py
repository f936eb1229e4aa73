"""The work table for one effort: what sounds in it so far, and where there is room for more.

Everything that fills an effort is a function over a table; each takes what the ones before it left.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from audiocoach.coaching.bounds import tone_ms
from audiocoach.coaching.gaps import speech
from audiocoach.coaching.narration import Coach, Cue
from audiocoach.coaching.remarks import Remark
from audiocoach.coaching.space import APART_MS, Space
from audiocoach.coaching.timeline import Tone
from audiocoach.records import dataclass
from audiocoach.units import MS_PER_SECOND

if TYPE_CHECKING:
    from collections import Counter

    from audiocoach.coaching.bounds import Bounds
    from audiocoach.coaching.steps import Effort
    from audiocoach.coaching.timeline import Event
    from audiocoach.errors import Position

# A call such as "halfway" may come this much late, no more.
CALL_SLACK_MS = 1 * MS_PER_SECOND


@dataclass(frozen=True, slots=True)
class Mark:
    """A table as it was at some moment."""

    events: int
    space: Space
    turns: Counter[str]
    next_rep: int
    pace_ms: int


class Table:
    """One effort while it is filled. `next_rep` is the repetition that comes next.

    Without a tempo, `pace_ms` is where that one may begin.
    """

    def __init__(self, effort: Effort, bounds: Bounds, coach: Coach) -> None:
        self.effort = effort
        self.bounds = bounds
        self.coach = coach
        self.events: list[Event] = []
        self.notes: list[Remark] = []
        self.full = effort.manner.cues == "full"
        self.new = coach.is_new(effort)
        self.space = Space(bounds.start_ms, bounds.end_ms)
        self.open_ms = bounds.start_ms + bounds.opens_with.length_ms
        self.next_rep = 0
        self.pace_ms = self.open_ms + APART_MS

    def tone(self, cue: str, tone: str, time_ms: int) -> None:
        """A tone, and the silence around it."""
        self.events.append(Tone(time_ms, tone_ms(tone), cue, tone, self.effort.position))
        self.space.take(time_ms, tone_ms(tone))

    def soft_tone(self, cue: str, tone: str, time_ms: int) -> None:
        """A tone that gives the pace: only where all tones are wanted, and nothing else sounds."""
        if self.effort.manner.tones == "full" and self.space.fits(time_ms, tone_ms(tone)):
            self.tone(cue, tone, time_ms)

    def say(self, cue: Cue, text: str, time_ms: int | None) -> bool:
        """Put words at a time; None, where there is no place for them, is no."""
        if time_ms is None:
            return False
        length_ms = self.coach.length_ms(text, cue.manner)
        self.events.append(speech(cue, text, time_ms, length_ms, self.coach))
        self.space.take(time_ms, length_ms)
        return True

    def cue(self, kind: str, text: str, position: object = None) -> Cue:
        """A cue of this effort."""
        return Cue(kind, text, position or self.effort.position, self.effort.manner)  # type: ignore[arg-type]

    def length_ms(self, text: str) -> int:
        """How long the words take in this effort's voice."""
        return self.coach.length_ms(text, self.effort.manner)

    def exactly(self, kind: str, text: str, time_ms: int) -> bool:
        """Words at exactly this time, if nothing is in their way."""
        fits = self.space.fits(time_ms, self.length_ms(text))
        return fits and self.say(self.cue(kind, text), text, time_ms)

    def within(self, kind: str, text: str, earliest_ms: int, latest_ms: int) -> bool:
        """Words at the first free place that starts in the window."""
        place = self.space.first(earliest_ms, latest_ms, self.length_ms(text))
        return self.say(self.cue(kind, text), text, place)

    def mark(self) -> Mark:
        """How far the table is filled, for `restore`."""
        turns = self.coach.turns.copy()
        return Mark(len(self.events), self.space.copy(), turns, self.next_rep, self.pace_ms)

    def restore(self, mark: Mark) -> None:
        """Take back what was laid since, for another try."""
        del self.events[mark.events :]
        self.space, self.coach.turns = mark.space.copy(), mark.turns.copy()
        self.next_rep, self.pace_ms = mark.next_rep, mark.pace_ms

    def left_out(self, position: Position, text: str) -> None:
        """What the author should know of these words."""
        start_ms = self.bounds.start_ms
        self.notes.append(Remark(position, "left out", "for want of silence", start_ms, text))
