"""What the machine itself can do with the same work. Usage: python -m tests.bench.limits WHAT ARGUMENTS.

`write FOLDER OUT`: files of the same sizes, written and synced one after another. `speak TIMELINE`: the
phrases alone, each in a fork of one process that has the voice ready. `encode PCM`: the sound of those
phrases through one encoder, at the same settings.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from tests.bench.plain import RATE_HZ

if TYPE_CHECKING:
    from collections.abc import Callable


def write(folder: str, out: str) -> None:
    """The same number of bytes in as many files."""
    sizes = [path.stat().st_size for path in sorted(Path(folder).iterdir()) if path.is_file()]
    data = memoryview(os.urandom(max(sizes)))
    Path(out).mkdir()
    for number, size in enumerate(sizes):
        with Path(out, str(number)).open("wb") as file:
            file.write(data[:size])
            file.flush()
            os.fsync(file.fileno())


def speak(timeline: str) -> None:
    """Every distinct phrase of a session once."""
    from audiocoach.routine.voice import Voice  # noqa: PLC0415 - each limit pays for its own library
    from audiocoach.voice import engines  # noqa: PLC0415 - each limit pays for its own library

    events = json.loads(Path(timeline).read_text(encoding="utf-8"))["events"]
    engine = engines.load(Voice())
    with tempfile.TemporaryDirectory() as folder:
        for text in dict.fromkeys(event["text"] for event in events if event["kind"] == "speech"):
            child = os.fork()
            if not child:
                engine.speak(text, Path(folder, "clip.wav"))
                os._exit(0)
            os.waitpid(child, 0)


def encode(pcm: str) -> None:
    """A file of samples: 48 kHz, 16 bit, mono."""
    import lameenc  # noqa: PLC0415 - each limit pays for its own library

    encoder = lameenc.Encoder()
    encoder.set_bit_rate(64)
    encoder.set_in_sample_rate(RATE_HZ)
    encoder.set_channels(1)
    encoder.set_quality(5)
    encoder.silence()
    encoder.encode(Path(pcm).read_bytes())
    encoder.flush()


def cut(timeline: str, pcm: str) -> None:
    """What `encode` gets: the samples of a finished session's phrases, each once.

    In a process of its own: a child's memory counts from that of the process that started it.
    """
    import av  # noqa: PLC0415 - each limit pays for its own library

    events = json.loads(Path(timeline).read_text(encoding="utf-8"))["events"]
    spoken = {event["text"]: event for event in events if "text" in event}
    with av.open(timeline.replace(".timeline.json", ".mp3")) as container:
        resampler = av.AudioResampler("s16", "mono", RATE_HZ)
        frames = (frame for part in container.decode(audio=0) for frame in resampler.resample(part))
        sound = b"".join(bytes(frame.planes[0])[: frame.samples * 2] for frame in frames)
    spans = [(event["start_ms"] * 96, event["duration_ms"] * 96) for event in spoken.values()]
    Path(pcm).write_bytes(b"".join(sound[start : start + length] for start, length in spans))


_LIMITS: dict[str, Callable[..., None]] = {"write": write, "speak": speak, "encode": encode, "cut": cut}

if __name__ == "__main__":
    _LIMITS[sys.argv[1]](*sys.argv[2:])
