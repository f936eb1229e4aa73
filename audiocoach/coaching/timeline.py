"""The timeline: the one truth that preview, mixer, transcript, chapters and feed all read.

Events are what sounds, intervals are what the listener does, and silence is where no event is.
All times are whole milliseconds from the start of the session.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from audiocoach.records import dataclass

if TYPE_CHECKING:
    from audiocoach.coaching.outline import Exercise
    from audiocoach.errors import Position, Problem
    from audiocoach.routine.music import Music, Track
    from audiocoach.routine.tones import SoundFile
    from audiocoach.routine.voice import Voice


@dataclass(frozen=True, slots=True)
class Utterance:
    """Words as a voice is to say them: text for the ear, placeholders filled."""

    text: str
    voice: Voice

    def __hash__(self) -> int:
        """That of the text, which Python keeps: a layout asks for the same phrase again and again."""
        return hash(self.text)


@dataclass(frozen=True, slots=True)
class Speech:
    """Words that sound. `text` is what the reader sees, `utterance` what the voice gets.

    They lie to the `side` that they name, `left` or `right`; in the middle where they name none: `""`.
    """

    start_ms: int
    duration_ms: int
    cue: str
    text: str
    utterance: Utterance
    position: Position
    side: str = ""

    @property
    def end_ms(self) -> int:
        """The first moment after it."""
        return self.start_ms + self.duration_ms


@dataclass(frozen=True, slots=True)
class Tone:
    """A tone that sounds: `cue` says what it is for, `tone` names its sound.

    The `sound` is drawn where it is a text (`sound.tones`; an empty one is the name itself), else a file's.
    It lies to the `side` that it is of, or in the middle: `""`.
    """

    start_ms: int
    duration_ms: int
    cue: str
    tone: str
    position: Position
    sound: str | SoundFile = ""
    side: str = ""

    @property
    def end_ms(self) -> int:
        """The first moment after it."""
        return self.start_ms + self.duration_ms


Event = Speech | Tone


@dataclass(frozen=True, slots=True)
class Interval:
    """A stretch of the session. Intervals follow one another without a gap, from 0 to the end.

    `cycle_ms` is what is repeated from its start on, in the lengths of its parts: one repetition, or the
    parts of one breath (in, out; in, held, out; in, held, out, held); empty where nothing is. `until` is
    `ready` where a player goes on when the listener is ready. `music` is what may play in it.
    """

    start_ms: int
    duration_ms: int
    kind: str
    position: Position
    move: str | None = None
    set: int | None = None
    sets: int | None = None
    rep: int | None = None
    side: str | None = None
    way: str | None = None
    round: int | None = None
    section: str | None = None
    reps: int | None = None
    rounds: int | None = None
    weight: str | None = None
    breaths: int | None = None
    cycle_ms: tuple[int, ...] = ()
    until: str | None = None
    music: Music | None = None

    @property
    def end_ms(self) -> int:
        """The first moment after it."""
        return self.start_ms + self.duration_ms


@dataclass(frozen=True, slots=True)
class Chapter:
    """Where a part of the session begins; it lasts until the next one."""

    start_ms: int
    title: str


@dataclass(frozen=True, slots=True)
class Bed:
    """A stretch of the session under which tracks play in turn, so far below the voice."""

    start_ms: int
    duration_ms: int
    tracks: tuple[Track, ...]
    level_lu: float

    @property
    def end_ms(self) -> int:
        """The first moment after it."""
        return self.start_ms + self.duration_ms


@dataclass(frozen=True, slots=True)
class Timeline:
    """A whole session: events by start, intervals and chapters in order, notes by place.

    `music` are the beds in order of time.

    `equipment` is what it needs, `outline` its exercises in short: both are of the plan it was laid out from.
    """

    title: str
    language: str
    duration_ms: int
    events: tuple[Event, ...]
    intervals: tuple[Interval, ...]
    chapters: tuple[Chapter, ...]
    notes: tuple[Problem, ...]
    equipment: tuple[str, ...] = ()
    outline: tuple[Exercise, ...] = ()
    music: tuple[Bed, ...] = ()

    @property
    def has_sides(self) -> bool:
        """Whether something in it lies to a side: then it sounds from two channels."""
        return any(event.side for event in self.events)
