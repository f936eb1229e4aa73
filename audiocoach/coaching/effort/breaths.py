"""Breaths: the first two and the last are led by words, the others by a soft tone; what is known fades."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from audiocoach.coaching.cues import SILENCE
from audiocoach.coaching.effort.beats import LATE_MS, Beat, BeatSound, Free, least_spans, mark_all, with_marks
from audiocoach.coaching.effort.fading import are_breaths_led
from audiocoach.coaching.effort.repetitions import last_span, place_last
from audiocoach.coaching.space import APART_MS
from audiocoach.records import replace

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from audiocoach.coaching.cues import Laid
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
    heard = Counter[str]()
    last, free = None, Free()
    for breath in range(ground.breaths):
        beats = tuple(breath_beats(ground, breath, heard))
        if _is_last(ground, breath):
            of_breath, last = _mark_last(layout, beats, free)
        else:
            of_breath, free = mark_all(layout, beats, free)
        heard.update(marked.words.line.text for marked in of_breath if marked.words)
        marks += of_breath
    layout = with_marks(layout, marks).saying([last] if last else [])
    is_untold = _is_last(ground, ground.breaths - 1) and not any(
        said.cue.entry == "breath_last" for said in layout.laid
    )
    return layout.noting(ground.effort.position, ground.phrase("breath_last", {})) if is_untold else layout


def _is_last(ground: Ground, breath: int) -> bool:
    """Whether a breath is told to be the last."""
    return breath == ground.breaths - 1 > 0 and ground.effort.delivery.cues != "tones"


def _mark_last(layout: EffortLayout, beats: tuple[Beat, ...], free: Free) -> tuple[list[Marked], Laid | None]:
    """The last breath, and "last breath": as it begins, else in place of the words that lead it."""
    ground, start_ms = layout.ground, beats[0].time_ms
    marks, _ = mark_all(layout, beats, free)
    place = place_last(layout, marks, start_ms, "breath_last")
    if place is not None:
        return marks, place
    called = BeatSound("last", ground.phrase("breath_last", {}), ground.effort.position, entry="breath_last")
    instead, _ = mark_all(layout, (replace(beats[0], wordings=(called,)), *beats[1:]), free)
    if instead[0].words is not None:
        return instead, None
    bare, _ = mark_all(layout, (replace(beat, wordings=()) for beat in beats), free)
    cycle_ms = sum(ground.effort.breath_ms)
    place = place_last(layout, bare, start_ms, "breath_last", cycle_ms)
    if place is None:
        # What begins while "last breath" is said needs no other mark.
        place = place_last(layout, (), max(start_ms, free.words_ms), "breath_last", cycle_ms)
        return ([], place) if place is not None else (marks, None)
    return bare, place


def breath_beats(ground: Ground, breath: int, heard: Mapping[str, int]) -> Iterator[Beat]:
    """What leads one breath: the beginnings of its parts."""
    cycle_ms = ground.effort.breath_ms
    time_ms = ground.bounds.start_ms + breath * sum(cycle_ms)
    before_ms = time_ms - next((part_ms for part_ms in reversed(cycle_ms) if part_ms), 0)
    for index, entry in enumerate(_BREATH_ENTRIES[len(cycle_ms)]):
        if cycle_ms[index]:
            opens = breath == 0 and time_ms == ground.bounds.start_ms
            yield _part_beat(ground, breath, entry, (before_ms, time_ms, cycle_ms[index]), heard, opens=opens)
            before_ms = time_ms
        time_ms += cycle_ms[index]


def _part_beat(  # noqa: PLR0913 - a part of a breath, when it is, and what was heard
    ground: Ground,
    breath: int,
    entry: str,
    times_ms: tuple[int, int, int],
    heard: Mapping[str, int],
    *,
    opens: bool,
) -> Beat:
    before_ms, time_ms, length_ms = times_ms
    position, full_tones = ground.effort.position, ground.effort.delivery.tones == "full"
    # What follows has its place too; where it is too near, a tone does.
    near_ms = APART_MS if full_tones else 0
    lines = [
        ground.phrase(key, {}, breath) for key in dict.fromkeys((entry, _SHORT_BREATH.get(entry, entry)))
    ]
    wanted, each = lines if _is_led(ground, breath) else [], _times_in_a_breath(ground, entry)
    led = tuple(
        BeatSound("breath", line, position)
        for line in wanted
        if are_breaths_led(ground, line.text, heard, breath, each=each)
    )
    missed = led[-1].line if led else SILENCE
    ticked = BeatSound("breath", missed, position, tone=_BREATH_TONES.get(entry, "phase"))
    if opens:
        begin_ms = max(time_ms, ground.open_ms + APART_MS)
        return Beat(time_ms, begin_ms, time_ms + length_ms - near_ms, led, ticked, opens=True)
    until_ms = time_ms + max(0, min(LATE_MS, length_ms - near_ms))
    return Beat(time_ms, before_ms, until_ms, led, ticked)


def _times_in_a_breath(ground: Ground, entry: str) -> int:
    """How often a part comes in one breath: one may hold it before and after breathing out."""
    cycle_ms = ground.effort.breath_ms
    return sum(
        entry == other and bool(part_ms)
        for other, part_ms in zip(_BREATH_ENTRIES[len(cycle_ms)], cycle_ms, strict=True)
    )


def breath_spans(ground: Ground) -> Iterator[tuple[int, int]]:
    """What breaths take for themselves in their longest wordings, and "last breath"."""
    heard = Counter[str]()
    for breath in range(ground.breaths):
        beats = tuple(breath_beats(ground, breath, heard))
        heard.update(part.line.text for beat in beats for part in beat.wordings[:1])
        yield from least_spans(ground, beats)
    if _is_last(ground, ground.breaths - 1):
        yield last_span(ground, ground.bounds.end_ms - sum(ground.effort.breath_ms), "breath_last")


def _is_led(ground: Ground, breath: int) -> bool:
    """By words: some of them, or all where no tone gives the pace."""
    return ground.full and (breath in (0, 1, ground.breaths - 1) or ground.effort.delivery.tones != "full")
