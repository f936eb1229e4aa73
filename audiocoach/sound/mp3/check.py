"""The frames of a region are decoded between silent ones and compared with what went in."""

from __future__ import annotations

import io
from functools import cache
from typing import TYPE_CHECKING, cast

from audiocoach.errors import SoundError
from audiocoach.sound import likeness, mixer
from audiocoach.sound.mp3.encode import HEAD_FRAMES, SETTLED_FRAMES, silence
from audiocoach.sound.mp3.frame import DELAY, FRAME_SAMPLES, MONO
from audiocoach.sound.mp3.join import Join
from audiocoach.units import SAMPLE_BYTES, SAMPLE_RATE_HZ

if TYPE_CHECKING:
    import av

    from audiocoach.sound.mp3.frame import Kind
    from audiocoach.sound.mp3.reservoir import RegionFrames

_QUIET_FRAMES = 2
_FLOAT_BYTES = 4
# Of a channel's loudness. Encoders take a tenth of it.
_MOST_LEAN, _LEAN_FLOOR = 0.25, 20


def check(region: RegionFrames, pcm: bytes, head: int = HEAD_FRAMES, kind: Kind = MONO) -> bytes:
    """Decode a region's frames between silent ones and compare them with the PCM they came from.

    What was decoded is given: 48 kHz, 16 bit, interleaved in stereo.

    Raises:
        SoundError: too short, out of place, wrong somewhere, or not silent around.
    """
    surrounded = _surrounded(region, pcm, head, kind)
    decoded = decode(surrounded) if kind.channels == 1 else decode_stereo(surrounded)
    samples = len(decoded) // kind.sample_bytes
    missing = len(surrounded) // kind.frame_bytes * FRAME_SAMPLES - DELAY - samples
    if missing:
        raise SoundError(f"an encoded sound came back {missing} samples short")
    start = head * kind.pcm_bytes
    _check_silence(decoded, start, start + len(pcm), _QUIET_FRAMES * kind.pcm_bytes)
    intended = (bytes(start) + pcm).ljust(len(decoded), b"\0")
    wrong_ms = likeness.first_difference_ms(_as_one(decoded, kind), _as_one(intended, kind))
    if wrong_ms is not None:
        raise SoundError(f"an encoded sound is not what went in, {wrong_ms} ms after the silence began")
    if kind.channels > 1:
        _check_sides(decoded, intended)
    return decoded


def _as_one(pcm: bytes, kind: Kind) -> bytes:
    """What one speaker plays.

    Joint stereo gives both channels the error of the louder one: in the far channel of a sharp s, held
    against that channel alone, it is as large as in another sound.
    """
    mono: bytes = pcm if kind.channels == 1 else mixer.load("audioop").tomono(pcm, SAMPLE_BYTES, 0.5, 0.5)
    return mono


def _check_sides(decoded: bytes, intended: bytes) -> None:
    """Whether each channel is about as loud as it was meant: what lies elsewhere differs by half and more."""
    loudness = mixer.load("audioop").rms
    for side in (0, 1):
        ours, theirs = (loudness(mixer.channel(pcm, side), SAMPLE_BYTES) for pcm in (decoded, intended))
        if abs(ours - theirs) > _MOST_LEAN * theirs + _LEAN_FLOOR:
            raise SoundError("an encoded sound does not lie on the side where it went in")


def _surrounded(region: RegionFrames, pcm: bytes, head: int, kind: Kind) -> bytes:
    """The frames joined to those of a silent start, and to silence up to well behind the sound's end."""
    out = io.BytesIO()
    join = Join(out, silence(kind))
    join.silence(head - region.lead)
    join.frames(region.frames, region.chain)
    sound_frames = max(-(-len(pcm) // kind.pcm_bytes), region.count - region.lead)
    join.silence(head + sound_frames + _QUIET_FRAMES + SETTLED_FRAMES)
    return out.getvalue()


def decode(data: bytes) -> bytes:
    """16-bit mono PCM from the decoder that is not told of an Info frame: its delay is cut off here.

    The decoder in floating point takes a third of the other's time; all frames of mono are rounded at once.
    """
    return _rounded(_planes(data, 1), "mono")[DELAY * SAMPLE_BYTES :]


def decode_stereo(data: bytes) -> bytes:
    """The same of frames in stereo: the samples of both sides in turn."""
    return _rounded(_planes(data, 2), "stereo")[2 * DELAY * SAMPLE_BYTES :]


def _planes(data: bytes, sides: int) -> list[bytes]:
    """Each side's samples in 32-bit floating point, the decoder's delay in front."""
    import av  # 0.06 s that a cached build must not pay

    codec = cast("av.AudioCodecContext", av.AudioCodecContext.create("mp3float", "r"))
    try:
        frames = codec.decode(av.Packet(data))
    except av.FFmpegError as error:
        raise SoundError(f"an encoded sound does not decode: {error}") from error
    return [
        b"".join(bytes(frame.planes[side])[: frame.samples * _FLOAT_BYTES] for frame in frames)
        for side in range(sides)
    ]


def _rounded(sides: list[bytes], layout: str) -> bytes:
    """32-bit floating point samples as 16-bit ones, those of the sides in turn."""
    import av

    frame = av.AudioFrame(format="fltp", layout=layout, samples=len(sides[0]) // _FLOAT_BYTES)
    frame.sample_rate = SAMPLE_RATE_HZ
    for plane, floats in zip(frame.planes, sides, strict=True):
        plane.update(floats.ljust(plane.buffer_size, b"\0"))
    done = _rounder(layout).resample(frame)
    size = SAMPLE_BYTES * len(sides)
    return b"".join(bytes(part.planes[0])[: part.samples * size] for part in done)


@cache
def _rounder(layout: str) -> av.AudioResampler:
    """One for all sounds: without another rate it keeps nothing back."""
    import av

    return av.AudioResampler(format="s16", layout=layout, rate=SAMPLE_RATE_HZ)


def _check_silence(decoded: bytes, start: int, end: int, margin: int) -> None:
    around = decoded[: max(0, start - margin)] + decoded[end + margin :]
    # `any` would make a number of every byte.
    if around.strip(b"\0"):
        raise SoundError("an encoded sound is not surrounded by silence")
