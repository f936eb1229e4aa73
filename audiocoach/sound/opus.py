"""Opus in Ogg: a container that is encoded whole, small enough for a mail.

Silence decodes to zeros and costs next to nothing; a session has its exact length (RFC 7845 4: pre-skip, and
the last page's granule position).
"""

from __future__ import annotations

import base64
import json
import struct
from functools import partial
from typing import TYPE_CHECKING, cast

from audiocoach.errors import SoundError
from audiocoach.records import replace
from audiocoach.sound.container import Container
from audiocoach.sound.tags import FRONT_COVER, clean
from audiocoach.sound.whole import (
    GRID_MS,
    LAYOUTS,
    Proof,
    Samples,
    blocks,
    check,
    encode,
    encoded,
    laid,
    restored,
)
from audiocoach.units import SAMPLE_RATE_HZ, SAMPLES_PER_MS, ms_to_stamp

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import IO, BinaryIO

    import av
    from av.container import OutputContainer

    from audiocoach.sound.container import Keep, Sink, TagFields
    from audiocoach.sound.whole import Join

# By channels. Of speech, to which it is held; silence takes a quarter of that. With music, stereo.
_KBPS = {1: 32, 2: 64}
# At so few bits it would otherwise take speech apart as telephones do: what comes back is no wave that could
# be compared, and its silence hisses.
_ENCODER = {"application": "lowdelay", "vbr": "constrained"}
# Speech and tones have an error of 82 % at most; another sound, or one that lies 2 ms off, 125 % at least.
_MOST_ERROR = 1.0
_PACKET_SAMPLES = 20 * SAMPLES_PER_MS
_KEPT_AS = "opus"
# A name has three digits.
_MOST_CHAPTERS = 1000


def _join_of(channels: int, *, is_awake: bool = False) -> Join:
    def open_stream(file: OutputContainer) -> av.AudioStream:
        stream = file.add_stream("libopus", rate=SAMPLE_RATE_HZ, options=_ENCODER)
        stream.bit_rate, stream.layout, stream.format = _KBPS[channels] * 1000, LAYOUTS[channels], "s16"
        return stream

    def made(placed: Iterable[tuple[int, Samples]], duration_samples: int) -> Iterator[bytes]:
        pcm = laid(placed, duration_samples, channels, is_awake=is_awake)
        pieces = blocks(pcm, _PACKET_SAMPLES, channels)
        return encoded(open_stream, pieces, partial(Proof, codec="libopus", most_error=_MOST_ERROR))

    def join(
        out: Sink, placed: Iterable[tuple[int, Samples]], duration_samples: int, tag: bytes, keep: Keep
    ) -> None:
        """Encode a whole file of exactly `duration_samples`, 20 ms at least; what sounds longer is cut.

        Raises:
            SoundError: it would be shorter, a stretch would stand behind the end or in another one, or what
                was encoded does not decode to what went in.
        """
        import av  # 0.06 s that only an encoder pays

        if duration_samples < _PACKET_SAMPLES:
            raise SoundError(f"a session of {duration_samples} samples is shorter than one packet of Opus")
        runs = keep.pieces(_KEPT_AS, lambda: made(placed, duration_samples))
        try:
            # Without `bitexact` a file has a serial number by chance, and names the version of its muxer.
            with av.open(cast("IO[bytes]", out), "w", format="ogg", options={"fflags": "bitexact"}) as ogg:
                stream = open_stream(ogg)
                stream.metadata.update(dict(json.loads(tag or "[]")))
                for packet in restored(runs, stream):
                    ogg.mux(packet)
        except av.FFmpegError as error:
            raise SoundError(f"the sound cannot be encoded: {error.strerror}") from error

    return join


join = _join_of(1)


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
    encode=encode,
    check=check,
    restore=Samples.from_bytes,
    tag=tag,
    join=join,
    join_awake=_join_of(1, is_awake=True),
    prove=_prove,
    kept_as=_KEPT_AS,
)
# Music leaves no silence.
OPUS_STEREO: Container[Samples] = replace(
    OPUS, key_parts=("opus", "stereo"), join=_join_of(2), join_awake=_join_of(2), channels=2
)
