"""The author's tree: a routine as written, every node with its position, nothing decided yet.

`routine.parser` makes it, `coaching.plan` reads it. A `Range` is what the author left open;
`None` means that the author did not say.
"""

from __future__ import annotations

from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any, Literal, TypeVar

from audiocoach import assets
from audiocoach.records import dataclass
from audiocoach.routine.doses import DOSES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from audiocoach.errors import AdviceCode, Position
    from audiocoach.routine.distances import Distance
    from audiocoach.routine.doses import DoseKind, DoseTraits
    from audiocoach.routine.music import Music
    from audiocoach.routine.tones import Sounds
    from audiocoach.routine.voice import Voice

T = TypeVar("T")
U = TypeVar("U")

LevelName = Literal["gentle", "standard", "strong"]
CuesName = Literal["full", "brief", "tones"]
# How much of a routine is told: a lesson of its moves, or the session.
EditionName = Literal["learn", "full", "brief", "tones"]
# Which files a session comes in. An MP3 is always there: feeds and pages are made of it.
FormatName = Literal["mp3", "opus", "m4b", "wav", "wav-8k"]
TonesName = Literal["full", "soft", "none"]
# How one lies, kneels or stands in a move: from one to another a listener has to be led.
Posture = Literal["supine", "prone", "side", "all fours", "kneeling", "sitting", "standing"]
# What a chapter is of.
ChapterName = Literal["sections", "moves", "sets"]
# Which repetitions are counted aloud, and in what direction.
CountName = Literal["up", "down", "last-three", "none"]


# How warm the coach is: whether there is a word of praise.
ToneName = Literal["warm", "neutral"]
# What a count is heard by.
CountInName = Literal["ticks", "voice", "both"]


@dataclass(frozen=True, slots=True)
class CountIn:
    """How a start is counted to, and for how long: a whole number of seconds, 0 for not at all."""

    by: CountInName = "ticks"
    length_ms: int = 3000

    def changed(self, change: CountInChange | None) -> CountIn:
        """The count where `change` stands: what it does not say stays."""
        if change is None:
            return self
        length_ms = self.length_ms if change.length_ms is None else change.length_ms
        return CountIn(change.by or self.by, length_ms)


@dataclass(frozen=True, slots=True)
class CountInChange:
    """What a `count_in:` says; `None` keeps the outer one."""

    by: CountInName | None = None
    length_ms: int | None = None


@dataclass(frozen=True, slots=True)
class VoiceChange:
    """What a `voice:` says; `None` keeps the outer one."""

    position: Position
    engine: str | None = None
    name: str | None = None
    rate_wpm: int | None = None
    gain_db: float | None = None
    pitch: int | None = None


@dataclass(frozen=True, slots=True)
class Casting:
    """Who speaks in a part of a routine, and whether the author has said who: else it is whoever is best."""

    voice: Voice
    is_chosen: bool = False

    def changed(self, change: VoiceChange | None) -> Casting:
        """Who speaks where `change` stands.

        A name is one of the engine that the author has chosen, else of the engine that every machine has. The
        voices of one engine are not those of another.
        """
        if change is None:
            return self
        engine = change.engine or (
            assets.USUAL_ENGINE if change.name and not self.is_chosen else self.voice.engine
        )
        kept, kept_pitch = (self.voice.name, self.voice.pitch) if engine == self.voice.engine else ("", None)
        voice = replace(
            self.voice,
            engine=engine,
            name=kept if change.name is None else change.name,
            rate_wpm=change.rate_wpm or self.voice.rate_wpm,
            gain_db=self.voice.gain_db if change.gain_db is None else change.gain_db,
            pitch=kept_pitch if change.pitch is None else change.pitch,
        )
        return Casting(voice, self.is_chosen or bool(change.engine or change.name))


@dataclass(frozen=True, slots=True)
class Range:
    """From `low` to `high`, both allowed; in ms or as a count, as the field's name says."""

    low: int
    high: int


@dataclass(frozen=True, slots=True)
class Words:
    """Text to be spoken. It may hold placeholders such as `<side>`; `places` says where each stands."""

    text: str
    position: Position
    places: tuple[tuple[str, Position], ...] = ()

    def __hash__(self) -> int:
        """That of the text, which Python keeps: a layout asks for the same words again and again."""
        return hash(self.text)


