"""What keeps its place in an effort, whatever else is said: the beginnings of repetitions, phases, breaths.

The call of a beat comes ahead of it and ends as it begins, in the first of its wordings that has room; else
the beat is ticked, else noted. Words with no place of their own (the next move, a call, a reminder) go
between the beats: room is kept for each in its shortest wording, by the same rule by which it is laid.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from audiocoach.coaching.cues import SILENCE, Laid, Line
from audiocoach.coaching.effort.bounds import tone_ms
from audiocoach.coaching.effort.layout import tone
from audiocoach.coaching.space import APART_MS
from audiocoach.records import dataclass
from audiocoach.units import ceil_to, floor_to

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from audiocoach.coaching.cues import Cue
    from audiocoach.coaching.effort.layout import EffortLayout, Ground
    from audiocoach.coaching.timeline import Tone
    from audiocoach.errors import Position

# A call that has too little room before its beat may end this much after it.
LATE_MS = 300


@dataclass(frozen=True, slots=True)
class BeatSound:
    """One sound of a beat: a line, or a `tone` that stands for one. `entry` is the phrase that it is of."""

    kind: str
    line: Line
    position: Position
    tone: str = ""
    entry: str = ""

    def cue(self, ground: Ground) -> Cue:
        """It as a cue of the effort."""
        return ground.cue(self.kind, self.line, self.position, entry=self.entry)


@dataclass(frozen=True, slots=True)
class Beat:
    """A moment that is marked: by words that end at `time_ms`, or by a tone that begins at it.

    `wordings` are tried in order, then `tick`, None where nothing is missing without. Words begin at
    `from_ms` at the earliest and end at `until_ms` at the latest. Where `opens`, a tone sounds as the moment
    comes: words begin as soon as they may.
    """

    time_ms: int
    from_ms: int
    until_ms: int
    wordings: tuple[BeatSound, ...]
    tick: BeatSound | None = None
    opens: bool = False


@dataclass(frozen=True, slots=True)
class Free:
    """From when on words, and tones, may sound after the beats before."""

    words_ms: int = 0
    tones_ms: int = 0


@dataclass(frozen=True, slots=True)
class Marked:
    """How a beat is marked: by words, by a tone, or what neither could tell."""

    words: Laid | None = None
    tone: Tone | None = None
    missed: BeatSound | None = None

    def free_after(self, free: Free) -> Free:
        """From when on others may sound: words keep their distance, a tone may follow a tone at once."""
        if self.words is not None:
            end_ms = self.words.start_ms + self.words.length_ms + APART_MS
            return Free(max(free.words_ms, end_ms), max(free.tones_ms, end_ms))
        if self.tone is not None:
            return Free(max(free.words_ms, self.tone.end_ms + APART_MS), max(free.tones_ms, self.tone.end_ms))
        return free

    @property
    def spans_ms(self) -> list[tuple[int, int]]:
        """What it takes, as starts and lengths."""
        if self.words is not None:
            return [(self.words.start_ms, self.words.length_ms)]
        return [(self.tone.start_ms, self.tone.duration_ms)] if self.tone is not None else []


def mark_all(layout: EffortLayout, beats: Iterable[Beat], free: Free) -> tuple[list[Marked], Free]:
    """Beats in order, each in the first of its wordings that has room after those before."""
    marks = []
    for beat in beats:
        layout.ground.speaker.check()
        marks.append(mark(layout, beat, free))
        free = marks[-1].free_after(free)
    return marks, free


def mark(layout: EffortLayout, beat: Beat, free: Free | None = None) -> Marked:
    """The beat in the first of its wordings that has room, else by its tone."""
    ground, free = layout.ground, free or Free()
    for part in beat.wordings:
        if not part.line:
            continue  # A phrase that was silenced marks nothing.
        length_ms = ground.length_ms(part.line)
        start_ms = _start_ms(ground, beat, length_ms, free.words_ms)
        if start_ms + length_ms <= beat.until_ms and layout.words.fits(start_ms, length_ms):
            return Marked(words=Laid(start_ms, length_ms, part.cue(ground), part.line))
    return _ticked(layout, beat, free) if beat.tick else Marked()


def _start_ms(ground: Ground, beat: Beat, length_ms: int, free_ms: int) -> int:
    """When words begin: on the grid, so that each call is encoded once wherever it comes."""
    if beat.opens:
        return max(beat.from_ms, free_ms)
    grid_ms = ground.speaker.grid_ms
    # Words in the first phases begin behind the tone that opens the effort, even if they end a little late.
    opened_ms = ground.open_ms + APART_MS if ground.bounds.opens_with.tone else 0
    earliest_ms = ceil_to(max(beat.from_ms, free_ms, opened_ms), grid_ms)
    return max(floor_to(beat.time_ms - length_ms, grid_ms), earliest_ms)


def _ticked(layout: EffortLayout, beat: Beat, free: Free) -> Marked:
    ground, part = layout.ground, beat.tick
    if part is None:
        return Marked()
    wanted = ground.effort.delivery.tones == "full"
    has_room = beat.time_ms >= free.tones_ms and layout.tones.fits(
        beat.time_ms, tone_ms(part.tone, ground.effort.delivery)
    )
    if wanted and has_room:
        return Marked(tone=tone(ground, part.kind, part.tone, beat.time_ms))
    is_missed = part.line and not (wanted and is_marked(layout, beat.time_ms))
    return Marked(missed=part if is_missed else None)


def is_marked(layout: EffortLayout, time_ms: int) -> bool:
    """Whether another tone sounds so near that it marks the moment: the go tone, a count."""
    ground = layout.ground
    opening = (ground.bounds.start_ms, ground.bounds.opens_with.length_ms)
    heard = [(sound.start_ms, sound.duration_ms) for sound in layout.sounds]
    return any(
        start_ms - APART_MS < time_ms < start_ms + length_ms + APART_MS
        for start_ms, length_ms in (opening, *heard)
        if length_ms
    )


def with_marks(layout: EffortLayout, marks: Iterable[Marked]) -> EffortLayout:
    """With beats as they are marked; what none of their sounds tells is noted."""
    every = list(marks)
    layout = layout.saying([marked.words for marked in every if marked.words is not None])
    layout = layout.ringing([marked.tone for marked in every if marked.tone is not None])
    for marked in every:
        if marked.missed is not None:
            layout = layout.noting(marked.missed.position, marked.missed.line)
    return layout


def least_spans(ground: Ground, beats: Iterable[Beat]) -> Iterator[tuple[int, int]]:
    """What beats in their shortest wordings take for themselves, as starts and lengths."""
    free_ms = 0
    for beat in beats:
        ground.speaker.check()
        span = _least_span(ground, beat, free_ms)
        if span is not None:
            free_ms = sum(span) + APART_MS
            yield span


def _least_span(ground: Ground, beat: Beat, free_ms: int) -> tuple[int, int] | None:
    part = next((part for part in reversed(beat.wordings) if part.line), None)
    if part is not None:
        length_ms = ground.length_ms(part.line)
        start_ms = _start_ms(ground, beat, length_ms, free_ms)
        if start_ms + length_ms <= beat.until_ms:
            return start_ms, length_ms
    return (beat.time_ms, tone_ms(beat.tick.tone, ground.effort.delivery)) if beat.tick else None


def tick(kind: str, name: str, position: Position, line: Line = SILENCE) -> BeatSound:
    """A tone that stands for a line: `tick` for a repetition, `last` for the last, `phase` for a phase."""
    return BeatSound(kind, line, position, tone=name)
