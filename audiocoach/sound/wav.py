"""WAV: samples as they are, for editors (48 kHz) and for telephones (8 kHz), in 16 bit.

It is mono, or stereo for an editor where music plays.
Chapters are cue points with labels, as editors show them; title and coach stand in a list of infos
(Microsoft's Multimedia Programming Interface 1.0, chapters 2 and 3).
"""

from __future__ import annotations

import json
import struct
from typing import TYPE_CHECKING

from audiocoach.errors import SoundError
from audiocoach.records import dataclass
from audiocoach.sound.container import Container
from audiocoach.sound.tags import clean
from audiocoach.sound.whole import GRID_MS, Samples, blocks, check, encode, laid
from audiocoach.units import MS_PER_SECOND, SAMPLE_BYTES, SAMPLE_RATE_HZ, SAMPLES_PER_MS, ms_to_clock

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import BinaryIO

    from audiocoach.sound.container import Keep, Sink, TagFields

_PCM, _BITS = 1, 16
# A size is told in 32 bits.
_MOST_BYTES = 0xFFFF_FFFF - (1 << 20)
_HEAD_BYTES = 44
_PIECE_SAMPLES = 100 * SAMPLES_PER_MS
_INFOS = {"INAM": "title", "IART": "artist", "IPRD": "album", "IGNR": "genre", "ICMT": "description"}


@dataclass(frozen=True, slots=True)
class Form:
    """How many samples a second there are, and of how many channels."""

    rate_hz: int
    channels: int = 1

    @property
    def width_bytes(self) -> int:
        """A sample of all channels."""
        return SAMPLE_BYTES * self.channels


EDITOR, EDITOR_STEREO, TELEPHONE = Form(SAMPLE_RATE_HZ), Form(SAMPLE_RATE_HZ, 2), Form(8_000)