@dataclass(frozen=True, slots=True)
class Tempo:
    """Either the seconds of every phase, `3-1-2-0`, or one length a repetition, `4s`; in ms.

    Of so many beats a minute, `bpm`, `rep_ms` is the nearest to one beat.
    """

    position: Position
    phases_ms: tuple[int, ...] = ()
    rep_ms: int = 0
    bpm: int = 0


@dataclass(frozen=True, slots=True)
class Dose:
    """How much: exactly one of the forms that `kind` names.

    `for`: `time_ms` of movement. `hold`: `time_ms` of stillness. `reps`: `reps` of them.
    `breaths`: `breaths` of them. `holds`: `reps` holds of `time_ms` or `breaths` each. `held` breaths
    were written as a hold, `hold: 10 breaths`. `distance`: that far, for `time_ms`, which is
    None where nobody has said it. `later` are the doses of the sets after the first, where each set has one
    of its own.
    """

    kind: DoseKind
    position: Position
    time_ms: Range | None = None
    reps: Range | None = None
    breaths: Range | None = None
    held: bool = False
    distance: Distance | None = None
    later: tuple[Dose, ...] = ()

    @property
    def by_set(self) -> tuple[Dose, ...]:
        """The dose of each set that has one of its own; one alone where all sets are alike."""
        return (replace(self, later=()), *self.later) if self.later else (self,)

    @property
    def stays(self) -> bool:
        """Whether it is one hold or several."""
        return self.held or self.traits.stays

    @property
    def is_unread(self) -> bool:
        """Whether it could not be read: that was told."""
        return (self.time_ms or self.reps or self.breaths or self.distance) is None

    @property
    def traits(self) -> DoseTraits:
        """What is true of its kind."""
        return DOSES[self.kind]


@dataclass(frozen=True, slots=True)
class Terms:
    """What surrounds a dose. `sides` is the author's order, `("left", "right")`, or a word.

    `places` are those of the keys, by field, where a move or a `do` says them for itself; what it has
    from `defaults` has none.
    """

    sets: Range | None = None
    rest_ms: Range | None = None
    sides: Sides | None = None
    switch_ms: Range | None = None
    ways: tuple[str, ...] | None = None
    ready_ms: Range | None = None
    release_ms: Range | None = None
    tempo: Tempo | None = None
    breath: tuple[int, ...] | None = None
    places: tuple[tuple[str, Position], ...] = ()


@dataclass(frozen=True, slots=True)
class Sides:
    """`order` of the sides, and how they share the dose: `blocks`, `each`, `alternate` or `one`.

    `none` undoes what `defaults` or a move say: it is left once all terms are joined (`settled`).
    """

    sharing: Literal["blocks", "each", "alternate", "one", "none"]
    order: tuple[str, ...]
    position: Position


@dataclass(frozen=True, slots=True)
class When:
    """`first side`, `last set`: the one time that a timed step is kept for; where it was written."""

    end: Literal["first", "last"]
    of: Literal["side", "set", "round"]
    position: Position


@dataclass(frozen=True, slots=True)
class TimedWords:
    """Words at a time of an interval: `at_ms` after its start or, where that is negative, before its end."""

    position: Position
    at_ms: int
    words: Words


@dataclass(frozen=True, slots=True)
class MoveStep:
    """One phase of a move; with a `dose` or `pause_ms` of its own it is a timed step.

    `at` are words at times of it.
    """

    position: Position
    words: Words
    short: Words | None = None
    dose: Dose | None = None
    pause_ms: Range | None = None
    breath: tuple[int, ...] | None = None
    when: When | None = None
    at: tuple[TimedWords, ...] = ()

    @property
    def timed(self) -> bool:
        """Whether it is a step of a guided sequence."""
        return self.dose is not None or self.pause_ms is not None


@dataclass(frozen=True, slots=True)
class Move:
    """A move, or (in `easier`, `harder` and a `do`) what replaces parts of one; `None` is unsaid.

    `at_go` is the loading part of the setup, right before the count; `get_ready` calls back before a later
    set, `finish` leads out of the position. `caution` is about safety, `why` and `avoid_if` are told in a
    lesson. `works` are muscles, `unit` is what a repetition is called: one of them, and several. `weight` is
    that of all sets, or one a set.
    """

    position: Position
    key: str
    name: str | None = None
    setup: Words | None = None
    say: Words | None = None
    steps: tuple[MoveStep, ...] | None = None
    reminders: tuple[Words, ...] | None = None
    equipment: tuple[str, ...] | None = None
    dose: Dose | None = None
    terms: Terms = Terms()
    get_ready: Words | None = None
    at_go: Words | None = None
    caution: Words | None = None
    finish: Words | None = None
    why: Words | None = None
    avoid_if: Words | None = None
    posture: Posture | None = None
    works: tuple[str, ...] | None = None
    unit: tuple[str, str] | None = None
    count: CountName | None = None
    weight: tuple[str, ...] | None = None
    easier: Move | None = None
    harder: Move | None = None


