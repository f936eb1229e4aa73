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
    from collections.abc import Iterator

    import av

    from audiocoach.sound.mp3.frame import Kind
    from audiocoach.sound.mp3.reservoir import RegionFrames

_QUIET_FRAMES = 2
_FLOAT_BYTES = 4


def check(region: RegionFrames, pcm: bytes, head: int = HEAD_FRAMES, kind: Kind = MONO) -> bytes:
    """Decode a region's frames between silent ones and compare them with the PCM they came from.

    What was decoded is given: 48 kHz, 16 bit, interleaved in stereo.

    Raises:
        SoundError: too short, out of place, wrong somewhere, or not silent around.
    """
    surrounded = _surrounded(region, pcm, head, kind)
    decoded = decode(surrounded) if kind.channels == 1 else decode_sides(surrounded)
    samples = len(decoded) // kind.sample_bytes
    missing = len(surrounded) // kind.frame_bytes * FRAME_SAMPLES - DELAY - samples
    if missing:
        raise SoundError(f"an encoded sound came back {missing} samples short")
    start = head * kind.pcm_bytes
    _check_silence(decoded, start, start + len(pcm), _QUIET_FRAMES * kind.pcm_bytes)
    intended = (bytes(start) + pcm).ljust(len(decoded), b"\0")
    for ours, theirs in _channels(decoded, intended, kind):
        wrong_ms = likeness.first_difference_ms(ours, theirs)
        if wrong_ms is not None:
            raise SoundError(f"an encoded sound is not what went in, {wrong_ms} ms after the silence began")
    return decoded


def _channels(decoded: bytes, intended: bytes, kind: Kind) -> Iterator[tuple[bytes, bytes]]:
    """Each channel as it came out and as it went in; one, where both are the same."""
    if kind.channels == 1:
        yield decoded, intended
        return
    pairs = [(mixer.channel(decoded, side), mixer.channel(intended, side)) for side in (0, 1)]
    yield from dict.fromkeys(pairs)


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
    frames = _frames(data)
    if frames and len(frames[0].planes) > 1:
        return _mixed(frames)[DELAY * SAMPLE_BYTES :]
    return _rounded(_plane(frames, 0))[DELAY * SAMPLE_BYTES :]


def decode_sides(data: bytes) -> bytes:
    """The same of stereo, both channels interleaved."""
    frames = _frames(data)
    left, right = (_rounded(_plane(frames, side)) for side in (0, 1))
    return mixer.interleaved(left, right)[DELAY * SAMPLE_BYTES * 2 :]


def _frames(data: bytes) -> list[av.AudioFrame]:
    import av  # 0.06 s that a cached build must not pay

    codec = cast("av.AudioCodecContext", av.AudioCodecContext.create("mp3float", "r"))
    try:
        return codec.decode(av.Packet(data))
    except av.FFmpegError as error:
        raise SoundError(f"an encoded sound does not decode: {error}") from error


def _plane(frames: list[av.AudioFrame], channel: int) -> bytes:
    """What one channel is, in floating point."""
    return b"".join(bytes(frame.planes[channel])[: frame.samples * _FLOAT_BYTES] for frame in frames)


def _mixed(frames: list[av.AudioFrame]) -> bytes:
    """Stereo as one speaker gives it."""
    import av

    mixer = av.AudioResampler(format="s16", layout="mono", rate=SAMPLE_RATE_HZ)
    pieces = (piece for frame in frames for piece in mixer.resample(frame))
    return b"".join(bytes(piece.planes[0])[: piece.samples * SAMPLE_BYTES] for piece in pieces)


def _rounded(floats: bytes) -> bytes:
    """32-bit floating point samples as 16-bit ones."""
    import av

    frame = av.AudioFrame(format="flt", layout="mono", samples=len(floats) // _FLOAT_BYTES)
    frame.sample_rate = SAMPLE_RATE_HZ
    frame.planes[0].update(floats.ljust(frame.planes[0].buffer_size, b"\0"))
    done = _rounder().resample(frame)
    return b"".join(bytes(part.planes[0])[: part.samples * SAMPLE_BYTES] for part in done)


@cache
def _rounder() -> av.AudioResampler:
    """One for all sounds: without another rate it keeps nothing back."""
    import av

    return av.AudioResampler(format="s16", layout="mono", rate=SAMPLE_RATE_HZ)


def _check_silence(decoded: bytes, start: int, end: int, margin: int) -> None:
    around = decoded[: max(0, start - margin)] + decoded[end + margin :]
    # `any` would make a number of every byte.
    if around.strip(b"\0"):
        raise SoundError("an encoded sound is not surrounded by silence")
