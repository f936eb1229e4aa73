"""What containers that are encoded whole share: stretches that are samples, laid end to end, and a proof.

A stretch is kept as its samples. The sound is encoded from its first sample to its last in one go, in bounded
memory, and decoded again meanwhile: what comes back is held against what went in. What was encoded is kept by
what sounds in it, so that a file which tells something else of the same sound costs no encoder.
"""

from __future__ import annotations

import os
import struct
from fractions import Fraction
from functools import partial
from typing import TYPE_CHECKING, cast

from audiocoach.errors import SoundError
from audiocoach.records import dataclass
from audiocoach.sound import awake, likeness, mixer
from audiocoach.units import SAMPLE_BYTES, SAMPLE_RATE_HZ, SAMPLES_PER_MS, ms_to_clock, ms_to_samples

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    import av
    from av.container import OutputContainer

    from audiocoach.sound.container import Keep, Sink

    Join = Callable[[Sink, Iterable[tuple[int, "Samples"]], int, bytes, Keep], None]

# Every millisecond is as good as another: nothing is joined, so nothing has to lie in frames.
GRID_MS = 1
_GRID_SAMPLES = GRID_MS * SAMPLES_PER_MS
_SILENT_BYTES = 1000 * SAMPLES_PER_MS * SAMPLE_BYTES
_MS_BYTES = SAMPLES_PER_MS * SAMPLE_BYTES
_APART_SAMPLES = ms_to_samples(400)
_PROVEN_BYTES = 10 * _SILENT_BYTES
# Whole windows of the likeness, and more than it looks around.
_BESIDE_BYTES = 240 * _MS_BYTES
# As FFmpeg calls them.
LAYOUTS = {1: "mono", 2: "stereo"}
# When it begins and how long it lasts, in samples; how many bytes it has.
_PACKET = struct.Struct("<qqI")
_KEPT_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class Samples:
    """A stretch as it was mixed: 48 kHz, 16 bit, mono."""

    pcm: bytes

    def to_bytes(self) -> bytes:
        """The samples."""
        return self.pcm

    @classmethod
    def from_bytes(cls, data: bytes) -> Samples:
        """The inverse of `to_bytes`.

        Raises:
            SoundError: `data` is no whole samples.
        """
        if len(data) % SAMPLE_BYTES:
            raise SoundError(f"samples: {len(data)} bytes are no whole samples")
        return cls(data)


def encode(pcm: bytes, _head: int) -> Samples:
    """The samples as they are."""
    return Samples(pcm)


def check(stretch: Samples, pcm: bytes, _head: int) -> bytes:
    """The samples.

    Raises:
        SoundError: they are others.
    """
    if stretch.pcm != pcm:
        raise SoundError("a sound that is kept is not what went in")
    return pcm


def laid(
    placed: Iterable[tuple[int, Samples]],
    duration_samples: int,
    channels: int = 1,
    *,
    is_awake: bool = False,
) -> Iterator[bytes]:
    """The PCM of the whole session, in pieces: exactly so many samples; what sounds longer is cut.

    Where it `is_awake` there is noise in long silence.

    Raises:
        SoundError: a stretch would stand behind the end or in another one.
    """
    at, width = 0, SAMPLE_BYTES * channels
    quiet = partial(_filled, channels=channels) if is_awake else _silent
    for first_frame, stretch in placed:
        start = first_frame * _GRID_SAMPLES
        if start < at:
            raise SoundError(f"two stretches of sound meet at {_clock(start)}")
        if start > duration_samples:
            raise SoundError(f"a sound at {_clock(start)} is behind the end at {_clock(duration_samples)}")
        yield from quiet((start - at) * width)
        fitting = stretch.pcm[: (duration_samples - start) * width]
        yield fitting
        at = start + len(fitting) // width
    yield from quiet((duration_samples - at) * width)


