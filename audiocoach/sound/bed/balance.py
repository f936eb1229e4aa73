"""How much louder all of a session with music has to be, so that the whole of it has the level of podcasts.

Words are at that level, and the music between them is below it: a measure of the whole session (ITU-R
BS.1770, EBU R 128) is lower the less is said. Found from the timeline, and pure: a word more changes it by
hundredths, and it is rounded to half decibels, so that blocks of sound stay what they are.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from audiocoach import assets
from audiocoach.coaching.timeline import Speech, Tone
from audiocoach.routine.tones import SoundFile
from audiocoach.sound.bed import ducking
from audiocoach.units import db_to_gain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from audiocoach.assets import ToneNote, ToneSpec
    from audiocoach.coaching.timeline import Bed, Event

_STEP_MS = 100
_STEPS_IN_WINDOW = 4
_VOICE_LUFS = -16.0
_GATE_LU = -10.0
_SILENT = 1e-6
# With so much even music alone, at its usual level, is as loud as it should be.
_MOST_STEPS = 16
_STEP_DB = 0.5
# Of what is added to words a third goes where their peaks are limited. Measured: hibari loses a fifteenth,
# espeak four tenths.
_KEPT = 0.6
# What dies away by half again and again has in all the energy of so many of those times at its peak.
_DYING = 0.5 / math.log(2)


def whole_gain_db(events: Sequence[Event], beds: Sequence[Bed], duration_ms: int) -> float:
    """Decibels above the voice's own level, 0 to 8, in steps of a half."""
    words = _windows(_words(events, duration_ms))
    others = _windows(_others(events, beds, duration_ms))
    loud = [(word, other) for word, other in zip(words, others, strict=True) if word + other > _SILENT]
    gate = sum(word + other for word, other in loud) / max(1, len(loud)) * 10 ** (_GATE_LU / 10)
    kept = [pair for pair in loud if sum(pair) > gate]
    if not kept:
        return 0.0
    said, played = (sum(row) / len(kept) for row in zip(*kept, strict=True))

    def off_db(step: int) -> float:
        gain_db = step * _STEP_DB
        return abs(10 * math.log10(said * _power_of(_KEPT * gain_db) + played * _power_of(gain_db)))

    return min(range(_MOST_STEPS + 1), key=off_db) * _STEP_DB


def _power_of(level_db: float) -> float:
    return float(10 ** (level_db / 10))


def _windows(steps: Sequence[float]) -> list[float]:
    """The mean of every 400 ms, from each tenth of a second on."""
    starts = range(max(1, len(steps) - _STEPS_IN_WINDOW + 1))
    return [sum(steps[at : at + _STEPS_IN_WINDOW]) / _STEPS_IN_WINDOW for at in starts]


def _words(events: Sequence[Event], duration_ms: int) -> list[float]:
    """The power of what is said in each tenth of a second; that of the voice is 1."""
    steps = [0.0] * -(-duration_ms // _STEP_MS)
    for event in events:
        if isinstance(event, Speech):
            _lay(steps, event.start_ms, event.end_ms, 1.0)
    return steps


def _others(events: Sequence[Event], beds: Sequence[Bed], duration_ms: int) -> list[float]:
    """That of music and tones."""
    steps = [0.0] * -(-duration_ms // _STEP_MS)
    for bed in beds:
        _lay(steps, bed.start_ms, bed.end_ms, _power_of(bed.level_lu))
    for dip in ducking.dips(events):
        _lower(steps, dip)
    for event in events:
        if isinstance(event, Tone):
            _lay(steps, event.start_ms, event.end_ms, _power(event))
    return steps


def _lay(steps: list[float], start_ms: int, end_ms: int, power: float) -> None:
    """Add a sound of this power to the steps that it sounds in, as long as it does."""
    for step in range(start_ms // _STEP_MS, min(len(steps), -(-end_ms // _STEP_MS))):
        sounds_ms = min(end_ms, (step + 1) * _STEP_MS) - max(start_ms, step * _STEP_MS)
        steps[step] += power * sounds_ms / _STEP_MS


def _lower(steps: list[float], dip: ducking.Dip) -> None:
    """What is left of the music: where dips lie in each other, what the deeper one leaves counts twice."""
    for step in range(dip.start_ms // _STEP_MS, min(len(steps), -(-dip.end_ms // _STEP_MS))):
        steps[step] *= _power_of(dip.depth_db)


def _power(tone: Tone) -> float:
    """That of a tone as it sounds; a file has the level of its set."""
    if isinstance(tone.sound, SoundFile):
        return _power_of(tone.sound.level_db - _VOICE_LUFS)
    family, _, name = tone.sound.partition("@")[0].rpartition("/")
    return _tone_power(assets.tone_sets()[family or assets.DEFAULT_TONES][name or tone.tone])


def _tone_power(tone: ToneSpec) -> float:
    """That of a sine of the same energy: one at full scale on two speakers is 0 LUFS."""
    energy = sum(_heard_ms(note) * _power_of(note.level_db - _VOICE_LUFS) for note in tone.notes)
    return energy / tone.duration_ms


def _heard_ms(note: ToneNote) -> float:
    """How long a sine at its peak level would have to sound to be as much."""
    gains = [db_to_gain(partial.level_db) for partial in note.partials]
    return sum(
        (gain / sum(gains)) ** 2 * (min(note.duration_ms, partial.half_ms * _DYING) or note.duration_ms)
        for gain, partial in zip(gains, note.partials, strict=True)
    )
