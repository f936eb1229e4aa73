"""A lesson: each move of a session taught slowly, once, without doses.

In: the steps of a session, unrolled, and the moves as written. Out: words and silences, move after move in
the order in which they first come. Nothing is counted; what is said is followed by the time to do it. Pure.
"""

from __future__ import annotations

from itertools import takewhile
from typing import TYPE_CHECKING

from audiocoach.coaching.positions import UPRIGHT, is_led_by_setup, transition
from audiocoach.coaching.slots import values_of
from audiocoach.coaching.steps import Effort, Heading, Nesting, SayStep
from audiocoach.language.phrases import fill, slots_in
from audiocoach.records import dataclass, replace
from audiocoach.routine.model import Words
from audiocoach.units import MS_PER_SECOND

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from audiocoach.coaching.steps import Delivery, Step, TalkKind
    from audiocoach.errors import Position
    from audiocoach.language.phrases import Pack
    from audiocoach.routine.model import Move, Posture

# After words that are only listened to.
_LISTEN_MS = 1 * MS_PER_SECOND
# To do a step at one's own pace, or to come to another posture, and to get into a position or out of it.
_STEP_MS = 4 * MS_PER_SECOND
_SETTLE_MS = 8 * MS_PER_SECOND
# To do once on the other side what one knows by now.
_OTHER_SIDE_MS = 12 * MS_PER_SECOND
# A sentence that is shorter is a greeting.
_LEAST_WORDS = 4
# How deep the heading of a move is.
_MOVE = 1


@dataclass(frozen=True, slots=True)
class Pupil:
    """A move to be taught: as it first comes in the session, and as it is written."""

    move: Move
    written: Move
    effort: Effort
    number: int
    count: int


def lesson(
    steps: Sequence[Step], written: Mapping[str, Move], pack: Pack, position: Position, delivery: Delivery
) -> tuple[Step, ...]:
    """The lesson of a session that has these steps; `delivery` is that of its opening and its close.

    A session without moves has none to teach: it stays as it is.
    """
    pupils = _pupils(steps, written)
    if not pupils:
        return tuple(steps)
    count = {"count": str(len(pupils))}
    entry = "learn_opening" if len(pupils) > 1 else "learn_opening_one"
    opening = Words(pack.say(entry, count), position)
    close = Words(pack.say("learn_close", {}), position)
    return (
        SayStep(position, opening, "opening", _LISTEN_MS, Nesting(), delivery),
        *_welcome(steps, pack),
        *(step for pupil in pupils for step in _taught(pupil, pupils, pack)),
        SayStep(position, close, "close", 0, Nesting(), delivery),
        *_way_up(pupils[-1], pack, position, delivery),
    )


def is_lesson(steps: Sequence[Step]) -> bool:
    """Whether these are the steps of a lesson: it has its opening among them."""
    return bool(steps) and isinstance(steps[0], SayStep) and steps[0].cue == "opening"


def _welcome(steps: Sequence[Step], pack: Pack) -> Iterator[SayStep]:
    """What the author says before all else, such as what is to be at hand, as far as it holds here."""
    for step in takewhile(lambda step: isinstance(step, SayStep), steps):
        if isinstance(step, SayStep) and step.cue == "say" and step.place == Nesting():
            kept = [part for part in pack.traits.sentences(step.words.text) if _is_of_both(part, pack)]
            if kept:
                words = replace(step.words, text=" ".join(kept), places=())
                yield replace(step, words=words, pause_ms=_LISTEN_MS, chapter=None, heading=None)


def _is_of_both(sentence: str, pack: Pack) -> bool:
    """Whether a sentence about the session holds for its lesson, which has another title and length.

    A greeting does not: it would come behind the title.
    """
    is_greeting = len(sentence.split()) < _LEAST_WORDS
    return not (is_greeting or slots_in(sentence) or pack.traits.minutes.told(sentence))


def _way_up(last: Pupil, pack: Pack, position: Position, delivery: Delivery) -> Iterator[SayStep]:
    """What leads up from the last move, as at the end of a session."""
    entry = transition(last.move.posture, UPRIGHT, is_set_up=False)
    if entry:
        words = Words(pack.say(entry, {}), position)
        yield SayStep(position, words, "posture", 0, Nesting(), delivery)


def _pupils(steps: Sequence[Step], written: Mapping[str, Move]) -> list[Pupil]:
    """Each move once, in the order of first coming."""
    first: dict[str, tuple[Move, Effort]] = {}
    for effort in (step for step in steps if isinstance(step, Effort)):
        for move in [station.move for station in effort.circuit] or [effort.move]:
            first.setdefault(move.key, (move, effort))
    rows = enumerate(first.items(), 1)
    return [Pupil(move, written[key], effort, number, len(first)) for number, (key, (move, effort)) in rows]


