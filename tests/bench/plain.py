"""The plain script that a competent user would write in an afternoon; what audiocoach is measured against.

Usage: python plain.py TIMELINE.json OUT.mp3 ENGINE. It speaks the same words at the same times: pyttsx3
or hibari once for every distinct phrase, pieces appended to a list with silence between, joined once, and
one encode of the whole through lameenc at the same settings.
"""

from __future__ import annotations

import contextlib
import ctypes
import io
import json
import os
import sys
import tempfile
import warnings
from pathlib import Path
from typing import Any

RATE_HZ = 48_000


def load_espeak() -> None:
    import espeakng_loader  # noqa: PLC0415

    os.environ["ESPEAK_DATA_PATH"] = espeakng_loader.get_data_path()
    ctypes.CDLL(espeakng_loader.get_library_path(), mode=ctypes.RTLD_GLOBAL)


def speak(texts: list[str], folder: Path) -> dict[str, bytes]:
    import pyttsx3  # noqa: PLC0415
    from pydub import AudioSegment  # noqa: PLC0415

    engine = pyttsx3.init("espeak")
    engine.setProperty("rate", 165)
    clips = {}
    for number, text in enumerate(texts):
        path = folder / f"{number}.wav"
        # A first file may come late: without asking again, a phrase would be missing.
        while not path.exists() or path.stat().st_size <= 44:
            engine.save_to_file(text, str(path))
            engine.runAndWait()
        clips[text] = AudioSegment.from_wav(path).set_frame_rate(RATE_HZ).set_channels(1).raw_data
    return clips


def speak_naturally(texts: list[str]) -> dict[str, bytes]:
    from hibari import Hibari  # noqa: PLC0415
    from pydub import AudioSegment  # noqa: PLC0415

    voice = Hibari("heart")
    clips = {}
    for text in texts:
        samples = (voice(text, 0.9, 0) * 32767).astype("<i2").tobytes()
        sound = AudioSegment(samples, sample_width=2, frame_rate=voice.sample_rate, channels=1)
        clips[text] = sound.set_frame_rate(RATE_HZ).raw_data
    return clips


def speak_by_espeak(texts: list[str]) -> dict[str, bytes]:
    load_espeak()
    with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stdout(io.StringIO()):
        return speak(texts, Path(folder))


def tone(duration_ms: int) -> bytes:
    from pydub.generators import Sine  # noqa: PLC0415

    sound = Sine(880, sample_rate=RATE_HZ).to_audio_segment(duration_ms, volume=-12)
    return bytes(sound.fade_in(4).fade_out(4).raw_data)


def join(timeline: dict[str, Any], clips: dict[str, bytes], length_ms: int) -> bytes:
    tones: dict[int, bytes] = {}
    pieces, at = [], 0
    for event in timeline["events"]:
        start = int(event["start_ms"]) * 48 * 2
        if event["kind"] == "speech":
            sound = clips[str(event["text"])]
        else:
            sound = tones.setdefault(int(event["duration_ms"]), tone(int(event["duration_ms"])))
        if start > at:
            pieces.append(bytes(start - at))
            at = start
        pieces.append(sound)
        at += len(sound)
    pieces.append(bytes(max(0, length_ms * 48 * 2 - at)))
    return b"".join(pieces)


def main() -> None:
    warnings.simplefilter("ignore")
    timeline = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    texts = list(dict.fromkeys(event["text"] for event in timeline["events"] if event["kind"] == "speech"))
    clips = {"pyttsx3": speak_by_espeak, "hibari": speak_naturally}[sys.argv[3]](texts)
    import lameenc  # noqa: PLC0415

    encoder = lameenc.Encoder()
    encoder.set_bit_rate(64)
    encoder.set_in_sample_rate(RATE_HZ)
    encoder.set_channels(1)
    encoder.set_quality(5)
    encoder.silence()
    data = encoder.encode(join(timeline, clips, timeline["duration_ms"])) + encoder.flush()
    Path(sys.argv[2]).write_bytes(data)


if __name__ == "__main__":
    main()
