"""One frame of MPEG-1 Layer III, as all of ours are: its sizes, its header, where its audio bits lie.

There are three kinds: mono, of which a session without music is joined, joint stereo where something in it
lies to a side, and joint stereo with more bits for music. At 48 kHz and a constant bit rate a frame is 1152
samples, 24 ms and the same number of bytes, always. It is a header, side information and the audio bits of
this or later frames: its own bits may begin up to 511 bytes before it (ISO 11172-3 2.4.2.7,
`main_data_begin`; LAME calls it the bit reservoir).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from audiocoach import encoder
from audiocoach.errors import SoundError
from audiocoach.records import dataclass
from audiocoach.units import SAMPLE_BYTES, SAMPLE_RATE_HZ, SAMPLES_PER_MS, ms_to_clock

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

FRAME_SAMPLES = 1152
FRAME_MS = FRAME_SAMPLES // SAMPLES_PER_MS
HEADER_BYTES = 4


@dataclass(frozen=True, slots=True)
class Kind:
    """What all frames of a stream share (ISO 11172-3 2.4.1.3).

    Of the last byte of a `header` only the bits of `fixed` are always the same: how a frame of joint stereo
    is joined stands in the others. A frame is `frame_bytes` long; the header and the side information have
    `side_bytes` of them. `main_data` tells where a frame's audio bits begin, in bytes before it, and how
    many they are.
    """

    kbps: int
    channels: int
    header: bytes
    fixed: int
    frame_bytes: int
    side_bytes: int
    main_data: Callable[[bytes], tuple[int, int]]

    @property
    def main_bytes(self) -> int:
        """What a frame has for audio bits."""
        return self.frame_bytes - self.side_bytes

    @property
    def sample_bytes(self) -> int:
        """One 16-bit sample of each channel."""
        return SAMPLE_BYTES * self.channels

    @property
    def pcm_bytes(self) -> int:
        """The 16-bit samples of a frame."""
        return FRAME_SAMPLES * self.sample_bytes

    def owns(self, frame: bytes) -> bool:
        """Whether this is a whole frame of this kind."""
        last = HEADER_BYTES - 1
        whole = len(frame) == self.frame_bytes and frame[:last] == self.header[:last]
        return whole and frame[last] & self.fixed == self.header[last]


def _frame_bytes(kbps: int) -> int:
    return 144 * kbps * 1000 // SAMPLE_RATE_HZ


def main_data(frame: bytes) -> tuple[int, int]:
    """`main_data_begin` in bytes and the sum of both `part2_3_length` in bits (ISO 11172-3 2.4.1.7)."""
    side = int.from_bytes(frame[HEADER_BYTES:SIDE_BYTES], "big")
    return side >> 127, (side >> 106 & 0xFFF) + (side >> 47 & 0xFFF)


def _stereo_main_data(frame: bytes) -> tuple[int, int]:
    side = int.from_bytes(frame[HEADER_BYTES : STEREO.side_bytes], "big")
    lengths = (side >> 224 & 0xFFF, side >> 165 & 0xFFF, side >> 106 & 0xFFF, side >> 47 & 0xFFF)
    return side >> 247, sum(lengths)


SIDE_BYTES = HEADER_BYTES + 17
# Sync, MPEG-1, Layer III, no CRC, 48 kHz, no padding, original; 64 kb/s mono, 96 and 128 kb/s joint stereo.
MONO = Kind(
    encoder.BIT_RATE_KBPS,
    encoder.CHANNELS,
    bytes.fromhex("fffb54c4"),
    0xFF,
    _frame_bytes(encoder.BIT_RATE_KBPS),
    SIDE_BYTES,
    main_data,
)
SIDED = Kind(
    encoder.SIDED_KBPS,
    encoder.STEREO_CHANNELS,
    bytes.fromhex("fffb7444"),
    0xCF,
    _frame_bytes(encoder.SIDED_KBPS),
    HEADER_BYTES + 32,
    _stereo_main_data,
)
STEREO = Kind(
    encoder.STEREO_KBPS,
    encoder.STEREO_CHANNELS,
    bytes.fromhex("fffb9444"),
    0xCF,
    _frame_bytes(encoder.STEREO_KBPS),
    HEADER_BYTES + 32,
    _stereo_main_data,
)
_KINDS = {kind.header[:-1]: kind for kind in (MONO, SIDED, STEREO)}
FRAME_BYTES = MONO.frame_bytes
FRAME_PCM_BYTES = MONO.pcm_bytes
MAIN_BYTES = MONO.main_bytes
HEADER = MONO.header

# What LAME adds in front, and a decoder (528 + 1): decoded sound begins after both.
ENCODER_DELAY = 576
DECODER_DELAY = 529
DELAY = ENCODER_DELAY + DECODER_DELAY


def kind_of(frame: bytes) -> Kind:
    """The kind of a frame by its header; that of mono where it is none of ours."""
    return _KINDS.get(frame[: HEADER_BYTES - 1], MONO)


def split(data: bytes, size: int = FRAME_BYTES) -> Iterator[bytes]:
    """The frames of a stream, the last as long as it is."""
    return (data[at : at + size] for at in range(0, len(data), size))


def clock(frame: int) -> str:
    """When a frame begins, for people."""
    return ms_to_clock(max(0, frame) * FRAME_MS)


def frame_count(duration_samples: int) -> int:
    """Frames that hold so many samples behind the delay of encoder and decoder; no Info frame."""
    return -(-(duration_samples + DELAY) // FRAME_SAMPLES)


def walk_chunk(chunk: bytes, first: int, used: int, kind: Kind = MONO) -> int:
    """Where the last frame's audio bits end, in bytes of main data since frame 0; it begins at `first`.

    Raises:
        SoundError: a frame is none of ours, or needs bytes that another uses: `used` so far.
    """
    main_bytes = kind.main_bytes
    for index, frame in enumerate(split(chunk, kind.frame_bytes), first):
        if not kind.owns(frame):
            raise SoundError(f"frame {index} at {clock(index)} is cut short or has a strange header")
        back_bytes, bits = kind.main_data(frame)
        used = _used(index, used, index * main_bytes - back_bytes, bits, main_bytes)
    return used


def _used(index: int, used: int, begin: int, bits: int, main_bytes: int) -> int:
    """Where the frame's audio bits end, counted like `used` in bytes of main data since frame 0."""
    end = begin + -(-bits // 8)
    if begin < used:
        raise SoundError(f"frame {index} at {clock(index)} needs bytes that are not there")
    if end > (index + 1) * main_bytes:
        raise SoundError(f"frame {index} at {clock(index)} needs bytes of the frame behind it")
    return end
