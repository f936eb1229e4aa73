"""Opus in Ogg: a container that is encoded whole.

A stretch is kept as its samples. The file is encoded from its first sample to its last in one go, in bounded
memory, and decoded again while it is written: what comes back is held against what went in. Silence decodes
to zeros; a session has its exact length (RFC 7845 4: pre-skip, and the last page's granule position).
"""

from __future__ import annotations

import base64
import json
import struct
from typing import TYPE_CHECKING, cast

from audiocoach.encoder import BIT_RATE_KBPS
from audiocoach.errors import SoundError
from audiocoach.records import dataclass
from audiocoach.sound import likeness
from audiocoach.sound.container import Container
from audiocoach.sound.tags import FRONT_COVER, clean
from audiocoach.units import SAMPLE_BYTES, SAMPLE_RATE_HZ, SAMPLES_PER_MS, ms_to_clock, ms_to_stamp

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import IO, BinaryIO

    import av

    from audiocoach.sound.container import Keep, Sink, TagFields

# Every millisecond is as good as another: nothing is joined, so nothing has to lie in frames.
GRID_MS = 1
_GRID_SAMPLES = GRID_MS * SAMPLES_PER_MS
_PACKET_SAMPLES = 20 * SAMPLES_PER_MS
_BLOCK_BYTES = _PACKET_SAMPLES * SAMPLE_BYTES
_SILENT_BYTES = 50 * _BLOCK_BYTES
_PROVEN_BYTES = 500 * _BLOCK_BYTES
# A name has three digits.
_MOST_CHAPTERS = 1000


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


def _encode(pcm: bytes, _head: int) -> Samples:
    return Samples(pcm)


def _check(stretch: Samples, pcm: bytes, _head: int) -> bytes:
    if stretch.pcm != pcm:
        raise SoundError("a sound that is kept is not what went in")
    return pcm


def join(
    out: Sink, placed: Iterable[tuple[int, Samples]], duration_samples: int, tag: bytes, _keep: Keep
) -> None:
    """Encode a whole file of exactly `duration_samples`, 20 ms at least; what sounds longer is cut.

    Raises:
        SoundError: it would be shorter, a stretch would stand behind the end or in another one, or what was
            encoded does not decode to what went in.
    """
    import av  # 0.06 s that only an encoder pays

    if duration_samples < _PACKET_SAMPLES:
        raise SoundError(f"a session of {duration_samples} samples is shorter than one packet of Opus")
    try:
        # Without `bitexact` a file has a serial number by chance, and names the version of its muxer.
        with av.open(cast("IO[bytes]", out), "w", format="ogg", options={"fflags": "bitexact"}) as ogg:
            stream = ogg.add_stream("libopus", rate=SAMPLE_RATE_HZ)
            stream.bit_rate, stream.layout, stream.format = BIT_RATE_KBPS * 1000, "mono", "s16"
            stream.metadata.update(dict(json.loads(tag or "[]")))
            proof = _Proof(stream.codec_context)
            for packet in _packets(stream, _blocks(_laid(placed, duration_samples)), proof):
                proof.decode(packet)
                ogg.mux(packet)
        proof.close()
    except av.FFmpegError as error:
        raise SoundError(f"the sound cannot be encoded: {error.strerror}") from error


def _laid(placed: Iterable[tuple[int, Samples]], duration_samples: int) -> Iterator[bytes]:
    """The PCM of the whole session, in pieces."""
    at = 0
    for first_frame, stretch in placed:
        start = first_frame * _GRID_SAMPLES
        if start < at:
            raise SoundError(f"two stretches of sound meet at {_clock(start)}")
        if start > duration_samples:
            raise SoundError(f"a sound at {_clock(start)} is behind the end at {_clock(duration_samples)}")
        yield from _silent(start - at)
        fitting = stretch.pcm[: (duration_samples - start) * SAMPLE_BYTES]
        yield fitting
        at = start + len(fitting) // SAMPLE_BYTES
    yield from _silent(duration_samples - at)


