"""What fills the silence that is left: the easier version, and the reminders."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audiocoach.coaching.cues import Laid, Weight
from audiocoach.coaching.effort.fading import MOST_TIMES
from audiocoach.coaching.effort.layout import CALL_SLACK_MS
from audiocoach.coaching.introduction import offer_cue
from audiocoach.coaching.memory import Offered, Reminded
from audiocoach.coaching.pen import Pen
from audiocoach.coaching.slots import reminders_of, station_values
from audiocoach.coaching.space import APART_MS
from audiocoach.records import replace
from audiocoach.units import MS_PER_SECOND

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from audiocoach.coaching.cues import Line
    from audiocoach.coaching.effort.layout import EffortLayout, Ground
    from audiocoach.routine.model import Words

REMINDER_EVERY_MS = 12 * MS_PER_SECOND
CIRCUIT_REMINDER_EVERY_MS = 20 * MS_PER_SECOND
# An effort that is shorter than one such time has room for one reminder from here on.
_ONE_FROM_MS = 8 * MS_PER_SECOND
REMINDER_MARGIN_MS = 500
# A pattern of two is in and out; in longer ones the breath is held between the two.
_IN_AND_OUT = 2
# However long a reminder is, so much silence follows it.
REMINDER_REST_MS = 3 * MS_PER_SECOND


def lay_offer(layout: EffortLayout) -> EffortLayout:
    """At standard, the easier version is offered in the first set; before it, where phases speak.

    The author's words alone would be an order: where the offer has no room it is lost.
    """
    ground, effort = layout.ground, layout.ground.effort
    if effort.easier is None or effort.phases or not (ground.full and ground.new):
        return layout
    if ground.told.knows(Offered(effort.easier)):
        return layout
    pen = Pen(ground.speaker, ground.told, effort.position, effort.delivery)
    cue = offer_cue(pen, effort, ground.values_at(0), weight=Weight.OFFER)
    from_ms, length_ms = ground.open_ms + 2 * MS_PER_SECOND, ground.length_ms(cue.line)
    place = layout.words.first(from_ms, _last_ms(ground) - length_ms, length_ms)
    return layout.say(cue, place) or replace(layout.noting(cue.position, cue.line), lost=(*layout.lost, cue))


def lay_reminders(layout: EffortLayout) -> EffortLayout:
    """Spread through the silence that is left: never two in a row, none twice running or in one exercise."""
    ground = layout.ground
    if not ground.full:
        return layout
    key = ground.effort.move.key
    reminders = ground.speaker.pack.of_day(reminders_of(ground.effort))
    first_ms, heard = ground.open_ms + 2 * MS_PER_SECOND, ground.told.reminder
    last = ground.promised if ground.promised in reminders else ground.told.last_reminder(key)
    every_ms = CIRCUIT_REMINDER_EVERY_MS if ground.effort.circuit else REMINDER_EVERY_MS
    used: frozenset[Words] = frozenset()
    for target_ms in _reminder_times(ground, every_ms):
        said_before = {heard, ground.promised, *used}
        in_turn = [words for words in _in_turn(reminders, last) if words not in said_before]
        said = _remind(layout, in_turn, target_ms, first_ms)
        if said is not None:
            laid, last = said
            # In a time of one's own they come round again.
            used = used if ground.effort.circuit else used | {last}
            layout, heard = layout.saying([laid]), last
            first_ms = laid.start_ms + max(every_ms, laid.length_ms + REMINDER_REST_MS)
    return layout


def _remind(
    layout: EffortLayout, in_turn: Sequence[Words], target_ms: int, first_ms: int
) -> tuple[Laid, Words] | None:
    """The first reminder in turn that has a place around the target."""
    ground = layout.ground
    for words in in_turn:
        line = reminder_line(ground, words)
        if ground.told.times_called(line.text) >= MOST_TIMES:
            continue
        length_ms = ground.length_ms(line)
        place = _silence_near(layout, target_ms, first_ms, length_ms)
        if place is not None and place + length_ms <= _last_ms(ground):
            fact = Reminded(ground.effort.move.key, words)
            cue = ground.cue("reminder", line, words.position, facts=(fact,))
            return Laid(place, length_ms, cue, line), words
    return None


def _last_ms(ground: Ground) -> int:
    """Until when words about a movement are of use: until the last repetition, or breath, begins."""
    effort, end_ms = ground.effort, ground.bounds.end_ms
    one_ms = effort.rep_ms or sum(effort.breath_ms)
    return end_ms - one_ms if 0 < 2 * one_ms <= effort.length_ms else end_ms


def _in_turn(reminders: tuple[Words, ...], last: Words | None) -> tuple[Words, ...]:
    """The reminders from the one that follows the last; one alone would be the same one twice running."""
    if last is None or last not in reminders:
        return reminders
    if len(reminders) == 1:
        return ()
    turn = reminders.index(last) + 1
    return (*reminders[turn:], *reminders[:turn])


def reminder_line(ground: Ground, words: Words) -> Line:
    """A reminder, with the values of the move that it belongs to."""
    effort, speaker = ground.effort, ground.speaker
    for station in effort.circuit:
        if words in (station.move.reminders or ()):
            return speaker.fill(words, station_values(effort, station, speaker.pack))
    return ground.fill(words)


def _silence_near(layout: EffortLayout, target_ms: int, first_ms: int, length_ms: int) -> int | None:
    """A place around the target, from it on where there is one, else before it, else as long as it lasts.

    In as many rounds as one can there are targets enough.
    """
    if layout.ground.effort.breath_ms:
        return _out_breath_near(layout, target_ms, first_ms, length_ms)
    circuit = bool(layout.ground.effort.circuit)
    every_ms = CIRCUIT_REMINDER_EVERY_MS if circuit else REMINDER_EVERY_MS
    middle_ms = max(first_ms, target_ms - length_ms // 2)
    windows = [(middle_ms, target_ms + every_ms // 2), (first_ms, target_ms)]
    if not circuit:
        windows.append((middle_ms, layout.ground.bounds.end_ms))
    places = (layout.words.first(*window, length_ms, REMINDER_MARGIN_MS) for window in windows)
    return next((place for place in places if place is not None), None)


def _out_breath_near(layout: EffortLayout, target_ms: int, first_ms: int, length_ms: int) -> int | None:
    """The beginning of an out-breath that can hold it: from the target on, else the nearest before it."""
    spans = [(from_ms, until_ms) for from_ms, until_ms in out_breaths(layout.ground) if from_ms >= first_ms]
    later = [span for span in spans if span[0] >= target_ms - length_ms]
    for from_ms, until_ms in (*later, *reversed(spans[: len(spans) - len(later)])):
        latest_ms = min(from_ms + CALL_SLACK_MS, until_ms - APART_MS - length_ms)
        place = layout.words.first(from_ms, latest_ms, length_ms)
        if place is not None:
            return place
    return None


def out_breaths(ground: Ground) -> Iterator[tuple[int, int]]:
    """From when to when one does not breathe in: each out-breath, with the hold after it, if there is one."""
    cycle_ms = ground.effort.breath_ms
    out_ms = sum(cycle_ms[:1] if len(cycle_ms) == _IN_AND_OUT else cycle_ms[:2])
    for breath in range(ground.breaths):
        start_ms = ground.bounds.start_ms + breath * sum(cycle_ms)
        yield start_ms + out_ms, start_ms + sum(cycle_ms)


def _reminder_times(ground: Ground, every_ms: int) -> Iterator[int]:
    effort = ground.effort
    known = len(reminders_of(effort))
    most = effort.length_ms // every_ms or int(effort.length_ms >= _ONE_FROM_MS)
    # One reminder alone would be the same one twice running.
    wanted = min(most, known if ground.new else 1) if not effort.circuit or known == 1 else most
    for index in range(wanted):
        yield ground.bounds.start_ms + effort.length_ms * (index + 1) // (wanted + 1)
