"""The inside of an effort: its tones, and the words that fit between them.

An effort's length is fixed before anything is said in it: what does not fit is said shorter, ticked,
taught before the go tone, or left out with a note. Never does it take longer.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import cycle
from typing import TYPE_CHECKING

from audiocoach import assets
from audiocoach.coaching.gaps import COUNT_MS, PAUSE_MS, speech
from audiocoach.coaching.narration import Coach, Cue, reminders_of
from audiocoach.coaching.space import APART_MS, Space
from audiocoach.coaching.timeline import Tone
from audiocoach.errors import Problem
from audiocoach.routine.source import quote
from audiocoach.units import MS_PER_MINUTE, MS_PER_SECOND

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from audiocoach.coaching.steps import Effort, Phase
    from audiocoach.coaching.timeline import Event
    from audiocoach.routine.model import Words

COUNT_OUT_FROM_MS = 10 * MS_PER_SECOND
HALFWAY_FROM_MS = 40 * MS_PER_SECOND
MINUTES_FROM_MS = 3 * MS_PER_MINUTE
PHASE_REST_MS = 2 * MS_PER_SECOND
REMINDER_EVERY_MS = 12 * MS_PER_SECOND
CIRCUIT_REMINDER_EVERY_MS = 20 * MS_PER_SECOND
REMINDER_MARGIN_MS = 500
FULL_REPS = 2
# A call such as "halfway" may come this much late, no more.
CALL_SLACK_MS = 1 * MS_PER_SECOND

_BREATH_KEYS = {
    2: ("breathe_in", "breathe_out"),
    3: ("breathe_in", "breathe_hold", "breathe_out"),
    4: ("breathe_in", "breathe_hold", "breathe_out", "breathe_hold"),
}
_BREATH_TONES = {"breathe_in": "inhale", "breathe_out": "exhale"}
_SIDED = {"rep": "rep_side", "rep_last": "rep_side_last"}
_SHORT_BREATH = {"breathe_in": "breathe_in_short", "breathe_out": "breathe_out_short"}


@dataclass(frozen=True, slots=True)
class Edge:
    """A tone that opens or closes an effort: what it means, and its sound (`""`: none)."""

    cue: str
    tone: str

    @property
    def length_ms(self) -> int:
        """How long it sounds."""
        return _tone_ms(self.tone) if self.tone else 0


def edge(cue: str, *neighbours: Effort) -> Edge:
    """The tone at the start or end of an effort; where two meet, it is as loud as either wants it."""
    wanted = {effort.manner.tones for effort in neighbours if effort.kind != "pause"}
    if "full" in wanted:
        return Edge(cue, cue)
    return Edge(cue, "bell" if "soft" in wanted else "")


@dataclass(frozen=True, slots=True)
class Bounds:
    """Where an effort lies between its neighbours.

    `opens_with` and `closes_with` are its first and last tone; `met` is true where the neighbour
    before it has sounded the first one already. `gap_after_ms` is how long the gap before the effort
    `ahead` lasts: one shorter than 3 s has its count-in reach back into this effort.
    """

    start_ms: int
    end_ms: int
    opens_with: Edge
    closes_with: Edge
    met: bool = False
    gap_after_ms: int = 0
    ahead: Effort | None = None


@dataclass(frozen=True, slots=True)
class EffortLayout:
    """What sounds in an effort, and what is noted."""

    events: tuple[Event, ...] = ()
    notes: tuple[Problem, ...] = ()


def untaught(effort: Effort, coach: Coach) -> tuple[Words, ...]:
    """The phases whose words do not fit into the effort: they are taught before its go tone."""
    if effort.guide or not effort.phases or not coach.is_new(effort):
        return ()
    every = tuple(phase.words for phase in effort.phases)
    never_begun = effort.rep_ms > effort.length_ms
    if effort.kind == "breaths" or effort.manner.cues != "full" or never_begun:
        return every
    if effort.rep_ms:
        return tuple(phase.words for phase in effort.phases if not _phase_fits(phase, effort, coach))
    lengths = [coach.length_ms(coach.fill(words, coach.values(effort)), effort.manner) for words in every]
    spoken_ms = sum(lengths) + len(lengths) * (PHASE_REST_MS + APART_MS)
    return every if spoken_ms + _tone_ms("go") + COUNT_MS > effort.length_ms else ()


def _phase_fits(phase: Phase, effort: Effort, coach: Coach) -> bool:
    text = coach.fill(phase.words, coach.values(effort))
    tone_ms = _tone_ms("go") + APART_MS if phase.start_ms == 0 else 0
    # The last three seconds may belong to the count before the next interval.
    until_ms = min(phase.start_ms + phase.length_ms - APART_MS, effort.length_ms - COUNT_MS)
    return phase.start_ms + tone_ms + coach.length_ms(text, effort.manner) <= until_ms


def _tone_ms(tone: str) -> int:
    return assets.tones()[tone].duration_ms


def lay_effort(effort: Effort, bounds: Bounds, tail: Sequence[Cue], coach: Coach) -> EffortLayout:
    """Fill one effort. `tail` is said as late as it can be, before the last count."""
    if effort.kind == "pause":
        return EffortLayout()
    layout = _Layout(effort, bounds, coach)
    layout.frame()
    layout.teach()
    layout.tail(tail)
    layout.held()
    if effort.rep_ms:
        # On a tempo the commands have their times; a call takes what they leave.
        layout.repetitions()
    layout.calls()
    if effort.breath_ms:
        layout.breaths()
    elif effort.phases and effort.kind == "work" and not effort.rep_ms:
        layout.paced()
    layout.offer()
    layout.reminders()
    return EffortLayout(tuple(layout.events), tuple(layout.notes))


def tail_fits(effort: Effort, bounds: Bounds, tail: Sequence[Cue], coach: Coach) -> bool:
    """Whether the words about what comes next find a place in this effort."""
    if effort.kind == "pause":
        return not tail
    layout = _Layout(effort, bounds, coach)
    layout.frame()
    layout.teach()
    return layout.tail(tail)


class _Layout:
    """The work table for one effort."""

    def __init__(self, effort: Effort, bounds: Bounds, coach: Coach) -> None:
        self.effort = effort
        self.bounds = bounds
        self.coach = coach
        self.events: list[Event] = []
        self.notes: list[Problem] = []
        self.full = effort.manner.cues == "full"
        self.new = coach.is_new(effort)
        self.space = Space(bounds.start_ms, bounds.end_ms)
        self.open_ms = bounds.start_ms
        self._ticks: set[int] = set()
        # The repetition that comes next, and where it may begin; only without a tempo.
        self._rep = 0
        self._pace_ms = 0

    # -- tones ----------------------------------------------------------------------------------

    def tone(self, cue: str, tone: str, time_ms: int) -> None:
        """A tone, and the silence around it."""
        self.events.append(Tone(time_ms, _tone_ms(tone), cue, tone, self.effort.position))
        self.space.take(time_ms, _tone_ms(tone))

    def soft_tone(self, cue: str, tone: str, time_ms: int) -> None:
        """A tone that gives the pace: only where all tones are wanted, and nothing else sounds."""
        if self.effort.manner.tones == "full" and self.space.fits(time_ms, _tone_ms(tone)):
            self.tone(cue, tone, time_ms)

    def frame(self) -> None:
        """The tones that open and close the effort, and the counts before its end."""
        bounds = self.bounds
        self.open_ms = bounds.start_ms + bounds.opens_with.length_ms
        self._pace_ms = self.open_ms + APART_MS
        if bounds.opens_with.tone:
            self.space.close(bounds.start_ms, self.open_ms + APART_MS)
        if not bounds.met:
            self._edge(bounds.opens_with, bounds.start_ms)
        self._edge(bounds.closes_with, bounds.end_ms)
        if self.effort.kind in ("work", "hold") and self.effort.length_ms >= COUNT_OUT_FROM_MS:
            self._count(bounds.end_ms, self.effort)
        if bounds.ahead is not None and bounds.gap_after_ms < COUNT_MS:
            self._count(bounds.end_ms + bounds.gap_after_ms, bounds.ahead)
        for tick_ms in sorted(self._ticks):
            self.tone("count", "count", tick_ms)

    def _edge(self, edge: Edge, time_ms: int) -> None:
        if edge.tone:
            self.tone(edge.cue, edge.tone, time_ms)

    def _count(self, time_ms: int, counted: Effort) -> None:
        """The count to `time_ms`, as far as it lies inside: no words from its first tick on."""
        self.space.close(time_ms - COUNT_MS, self.bounds.end_ms)
        if counted.manner.tones == "full":
            self._ticks |= {
                tick_ms
                for tick_ms in _three_before(time_ms)
                if self.bounds.start_ms < tick_ms < self.bounds.end_ms
            }

    def teach(self) -> None:
        """Steps that are told within the effort come before all else that is said in it."""
        effort = self.effort
        if not (self.full and self.new and effort.phases) or untaught(effort, self.coach):
            return
        if effort.kind == "hold":
            self._steps_once()
        elif effort.kind == "work" and effort.rep_ms:
            self._repetition(0, self.bounds.start_ms, "")
            self._rep = 1
        elif effort.kind == "work":
            self._paced(in_full=True)

    # -- words ----------------------------------------------------------------------------------

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

    def tail(self, cues: Sequence[Cue]) -> bool:
        """What comes next, said before the last count where no gap follows: all of it or nothing."""
        time_ms = self.bounds.end_ms
        room = self._between_beats()
        for cue in reversed(cues):
            for text in dict.fromkeys((cue.text, cue.short or cue.text)):
                length_ms = self.coach.length_ms(text, cue.manner)
                place = room.last(self.open_ms + APART_MS, time_ms - length_ms, length_ms)
                if self.say(cue, text, place):
                    time_ms = (place or 0) - PAUSE_MS
                    break
            else:
                return False
        return True

    def _between_beats(self) -> Space:
        """The free time less what is never dropped: counts, breaths, and steps told for the first time."""
        room, effort = self.space.copy(), self.effort
        beats_ms = [effort.rep_ms] if effort.kind == "reps" else list(effort.breath_ms)
        time_ms = self.bounds.start_ms
        for beat_ms in cycle(beat for beat in beats_ms if beat):
            if time_ms >= self.bounds.end_ms:
                break
            room.take(time_ms, _tone_ms("inhale" if effort.breath_ms else "tick"))
            time_ms += beat_ms
        taught = FULL_REPS if effort.phases and self.full and self.new else 0
        if effort.kind == "reps":
            room.close(self.bounds.start_ms, self.bounds.start_ms + taught * effort.rep_ms)
        if effort.rep is not None:
            room.close(self.bounds.start_ms, self.open_ms + 2 * CALL_SLACK_MS)
        return room

    def calls(self) -> None:
        """Halfway, ten seconds, and the minutes of a long effort."""
        effort, start_ms, end_ms = self.effort, self.bounds.start_ms, self.bounds.end_ms
        if effort.kind not in ("work", "hold") or effort.length_ms < HALFWAY_FROM_MS:
            return
        middle_ms = start_ms + effort.length_ms // 2
        self.call("halfway", "halfway", {}, middle_ms)
        self.call("ten_seconds", "time_left", {}, end_ms - 10 * MS_PER_SECOND)
        least_ms = MS_PER_MINUTE if effort.circuit else MINUTES_FROM_MS
        if effort.length_ms < least_ms:
            return
        for left_ms in range(MS_PER_MINUTE, effort.length_ms, MS_PER_MINUTE):
            if abs(end_ms - left_ms - middle_ms) > 2 * MS_PER_SECOND:
                values = {"text": self.coach.pack.time(left_ms)}
                self.call("time_left", "time_left", values, end_ms - left_ms)

    def call(self, key: str, cue: str, values: dict[str, str], time_ms: int) -> None:
        """A call at its time, or a tone where words are not wanted or have no room."""
        text = self.coach.phrase(key, values)
        if self.full and (
            self.exactly(cue, text, time_ms) or self.within(cue, text, time_ms, time_ms + CALL_SLACK_MS)
        ):
            return
        if key == "halfway":
            self.soft_tone("halfway", "halfway", time_ms)

    # -- repetitions ----------------------------------------------------------------------------

    def repetitions(self) -> None:
        """A repetition's number and a phase's words as they begin; "last one" before the last."""
        effort = self.effort
        count = effort.length_ms // effort.rep_ms
        # A time ends with its count; of its repetitions only the side is worth a word, where no step says it.
        counted = effort.kind == "reps"
        named = counted or self._tells_sides()
        last_said = False
        for rep in range(self._rep, count):
            start_ms = self.bounds.start_ms + rep * effort.rep_ms
            is_last = counted and rep == count - 1
            number = self._number(rep, is_last=is_last, last_said=last_said) if named else ""
            self._repetition(rep, start_ms, number)
            if counted and rep == count - 2:
                last_said = self._before(start_ms, start_ms + effort.rep_ms, "rep_last")

    def _number(self, rep: int, *, is_last: bool, last_said: bool) -> str:
        if self.effort.manner.cues == "tones":
            return ""
        sided, is_called = bool(self.effort.rep_sides), is_last and rep > 0 and not last_said
        if not self.full and not sided and not is_called:
            return ""
        key = "rep_last" if is_called else "rep"
        values = {**self.coach.values(self.effort, rep), "count": str(rep + 1)}
        return self.coach.phrase(_SIDED[key] if sided else key, values)

    def _tells_sides(self) -> bool:
        """Whether a repetition's side has to be said with it: no step tells it."""
        return bool(self.effort.rep_sides) and (not self.effort.phases or not self.full)

    def _before(self, from_ms: int, until_ms: int, key: str) -> bool:
        """`Last one`, as late as it can be said before the last one begins."""
        if self.effort.manner.cues == "tones":
            return False
        text = self.coach.phrase(key, {})
        length_ms = self.length_ms(text)
        place = self.space.last(max(from_ms, self.open_ms), until_ms - APART_MS - length_ms, length_ms)
        return self.say(self.cue("last", text), text, place)

    def _repetition(self, rep: int, start_ms: int, number: str) -> None:
        first, *others = self.effort.phases or (None,)
        self._begin(rep, start_ms, number, first)
        for phase in others:
            if phase is not None and phase.length_ms:
                texts = self._phase_texts(phase, rep)
                time_ms = start_ms + phase.start_ms
                if not any(self._in_phase(text, phase, time_ms, time_ms) for text in texts):
                    self.soft_tone("phase", "tick", time_ms)

    def _begin(self, rep: int, start_ms: int, number: str, phase: Phase | None) -> None:
        """The number and the first phase's words; where both do not fit, the number is a tick."""
        texts = self._phase_texts(phase, rep) if phase and phase.length_ms else []
        for text in (*texts, ""):
            for counted in (number, ""):
                if self._begin_with(rep, start_ms, counted, text, phase):
                    return

    def _begin_with(self, rep: int, start_ms: int, number: str, text: str, phase: Phase | None) -> bool:
        time_ms = start_ms if rep else max(start_ms, self.open_ms + APART_MS)
        # What is counted is ticked where its number is not said; elsewhere the words mark the beginning.
        ticked = rep > 0 and self.effort.manner.tones == "full" and (self.effort.kind == "reps" or not text)
        if number:
            after_ms = time_ms + self.length_ms(number) + APART_MS
            later_ms = (other.start_ms for other in self.effort.phases if other.start_ms)
            in_time = after_ms <= start_ms + min(later_ms, default=self.effort.rep_ms)
            fits = in_time and self.space.fits(time_ms, self.length_ms(number))
        else:
            after_ms = time_ms + (_tone_ms("tick") + APART_MS if ticked else 0)
            fits = True
        if not fits or (
            text and not (phase and self._room(text, phase, after_ms, start_ms + phase.start_ms))
        ):
            return False
        if number:
            self.say(self.cue("count", number), number, time_ms)
        elif ticked:
            self.soft_tone("count", "tick", time_ms)
        if text and phase:
            self.say(self.cue("step", text, phase.words.position), text, after_ms)
        return True

    def _phase_texts(self, phase: Phase, rep: int) -> list[str]:
        """The wordings to try, the longest first: in full for the first repetitions of a move."""
        values = self.coach.values(self.effort, rep)
        in_full = self.full and self.new and (rep < FULL_REPS or phase.short is None)
        wanted = (phase.words if in_full else None, self._short(phase))
        return [self.coach.fill(words, values) for words in wanted if words is not None]

    def _short(self, phase: Phase) -> Words | None:
        """What marks the phase; where little is to be said, a tick does."""
        return phase.short if self.full else None

    def _room(self, text: str, phase: Phase, time_ms: int, phase_ms: int) -> bool:
        length_ms = self.length_ms(text)
        in_time = time_ms + length_ms + APART_MS <= phase_ms + phase.length_ms
        return in_time and self.space.fits(time_ms, length_ms)

    def _in_phase(self, text: str, phase: Phase, time_ms: int, phase_ms: int) -> bool:
        room = self._room(text, phase, time_ms, phase_ms)
        return room and self.say(self.cue("step", text, phase.words.position), text, time_ms)

    # -- breaths --------------------------------------------------------------------------------

    def breaths(self) -> None:
        """The first two breaths and the last are led by words, the others by a soft tone."""
        cycle_ms = sum(self.effort.breath_ms)
        count = self.effort.length_ms // cycle_ms
        for breath in range(count):
            start_ms = self.bounds.start_ms + breath * cycle_ms
            led = breath in (0, 1, count - 1) or self.effort.manner.tones != "full"
            self._breath(start_ms, led=led and self.full)
            if breath == count - 2:
                self._before(start_ms, start_ms + cycle_ms, "breath_last")

    def _breath(self, start_ms: int, *, led: bool) -> None:
        time_ms = start_ms
        for key, length_ms in zip(
            _BREATH_KEYS[len(self.effort.breath_ms)], self.effort.breath_ms, strict=True
        ):
            begin_ms = max(time_ms, self.open_ms + APART_MS)
            if (
                length_ms
                and not (led and self._lead(key, begin_ms, time_ms + length_ms))
                and key in _BREATH_TONES
            ):
                self.soft_tone("breath", _BREATH_TONES[key], time_ms)
            time_ms += length_ms

    def _lead(self, key: str, begin_ms: int, end_ms: int) -> bool:
        for wording in (key, _SHORT_BREATH.get(key, key)):
            text = self.coach.phrase(wording, {})
            if begin_ms + self.length_ms(text) <= end_ms and self.exactly("breath", text, begin_ms):
                return True
        return False

    # -- phases without a tempo -----------------------------------------------------------------

    def paced(self) -> None:
        """A phase lasts its words and 2 s: one repetition is talked through, then `short` forms."""
        while self._paced(in_full=False):
            pass

    def _paced(self, *, in_full: bool) -> bool:
        """One more repetition, if it ends in time."""
        rows = self._pace(self._pace_ms, self._rep, in_full=in_full)
        if rows is None:
            return False
        for start_ms, phase, text in rows:
            if text:
                self.say(self.cue("step", text, phase.words.position), text, start_ms)
            else:
                self.soft_tone("phase", "tick", start_ms)
        start_ms, phase, text = rows[-1]
        self._pace_ms = self._phase_end(start_ms, phase, text, self._rep)
        self._rep += 1
        return True

    def _pace(self, time_ms: int, rep: int, *, in_full: bool) -> list[tuple[int, Phase, str]] | None:
        """One repetition from `time_ms` on, or None where it could not end in time."""
        rows: list[tuple[int, Phase, str]] = []
        for phase in self.effort.phases:
            words = phase.words if in_full else self._short(phase)
            text = self.coach.fill(words, self.coach.values(self.effort, rep)) if words else ""
            if not rows and not text and self._tells_sides():
                text = self._number(rep, is_last=False, last_said=False)
            length_ms = self.length_ms(text) if text else _tone_ms("tick")
            start_ms = self.space.first(time_ms, self.bounds.end_ms, length_ms)
            if start_ms is None:
                return None
            rows.append((start_ms, phase, text))
            time_ms = self._phase_end(start_ms, phase, text, rep)
        return rows if time_ms <= self.bounds.end_ms else None

    def _phase_end(self, start_ms: int, phase: Phase, text: str, rep: int) -> int:
        spoken = text or self.coach.fill(phase.words, self.coach.values(self.effort, rep))
        return start_ms + self.length_ms(spoken) + PHASE_REST_MS

    def held(self) -> None:
        """Which of several holds this is."""
        effort = self.effort
        if effort.rep is None or effort.reps == 1:
            return
        is_last = effort.rep == effort.reps
        number = self._number(effort.rep - 1, is_last=is_last, last_said=False)
        if number:
            kind = "last" if is_last else "count"
            self.within(kind, number, self.open_ms + APART_MS, self.open_ms + CALL_SLACK_MS)

    def _steps_once(self) -> None:
        """In a hold, the steps one after the other."""
        time_ms = self.open_ms + APART_MS
        for phase in self.effort.phases:
            text = self.coach.fill(phase.words, self.coach.values(self.effort))
            place = self.space.first(time_ms, self.bounds.end_ms, self.length_ms(text))
            if self.say(self.cue("step", text, phase.words.position), text, place):
                time_ms = (place or 0) + self.length_ms(text) + PHASE_REST_MS

    # -- what fills the silence -----------------------------------------------------------------

    def offer(self) -> None:
        """At standard, the easier version is offered in the first set; before it, where phases speak."""
        effort = self.effort
        if effort.easier is None or effort.phases or not (self.full and self.new):
            return
        own = self.coach.fill(effort.easier, self.coach.values(effort))
        text = self.coach.phrase("easier", {"text": own})
        for wording in (text, own):
            if self.within("variant", wording, self.open_ms + 2 * MS_PER_SECOND, self.bounds.end_ms):
                return
        self._note(effort.easier, f"left out, for want of silence: {quote(own)}")

    def _note(self, words: Words, message: str) -> None:
        self.notes.append(Problem(words.position, message, "note"))

    def reminders(self) -> None:
        """Spread through the silence that is left, never two in a row, never one twice running."""
        if not self.full:
            return
        first_ms = self.open_ms + 2 * MS_PER_SECOND
        every_ms = CIRCUIT_REMINDER_EVERY_MS if self.effort.circuit else REMINDER_EVERY_MS
        for target_ms in self._reminder_times(every_ms):
            words = self.coach.next_reminder(self.effort)
            if words is None:
                return
            text = self.coach.reminder(self.effort, words)
            place = self._silence_near(target_ms, first_ms, every_ms, self.length_ms(text))
            if self.say(self.cue("reminder", text, words.position), text, place):
                self.coach.reminded(self.effort, words)
                first_ms = (place or 0) + every_ms

    def _silence_near(self, target_ms: int, first_ms: int, every_ms: int, length_ms: int) -> int | None:
        """A place around the target, from it on where there is one, else before it."""
        middle_ms = max(first_ms, target_ms - length_ms // 2)
        place = self.space.first(middle_ms, target_ms + every_ms // 2, length_ms, REMINDER_MARGIN_MS)
        return (
            self.space.first(first_ms, target_ms, length_ms, REMINDER_MARGIN_MS) if place is None else place
        )

    def _reminder_times(self, every_ms: int) -> Iterator[int]:
        known = len(reminders_of(self.effort))
        most = self.effort.length_ms // every_ms
        # One reminder alone would be the same one twice running.
        wanted = min(most, known if self.new else 1) if not self.effort.circuit or known == 1 else most
        for index in range(wanted):
            yield self.bounds.start_ms + self.effort.length_ms * (index + 1) // (wanted + 1)


def _three_before(end_ms: int) -> tuple[int, int, int]:
    return (end_ms - 3 * MS_PER_SECOND, end_ms - 2 * MS_PER_SECOND, end_ms - MS_PER_SECOND)
