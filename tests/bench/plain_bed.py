"""The plain script for a session with music: it overlays everything with pydub and encodes once.

Usage: python -m tests.bench.plain_bed TIMELINE.json OUT.mp3 ENGINE SONG.wav. It speaks the same words at the
same times over the same song, which it repeats, brings to its level and lowers where somebody speaks.
"""

from __future__ import annotations

import json
import sys
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

from tests.bench.plain import RATE_HZ, speak_by_espeak, speak_naturally, tone

if TYPE_CHECKING:
    from pydub import AudioSegment

_LEVEL_DBFS = -26.0
_DUCKED_DB = -12


def bed(song: str, length_ms: int) -> AudioSegment:
    """The song as often as it is needed, at its level, stereo."""
    from pydub import AudioSegment  # noqa: PLC0415

    once = AudioSegment.from_wav(song).set_frame_rate(RATE_HZ).set_channels(2)
    once = once.apply_gain(_LEVEL_DBFS - once.dBFS)
    whole = once * (length_ms // len(once) + 1)
    return whole[:length_ms].fade_in(2000).fade_out(2000)


def segment(pcm: bytes) -> AudioSegment:
    """A phrase or a tone."""
    from pydub import AudioSegment  # noqa: PLC0415

    return AudioSegment(pcm, sample_width=2, frame_rate=RATE_HZ, channels=1)


def main() -> None:
    """Speak, overlay, encode."""
    warnings.simplefilter("ignore")
    timeline = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    texts = list(dict.fromkeys(event["text"] for event in timeline["events"] if event["kind"] == "speech"))
    clips = {"pyttsx3": speak_by_espeak, "hibari": speak_naturally}[sys.argv[3]](texts)
    sound = bed(sys.argv[4], timeline["duration_ms"])
    for event in timeline["events"]:
        pcm = clips[event["text"]] if event["kind"] == "speech" else tone(event["duration_ms"])
        sound = sound.overlay(segment(pcm), position=event["start_ms"], gain_during_overlay=_DUCKED_DB)
    import lameenc  # noqa: PLC0415

    encoder = lameenc.Encoder()
    encoder.set_bit_rate(128)
    encoder.set_in_sample_rate(RATE_HZ)
    encoder.set_channels(2)
    encoder.set_quality(5)
    encoder.silence()
    Path(sys.argv[2]).write_bytes(encoder.encode(sound.raw_data) + encoder.flush())


if __name__ == "__main__":
    main()
