"""Breaths that tones lead: each glides as long as its part of the breath lasts, up or down.

A glide ends so long before the next one that each is encoded by itself, and once; where words or another tone
come first it breaks off before them, at the pitch that it has reached by then.
"""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING

from audiocoach.coaching.ringing import GLIDES, lasting
from audiocoach.coaching.space import APART_MS
from audiocoach.records import replace

if TYPE_CHECKING:
    from audiocoach.coaching.effort.layout import EffortLayout
    from audiocoach.coaching.timeline import Tone


def with_glides(layout: EffortLayout) -> EffortLayout:
    """An effort in which all else has its place, its breaths as long as there is room for them."""
    if not layout.ground.effort.breath_ms:
        return layout
    words_ms = [said.start_ms - APART_MS for said in layout.laid]
    stops_ms = sorted([*words_ms, *(sound.start_ms for sound in layout.sounds)])
    sounds = tuple(_gliding(layout, sound, stops_ms) if _glides(sound) else sound for sound in layout.sounds)
    return replace(layout, sounds=sounds)


def _glides(sound: Tone) -> bool:
    return sound.cue == "breath" and sound.tone in GLIDES


def _gliding(layout: EffortLayout, sound: Tone, stops_ms: list[int]) -> Tone:
    layout.ground.speaker.check()
    whole_ms = _part_ms(layout, sound.start_ms) - APART_MS
    stop = bisect_right(stops_ms, sound.start_ms)
    until_ms = stops_ms[stop] if stop < len(stops_ms) else layout.ground.bounds.end_ms
    heard_ms = min(whole_ms, until_ms - sound.start_ms)
    return lasting(sound, whole_ms, heard_ms) if heard_ms > sound.duration_ms else sound


def _part_ms(layout: EffortLayout, start_ms: int) -> int:
    """How long the part of a breath is that begins then."""
    cycle_ms = layout.ground.effort.breath_ms
    left_ms = (start_ms - layout.ground.bounds.start_ms) % sum(cycle_ms)
    for part_ms in cycle_ms:
        if part_ms and not left_ms:
            return part_ms
        left_ms -= part_ms
    return 0