def write(out: Sink, pieces: Iterable[bytes], duration_samples: int, tag: bytes, form: Form) -> None:
    """Write a whole file of exactly so many samples of 48 kHz.

    Raises:
        SoundError: it lasts too long for a WAV.
    """
    rate_hz, width = form.rate_hz, form.width_bytes
    size_bytes = duration_samples * rate_hz // SAMPLE_RATE_HZ * width
    if size_bytes > _MOST_BYTES:
        most = ms_to_clock(_MOST_BYTES // width // rate_hz * MS_PER_SECOND)
        raise SoundError(f"a WAV lasts {most} at most, at {rate_hz} Hz: leave it out")
    behind = _behind(json.loads(tag or "{}"), rate_hz)
    out.write(_head(size_bytes, len(behind), form))
    for piece in pieces if rate_hz == SAMPLE_RATE_HZ else _thinned(pieces, rate_hz, size_bytes):
        out.write(piece)
    out.write(behind)


def _head(size_bytes: int, behind_bytes: int, form: Form) -> bytes:
    whole, rate_hz, width = _HEAD_BYTES - 8 + size_bytes + behind_bytes, form.rate_hz, form.width_bytes
    told = struct.pack("<HHIIHH", _PCM, form.channels, rate_hz, rate_hz * width, width, _BITS)
    return (
        b"RIFF"
        + struct.pack("<I", whole)
        + b"WAVE"
        + _chunk("fmt ", told)
        + b"data"
        + struct.pack("<I", size_bytes)
    )


def _thinned(pieces: Iterable[bytes], rate_hz: int, size_bytes: int) -> Iterator[bytes]:
    """The same sound at a lower rate, without what lies above it; exactly so many bytes."""
    import av  # 0.06 s that only this pays

    thinner = av.AudioResampler(format="s16", layout="mono", rate=rate_hz)
    left = size_bytes
    for block in blocks(pieces, _PIECE_SAMPLES):
        frame = av.AudioFrame(format="s16", layout="mono", samples=len(block) // SAMPLE_BYTES)
        frame.sample_rate = SAMPLE_RATE_HZ
        frame.planes[0].update(block.ljust(frame.planes[0].buffer_size, b"\0"))
        for piece in thinner.resample(frame):
            pcm = bytes(piece.planes[0])[: min(left, piece.samples * SAMPLE_BYTES)]
            left -= len(pcm)
            yield pcm
    for piece in thinner.resample(None):
        pcm = bytes(piece.planes[0])[: min(left, piece.samples * SAMPLE_BYTES)]
        left -= len(pcm)
        yield pcm
    yield bytes(left)


def _behind(told: dict[str, list[list[str]]], rate_hz: int) -> bytes:
    """What stands behind the sound: who it is by, and its chapters."""
    infos = b"".join(_chunk(name, _text(text)) for name, text in told.get("infos", []))
    marks = [(int(start_ms) * rate_hz // MS_PER_SECOND, title) for start_ms, title in told.get("marks", [])]
    points = b"".join(
        struct.pack("<II4sIII", number, at, b"data", 0, 0, at) for number, (at, _) in enumerate(marks, 1)
    )
    labels = b"".join(
        _chunk("labl", struct.pack("<I", number) + _text(title)) for number, (_, title) in enumerate(marks, 1)
    )
    return (
        (_chunk("LIST", b"INFO" + infos) if infos else b"")
        + (_chunk("cue ", struct.pack("<I", len(marks)) + points) if marks else b"")
        + (_chunk("LIST", b"adtl" + labels) if marks else b"")
    )


def _text(text: str) -> bytes:
    return text.encode("utf-8") + b"\0"


def _chunk(name: str, body: bytes) -> bytes:
    """A chunk of an even number of bytes."""
    return name.encode("ascii") + struct.pack("<I", len(body)) + body + bytes(len(body) % 2)


def tag(fields: TagFields) -> bytes:
    """What the file tells, as JSON: `infos` by their names in a WAV, and `marks`, each a time and a title."""
    told = {name: clean(getattr(fields, field)) for name, field in _INFOS.items()}
    ordered = sorted(fields.chapters, key=lambda chapter: chapter.start_ms)
    return json.dumps(
        {
            "infos": [(name, text) for name, text in told.items() if text],
            "marks": [(chapter.start_ms, clean(chapter.title)) for chapter in ordered],
        }
    ).encode("ascii")


def _prove(stream: BinaryIO) -> None:
    head = stream.read(_HEAD_BYTES)
    size_bytes = stream.seek(0, 2)
    if len(head) < _HEAD_BYTES or head[:4] + head[8:16] != b"RIFFWAVEfmt ":
        raise SoundError("the file is no WAV")
    if int.from_bytes(head[4:8], "little") + 8 != size_bytes:
        raise SoundError("the file is no whole WAV")


def _wav(suffix: str, form: Form, reach_ms: int) -> Container[Samples]:
    def join(
        out: Sink, placed: Iterable[tuple[int, Samples]], duration_samples: int, tag: bytes, _keep: Keep
    ) -> None:
        write(out, laid(placed, duration_samples, form.channels), duration_samples, tag, form)

    def join_awake(
        out: Sink, placed: Iterable[tuple[int, Samples]], duration_samples: int, tag: bytes, _keep: Keep
    ) -> None:
        write(out, laid(placed, duration_samples, form.channels, is_awake=True), duration_samples, tag, form)

    return Container(
        suffix=suffix,
        media_type="audio/wav",
        demuxer="wav",
        key_parts=(suffix,),
        grid_ms=GRID_MS,
        # Only sounds that overlap have to be mixed together.
        apart_frames=0,
        head_frames=0,
        reach_ms=reach_ms,
        encode=encode,
        check=check,
        restore=Samples.from_bytes,
        tag=tag,
        join=join,
        join_awake=join_awake,
        prove=_prove,
        channels=form.channels,
    )


WAV = _wav(".wav", EDITOR, 0)
WAV_STEREO = _wav(".wav", EDITOR_STEREO, 0)
# The filter of a lower rate rings for some of its samples.
WAV_8K = _wav(".8k.wav", TELEPHONE, 10)
