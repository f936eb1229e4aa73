"""The steps of a plan: what is left when nothing is open but the length of speech."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from audiocoach.records import dataclass
from audiocoach.routine.doses import DOSES
from audiocoach.routine.model import Announce, CountIn
from audiocoach.routine.tones import Sounds
from audiocoach.units import MS_PER_MINUTE

if TYPE_CHECKING:
    from audiocoach.coaching.chapters import Division
    from audiocoach.coaching.cues import Line
    from audiocoach.errors import Position
    from audiocoach.language.phrases import Pack
    from audiocoach.routine.distances import Distance
    from audiocoach.routine.doses import DoseKind, DoseTraits
    from audiocoach.routine.model import CuesName, Move, Sides, TimedWords, ToneName, TonesName, Words
    from audiocoach.routine.music import Music
    from audiocoach.routine.voice import Voice

EffortKind = Literal["work", "hold", "reps", "breaths", "pause"]


@dataclass(frozen=True, slots=True)
class EffortTraits:
    """What is true of every effort of a kind.

    Whether `is_exercise`: more than silence; `by_clock`: halfway and the end of its time are told; `moves`:
    it is no stillness; `is_paced`: steps without times of their own pass in it one after the other;
    `is_counted`: by repetitions; `is_led`: by breaths.
    """

    is_exercise: bool = True
    by_clock: bool = False
    moves: bool = False
    is_paced: bool = False
    is_counted: bool = False
    is_led: bool = False


EFFORTS: dict[EffortKind, EffortTraits] = {
    "work": EffortTraits(by_clock=True, moves=True, is_paced=True),
    "hold": EffortTraits(by_clock=True),
    "reps": EffortTraits(moves=True, is_counted=True),
    "breaths": EffortTraits(is_led=True),
    "pause": EffortTraits(is_exercise=False),
}
EXERCISES: tuple[EffortKind, ...] = tuple(kind for kind, traits in EFFORTS.items() if traits.is_exercise)


def beats_ms(number: int, bpm: int) -> int:
    """How long so many beats take, to the nearest ms."""
    return (number * 2 * MS_PER_MINUTE + bpm) // (2 * bpm)


def beats_in(length_ms: int, bpm: int) -> int:
    """How many beats are over when so much time is, each at its nearest ms."""
    return (bpm * (2 * length_ms + 1) - 1) // (2 * MS_PER_MINUTE)


# What words with nothing else to do are: the author's, or those of a lesson.
_Talk = Literal["say", "safety", "opening", "close"]
_Taught = Literal[
    "announce",
    "why",
    "caution",
    "equipment",
    "posture",
    "setup",
    "advice",
    "step",
    "side",
    "reminder",
    "variant",
    "finish",
]
TalkKind = _Talk | _Taught
GapKind = Literal["rest", "switch", "ready", "release"]
# What a gap may do when its words need longer: nothing where it was declared (`fixed`: say less, then
# lengthen with a note; `grid` takes no slack either), or grow without a note, to its words and this
# much silence.
Grows = Literal["fixed", "grid", "ready", "switch", "step"]


@dataclass(frozen=True, slots=True)
class Delivery:
    """How a stretch of the session is told."""

    cues: CuesName
    tones: TonesName
    voice: Voice
    announce: Announce = Announce()
    count_in: CountIn = CountIn()
    tone: ToneName = "warm"
    music: Music | None = None
    sounds: Sounds = Sounds()
    counter: Voice | None = None

    def voice_of(self, line: Line) -> Voice:
        """Who says a line: one may count, and another speak."""
        return self.counter if self.counter and line.counts else self.voice


@dataclass(frozen=True, slots=True)
class NestedBlock:
    """One block around a step: its section, and which of its rounds this is; None where it has none.

    `block` is where it was written: two blocks in a row may be alike.
    """

    block: Position
    section: str | None = None
    round: int | None = None
    rounds: int | None = None


@dataclass(frozen=True, slots=True)
class Nesting:
    """Where in the session a step stands: the blocks around it, the outermost first."""

    levels: tuple[NestedBlock, ...] = ()

    @property
    def sections(self) -> tuple[str, ...]:
        """The sections around it."""
        return tuple(level.section for level in self.levels if level.section)

    @property
    def section(self) -> str | None:
        """The innermost section around it."""
        return self.sections[-1] if self.sections else None

    @property
    def turns(self) -> tuple[tuple[int, int], ...]:
        """The rounds around it, each as its number and how many there are."""
        return tuple((level.round, level.rounds) for level in self.levels if level.round and level.rounds)

    @property
    def round(self) -> int | None:
        """The number of the innermost round, None outside of every repeat."""
        return next((number for number, _ in reversed(self.turns)), None)

    @property
    def rounds(self) -> int | None:
        """How many rounds the innermost repeat has."""
        return next((count for _, count in reversed(self.turns)), None)


@dataclass(frozen=True, slots=True)
class Heading:
    """What begins with a step.

    `level` is 0 for a section, or a move that stands in none, 1 for a move, 2 for a set, 3 for one interval.
    `title` is that of a section, empty elsewhere; `round` is None where there is one. `turn` tells the set
    apart, with its side or way, and `part` the interval.
    """

    level: int
    title: str
    section: str | None
    round: int | None
    name: str | None
    turn: str
    part: str


@dataclass(frozen=True, slots=True)
class FixedDose:
    """A dose at the chosen level; zero where the kind has no such figure.

    A `for` that breaths lead has their number as well.
    """

    kind: DoseKind
    time_ms: int = 0
    reps: int = 0
    breaths: int = 0
    distance: Distance | None = None

    @property
    def traits(self) -> DoseTraits:
        """What is true of its kind."""
        return DOSES[self.kind]


@dataclass(frozen=True, slots=True)
class Phase:
    """One phase of a repetition: its words, and its own time counted from the repetition's start."""

    words: Words
    short: Words | None
    start_ms: int
    length_ms: int


