"""What sounds in an effort so far, and where there is room for more: a value.

Every part of an effort is a function from one layout to the next. A try is a layout that is thrown away.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from audiocoach.coaching.cues import Cue, Laid, Line
from audiocoach.coaching.notes import Note
from audiocoach.coaching.ringing import ring
from audiocoach.coaching.slots import names_side, values_of
from audiocoach.coaching.space import APART_MS, Space
from audiocoach.records import dataclass, replace
from audiocoach.units import MS_PER_SECOND

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from audiocoach.coaching.effort.bounds import Bounds
    from audiocoach.coaching.memory import Fact, Told
    from audiocoach.coaching.speaker import Speaker
    from audiocoach.coaching.steps import Effort
    from audiocoach.coaching.timeline import Event, Tone
    from audiocoach.errors import Position
    from audiocoach.routine.model import Words

# A call such as "halfway" may come this much late, no more.
CALL_SLACK_MS = 1 * MS_PER_SECOND


@dataclass(frozen=True, slots=True)
class Ground:
    """What an effort is laid out on: its place, who speaks, and what was heard before it.

    `values` are those of its sides in turn. It is `full` where all cues are wanted, `new` where the move
    was not led before, a `new_side` where it was on another side alone, and `hides_side` where sides take
    turns and no words of a phase say which it is.
    `promised` is a reminder that the gap after it will tell.
    """

    effort: Effort
    bounds: Bounds
    speaker: Speaker
    told: Told
    values: tuple[Mapping[str, str], ...]
    full: bool
    new: bool
    new_side: bool
    hides_side: bool
    promised: Words | None = None

    @property
    def open_ms(self) -> int:
        """When the tone that opens the effort is over."""
        return self.bounds.start_ms + self.bounds.opens_with.length_ms

    def tells_steps(self, rep: int) -> bool:
        """Whether steps are told at a repetition from 0: where little is said, in the first of a new move."""
        is_brief = self.effort.delivery.cues == "brief"
        return self.full or (is_brief and self.new and rep == 0)

    @property
    def reps(self) -> int:
        """How many repetitions of a known length it has."""
        return self.effort.whole_reps

    @property
    def breaths(self) -> int:
        """How many breaths are led in it."""
        return self.effort.length_ms // sum(self.effort.breath_ms) if self.effort.breath_ms else 0

    def values_at(self, rep: int) -> Mapping[str, str]:
        """What the placeholders stand for at a repetition from 0."""
        return self.values[rep % len(self.values)]

    def fill(self, words: Words, rep: int = 0) -> Line:
        """The author's words at a repetition."""
        return self.speaker.fill(words, self.values_at(rep))

    def phrase(self, entry: str, values: Mapping[str, str], more: int = 0) -> Line:
        """An entry of the pack, `more` turns after those that were heard."""
        return self.speaker.phrase(entry, values, self.told.turn(entry) + more)

    def length_ms(self, line: Line) -> int:
        """How long a line takes in this effort's voice."""
        return self.speaker.length_ms(line, self.effort.delivery)

    def cue(
        self,
        kind: str,
        line: Line,
        position: Position | None = None,
        *,
        entry: str = "",
        facts: tuple[Fact, ...] = (),
    ) -> Cue:
        """A cue of this effort."""
        return Cue(
            kind, line, position or self.effort.position, self.effort.delivery, entry=entry, facts=facts
        )


def ground_of(
    effort: Effort, bounds: Bounds, speaker: Speaker, told: Told, promised: Words | None = None
) -> Ground:
    """The ground of an effort that lies between these bounds."""
    sides = len(effort.rep_sides) or 1
    values = tuple(values_of(effort, speaker.pack, rep) for rep in range(sides))
    full = effort.delivery.cues == "full"
    return Ground(
        effort=effort,
        bounds=bounds,
        speaker=speaker,
        told=told,
        values=values,
        full=full,
        new=told.is_new(effort),
        new_side=told.is_new_side(effort),
        hides_side=bool(effort.rep_sides)
        and effort.delivery.cues != "tones"
        and not _phases_tell_side(effort),
        promised=promised,
    )


