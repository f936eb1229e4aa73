"""Tones: from the notes of `assets/tones.json` to PCM.

In: a tone's name or its `ToneSpec`. Out: 48 kHz, 16 bit, mono PCM of exactly `duration_ms`.
"""

from __future__ import annotations

import hashlib
from functools import lru_cache
from typing import TYPE_CHECKING

from audiocoach import assets
from audiocoach.sound import mixer
from audiocoach.units import SAMPLE_RATE_HZ, ms_to_samples

if TYPE_CHECKING:
    from audiocoach.assets import ToneNote, ToneSpec

# A hard edge pre-echoes in MP3 at -42 dB, a fade of 2 ms at -72; past 5 ms the beat goes soft.
EDGE_MS = 4


def key(tone: str | ToneSpec) -> str:
    """The tone's content key: another one when its notes change. `tone:go:1f0c...`."""
    spec = _spec(tone)
    digest = hashlib.sha256(f"{EDGE_MS} {spec!r}".encode()).hexdigest()
    return f"tone:{spec.name}:{digest[:16]}"


@lru_cache(maxsize=128)
def render(tone: str | ToneSpec) -> bytes:
    """PCM of a tone, 48 kHz, 16 bit, mono, its notes overlaid at their places.

    Raises:
        KeyError: no tone of `assets/tones.json` has this name.
    """
    spec = _spec(tone)
    notes = {str(index): note for index, note in enumerate(spec.notes)}
    parts = tuple(sorted(_part(sound, note) for sound, note in notes.items()))
    pcm = mixer.mix(mixer.Region(0, parts), lambda sound: _sine(notes[sound]))
    return pcm.ljust(ms_to_samples(spec.duration_ms) * 2, b"\0")


def _spec(tone: str | ToneSpec) -> ToneSpec:
    return assets.tones()[tone] if isinstance(tone, str) else tone


def _part(sound: str, note: ToneNote) -> mixer.Part:
    return mixer.Part(ms_to_samples(note.start_ms), ms_to_samples(note.duration_ms), sound)


def _sine(note: ToneNote) -> bytes:
    edge_ms = max(1, min(EDGE_MS, note.duration_ms // 2))
    sine = mixer.load("pydub.generators").Sine(note.frequency_hz, sample_rate=SAMPLE_RATE_HZ, bit_depth=16)
    # pydub cuts the sample count of 9, 18 or 71 ms to one too few: make more, then cut.
    tone = sine.to_audio_segment(note.duration_ms + 1, volume=note.level_db)[: note.duration_ms]
    return bytes(tone.fade_in(edge_ms).fade_out(edge_ms).raw_data)