def _clock(sample: int) -> str:
    return ms_to_clock(sample // SAMPLES_PER_MS)


def _silent(samples: int) -> Iterator[bytes]:
    whole, rest = divmod(samples * SAMPLE_BYTES, _SILENT_BYTES)
    piece = bytes(_SILENT_BYTES)
    yield from (piece for _ in range(whole))
    yield bytes(rest)


def _blocks(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The same sound in pieces of 20 ms, as the encoder takes it; the last may be shorter."""
    rest = b""
    for piece in pieces:
        sound = rest + piece
        whole = len(sound) - len(sound) % _BLOCK_BYTES
        yield from (sound[at : at + _BLOCK_BYTES] for at in range(0, whole, _BLOCK_BYTES))
        rest = sound[whole:]
    if rest:
        yield rest


def _packets(
    stream: av.AudioStream, blocks: Iterable[bytes], proof: _Proof
) -> Iterator[av.Packet[av.AudioStream]]:
    import av  # 0.06 s that only an encoder pays

    at = 0
    for block in blocks:
        frame = av.AudioFrame(format="s16", layout="mono", samples=len(block) // SAMPLE_BYTES)
        frame.sample_rate, frame.pts = SAMPLE_RATE_HZ, at
        frame.planes[0].update(block.ljust(frame.planes[0].buffer_size, b"\0"))
        proof.intend(block)
        at += frame.samples
        yield from stream.encode(frame)
    yield from stream.encode(None)


class _Proof:
    """Decodes what was encoded, and holds it against what was intended, some seconds at a time."""

    def __init__(self, encoder: av.AudioCodecContext) -> None:
        import av  # 0.06 s that only an encoder pays

        self._encoder = encoder
        self._decoder = av.AudioCodecContext.create("libopus", "r")
        self._rounder = av.AudioResampler(format="s16", layout="mono", rate=SAMPLE_RATE_HZ)
        self._intended = bytearray()
        self._decoded = bytearray()
        self._proven_bytes = 0

    def intend(self, pcm: bytes) -> None:
        """What goes into the encoder next."""
        self._intended += pcm

    def decode(self, packet: av.Packet[av.AudioStream]) -> None:
        """What came out of it next."""
        if self._decoder.extradata is None:
            # It tells how much the encoder put in front (RFC 7845 5.1): the decoder leaves that out.
            self._decoder.extradata = self._encoder.extradata
        for frame in self._decoder.decode(packet):
            for piece in self._rounder.resample(frame):
                self._decoded += bytes(piece.planes[0])[: piece.samples * SAMPLE_BYTES]
        if len(self._decoded) >= _PROVEN_BYTES:
            self._compare(_PROVEN_BYTES)

    def close(self) -> None:
        """All has come.

        Raises:
            SoundError: it is less or more than what was intended, or something else.
        """
        missing = (len(self._intended) - len(self._decoded)) // SAMPLE_BYTES
        if missing:
            raise SoundError(f"the encoded session came back {missing} samples short")
        self._compare(len(self._decoded))

    def _compare(self, size_bytes: int) -> None:
        decoded, intended = bytes(self._decoded[:size_bytes]), bytes(self._intended[:size_bytes])
        # libopus takes away what is under 3 Hz, which leaves some of that behind a sound. Apart from that two
        # minutes of speech and tones have an error of 0.5 at most.
        wrong_ms = likeness.first_difference_ms(decoded, intended, subsonic=False)
        if wrong_ms is not None:
            at_ms = self._proven_bytes // SAMPLE_BYTES // SAMPLES_PER_MS + wrong_ms
            raise SoundError(f"the encoded session is not what went in, at {ms_to_clock(at_ms)}")
        del self._decoded[:size_bytes], self._intended[:size_bytes]
        self._proven_bytes += size_bytes


def _prove(stream: BinaryIO) -> None:
    import av  # 0.06 s that only this pays

    try:
        with av.open(stream, "r", format="ogg") as ogg:
            if [one.codec_context.name for one in ogg.streams.audio] not in (["opus"], ["libopus"]):
                raise SoundError("the file holds no Opus sound")
            for _ in ogg.demux(ogg.streams.audio[0]):
                pass
    except av.FFmpegError as error:
        raise SoundError(f"the file is no whole Ogg: {error.strerror}") from error


def tag(fields: TagFields) -> bytes:
    """The comments of the file (RFC 7845 5.2) as JSON: pairs of a name and a text.

    Chapters are CHAPTERnnn and CHAPTERnnnNAME, the cover is a METADATA_BLOCK_PICTURE, as players
    know them.
    """
    lyrics = "\n".join(filter(None, map(clean, fields.lyrics.splitlines())))
    texts = {
        "title": clean(fields.title),
        "artist": clean(fields.artist),
        "album": clean(fields.album),
        "genre": fields.genre,
        "language": fields.language,
        "description": clean(fields.description),
        "lyrics": lyrics,
    }
    rows = [(name, text) for name, text in texts.items() if text]
    return json.dumps([*rows, *_chapters(fields), *_picture(fields.cover)]).encode("ascii")


def _chapters(fields: TagFields) -> Iterator[tuple[str, str]]:
    ordered = sorted(fields.chapters, key=lambda chapter: chapter.start_ms)
    for index, chapter in enumerate(ordered[:_MOST_CHAPTERS]):
        yield f"CHAPTER{index:03}", ms_to_stamp(chapter.start_ms)
        yield f"CHAPTER{index:03}NAME", clean(chapter.title)


def _picture(jpeg: bytes) -> Iterator[tuple[str, str]]:
    """RFC 9639 8.8: kind, media type, no description; size and colours are not told."""
    if jpeg:
        kind = b"image/jpeg"
        head = struct.pack(">II", FRONT_COVER, len(kind)) + kind + bytes(20)
        block = head + struct.pack(">I", len(jpeg)) + jpeg
        yield "METADATA_BLOCK_PICTURE", base64.b64encode(block).decode("ascii")


OPUS: Container[Samples] = Container(
    suffix=".opus",
    media_type="audio/ogg",
    demuxer="ogg",
    key_parts=("opus",),
    grid_ms=GRID_MS,
    # Only sounds that overlap have to be mixed together.
    apart_frames=0,
    head_frames=0,
    # Its filter against what is under 3 Hz rings: from full scale for 0.6 s until all rounds to 0.
    reach_ms=600,
    encode=_encode,
    check=_check,
    restore=Samples.from_bytes,
    tag=tag,
    join=join,
    prove=_prove,
)