def _phases_tell_side(effort: Effort) -> bool:
    phases = effort.phases if effort.delivery.cues == "full" else ()
    return any(names_side(phase.short or phase.words) for phase in phases)


@dataclass(frozen=True, slots=True)
class EffortLayout:
    """An effort as far as it is filled.

    `words` is the time that is free of sounds and counts, `room` that which is free of beats as well,
    `tones` that which is free of sounds alone. `next_rep` is the repetition that comes next; without a
    tempo it may begin at `pace_ms`. `laid` is what is said, `lost` are cues that found no place.
    """

    ground: Ground
    words: Space
    room: Space
    tones: Space
    pace_ms: int = 0
    next_rep: int = 0
    laid: tuple[Laid, ...] = ()
    sounds: tuple[Tone, ...] = ()
    notes: tuple[Note, ...] = ()
    lost: tuple[Cue, ...] = ()

    @property
    def cues(self) -> tuple[Cue, ...]:
        """What is heard in it, in order."""
        return tuple(said.heard for said in sorted(self.laid, key=lambda said: said.start_ms))

    @property
    def events(self) -> tuple[Event, ...]:
        """What sounds in it."""
        return (
            *self.sounds,
            *(speech for said in self.laid for speech in said.speeches(self.ground.speaker)),
        )

    def ringing(self, tones: Sequence[Tone]) -> EffortLayout:
        """With tones, and the silence around them."""
        if not tones:
            return self
        rows = [(tone.start_ms, tone.duration_ms) for tone in tones]
        words, room = self._taking(rows)
        # Words keep their distance to a tone, another tone may follow at once.
        free = self.tones.taking(rows, apart_ms=0)
        return replace(self, words=words, room=room, tones=free, sounds=(*self.sounds, *tones))

    def saying(self, laid: Sequence[Laid]) -> EffortLayout:
        """With words in their places."""
        if not laid:
            return self
        rows = [(said.start_ms, said.length_ms) for said in laid]
        words, room = self._taking(rows)
        return replace(self, words=words, room=room, tones=self.tones.taking(rows), laid=(*self.laid, *laid))

    def _taking(self, rows: Sequence[tuple[int, int]]) -> tuple[Space, Space]:
        words = self.words.taking(rows)
        return words, words if self.room is self.words else self.room.taking(rows)

    def closing(self, from_ms: int, to_ms: int) -> EffortLayout:
        """Without room for words from `from_ms` to `to_ms`; tones may sound there."""
        words = self.words.closed(from_ms, to_ms)
        room = words if self.room is self.words else self.room.closed(from_ms, to_ms)
        return replace(self, words=words, room=room)

    def say(self, cue: Cue, start_ms: int | None) -> EffortLayout | None:
        """With this cue at a time; None where there is no place for it."""
        if not cue.line:
            # The author has silenced the phrase.
            return self
        if start_ms is None:
            return None
        return self.saying([Laid(start_ms, self.ground.length_ms(cue.line), cue, cue.line)])

    def noting(self, position: Position, line: Line) -> EffortLayout:
        """With a note of words that found no silence."""
        if not line:
            return self
        start_ms = self.ground.bounds.start_ms
        note = Note(position, "left out", "for want of silence", start_ms, line.text)
        return replace(self, notes=(*self.notes, note))


def empty(ground: Ground) -> EffortLayout:
    """An effort in which nothing sounds yet."""
    space = Space(ground.bounds.start_ms, ground.bounds.end_ms, ground.speaker.grid_ms)
    return EffortLayout(ground, space, space, space, ground.open_ms + APART_MS)


def tone(ground: Ground, kind: str, name: str, time_ms: int) -> Tone:
    """A tone of this effort."""
    return ring(ground.effort.delivery, name).at(time_ms, kind, ground.effort.position)
