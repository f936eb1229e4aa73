"""Breaths: the first two and the last are led by words, the others by a soft tone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audiocoach.coaching.repetitions import last_before
from audiocoach.coaching.space import APART_MS

if TYPE_CHECKING:
    from audiocoach.coaching.table import Table

_BREATH_KEYS = {
    2: ("breathe_in", "breathe_out"),
    3: ("breathe_in", "breathe_hold", "breathe_out"),
    4: ("breathe_in", "breathe_hold", "breathe_out", "breathe_hold"),
}
_BREATH_TONES = {"breathe_in": "inhale", "breathe_out": "exhale"}
_SHORT_BREATH = {"breathe_in": "breathe_in_short", "breathe_out": "breathe_out_short"}


def lay_breaths(table: Table) -> None:
    """The first two breaths and the last are led by words, the others by a soft tone."""
    cycle_ms = sum(table.effort.breath_ms)
    count = table.effort.length_ms // cycle_ms
    is_told = count == 1
    for breath in range(count):
        table.coach.check()
        start_ms = table.bounds.start_ms + breath * cycle_ms
        if breath == count - 1 and not is_told:
            _call_last(table, start_ms)
        _breath(table, start_ms, led=_is_led(table, breath))
        if breath == count - 2:
            is_told = last_before(table, start_ms, start_ms + cycle_ms, "breath_last")


def _call_last(table: Table, start_ms: int) -> None:
    """`Last breath` as it begins, where the one before it left no room."""
    if table.effort.manner.cues == "tones":
        return
    text = table.coach.phrase("breath_last", {})
    if not table.exactly("last", text, start_ms):
        table.left_out(table.effort.position, text)


def led_words(table: Table, breath: int) -> list[str]:
    """The shortest words that lead each part of a breath; nothing where a tone does."""
    keys = _BREATH_KEYS[len(table.effort.breath_ms)]
    led = _is_led(table, breath)
    return [table.coach.pack.say(_SHORT_BREATH.get(key, key), {}) if led else "" for key in keys]


def _is_led(table: Table, breath: int) -> bool:
    """By words: some of them, or all where no tone gives the pace."""
    count = table.effort.length_ms // sum(table.effort.breath_ms)
    return table.full and (breath in (0, 1, count - 1) or table.effort.manner.tones != "full")


def _breath(table: Table, start_ms: int, *, led: bool) -> None:
    time_ms = start_ms
    for key, length_ms in zip(_BREATH_KEYS[len(table.effort.breath_ms)], table.effort.breath_ms, strict=True):
        begin_ms = max(time_ms, table.open_ms + APART_MS)
        if length_ms and not (led and _lead(table, key, begin_ms, time_ms + length_ms)):
            _pace(table, key, time_ms, led=led)
        time_ms += length_ms


def _pace(table: Table, key: str, time_ms: int, *, led: bool) -> None:
    """A tone in place of words; where the manner has none, words that do not fit are missed."""
    if led and table.effort.manner.tones != "full":
        table.left_out(table.effort.position, table.coach.phrase(_SHORT_BREATH.get(key, key), {}))
    if key in _BREATH_TONES:
        table.soft_tone("breath", _BREATH_TONES[key], time_ms)


def _lead(table: Table, key: str, begin_ms: int, end_ms: int) -> bool:
    if table.effort.manner.tones == "full":
        # What follows has its place too; where it is too near, a tone does.
        end_ms -= APART_MS
    for wording in (key, _SHORT_BREATH.get(key, key)):
        text = table.coach.phrase(wording, {})
        if begin_ms + table.length_ms(text) <= end_ms and table.exactly("breath", text, begin_ms):
            return True
    return False