def _clock(sample: int) -> str:
    return ms_to_clock(sample // SAMPLES_PER_MS)


def _filled(size_bytes: int, channels: int) -> Iterator[bytes]:
    pieces = awake.fill(size_bytes // (SAMPLE_BYTES * channels), _APART_SAMPLES)
    return pieces if channels == 1 else (mixer.alike(piece) for piece in pieces)


def _silent(size_bytes: int) -> Iterator[bytes]:
    whole, rest = divmod(size_bytes, _SILENT_BYTES)
    piece = bytes(_SILENT_BYTES)
    yield from (piece for _ in range(whole))
    yield bytes(rest)


def blocks(pieces: Iterable[bytes], samples: int, channels: int = 1) -> Iterator[bytes]:
    """The same sound in pieces of so many samples, as an encoder takes it; the last may be shorter."""
    size = samples * SAMPLE_BYTES * channels
    rest = b""
    for piece in pieces:
        sound = rest + piece
        whole = len(sound) - len(sound) % size
        yield from (sound[at : at + size] for at in range(0, whole, size))
        rest = sound[whole:]
    if rest:
        yield rest


def packets(
    stream: av.AudioStream, pieces: Iterable[bytes], proof: Proof
) -> Iterator[av.Packet[av.AudioStream]]:
    """What the encoder makes of the sound; `proof` is told what went in."""
    import av  # 0.06 s that only an encoder pays

    at, layout = 0, stream.layout
    for block in pieces:
        count = len(block) // SAMPLE_BYTES // layout.nb_channels
        frame = av.AudioFrame(format="s16", layout=layout.name, samples=count)
        frame.sample_rate, frame.pts = SAMPLE_RATE_HZ, at
        frame.planes[0].update(block.ljust(frame.planes[0].buffer_size, b"\0"))
        proof.intend(block)
        at += frame.samples
        yield from stream.encode(frame)
    yield from stream.encode(None)


def encoded(
    open_stream: Callable[[OutputContainer], av.AudioStream],
    pieces: Iterable[bytes],
    proof_of: Callable[[av.AudioCodecContext], Proof],
) -> Iterator[bytes]:
    """What becomes of a sound, without the file around it: runs of packets, as `restored` reads them.

    Raises:
        SoundError: it does not decode to what went in; what came before is then of no use.
    """
    import av  # 0.06 s that only an encoder pays

    held = bytearray()
    with av.open(os.devnull, "w", format="null") as nowhere:
        stream = open_stream(nowhere)
        proof = proof_of(stream.codec_context)
        for packet in packets(stream, pieces, proof):
            proof.decode(packet)
            body = bytes(packet)
            held += _PACKET.pack(packet.pts or 0, packet.duration or 0, len(body)) + body
            if len(held) >= _KEPT_BYTES:
                yield bytes(held)
                held.clear()
        proof.close()
    yield bytes(held)


def restored(runs: Iterable[bytes], stream: av.AudioStream) -> Iterator[av.Packet[av.AudioStream]]:
    """The packets of a sound that was encoded before, for a stream of the same kind."""
    import av  # 0.06 s that only this pays

    clock = Fraction(1, SAMPLE_RATE_HZ)
    for run in runs:
        at = 0
        while at < len(run):
            start, length, size = _PACKET.unpack_from(run, at)
            at += _PACKET.size
            packet = cast("av.Packet[av.AudioStream]", av.Packet(run[at : at + size]))
            packet.stream, packet.time_base = stream, clock
            packet.pts = packet.dts = start
            packet.duration, packet.is_keyframe = length, True
            at += size
            yield packet


class Proof:
    """Decodes what was encoded, and holds it against what was intended, some seconds at a time.

    Both as one speaker gives them.

    Of what comes back the first `delay_samples` were put in front by the encoder, and nobody has cut them; up
    to `tail_samples` are silence that fills its last packet. `most_error` is that of the likeness.
    """

    def __init__(
        self,
        encoder: av.AudioCodecContext,
        codec: str,
        *,
        delay_samples: int = 0,
        tail_samples: int = 0,
        most_error: float = likeness.MOST_ERROR,
    ) -> None:
        import av  # 0.06 s that only an encoder pays

        self._encoder = encoder
        self._most_error = most_error
        self._decoder = cast("av.AudioCodecContext", av.AudioCodecContext.create(codec, "r"))
        self._rounder = av.AudioResampler(format="s16", layout="mono", rate=SAMPLE_RATE_HZ)
        self._delay_bytes = delay_samples * SAMPLE_BYTES
        self._tail_bytes = tail_samples * SAMPLE_BYTES
        self._intended = bytearray()
        self._decoded = bytearray()
        self._proven_bytes = 0
        # Of what waits so much was proven already, and is there to be looked at beside the rest.
        self._seen_bytes = 0

    def intend(self, pcm: bytes) -> None:
        """What goes into the encoder next."""
        is_mono = self._encoder.channels == 1
        self._intended += pcm if is_mono else mixer.load("audioop").tomono(pcm, SAMPLE_BYTES, 0.5, 0.5)

    def decode(self, packet: av.Packet[av.AudioStream]) -> None:
        """What came out of it next."""
        if self._decoder.extradata is None:
            # Of Opus it tells how much the encoder put in front (RFC 7845 5.1): the decoder leaves that out.
            self._decoder.extradata = self._encoder.extradata
        for frame in self._decoder.decode(packet):
            for piece in self._rounder.resample(frame):
                pcm = bytes(piece.planes[0])[: piece.samples * SAMPLE_BYTES]
                self._decoded += pcm[self._delay_bytes :]
                self._delay_bytes -= min(self._delay_bytes, len(pcm))
        if len(self._decoded) >= self._seen_bytes + _PROVEN_BYTES + _BESIDE_BYTES:
            self._compare(_PROVEN_BYTES)

    def close(self) -> None:
        """All has come.

        Raises:
            SoundError: it is less or more than what was intended, or something else.
        """
        missing = len(self._intended) - len(self._decoded)
        if not -self._tail_bytes <= missing <= 0:
            raise SoundError(f"the encoded session came back {missing // SAMPLE_BYTES} samples short")
        self._compare(len(self._intended) - self._seen_bytes)

    def _compare(self, size_bytes: int) -> None:
        """Prove so much more, beside what was proven before and what comes then: errors reach over."""
        end = self._seen_bytes + size_bytes
        with_beside = min(end + _BESIDE_BYTES, len(self._intended))
        decoded, intended = bytes(self._decoded[:with_beside]), bytes(self._intended[:with_beside])
        # libopus takes away what is under 3 Hz, which leaves some of that behind a sound.
        found = likeness.differences_ms(decoded, intended, subsonic=False, most_error=self._most_error)
        for wrong_ms in found:
            if self._seen_bytes <= wrong_ms * _MS_BYTES < end:
                at_ms = (self._proven_bytes - self._seen_bytes) // _MS_BYTES + wrong_ms
                raise SoundError(f"the encoded session is not what went in, at {ms_to_clock(at_ms)}")
        self._proven_bytes += size_bytes
        done = max(0, end - _BESIDE_BYTES)
        del self._decoded[:done], self._intended[:done]
        self._seen_bytes = end - done
