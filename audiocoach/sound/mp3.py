"""PCM becomes MP3 frames, and frames become one MP3 without being encoded again.

In: the PCM of a region (48 kHz, 16 bit, mono). Out: its `RegionFrames`, cut out of a stream of
silence at 64 kb/s, where a frame is 1152 samples, 24 ms and 192 bytes exactly. `write` joins silent
frames and region frames to a file, `walk` proves that a finished file holds together.

A frame is a header, side information and the audio bits of this or later frames: its own bits may
begin up to 511 bytes before it (ISO 11172-3 2.4.2.7, `main_data_begin`; LAME calls it the bit
reservoir). So a frame may only be moved together with what lies in those bytes.
"""

from __future__ import annotations

import io
import re
import struct
from dataclasses import field
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Protocol, cast

from audiocoach.errors import SoundError
from audiocoach.records import dataclass
from audiocoach.sound import mixer, tags
from audiocoach.units import FRAME_MS, FRAME_SAMPLES, SAMPLE_BYTES, SAMPLE_RATE_HZ, ms_to_clock

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import BinaryIO

    import av

BIT_RATE_KBPS = 64
QUALITY = 5
FRAME_BYTES = 144 * BIT_RATE_KBPS * 1000 // SAMPLE_RATE_HZ
HEADER_BYTES = 4
SIDE_BYTES = HEADER_BYTES + 17
MAIN_BYTES = FRAME_BYTES - SIDE_BYTES
FRAME_PCM_BYTES = FRAME_SAMPLES * SAMPLE_BYTES

# Sync, MPEG-1, Layer III, no CRC, 64 kb/s, 48 kHz, no padding, mono, original (ISO 11172-3 2.4.1.3).
HEADER = bytes.fromhex("fffb54c4")

# What LAME adds in front, and a decoder (528 + 1): decoded sound begins after both.
ENCODER_DELAY = 576
DECODER_DELAY = 529
DELAY = ENCODER_DELAY + DECODER_DELAY

HEAD_FRAMES = 8
TAIL_FRAMES = 8
_MOST_TAIL_FRAMES = 1000
_START_FRAMES = 2
_FLUSH_FRAMES = 2
_LEAD_BYTES = 4
_SETTLED_FRAMES = 4

_CHUNK_FRAMES = 1024
_STEADY_FRAMES = 32
_TOC_ENTRIES = 100

# The error of a frame against the loudest within a frame of it. Measured: speech, tones and noise of any
# length 0.41 at most; a sound that is another one, lies 2 ms or a frame off, or lacks a frame, 1.25 at least.
_MOST_ERROR = 0.8
_ERROR_FLOOR = 20
_REACH = 2
_QUIET_FRAMES = 2
_DULLER = 8
_FLOAT_BYTES = 4


@dataclass(frozen=True, slots=True)
class Chain:
    """How a run of frames hangs on what stands before it.

    Bytes of main data, counted from the run's first frame: it `needs` so many of those before, and has
    `used` its own up to there.
    """

    needs: int
    used: int

    @classmethod
    def of(cls, frames: bytes) -> Chain:
        """Walk whole frames.

        Raises:
            SoundError: a frame is none of ours, or needs bytes that another uses.
        """
        if not frames:
            return cls(0, 0)
        needs = _main_data(frames)[0]
        return cls(needs, _walk_chunk(frames, 0, -needs))


@dataclass(frozen=True, slots=True)
class RegionFrames:
    """The frames of one region: whole frames of `FRAME_BYTES`, none where it decodes to silence.

    They begin `lead` frames before the region's first frame; behind it where `lead` is negative,
    because the region begins with silence. `chain` was found by walking them.
    """

    lead: int
    frames: bytes
    chain: Chain = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "chain", Chain.of(self.frames))

    @property
    def count(self) -> int:
        """How many frames there are."""
        return len(self.frames) // FRAME_BYTES

    def to_bytes(self) -> bytes:
        """The lead in four bytes, then the frames: what a cache keeps."""
        return self.lead.to_bytes(_LEAD_BYTES, "big", signed=True) + self.frames

    @classmethod
    def from_bytes(cls, data: bytes) -> RegionFrames:
        """The inverse of `to_bytes`.

        Raises:
            SoundError: `data` is no lead and whole frames that hang together.
        """
        if len(data) % FRAME_BYTES != _LEAD_BYTES:
            raise SoundError(f"region frames: {len(data)} bytes are no whole frames")
        return cls(int.from_bytes(data[:_LEAD_BYTES], "big", signed=True), data[_LEAD_BYTES:])


