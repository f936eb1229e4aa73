"""What keeps its place in an effort, whatever else is said: the beginnings of repetitions, phases, breaths.

A beat is said in the first of its wordings that has room, else it is ticked, else noted. Words with no place
of their own (the next move, a call, a reminder) go between the beats: room is kept for each in its shortest
wording, by the same rule by which it is laid.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from audiocoach.coaching.cues import SILENCE, Laid, Line
from audiocoach.coaching.effort.bounds import tone_ms
from audiocoach.coaching.effort.layout import tone
from audiocoach.coaching.space import APART_MS
from audiocoach.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from audiocoach.coaching.cues import Cue
    from audiocoach.coaching.effort.layout import EffortLayout, Ground
    from audiocoach.coaching.timeline import Tone
    from audiocoach.errors import Position


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
    """A moment that is marked, at exactly `start_ms`, by words that end before `until_ms`, or by a tone.

    `wordings` are tried in order, each of one or two parts; the last one has no words. A tone that leads
    sounds at `tone_ms`, which the words of a first beat are after.
    """

    start_ms: int
    until_ms: int
    wordings: tuple[tuple[BeatSound, ...], ...]
    tone_ms: int


@dataclass(frozen=True, slots=True)
class Free:
    """From when on words, and tones, may sound after the beats before."""

    words_ms: int = 0
    tones_ms: int = 0


@dataclass(frozen=True, slots=True)
class Marked:
    """How a beat is marked: by words, by tones, and what neither could tell."""

    words: tuple[Laid, ...] = ()
    tones: tuple[Tone, ...] = ()
    missed: tuple[BeatSound, ...] = ()

    def free_after(self, free: Free) -> Free:
        """From when on others may sound: words keep their distance, a tone may follow a tone at once."""
        words_ms = max((said.start_ms + said.length_ms + APART_MS for said in self.words), default=0)
        tones_ms = max((mark.end_ms for mark in self.tones), default=0)
        return Free(max(free.words_ms, words_ms, tones_ms + APART_MS), max(free.tones_ms, words_ms, tones_ms))

    @property
    def spans_ms(self) -> list[tuple[int, int]]:
        """What it takes, as starts and lengths."""
        words = [(said.start_ms, said.length_ms) for said in self.words]
        return words + [(mark.start_ms, mark.duration_ms) for mark in self.tones]


def mark_all(layout: EffortLayout, beats: Iterable[Beat], free: Free) -> tuple[list[Marked], Free]:
    """Beats in order, each in the first of its wordings that has room after those before."""
    marks = []
    for beat in beats:
        layout.ground.speaker.check()
        marks.append(mark(layout, beat, free))
        free = marks[-1].free_after(free)
    return marks, free


def mark(layout: EffortLayout, beat: Beat, free: Free | None = None) -> Marked:
    """The beat in the first of its wordings that has room."""
    ground, free = layout.ground, free or Free()
    for wording in _audible(beat):
        rows = _rows(ground, beat, wording)
        words = [(part, start_ms, length_ms) for part, start_ms, length_ms in rows if not part.tone]
        fits = all(
            start_ms >= free.words_ms
            and start_ms + length_ms <= beat.until_ms
            and layout.words.fits(start_ms, length_ms)
            for _, start_ms, length_ms in words
        )
        if fits:
            ticks = [(part, start_ms) for part, start_ms, _ in rows if part.tone]
            return _marked(layout, words, ticks, free)
    return Marked()


def _audible(beat: Beat) -> Iterator[tuple[BeatSound, ...]]:
    """The wordings in which something sounds, and the last: a phrase that was silenced marks nothing."""
    *others, last = beat.wordings
    yield from (wording for wording in others if any(part.tone or part.line for part in wording))
    yield last


def _rows(ground: Ground, beat: Beat, wording: tuple[BeatSound, ...]) -> list[tuple[BeatSound, int, int]]:
    """The parts one after the other, each with its start and its length; unwanted tones take none."""
    rows, time_ms = [], beat.start_ms
    for part in wording:
        if part.tone:
            rows.append((part, beat.tone_ms, tone_ms(part.tone)))
            time_ms += tone_ms(part.tone) + APART_MS if ground.effort.delivery.tones == "full" else 0
        else:
            rows.append((part, time_ms, ground.length_ms(part.line)))
            time_ms += ground.length_ms(part.line) + APART_MS
    return rows


def _marked(
    layout: EffortLayout,
    words: Sequence[tuple[BeatSound, int, int]],
    ticks: Sequence[tuple[BeatSound, int]],
    free: Free,
) -> Marked:
    ground = layout.ground
    laid = [Laid(start_ms, length_ms, part.cue(ground), part.line) for part, start_ms, length_ms in words]
    tones, missed = [], []
    for part, time_ms in ticks:
        wanted = ground.effort.delivery.tones == "full"
        if wanted and time_ms >= free.tones_ms and layout.tones.fits(time_ms, tone_ms(part.tone)):
            tones.append(tone(ground, part.kind, part.tone, time_ms))
        elif part.line and not (wanted and is_marked(layout, time_ms)):
            missed.append(part)
    return Marked(tuple(laid), tuple(tones), tuple(missed))


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
    layout = layout.saying([said for marked in every for said in marked.words])
    layout = layout.ringing([sound for marked in every for sound in marked.tones])
    for marked in every:
        for part in marked.missed:
            layout = layout.noting(part.position, part.line)
    return layout


def least_spans(ground: Ground, beats: Iterable[Beat]) -> Iterator[tuple[int, int]]:
    """What beats in their shortest wordings take for themselves, as starts and lengths."""
    for beat in beats:
        ground.speaker.check()
        for wording in _audible(beat):
            rows = _rows(ground, beat, wording)
            if all(part.tone or start_ms + length_ms <= beat.until_ms for part, start_ms, length_ms in rows):
                yield from ((start_ms, length_ms) for _, start_ms, length_ms in rows)
                break


def tick(kind: str, position: Position, line: Line = SILENCE) -> BeatSound:
    """A tick that stands for a line."""
    return BeatSound(kind, line, position, tone="tick")