@dataclass(frozen=True, slots=True)
class Announce:
    """Which calls tell where one is; `None` is unsaid: then each comes where it is of use.

    `halfway` of a long interval; `last_ms` before its end, and `every_ms` of what is left of it, 0 being
    never; which `set` and round, which `move`, how long a `rest`, and the `count` of repetitions, holds and
    breaths.
    """

    halfway: bool | None = None
    last_ms: int | None = None
    every_ms: int | None = None
    set: bool | None = None
    move: bool | None = None
    rest: bool | None = None
    count: bool | None = None


@dataclass(frozen=True, slots=True)
class Settings:
    """What a routine or block sets for everything inside it; `None` keeps the outer one.

    `counter` is what sets the voice that counts apart from the one that speaks.
    """

    level: LevelName | None = None
    cues: EditionName | None = None
    tones: TonesName | None = None
    voice: VoiceChange | None = None
    defaults: Terms = Terms()
    announce: Announce = Announce()
    count_in: CountInChange | None = None
    tone: ToneName | None = None
    music: Music | None = None
    sounds: Sounds | None = None
    counter: VoiceChange | None = None


@dataclass(frozen=True, slots=True)
class Do:
    """`do:` one move, with what is said of it here; `own` are the fields of a move that it replaces.

    `at` are words at times of each of its intervals.
    """

    position: Position
    move: str
    move_position: Position
    dose: Dose | None
    terms: Terms
    every_ms: int | None
    settings: Settings
    own: Move | None = None
    at: tuple[TimedWords, ...] = ()


@dataclass(frozen=True, slots=True)
class Say:
    """`say:` the coach's own words, then `pause_ms` of exact silence."""

    position: Position
    words: Words
    pause_ms: Range | None = None


@dataclass(frozen=True, slots=True)
class Rest:
    """`rest:` before the next exercise; `waits`: a page that plays it goes on when the listener is ready."""

    position: Position
    time_ms: Range
    waits: bool = False


@dataclass(frozen=True, slots=True)
class Pause:
    """`pause:` exact silence."""

    position: Position
    time_ms: Range


@dataclass(frozen=True, slots=True)
class Ring:
    """`tone:` one tone by name."""

    position: Position
    tone: str


@dataclass(frozen=True, slots=True)
class Block:
    """`section:` or `repeat:` with items; `for_ms` instead of `repeat` is as many rounds as one can.

    `every_ms` is the grid on which its exercises start, one after the other; `cap_ms` is how long the rounds
    of `repeat` may take where one goes through them in a time of one's own. `at` are words at times of
    rounds like these. Of its items `choose` are done, all where that is None, in an order that changes from
    day to day where it `shuffles`.
    """

    position: Position
    section: str | None
    repeat: Range | None
    for_ms: Range | None
    rest_ms: Range | None
    settings: Settings
    items: tuple[Item, ...]
    at: tuple[TimedWords, ...] = ()
    every_ms: int | None = None
    cap_ms: Range | None = None
    choose: Range | None = None
    shuffles: bool = False

    @property
    def free_ms(self) -> Range | None:
        """The time in which one goes through the items as one likes: for as many rounds, or up to a cap."""
        return self.for_ms or self.cap_ms


Item = Do | Say | Rest | Pause | Ring | Block


@dataclass(frozen=True, slots=True)
class Variant:
    """An edition of a routine: `name` is what its files are called, `title` stands behind the routine's."""

    position: Position
    name: str
    title: str
    level: LevelName | None = None
    fit_ms: int | None = None
    cues: EditionName | None = None
    day: int | None = None


