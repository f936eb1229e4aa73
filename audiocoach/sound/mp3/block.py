"""Sound without silence becomes MP3 frames in blocks, each by an encoder of its own, and is checked.

In: the PCM of a block with some of what stands before and behind it (48 kHz, 16 bit, stereo, interleaved).
Out: its `BlockFrames`, which `splice` joins. Both encoders that meet at a joint have long settled there, so
what they say of the sound is the same up to how their bits are shared out.
"""

from __future__ import annotations

from functools import lru_cache

from audiocoach import encoder
from audiocoach.errors import SoundError
from audiocoach.records import dataclass
from audiocoach.sound import likeness, mixer
from audiocoach.sound.mp3 import check
from audiocoach.sound.mp3.frame import STEREO, split
from audiocoach.sound.mp3.reservoir import START_FRAMES
from audiocoach.units import SAMPLE_BYTES

# What an encoder hears before a block and behind it. Measured: of the sounds that were tried, none needed 13
# of the frames in which two streams may be joined.
RUN_IN_FRAMES = 40
RUN_OUT_FRAMES = 50
JOINT_FRAMES = 40
# `main_data_begin` is at most 511 bytes, and two frames hold more.
LEAD_FRAMES = 2
_FLUSH_FRAMES = 2
_LEAD_BYTES = 1
_SILENT_FRAMES = 40


@dataclass(frozen=True, slots=True)
class BlockFrames:
    """The frames of a block: whole ones of stereo. `lead` of them stand before its first."""

    lead: int
    frames: bytes

    @property
    def count(self) -> int:
        """How many frames there are, with those before and behind it."""
        return len(self.frames) // STEREO.frame_bytes

    def to_bytes(self) -> bytes:
        """The lead in one byte, then the frames: what a cache keeps."""
        return self.lead.to_bytes(_LEAD_BYTES, "big") + self.frames

    def part(self, skip: int) -> BlockFrames:
        """What is left of it from a frame on, counted from its first."""
        lead = min(LEAD_FRAMES, self.lead + skip)
        return BlockFrames(lead, self.frames[(self.lead + skip - lead) * STEREO.frame_bytes :])

    @classmethod
    def from_bytes(cls, data: bytes) -> BlockFrames:
        """The inverse of `to_bytes`.

        Raises:
            SoundError: `data` is no lead and whole frames.
        """
        if len(data) % STEREO.frame_bytes != _LEAD_BYTES:
            raise SoundError(f"block frames: {len(data)} bytes are no whole frames")
        return cls(data[0], data[_LEAD_BYTES:])


def encode(pcm: bytes, run_in: int, count: int, run_out: int) -> BlockFrames:
    """The frames of `count` frames of sound, and those in which they may be joined to others.

    `pcm` holds `run_in` frames before them and `run_out` behind, of each as many as there are: none where the
    sound begins or ends.

    Raises:
        SoundError: the encoder gave too few frames, or what is not the sound that went in.
    """
    return encode_heard(pcm, run_in, count, run_out)[0]


def encode_heard(pcm: bytes, run_in: int, count: int, run_out: int) -> tuple[BlockFrames, bytes]:
    """The same, with what comes out of all that went in, as much as there is of it: stereo PCM.

    Raises:
        SoundError: as `encode`.
    """
    frames = stream(pcm)
    heard = _checked(b"".join(frames), pcm)
    lead, tail = min(run_in, LEAD_FRAMES), min(run_out, JOINT_FRAMES)
    kept = frames[run_in - lead : run_in + count + tail]
    if len(kept) != lead + count + tail:
        wanted = run_in + count + run_out
        raise SoundError(f"the encoder gave {len(frames)} frames where {wanted} were expected")
    return BlockFrames(lead, b"".join(kept)), heard


def stream(pcm: bytes) -> list[bytes]:
    """The frames of a fresh encoder."""
    return list(split(encoder.mp3_stream(pcm, STEREO.channels, STEREO.kbps), STEREO.frame_bytes))


def _checked(frames: bytes, pcm: bytes) -> bytes:
    """Decode what was encoded and hold it against what went in, both as one speaker gives them."""
    heard = check.decode_stereo(frames)[: len(pcm)]
    wrong_ms = likeness.first_difference_ms(_on_one(heard), _on_one(pcm)[: len(heard) // STEREO.channels])
    if len(heard) != len(pcm) or wrong_ms is not None:
        raise SoundError(f"an encoded block is not what went in, {wrong_ms or 0} ms after its beginning")
    return heard


def _on_one(pcm: bytes) -> bytes:
    mono: bytes = mixer.load("audioop").tomono(pcm, SAMPLE_BYTES, 0.5, 0.5)
    return mono


@lru_cache(maxsize=1)
def silent_frame() -> bytes:
    """What the encoder makes of silence in stereo: it signs it.

    Raises:
        SoundError: this encoder does not settle on one silent frame.
    """
    steady = stream(bytes(_SILENT_FRAMES * STEREO.pcm_bytes))[START_FRAMES:-_FLUSH_FRAMES]
    if len(set(steady)) != 1:
        raise SoundError("this version of lameenc has no steady silent frame in stereo")
    return steady[0]
