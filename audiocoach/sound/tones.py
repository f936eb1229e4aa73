"""Tones: from the notes of `assets/tones.json` to PCM.

In: a tone's name or its `ToneSpec`. Out: 48 kHz, 16 bit, mono PCM of exactly `duration_ms`.

A tone is told apart by timbre, register and rhythm first and by pitch after that, and has its energy where a
phone's speaker gives it back: S. A. Brewster, P. C. Wright, A. D. N. Edwards, "Experimentally derived
guidelines for the creation of earcons", Adjunct Proceedings of HCI'95.

Every machine draws the same samples: what is not counted in whole numbers is rounded so coarsely that all
machines round it alike.
"""

from __future__ import annotations

import hashlib
import math
import sys
from array import array
from functools import cache, lru_cache
from itertools import accumulate
from typing import TYPE_CHECKING

from audiocoach import assets
from audiocoach.records import replace
from audiocoach.sound import mixer
from audiocoach.units import SAMPLE_BYTES, SAMPLE_RATE_HZ, SAMPLES_PER_MS, db_to_gain, ms_to_samples

if TYPE_CHECKING:
    from collections.abc import Iterator

    from audiocoach.assets import Partial, ToneNote, ToneSpec

# A hard edge pre-echoes in MP3 at -42 dB, a fade of 2 ms at -72; past 5 ms the beat goes soft.
EDGE_MS = 4
# Part of every key: raise it when the same notes would become other samples.
_FORMAT = "2"
_WAVE_BITS = 12
_WAVE_PEAK = 32_767
# Phases are counted in parts of a step of the wave, so that no glide goes out of tune.
_FINE_BITS = 16
# Levels are so many parts of full scale.
_UNITY = 1 << 20
# Partials lie on multiples of it, so that 50 ms of each are all that has to be drawn.
_PITCH_HZ = 20
_PERIOD = SAMPLE_RATE_HZ // _PITCH_HZ
# A decay goes in steps of a quarter of a millisecond, an edge in finer ones.
_DECAY_STEP = SAMPLES_PER_MS // 4
_EDGE_STEP = 3


# A session has hundreds of tones, and a few kinds of them.
@lru_cache(maxsize=128)
def key(tone: str | ToneSpec) -> str:
    """The tone's content key: another one when its notes change. `tone:go:1f0c...`, `tone:wood/go:...`."""
    spec = _spec(tone)
    digest = hashlib.sha256(f"{_FORMAT} {EDGE_MS} {spec!r}".encode()).hexdigest()
    return f"tone:{tone if isinstance(tone, str) else spec.name}:{digest[:16]}"


def of_key(sound: str) -> bytes:
    """PCM of the tone that has this content key."""
    return render(sound.split(":")[1])


@lru_cache(maxsize=128)
def render(tone: str | ToneSpec) -> bytes:
    """PCM of a tone, 48 kHz, 16 bit, mono, its notes overlaid at their places.

    Raises:
        KeyError: no tone of `assets/tones.json` has this name.
    """
    spec = _spec(tone)
    notes = {str(index): note for index, note in enumerate(spec.notes)}
    parts = tuple(sorted(_part(sound, note) for sound, note in notes.items()))
    pcm = mixer.mix(mixer.Region(0, parts), lambda sound: _drawn(notes[sound]))
    return pcm.ljust(ms_to_samples(spec.duration_ms) * SAMPLE_BYTES, b"\0")


def _spec(tone: str | ToneSpec) -> ToneSpec:
    """`go`, `wood/go`; `inhale@3832-2300` is one that would last 3832 ms and breaks off after 2300."""
    if not isinstance(tone, str):
        return tone
    path, _, length = tone.partition("@")
    family, _, name = path.rpartition("/")
    spec = assets.tone_sets()[family or assets.DEFAULT_TONES][name]
    if not length:
        return spec
    whole, _, heard = length.partition("-")
    return _lasting(spec, int(whole), int(heard or whole))


def _lasting(spec: ToneSpec, whole_ms: int, heard_ms: int) -> ToneSpec:
    """A tone of one note that is as long as that, and breaks off on its way where less of it is heard."""
    (note,) = spec.notes
    return replace(
        spec, duration_ms=heard_ms, notes=(replace(note, duration_ms=heard_ms, glide_ms=whole_ms),)
    )


def _part(sound: str, note: ToneNote) -> mixer.Part:
    return mixer.Part(ms_to_samples(note.start_ms), ms_to_samples(note.duration_ms), sound)