@dataclass(frozen=True, slots=True)
class SayStep:
    """Words with nothing else to do, then `pause_ms` of exact silence."""

    position: Position
    words: Words
    cue: TalkKind
    pause_ms: int
    place: Nesting
    delivery: Delivery
    next_name: str | None = None
    chapter: str | None = None
    heading: Heading | None = None


@dataclass(frozen=True, slots=True)
class PauseStep:
    """Exact silence."""

    position: Position
    length_ms: int
    place: Nesting
    delivery: Delivery
    chapter: str | None = None
    heading: Heading | None = None


@dataclass(frozen=True, slots=True)
class ToneStep:
    """One tone by name."""

    position: Position
    tone: str
    place: Nesting
    delivery: Delivery
    chapter: str | None = None
    heading: Heading | None = None


@dataclass(frozen=True, slots=True)
class Station:
    """One move of as many rounds as one can; `steps` are those that have a time of their own."""

    move: Move
    dose: FixedDose | None
    steps: tuple[tuple[Words, FixedDose], ...] = ()

    @property
    def name(self) -> str:
        """What the move is called."""
        return self.move.name or self.move.key


@dataclass(frozen=True, slots=True)
class Effort:
    """One interval of exercise, `length_ms` from the tone that opens it to the tone that closes it.

    `set` of `sets`; `rep` of `reps` where every hold of a set is an interval of its own. `phases` are the
    untimed steps, `guide` the words of a timed one, `guide_short` those for later times, `circuit` the moves
    of as many rounds as one can, or of so many `rounds`, and `is_list` whether their names are its own.
    `rep_sides` is how sides alternate from repetition to repetition, `every_ms` the grid on which the sets
    start, `turn` which start of a block's grid it is, of how many. `ladder` are the doses of all sets where
    they differ; `weight` is that of this set, `weights` are those of all where they differ. `bpm` is of beats
    that are not counted, `rep_bpm` of those that are repetitions, of about `rep_ms` each; `at` are the
    author's words at times of it.
    """

    position: Position
    kind: EffortKind
    length_ms: int
    move: Move
    number: int
    place: Nesting
    delivery: Delivery
    dose: FixedDose | None
    set: int
    sets: int
    opens: bool
    sides: Sides | None = None
    ways: tuple[str, ...] = ()
    side: str | None = None
    way: str | None = None
    rep: int | None = None
    rep_ms: int = 0
    rep_sides: tuple[str, ...] = ()
    phases: tuple[Phase, ...] = ()
    breath_ms: tuple[int, ...] = ()
    guide: Words | None = None
    guide_short: Words | None = None
    easier: Words | None = None
    circuit: tuple[Station, ...] = ()
    is_list: bool = False
    rounds: int = 0
    every_ms: int = 0
    turn: tuple[int, int] | None = None
    bpm: int = 0
    rep_bpm: int = 0
    ladder: tuple[FixedDose, ...] = ()
    weight: str = ""
    weights: tuple[str, ...] = ()
    next_name: str | None = None
    at: tuple[TimedWords, ...] = ()

    @property
    def traits(self) -> EffortTraits:
        """What is true of its kind."""
        return EFFORTS[self.kind]

    @property
    def name(self) -> str:
        """What the move is called, out loud and in print."""
        return self.move.name or self.move.key

    def precedes(self, other: Effort) -> bool:
        """Whether the other one starts after it on the same grid."""
        if self.turn is None or other.turn is None:
            return False
        return other.turn == (self.turn[0] + 1, self.turn[1]) and other.place == self.place

    @property
    def reps(self) -> int:
        """Repetitions a set, 0 where they are not counted."""
        return self.dose.reps if self.dose else 0

    @property
    def whole_reps(self) -> int:
        """How many repetitions of a known length its time holds."""
        if self.rep_bpm:
            return beats_in(self.length_ms, self.rep_bpm)
        return self.length_ms // self.rep_ms if self.rep_ms else 0

    def rep_start_ms(self, rep: int) -> int:
        """When a repetition, from 0, begins after the start: the roundings of beats never add up."""
        return beats_ms(rep, self.rep_bpm) if self.rep_bpm else rep * self.rep_ms


@dataclass(frozen=True, slots=True)
class Gap:
    """What lies between: at least `length_ms`. `says` are spoken in it, `ahead` is named in it.

    `waits`: who plays it goes on when the listener is ready. `is_last`: no exercise follows.
    """

    position: Position
    kind: GapKind
    length_ms: int
    grows: Grows
    place: Nesting
    delivery: Delivery
    says: tuple[SayStep, ...] = ()
    ahead: Effort | None = None
    chapter: str | None = None
    heading: Heading | None = None
    waits: bool = False
    is_last: bool = False


Step = SayStep | PauseStep | ToneStep | Effort | Gap


@dataclass(frozen=True, slots=True)
class Plan:
    """A session, step by step. Every effort has exactly one gap before it, which may be 0 ms long.

    `equipment` is what its moves need, each thing once, in the order in which it is needed. Words
    without a time of their own start on a whole number of `grid_ms`: what the file is made of wants it. In
    `stereo` what is of a side lies there. Where it `wakes` a soft tone stands before its first words.
    """

    position: Position
    title: str
    language: str
    pronounce: tuple[tuple[str, str], ...]
    delivery: Delivery
    pack: Pack
    safety: Words | None
    steps: tuple[Step, ...]
    grid_ms: int
    division: Division
    equipment: tuple[str, ...]
    stereo: bool = True
    wakes: bool = False