@dataclass(frozen=True, slots=True)
class Silence:
    """What the encoder makes of silence: two frames to start with, then one that comes for ever.

    A file cannot start with `steady`: it points 340 bytes back, and LAME's decoder and libmad drop a
    frame whose bytes they never had, which would put everything 24 ms early.
    """

    start: bytes
    steady: bytes

    def frame(self, index: int) -> bytes:
        """The frame at `index` in a file of nothing but silence."""
        at = index * FRAME_BYTES
        return self.start[at : at + FRAME_BYTES] or self.steady

    def to_bytes(self) -> bytes:
        """Three frames: what a cache keeps."""
        return self.start + self.steady

    @classmethod
    def from_bytes(cls, data: bytes) -> Silence:
        """The inverse of `to_bytes`.

        Raises:
            SoundError: `data` is not three frames.
        """
        if len(data) != (_START_FRAMES + 1) * FRAME_BYTES:
            raise SoundError(f"silent frames: {len(data)} bytes are not three frames")
        return cls(data[:-FRAME_BYTES], data[-FRAME_BYTES:])


@lru_cache(maxsize=1)
def silence() -> Silence:
    """The silent frames of this machine's encoder (loads lameenc; a build may keep them as bytes).

    Raises:
        SoundError: this encoder does not settle on one silent frame.
    """
    frames = _encoded(bytes(40 * FRAME_PCM_BYTES))
    steady = frames[_START_FRAMES:-_FLUSH_FRAMES]
    if len(set(steady)) != 1:
        raise SoundError("this version of lameenc has no steady silent frame")
    return Silence(b"".join(frames[:_START_FRAMES]), steady[0])


def head_frames(first_frame: int) -> int:
    """How many silent frames to encode before a region: eight, or all there are.

    Where fewer stand before it, the stretch is encoded from the file's real beginning, because the
    frames before a sound would not fit. The number belongs in the key of cached frames.
    """
    return min(first_frame, HEAD_FRAMES)


def encode(pcm: bytes, head: int = HEAD_FRAMES) -> RegionFrames:
    """Frames of a region's PCM, 48 kHz, 16 bit, mono, that fit behind `head` silent frames.

    Its first frame is the first that differs from silence in any byte: LAME puts bits of a sound
    into the 2 or 3 frames before it. Its last one is the last whose header and side information
    differ: what follows differs only in stuffing that no decoder reads.

    Raises:
        SoundError: the encoder did not come back to silence.
    """
    padding = -len(pcm) % FRAME_PCM_BYTES
    tail = TAIL_FRAMES
    while tail <= _MOST_TAIL_FRAMES:
        silent_bytes = padding + tail * FRAME_PCM_BYTES
        frames = _encoded(bytes(head * FRAME_PCM_BYTES) + pcm + bytes(silent_bytes))
        region = _cut(frames, head)
        if region is not None:
            return region
        tail *= 2
    raise SoundError("the encoder did not come back to silence behind a sound")


def _encoded(pcm: bytes) -> list[bytes]:
    encoder = mixer.load("lameenc").Encoder()
    encoder.set_bit_rate(BIT_RATE_KBPS)
    encoder.set_in_sample_rate(SAMPLE_RATE_HZ)
    encoder.set_channels(1)
    encoder.set_quality(QUALITY)
    encoder.silence()
    return list(_split(bytes(encoder.encode(pcm)) + bytes(encoder.flush())))


def _split(data: bytes) -> Iterator[bytes]:
    return (data[at : at + FRAME_BYTES] for at in range(0, len(data), FRAME_BYTES))


def _cut(frames: list[bytes], head: int) -> RegionFrames | None:
    """The frames that differ from silence's, or None where they do so up to the end."""
    still = silence()
    loud = [
        index for index, frame in enumerate(frames) if frame[:SIDE_BYTES] != still.frame(index)[:SIDE_BYTES]
    ]
    if not loud:
        return RegionFrames(0, b"")
    if loud[-1] >= len(frames) - _SETTLED_FRAMES:
        return None
    first = next(index for index, frame in enumerate(frames) if frame != still.frame(index))
    return RegionFrames(head - first, b"".join(frames[first : loud[-1] + 1]))