@dataclass(frozen=True, slots=True)
class _Teacher:
    """Says one thing after another about a move, each with time to do it."""

    pupil: Pupil
    values: Mapping[str, str]
    pack: Pack

    def own(self, entry: str, kind: TalkKind, values: Mapping[str, str], pause_ms: int) -> SayStep:
        """A phrase of the pack."""
        text = self.pack.say(entry, {**self.values, **values})
        return self._say(Words(text, self.pupil.move.position), kind, pause_ms)

    def said(
        self, words: Words | None, kind: TalkKind, pause_ms: int, *, within: str = ""
    ) -> Iterator[SayStep]:
        """The author's words, if there are any; `within` is a phrase that holds them. No tone sounds."""
        if words is None:
            return
        text = self.pack.traits.at_tone.without_tone(fill(words.text, self.values))
        framed = self.pack.say(within, {"text": text}) if within else text
        yield self._say(Words(framed, words.position), kind, pause_ms)

    def _say(self, words: Words, kind: TalkKind, pause_ms: int) -> SayStep:
        effort = self.pupil.effort
        return SayStep(words.position, words, kind, pause_ms, effort.place, effort.delivery)


def _taught(pupil: Pupil, pupils: Sequence[Pupil], pack: Pack) -> Iterator[SayStep]:
    effort, move = pupil.effort, pupil.move
    name = move.name or move.key
    values = {**values_of(effort, pack), "name": name, **_next_value(pupil, pupils)}
    teacher = _Teacher(pupil, values, pack)
    entry, count = "learn_move" if pupil.count > 1 else "named", {"count": str(pupil.number)}
    named = teacher.own(entry, "announce", {**count, "text": str(pupil.count)}, _LISTEN_MS)
    yield replace(named, heading=Heading(_MOVE, "", None, None, name, "", ""))
    yield from teacher.said(move.why, "why", _LISTEN_MS)
    yield from teacher.said(move.avoid_if, "caution", _LISTEN_MS)
    yield from _way_in(teacher, _posture_before(pupil, pupils))
    yield from _movement(teacher)
    # They are about what one does now.
    yield from _reminders(teacher)
    yield from _way_out(teacher)
    yield from _hints(teacher)


def _way_in(teacher: _Teacher, posture: Posture | None) -> Iterator[SayStep]:
    move = teacher.pupil.move
    is_set_up = is_led_by_setup(move, posture, teacher.pack)
    entry = transition(posture, move.posture, is_set_up=is_set_up)
    if entry:
        yield teacher.own(entry, "posture", {}, _STEP_MS)
    yield from teacher.said(move.setup, "setup", _SETTLE_MS)
    yield from teacher.said(move.say, "advice", _LISTEN_MS)
    yield from teacher.said(move.caution, "caution", _LISTEN_MS)
    yield from teacher.said(move.at_go, "setup", _SETTLE_MS)


def _movement(teacher: _Teacher) -> Iterator[SayStep]:
    """The steps in full, each with the time of its phase, or enough to do it."""
    effort, move = teacher.pupil.effort, teacher.pupil.move
    phases_ms = {phase.words: phase.length_ms for phase in effort.phases}
    for step in move.steps or ():
        yield from teacher.said(step.words, "step", max(_STEP_MS, phases_ms.get(step.words, 0)))


def _way_out(teacher: _Teacher) -> Iterator[SayStep]:
    finish = teacher.pupil.move.finish
    if finish is None:
        yield teacher.own("learn_out", "finish", {}, _SETTLE_MS)
    yield from teacher.said(finish, "finish", _SETTLE_MS)


def _reminders(teacher: _Teacher) -> Iterator[SayStep]:
    """What to look out for as one does it; the first of them says that."""
    for number, words in enumerate(teacher.pack.of_day(teacher.pupil.move.reminders or ())):
        within = "" if number else "learn_reminder"
        yield from teacher.said(words, "reminder", _LISTEN_MS, within=within)


def _hints(teacher: _Teacher) -> Iterator[SayStep]:
    """What is listened to, out of the position: easier, harder, and the other side."""
    move, written, sides = teacher.pupil.move, teacher.pupil.written, teacher.pupil.effort.sides
    for change, within in ((written.easier, "easier"), (written.harder, "learn_harder")):
        said = change.say if change else None
        # At its own level it is said with the setup.
        if said != move.say:
            yield from teacher.said(said, "variant", _LISTEN_MS, within=within)
    if sides is not None and sides.sharing != "one":
        yield teacher.own("learn_other_side", "side", {}, _OTHER_SIDE_MS)


def _posture_before(pupil: Pupil, pupils: Sequence[Pupil]) -> Posture | None:
    """The posture of the move before this one; a lesson finds one standing."""
    return pupils[pupil.number - 2].move.posture if pupil.number > 1 else UPRIGHT


def _next_value(pupil: Pupil, pupils: Sequence[Pupil]) -> Mapping[str, str]:
    """The move that is taught after this one, where one is."""
    after = [other.move for other in pupils[pupil.number :][:1]]
    return {"next": after[0].name or after[0].key} if after else {}
