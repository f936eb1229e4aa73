"""What the machine itself can do with the same work. Usage: python -m tests.bench.limits WHAT ARGUMENTS.

`write FOLDER OUT`: files of the same sizes, written and synced one after another. `speak TIMELINE ENGINE`:
the phrases alone, by one process that has the voice ready, each in a fork of it where the engine wants that.
`encode PCM`: the sound of those phrases through one encoder, at the same settings. `share TIMELINE PCM
ENGINE`: both, shared by all processors: forks of one process that has the voice ready.
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
    from collections.abc import Callable, Sequence

    from audiocoach.voice.engines import Engine

_SAMPLE_BYTES = 2


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


def speak(timeline: str, name: str) -> None:
    """Every distinct phrase of a session once."""
    _speak(_engine(name), _texts(timeline))


def encode(pcm: str) -> None:
    """A file of samples: 48 kHz, 16 bit, mono."""
    _encode(Path(pcm).read_bytes())


def share(timeline: str, pcm: str, name: str) -> None:
    """`speak` and `encode`, by as many processes as there are processors: each does its part of both."""
    engine, texts, sound = _engine(name), _texts(timeline), Path(pcm).read_bytes()
    count = os.cpu_count() or 1
    part = -(-len(sound) // count // _SAMPLE_BYTES) * _SAMPLE_BYTES
    children = []
    for number in range(count):
        if not (child := os.fork()):
            _speak(engine, texts[number::count])
            _encode(sound[number * part : (number + 1) * part])
            os._exit(0)
        children.append(child)
    for child in children:
        if os.waitpid(child, 0)[1]:
            sys.exit(1)


def _texts(timeline: str) -> Sequence[str]:
    events = json.loads(Path(timeline).read_text(encoding="utf-8"))["events"]
    return tuple(dict.fromkeys(event["text"] for event in events if event["kind"] == "speech"))


def _engine(name: str) -> Engine:
    from audiocoach.routine.voice import Voice  # noqa: PLC0415 - each limit pays for its own library
    from audiocoach.voice import engines  # noqa: PLC0415 - each limit pays for its own library

    return engines.load(Voice(name))


def _speak(engine: Engine, texts: Sequence[str]) -> None:
    stays = getattr(engine, "runs", "fork") == "stay"
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "clip.wav")
        for text in texts:
            if stays:
                engine.speak(text, path)
                continue
            child = os.fork()
            if not child:
                engine.speak(text, path)
                os._exit(0)
            os.waitpid(child, 0)


def _encode(sound: bytes) -> None:
    import lameenc  # noqa: PLC0415 - each limit pays for its own library

    encoder = lameenc.Encoder()
    encoder.set_bit_rate(64)
    encoder.set_in_sample_rate(RATE_HZ)
    encoder.set_channels(1)
    encoder.set_quality(5)
    encoder.silence()
    encoder.encode(sound)
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


_LIMITS: dict[str, Callable[..., None]] = {
    "write": write,
    "speak": speak,
    "encode": encode,
    "share": share,
    "cut": cut,
}

if __name__ == "__main__":
    _LIMITS[sys.argv[1]](*sys.argv[2:])