def _drawn(note: ToneNote) -> bytes:
    """A note by itself: its steady partials are one wave, each of the others dies away as it does."""
    whole = sum(db_to_gain(partial.level_db) for partial in note.partials)
    steady = tuple(partial for partial in note.partials if not partial.half_ms)
    dying = [(partial,) for partial in note.partials if partial.half_ms]
    audioop, drawn = mixer.load("audioop"), bytes(ms_to_samples(note.duration_ms) * SAMPLE_BYTES)
    for partials in (*([steady] if steady else []), *dying):
        share = sum(db_to_gain(partial.level_db) for partial in partials) / whole
        pcm = _swept(note, partials) if note.to_hz else _sounding(note, partials)
        peak = db_to_gain(note.level_db) * share
        drawn = audioop.add(drawn, _shaped(pcm, peak, partials[0].half_ms), SAMPLE_BYTES)
    return drawn


def _sounding(note: ToneNote, partials: tuple[Partial, ...]) -> bytes:
    """Partials at a pitch that stays: what comes again after 50 ms is drawn once."""
    lowest = min(partial.ratio for partial in partials)
    pitch_hz = max(1, (note.frequency_hz * lowest + 500 * _PITCH_HZ) // (1000 * _PITCH_HZ)) * _PITCH_HZ
    wave, bits, mask = _wave_of(partials, lowest), _FINE_BITS, (1 << _WAVE_BITS) - 1
    step = _step_of(pitch_hz)
    period = _native([wave[step * at >> bits & mask] for at in range(_PERIOD)])
    count = ms_to_samples(note.duration_ms)
    return (period * -(-count // _PERIOD))[: count * SAMPLE_BYTES]


def _swept(note: ToneNote, partials: tuple[Partial, ...]) -> bytes:
    """Partials at a pitch that glides evenly from one to the other."""
    count = ms_to_samples(note.duration_ms)
    wave, bits, mask = _wave_of(partials, 1000), _FINE_BITS, (1 << _WAVE_BITS) - 1
    first, last, whole = (
        _step_of(note.frequency_hz),
        _step_of(note.to_hz),
        ms_to_samples(note.glide_ms) or count,
    )
    steps = (first + (last - first) * at // whole for at in range(count))
    return _native([wave[phase >> bits & mask] for phase in accumulate(steps)])


def _step_of(pitch_hz: int) -> int:
    """How far a sample leads on in a wave of this pitch, in its finest parts."""
    return (pitch_hz << (_WAVE_BITS + _FINE_BITS)) // SAMPLE_RATE_HZ


def _wave_of(partials: tuple[Partial, ...], lowest: int) -> tuple[int, ...]:
    return _wave(tuple((partial.ratio // lowest, partial.level_db) for partial in partials))


@cache
def _wave(partials: tuple[tuple[int, float], ...]) -> tuple[int, ...]:
    """One period of partials, multiples of its pitch, at full scale where all have their peak at once."""
    length = 1 << _WAVE_BITS
    gains = [(db_to_gain(level_db - partials[0][1]), times) for times, level_db in partials]
    scale = _WAVE_PEAK / sum(gain for gain, _ in gains)
    sine = [scale * math.sin(2 * math.pi * at / length) for at in range(length)]
    mask = length - 1
    return tuple(round(sum(gain * sine[at * times & mask] for gain, times in gains)) for at in range(length))


def _shaped(pcm: bytes, peak: float, half_ms: int) -> bytes:
    """The same with soft edges, so strong at its peak, and half as strong again and again."""
    audioop = mixer.load("audioop")
    return b"".join(
        audioop.mul(pcm[start * SAMPLE_BYTES : end * SAMPLE_BYTES], SAMPLE_BYTES, level)
        for start, end, level in _levels(len(pcm) // SAMPLE_BYTES, peak, half_ms)
    )


def _levels(count: int, peak: float, half_ms: int) -> Iterator[tuple[int, int, float]]:
    """From which sample to which a note is how strong."""
    edge = ms_to_samples(max(1, min(EDGE_MS, count // SAMPLES_PER_MS // 2)))
    half, start = ms_to_samples(half_ms), 0
    while start < count:
        is_edge = start < edge or start >= count - edge
        end = (
            start + _EDGE_STEP
            if is_edge
            else (min(start + _DECAY_STEP, count - edge) if half else count - edge)
        )
        level = peak * 2 ** (-max(0, start - edge) / half) if half else peak
        soft = min(edge, start + 1, count - start - 1) / edge
        yield start, min(end, count), round(_UNITY * level * soft) / _UNITY
        start = end


def _native(samples: list[int]) -> bytes:
    """As little-endian samples."""
    found = array("h", samples)
    if sys.byteorder == "big":
        found.byteswap()
    return found.tobytes()
