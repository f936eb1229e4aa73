"""Breaths: the first two and the last are led by words, the others by a soft tone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audiocoach.coaching.cues import SILENCE
from audiocoach.coaching.effort.beats import Beat, BeatSound, Free, mark_all, with_marks
from audiocoach.coaching.effort.repetitions import last_before
from audiocoach.coaching.space import APART_MS
from audiocoach.records import replace

if TYPE_CHECKING:
    from collections.abc import Iterator

    from audiocoach.coaching.effort.beats import Marked
    from audiocoach.coaching.effort.layout import EffortLayout, Ground

_BREATH_ENTRIES = {
    2: ("breathe_in", "breathe_out"),
    3: ("breathe_in", "breathe_hold", "breathe_out"),
    4: ("breathe_in", "breathe_hold", "breathe_out", "breathe_hold"),
}
_BREATH_TONES = {"breathe_in": "inhale", "breathe_out": "exhale"}
_SHORT_BREATH = {"breathe_in": "breathe_in_short", "breathe_out": "breathe_out_short"}


def lay_breaths(layout: EffortLayout) -> EffortLayout:
    """The first two breaths and the last are led by words, the others by a soft tone."""
    ground = layout.ground
    marks: list[Marked] = []
    is_told, free = ground.breaths == 1, Free()
    for breath in range(ground.breaths):
        calls_last = breath == ground.breaths - 1 and not is_told
        earliest_ms = free.words_ms
        of_breath, free = mark_all(layout, breath_beats(ground, breath, calls_last=calls_last), free)
        if calls_last and of_breath[0].words:
            # What begins while "last breath" is said needs no other mark.
            of_breath = [replace(marked, missed=()) for marked in of_breath]
        marks += of_breath
        if breath == ground.breaths - 2:
            cycle_ms = sum(ground.effort.breath_ms)
            start_ms = ground.bounds.start_ms + breath * cycle_ms
            spans_ms = [span for marked in of_breath for span in marked.spans_ms]
            from_ms = max(start_ms, earliest_ms)
            called = last_before(layout, from_ms, start_ms + cycle_ms, "breath_last", spans_ms)
            is_told, layout = called is not None, called or layout
    layout = with_marks(layout, marks)
    if (
        is_told
        or any(said.cue.cue == "last" for said in layout.laid)
        or ground.effort.delivery.cues == "tones"
    ):
        return layout
    return layout.noting(ground.effort.position, ground.phrase("breath_last", {}))


def breath_beats(
    ground: Ground, breath: int, *, calls_last: bool = False, shortest: bool = False
) -> Iterator[Beat]:
    """What leads one breath: the beginnings of its parts; "last breath" before them, if need be.

    The `shortest` wordings are those for which room is kept.
    """
    cycle_ms = ground.effort.breath_ms
    time_ms = ground.bounds.start_ms + breath * sum(cycle_ms)
    if calls_last and ground.effort.delivery.cues != "tones":
        yield _last_beat(ground, time_ms, time_ms + sum(cycle_ms))
    for index, entry in enumerate(_BREATH_ENTRIES[len(cycle_ms)]):
        if cycle_ms[index]:
            yield _part_beat(ground, breath, entry, (time_ms, cycle_ms[index]), shortest=shortest)
        time_ms += cycle_ms[index]


def _last_beat(ground: Ground, start_ms: int, until_ms: int) -> Beat:
    """`Last breath` as it begins: it tells more than the words that lead it."""
    part = BeatSound("last", ground.phrase("breath_last", {}), ground.effort.position, entry="breath_last")
    return Beat(start_ms, until_ms, ((part,), ()), start_ms)


def _part_beat(ground: Ground, breath: int, entry: str, span_ms: tuple[int, int], *, shortest: bool) -> Beat:
    start_ms, length_ms = span_ms
    position, full_tones = ground.effort.position, ground.effort.delivery.tones == "full"
    led = [
        (BeatSound("breath", ground.phrase(key, {}, breath), position, entry=key),)
        for key in dict.fromkeys((entry, _SHORT_BREATH.get(entry, entry)))
        if _is_led(ground, breath)
    ]
    missed = led[-1][0].line if led else SILENCE
    ticked = (BeatSound("breath", missed, position, tone=_BREATH_TONES.get(entry, "tick")),)
    wordings = (*(led[-1:] if shortest else led), ticked)
    # What follows has its place too; where it is too near, a tone does.
    until_ms = start_ms + length_ms - (APART_MS if full_tones else 0)
    begin_ms = max(start_ms, ground.open_ms + APART_MS)
    return Beat(begin_ms, until_ms, wordings, start_ms)


def _is_led(ground: Ground, breath: int) -> bool:
    """By words: some of them, or all where no tone gives the pace."""
    return ground.full and (breath in (0, 1, ground.breaths - 1) or ground.effort.delivery.tones != "full")
