"""PCM becomes MP3 frames, cut out of a stream of silence.

In: the PCM of a region (48 kHz, 16 bit; interleaved in stereo). Out: its `RegionFrames`.
"""

from __future__ import annotations

from functools import lru_cache

from audiocoach import encoder
from audiocoach.errors import SoundError
from audiocoach.sound.mp3.frame import MONO, Kind, split
from audiocoach.sound.mp3.reservoir import START_FRAMES, RegionFrames, Silence

HEAD_FRAMES = 8
TAIL_FRAMES = 8
SETTLED_FRAMES = 4
_MOST_TAIL_FRAMES = 1000
_FLUSH_FRAMES = 2


@lru_cache(maxsize=2)
def silence(kind: Kind = MONO) -> Silence:
    """The silent frames of this machine's encoder (loads lameenc; a build may keep them as bytes).

    Raises:
        SoundError: this encoder does not settle on one silent frame.
    """
    frames = frames_of(bytes(40 * kind.pcm_bytes), kind)
    steady = frames[START_FRAMES:-_FLUSH_FRAMES]
    if len(set(steady)) != 1:
        raise SoundError("this version of lameenc has no steady silent frame")
    return Silence(b"".join(frames[:START_FRAMES]), steady[0])


def encode(pcm: bytes, head: int = HEAD_FRAMES, kind: Kind = MONO) -> RegionFrames:
    """Frames of a region's PCM, 48 kHz, 16 bit, that fit behind `head` silent frames.

    Its first frame is the first that differs from silence in any byte: LAME puts bits of a sound
    into the 2 or 3 frames before it. Its last one is the last whose header and side information
    differ: what follows differs only in stuffing that no decoder reads.

    Raises:
        SoundError: the encoder did not come back to silence.
    """
    padding = -len(pcm) % kind.pcm_bytes
    tail = TAIL_FRAMES
    while tail <= _MOST_TAIL_FRAMES:
        silent_bytes = padding + tail * kind.pcm_bytes
        frames = frames_of(bytes(head * kind.pcm_bytes) + pcm + bytes(silent_bytes), kind)
        region = _cut(frames, head, kind)
        if region is not None:
            return region
        tail *= 2
    raise SoundError("the encoder did not come back to silence behind a sound")


def frames_of(pcm: bytes, kind: Kind = MONO) -> list[bytes]:
    """The frames of a fresh encoder."""
    return list(split(encoder.mp3_stream(pcm, kind.channels, kind.kbps), kind.frame_bytes))


def _cut(frames: list[bytes], head: int, kind: Kind) -> RegionFrames | None:
    """The frames that differ from silence's, or None where they do so up to the end."""
    still, side_bytes = silence(kind), kind.side_bytes
    loud = [
        index for index, frame in enumerate(frames) if frame[:side_bytes] != still.frame(index)[:side_bytes]
    ]
    if not loud:
        return RegionFrames(0, b"")
    if loud[-1] >= len(frames) - SETTLED_FRAMES:
        return None
    first = next(index for index, frame in enumerate(frames) if frame != still.frame(index))
    return RegionFrames(head - first, b"".join(frames[first : loud[-1] + 1]))