def check(region: RegionFrames, pcm: bytes, head: int = HEAD_FRAMES) -> None:
    """Decode a region's frames between silent ones and compare them with the PCM they came from.

    Raises:
        SoundError: too short, out of place, wrong somewhere, or not silent around.
    """
    surrounded = _surrounded(region, pcm, head)
    decoded = _decoded(surrounded)
    missing = len(surrounded) // FRAME_BYTES * FRAME_SAMPLES - DELAY - len(decoded) // SAMPLE_BYTES
    if missing:
        raise SoundError(f"an encoded sound came back {missing} samples short")
    start = head * FRAME_PCM_BYTES
    _check_silence(decoded, start, start + len(pcm))
    _check_error(decoded, (bytes(start) + pcm).ljust(len(decoded), b"\0"))


def _surrounded(region: RegionFrames, pcm: bytes, head: int) -> bytes:
    """The frames joined to those of a silent start, and to silence up to well behind the sound's end."""
    out = io.BytesIO()
    join = _Join(out, silence())
    join.silence(head - region.lead)
    join.frames(region.frames, region.chain)
    sound_frames = max(-(-len(pcm) // FRAME_PCM_BYTES), region.count - region.lead)
    join.silence(head + sound_frames + _QUIET_FRAMES + _SETTLED_FRAMES)
    return out.getvalue()


def _decoded(data: bytes) -> bytes:
    """16-bit PCM from the decoder that is not told of an Info frame: its delay is cut off here.

    The decoder in floating point takes a third of the other's time; all its frames are rounded at once.
    """
    import av  # 0.06 s that a cached build must not pay

    codec = cast("av.AudioCodecContext", av.AudioCodecContext.create("mp3float", "r"))
    try:
        planes = [
            bytes(frame.planes[0])[: frame.samples * _FLOAT_BYTES] for frame in codec.decode(av.Packet(data))
        ]
    except av.FFmpegError as error:
        raise SoundError(f"an encoded sound does not decode: {error}") from error
    return _rounded(b"".join(planes))[DELAY * SAMPLE_BYTES :]


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


def _check_silence(decoded: bytes, start: int, end: int) -> None:
    margin = _QUIET_FRAMES * FRAME_PCM_BYTES
    around = decoded[: max(0, start - margin)] + decoded[end + margin :]
    # `any` would make a number of every byte.
    if around.strip(b"\0"):
        raise SoundError("an encoded sound is not surrounded by silence")


def _check_error(decoded: bytes, intended: bytes) -> None:
    audioop = mixer.load("audioop")
    # LAME cuts the highs, so the lows are compared; halved, so that no sum can pass full scale.
    flipped = audioop.mul(_dull(intended), SAMPLE_BYTES, -0.5)
    errors = _levels(audioop.add(audioop.mul(_dull(decoded), SAMPLE_BYTES, 0.5), flipped, SAMPLE_BYTES))
    levels = _levels(flipped)
    for index, error in enumerate(errors):
        around = max(levels[max(0, index - _REACH) : index + _REACH + 1])
        if error > _MOST_ERROR * (around + _ERROR_FLOOR):
            at_ms = index * FRAME_MS // 2
            raise SoundError(f"an encoded sound is not what went in, {at_ms} ms after the silence began")


def _levels(dull: bytes) -> list[int]:
    """The loudness of each frame's length, every half frame, of sound at 6 kHz."""
    audioop = mixer.load("audioop")
    size = FRAME_PCM_BYTES // _DULLER
    return [audioop.rms(dull[at : at + size], SAMPLE_BYTES) for at in range(0, len(dull), size // 2)]


def _dull(pcm: bytes) -> bytes:
    """The mean of every eight samples, at 6 kHz: a low pass in the cheapest way that audioop has.

    Neighbours taken for the two channels of a stereo sound and mixed to one, three times.
    """
    audioop = mixer.load("audioop")
    dull = pcm.ljust(-(-len(pcm) // (_DULLER * SAMPLE_BYTES)) * _DULLER * SAMPLE_BYTES, b"\0")
    for _ in range(_DULLER.bit_length() - 1):
        dull = audioop.tomono(dull, SAMPLE_BYTES, 0.5, 0.5)
    return dull


def frame_count(duration_samples: int) -> int:
    """Frames that hold so many samples behind the delay of encoder and decoder; no Info frame."""
    return -(-(duration_samples + DELAY) // FRAME_SAMPLES)


class Sink(Protocol):
    """Whatever takes bytes in order."""

    def write(self, data: bytes, /) -> object:
        """Take all of them."""


def write(
    out: Sink,
    placed: Iterable[tuple[int, RegionFrames]],
    duration_samples: int,
    silence: Silence,
    tag: bytes = b"",
) -> int:
    """Write a whole MP3 of exactly `duration_samples` and return its size in bytes.

    The join is proven as it is written: every run of frames has been walked once, and where two meet
    the second needs no byte that the first uses.

    Args:
        out: takes the bytes in order; is not sought in.
        placed: each region's first frame and its frames, in order of time; read as it is written.
        duration_samples: of the session at 48 kHz, the silence after its last sound included; what
            sounds longer is cut.
        silence: from `silence()`, or kept from an earlier run of the same encoder.
        tag: an ID3v2 tag to stand in front.

    Raises:
        SoundError: a region would stand before the beginning, behind the end, or in another one; or
            the frames do not hang together.
    """
    total = frame_count(duration_samples)
    out.write(tag)
    out.write(info_frame(duration_samples, silence))
    join = _Join(out, silence)
    for first_frame, region in placed:
        begin = first_frame - region.lead
        _check_place(begin, join.written, total)
        join.silence(begin)
        fits = begin + region.count <= total
        fitting = region.frames if fits else region.frames[: (total - begin) * FRAME_BYTES]
        join.frames(fitting, region.chain if fits else Chain.of(fitting))
    join.silence(total)
    return len(tag) + (1 + total) * FRAME_BYTES


class _Join:
    """Runs of frames one behind the other: `written` frames, which have `used` so many bytes of main data."""

    def __init__(self, out: Sink, silence: Silence) -> None:
        self._out = out
        self._silence = silence
        self._steady = Chain.of(silence.steady * 2)
        self.written = 0
        self._used = 0

    def frames(self, run: bytes, chain: Chain) -> None:
        """Write a run that was walked; none leaves all as it is."""
        if not run:
            return
        start = self.written * MAIN_BYTES
        if start - chain.needs < self._used:
            raise SoundError(f"frame {self.written} at {_clock(self.written)} needs bytes that are not there")
        self._out.write(run)
        self._used = start + chain.used
        self.written += len(run) // FRAME_BYTES

    def silence(self, end: int) -> None:
        """Write silence up to the frame `end`."""
        while self.written < min(end, _START_FRAMES):
            frame = self._silence.frame(self.written)
            self.frames(frame, Chain.of(frame))
        chunk = self._silence.steady * min(max(end - self.written, 0), _CHUNK_FRAMES)
        while self.written < end:
            run = chunk[: (end - self.written) * FRAME_BYTES]
            # Two silent frames were walked: any number of them hangs together as they do.
            further = (len(run) // FRAME_BYTES - 2) * MAIN_BYTES
            self.frames(run, Chain(self._steady.needs, self._steady.used + further))


def _check_place(begin: int, written: int, total: int) -> None:
    if begin < written:
        raise SoundError(f"two stretches of sound meet at {_clock(begin)}: one needs the other's frames")
    if begin > total:
        raise SoundError(f"a sound at {_clock(begin)} is behind the end at {_clock(total)}")


def _clock(frame: int) -> str:
    return ms_to_clock(max(0, frame) * FRAME_MS)


def info_frame(duration_samples: int, silence: Silence) -> bytes:
    """A frame that sounds like nothing and tells how long the file is (LAME tag rev 1).

    Frame count without itself, byte count with itself, seek table, and the delay and padding that
    let a decoder return exactly `duration_samples`.
    """
    total = frame_count(duration_samples)
    size_bytes = (1 + total) * FRAME_BYTES
    padding = total * FRAME_SAMPLES - ENCODER_DELAY - duration_samples
    xing = struct.pack(">4sIII", b"Info", 0x0F, total, size_bytes) + _seek_table(total, size_bytes)
    lame = struct.pack(
        ">I9sBBIHHBB3sBBHIH",
        100 - 10 * 4 - QUALITY,
        _encoder_name(silence),
        0x01,  # revision 0, constant bit rate
        0,  # low pass: not told
        0,  # peak, and two replay gains: not measured
        0,
        0,
        0x14,  # nspsytune, absolute threshold of hearing type 4
        BIT_RATE_KBPS,
        (ENCODER_DELAY << 12 | padding).to_bytes(3, "big"),
        0x81,  # 48 kHz, mono, noise shaping 1
        0,  # gain applied to the file
        BIT_RATE_KBPS,  # preset
        size_bytes,
        0,  # music CRC: accepted, and a join cannot afford one
    )
    frame = HEADER + bytes(SIDE_BYTES - HEADER_BYTES) + xing + lame
    return (frame + _crc16(frame).to_bytes(2, "big")).ljust(FRAME_BYTES, b"\0")


def _seek_table(total: int, size_bytes: int) -> bytes:
    """Where each hundredth of the time begins, in 256ths of the file."""
    starts = ((1 + total * hundredth // _TOC_ENTRIES) * FRAME_BYTES for hundredth in range(_TOC_ENTRIES))
    return bytes(256 * start // size_bytes for start in starts)


def _encoder_name(silence: Silence) -> bytes:
    """`LAME3.100`: nine bytes; the encoder signs its stuffing. ffmpeg trims only what LAME signed."""
    found = re.search(rb"LAME\d+\.\d+", silence.steady)
    return (found[0] if found else b"LAME")[:9].ljust(9)


def _crc16(data: bytes) -> int:
    """CRC-16/ARC, from the frame's first byte to the checksum itself (LAME tag rev 1)."""
    crc = 0
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ 0xA001 if crc & 1 else crc >> 1
    return crc


def walk(stream: BinaryIO) -> int:
    """Walk all frames of a finished MP3 and return how many they are, the Info frame not counted.

    Every frame has our header, its audio bits begin no earlier than the frame before has used them,
    and the number of frames and bytes is what the Info frame says. Memory is bounded.

    Raises:
        SoundError: what is wrong, and where.
    """
    info = _info(stream)
    told_frames, told_bytes = struct.unpack_from(">II", info, SIDE_BYTES + 8)
    frames = used = 0
    quiet = b""
    for chunk in iter(lambda: stream.read(_STEADY_FRAMES * FRAME_BYTES), b""):
        length = len(chunk) // FRAME_BYTES
        if chunk == quiet:
            used += length * MAIN_BYTES
        else:
            used = _walk_chunk(chunk, frames, used)
            quiet = _quiet(chunk[-FRAME_BYTES:])
        frames += length
    if (told_frames, told_bytes) != (frames, (1 + frames) * FRAME_BYTES):
        raise SoundError(f"the Info frame tells of {told_frames} frames, {frames} are there")
    return frames


def _info(stream: BinaryIO) -> bytes:
    start = stream.read(10)
    tag_bytes = tags.size_bytes(start)
    if tag_bytes:
        # What is cut short inside its tag has no Info frame either.
        stream.read(tag_bytes - len(start))
        start = b""
    info = start + stream.read(FRAME_BYTES - len(start))
    checked = info[: SIDE_BYTES + 154]
    if info[:HEADER_BYTES] != HEADER or info[SIDE_BYTES : SIDE_BYTES + 4] != b"Info":
        raise SoundError("the MP3 does not start with an Info frame")
    if info[len(checked) : len(checked) + 2] != _crc16(checked).to_bytes(2, "big"):
        raise SoundError("the Info frame has a wrong checksum")
    return info


def _walk_chunk(chunk: bytes, first: int, used: int) -> int:
    for index, frame in enumerate(_split(chunk), first):
        used = _walk_frame(frame, index, used)
    return used


def _walk_frame(frame: bytes, index: int, used: int) -> int:
    """Where the frame's audio bits end, counted like `used` in bytes of main data since frame 0."""
    if len(frame) != FRAME_BYTES or frame[:HEADER_BYTES] != HEADER:
        raise SoundError(f"frame {index} at {_clock(index)} is cut short or has a strange header")
    back_bytes, bits = _main_data(frame)
    begin = index * MAIN_BYTES - back_bytes
    end = begin + -(-bits // 8)
    if begin < used:
        raise SoundError(f"frame {index} at {_clock(index)} needs bytes that are not there")
    if end > (index + 1) * MAIN_BYTES:
        raise SoundError(f"frame {index} at {_clock(index)} needs bytes of the frame behind it")
    return end


def _main_data(frame: bytes) -> tuple[int, int]:
    """`main_data_begin` in bytes and the sum of both `part2_3_length` in bits (ISO 11172-3 2.4.1.7)."""
    side = int.from_bytes(frame[HEADER_BYTES:SIDE_BYTES], "big")
    return side >> 127, (side >> 106 & 0xFFF) + (side >> 47 & 0xFFF)


def _quiet(frame: bytes) -> bytes:
    """The chunk that may follow unread: a frame without audio bits, as often as a chunk holds it."""
    _, bits = _main_data(frame)
    return b"" if bits else frame * _STEADY_FRAMES