@dataclass(frozen=True, slots=True)
class Routine:
    """One routine file with its libraries read in.

    `chapters` is what each is of, `fit_ms` how long the session is to last. `day`, from 1 on, is the one that
    it is told for, `edition` the title of the variant that it is, if it is one; `formats` are the files that
    it comes in. What is of a side lies there unless `stereo` is off; `keep_awake` is whether noise that
    nobody hears lies in their silence, None where nobody says.
    """

    position: Position
    title: str
    description: str
    language: str
    tags: tuple[str, ...]
    credit: tuple[tuple[str, str], ...]
    safety: Words | None
    settings: Settings
    pronounce: tuple[tuple[str, str], ...]
    phrases: tuple[tuple[str, tuple[Words, ...]], ...]
    moves: tuple[Move, ...]
    session: tuple[Item, ...]
    chapters: ChapterName | None = None
    fit_ms: int | None = None
    ignore: tuple[AdviceCode, ...] = ()
    variants: tuple[Variant, ...] = ()
    day: int = 1
    edition: str = ""
    formats: tuple[FormatName, ...] = ()
    stereo: bool | None = None
    keep_awake: bool | None = None


def overlay(change: Terms, base: Terms) -> Terms:
    """The terms of `change`, and those of `base` where `change` is silent."""
    places = tuple({**dict(base.places), **dict(change.places)}.items())
    return Terms(**{name: _first(change, base, name) for name in _TERMS}, places=places)


_TERMS = tuple(field.name for field in fields(Terms) if field.name != "places")


def announced(change: Announce, base: Announce) -> Announce:
    """The calls of `change`, and those of `base` where `change` is silent."""
    return Announce(**{field.name: _first(change, base, field.name) for field in fields(Announce)})


def settled(terms: Terms) -> Terms:
    """The terms that hold, once all were joined: `sides: none` is no sides."""
    if terms.sides is None or terms.sides.sharing != "none":
        return terms
    return replace(terms, sides=None, places=tuple(row for row in terms.places if row[0] != "sides"))


def dosed(change: Dose | None, base: Dose | None) -> Dose | None:
    """The dose of `change` in place of `base`.

    A count on a move that holds is the number of its holds, and a hold on one of several holds is their
    length: set by set, where one of them has a value for each.
    """
    if change is None or base is None:
        return change or base
    if not _joins(change, base):
        return change
    return in_sets([_joined(of_set, beneath) for of_set, beneath in paired(change.by_set, base.by_set)])


def in_sets(doses: Sequence[Dose]) -> Dose:
    """One dose of these, each that of a set; one alone is that of all sets."""
    first, *later = doses
    return replace(first, later=tuple(later))


def paired(first: Sequence[T], second: Sequence[U]) -> tuple[tuple[T, U], ...]:
    """What two fields say of each set: one value alone is that of every set."""
    count = len(second) if len(first) == 1 else len(first)
    return tuple((first[min(i, len(first) - 1)], second[min(i, len(second) - 1)]) for i in range(count))


def are_uneven(change: Dose | None, base: Dose | None) -> bool:
    """Whether a count and a hold that become one dose have values for sets of different numbers."""
    if change is None or base is None or not _joins(change, base):
        return False
    return bool(change.later and base.later) and len(change.later) != len(base.later)


def _joins(change: Dose, base: Dose) -> bool:
    counts = change.kind == "reps" and base.stays
    return counts or (base.kind == "holds" and change.stays and change.kind != "holds")


def _joined(change: Dose, base: Dose) -> Dose:
    if change.kind == "reps":
        return replace(base, kind="holds", position=change.position, reps=change.reps)
    return replace(change, kind="holds", reps=base.reps)


def is_led(dose: Dose | None, *around: Terms) -> bool:
    """Whether the time of a `for` is led breaths: a `breath` is written for it, nearer than a `tempo`.

    `around` are the terms of the `do` and of its move, the nearer first.
    """
    if dose is None or dose.kind != "for":
        return False
    nearest = next((terms for terms in around if terms.breath or terms.tempo), Terms())
    return nearest.breath is not None


# What a variant of a move has in place of the move's; its dose and its terms are joined in ways of their own.
_REPLACED = (
    *("name", "setup", "say", "steps", "reminders", "equipment", "get_ready", "at_go", "caution", "finish"),
    *("why", "avoid_if", "posture", "works", "unit", "count", "weight"),
)


def varied(move: Move, change: Move | None) -> Move:
    """The move with the fields that `change` holds in place of its own; `say` follows the setup."""
    if change is None:
        return move
    return replace(
        move,
        dose=dosed(change.dose, move.dose),
        terms=overlay(change.terms, move.terms),
        **{name: _first(change, move, name) for name in _REPLACED},
    )


def _first(change: object, base: object, name: str) -> Any:  # noqa: ANN401 - a field of either record
    value = getattr(change, name)
    return getattr(base, name) if value is None else value
