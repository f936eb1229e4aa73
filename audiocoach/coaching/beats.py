"""What keeps its place in an effort, whatever else is said: the beginnings of repetitions, phases, breaths.

Words with no place of their own (the next move, a call, a reminder) go between the beats. A phase may
be told more shortly to make room for them, it is never left out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from audiocoach.coaching.bounds import tone_ms
from audiocoach.coaching.breaths import led_words
from audiocoach.coaching.repetitions import number_of, phase_texts, side_alone
from audiocoach.coaching.space import APART_MS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from audiocoach.coaching.space import Space
    from audiocoach.coaching.steps import Phase
    from audiocoach.coaching.table import Table


def beside_beats(table: Table, in_full: int) -> Space:
    """The free time less the beats and "last one", and less the first repetitions that are told `in_full`."""
    room, effort, start_ms = table.space.copy(), table.effort, table.bounds.start_ms
    if effort.rep_ms:
        room.close(start_ms, start_ms + in_full * effort.rep_ms)
    for time_ms, length_ms in (*beats(table), *_last_one(table)):
        room.take(time_ms, length_ms)
    return room


def beats(table: Table) -> Iterator[tuple[int, int]]:
    """When something begins that is never left out, and how long the shortest sound is that marks it."""
    effort, bounds = table.effort, table.bounds
    if effort.rep_ms:
        for rep in range(table.next_rep, effort.length_ms // effort.rep_ms):
            table.coach.check()
            yield from _of_repetition(table, rep, bounds.start_ms + rep * effort.rep_ms)
    elif effort.breath_ms:
        for breath in range(effort.length_ms // sum(effort.breath_ms)):
            table.coach.check()
            yield from _of_breath(table, breath, bounds.start_ms + breath * sum(effort.breath_ms))


def _last_one(table: Table) -> Iterator[tuple[int, int]]:
    """`Last one` stands right before the last one: what else is to be said goes elsewhere."""
    effort = table.effort
    last_ms, key = {
        "reps": (effort.rep_ms, "rep_last"),
        "breaths": (sum(effort.breath_ms), "breath_last"),
    }.get(effort.kind, (effort.length_ms, ""))
    if effort.length_ms > last_ms and effort.manner.cues != "tones":
        with table.coach.rehearsal():
            length_ms = table.length_ms(table.coach.phrase(key, {}))
        yield table.bounds.end_ms - last_ms - APART_MS - length_ms, length_ms


def _of_repetition(table: Table, rep: int, start_ms: int) -> Iterator[tuple[int, int]]:
    effort = table.effort
    begin_ms = start_ms if rep else table.open_ms + APART_MS
    mark_ms = _mark_ms(table, rep)
    if mark_ms:
        yield begin_ms, mark_ms
    first_ms = begin_ms + mark_ms + APART_MS if mark_ms else begin_ms
    for phase in effort.phases:
        if phase.length_ms:
            time_ms = start_ms + phase.start_ms if phase.start_ms else first_ms
            ends_ms = start_ms + phase.start_ms + phase.length_ms - APART_MS
            yield time_ms, max(tone_ms("tick"), min(_least_ms(table, phase, rep), ends_ms - time_ms))


def _mark_ms(table: Table, rep: int) -> int:
    """How long the number of a repetition is; where it is too long for its phase, its side or a tick."""
    effort, first = table.effort, next(iter(table.effort.phases), None)
    side = side_alone(table, rep)
    if effort.kind != "reps" and first and not side:
        return 0  # the words of the first phase mark the beginning
    room_ms = (first.length_ms if first else effort.rep_ms) - APART_MS
    taken_ms = _least_ms(table, first, rep) + APART_MS if first and first.length_ms else 0
    with table.coach.rehearsal():
        number = number_of(table, rep).sided if effort.kind == "reps" else ""
    if number and table.length_ms(number) + taken_ms <= room_ms:
        return table.length_ms(number)
    return table.length_ms(side) if side else tone_ms("tick")


def _least_ms(table: Table, phase: Phase, rep: int) -> int:
    texts = phase_texts(table, phase, rep)
    return table.length_ms(texts[-1]) if texts else tone_ms("tick")


def _of_breath(table: Table, breath: int, start_ms: int) -> Iterator[tuple[int, int]]:
    time_ms = start_ms
    for length_ms, text in zip(table.effort.breath_ms, led_words(table, breath), strict=True):
        if length_ms:
            yield max(time_ms, table.open_ms + APART_MS), table.length_ms(text) if text else tone_ms("inhale")
        time_ms += length_ms
