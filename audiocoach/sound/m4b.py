"""M4B: AAC in MPEG-4 with chapters, cover and words, as players of audiobooks read it.

It is encoded whole. Its length is exact where a player follows the edit list (ISO/IEC 14496-12 8.6.6), as
those of phones do; whoever does not hears up to 21 ms of silence behind the end, which fill the last frame.
The table of contents stands in front, so that it plays while it is still being loaded.
"""

from __future__ import annotations

import base64
import json
import shutil
import tempfile
from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from audiocoach.errors import SoundError
from audiocoach.records import replace
from audiocoach.sound.container import Container
from audiocoach.sound.tags import clean
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
from audiocoach.units import MS_PER_SECOND, SAMPLE_RATE_HZ

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import BinaryIO

    import av
    from av.container import OutputContainer

    from audiocoach.sound.container import Keep, Sink, TagFields
    from audiocoach.sound.whole import Join

# By channels: with music it is stereo.
_KBPS = {1: 64, 2: 128}
FRAME_SAMPLES = 1024
_KEPT_AS = "aac"
# What FFmpeg's encoder puts in front of all sound.
_DELAY_SAMPLES = 1024
# Without `bitexact` a file names the version of its muxer.
_OPTIONS = {"movflags": "+faststart", "fflags": "+bitexact", "brand": "M4B "}
_AUDIOBOOK = "2"
_COVER_CLOCK = Fraction(1, 1)


def _join_of(channels: int, *, is_awake: bool = False) -> Join:
    def open_stream(file: OutputContainer) -> av.AudioStream:
        stream = file.add_stream("aac", rate=SAMPLE_RATE_HZ)
        stream.bit_rate, stream.layout = _KBPS[channels] * 1000, LAYOUTS[channels]
        return stream

    def made(placed: Iterable[tuple[int, Samples]], duration_samples: int) -> Iterator[bytes]:
        pcm = laid(placed, duration_samples, channels, is_awake=is_awake)
        pieces = blocks(pcm, FRAME_SAMPLES, channels)
        proof = partial(Proof, codec="aac", delay_samples=_DELAY_SAMPLES, tail_samples=FRAME_SAMPLES)
        return encoded(open_stream, pieces, proof)

    def join(
        out: Sink, placed: Iterable[tuple[int, Samples]], duration_samples: int, tag: bytes, keep: Keep
    ) -> None:
        """Encode a whole file; what sounds longer than it is cut.

        It is written beside first: what stands in front of the sound is known when all of that is there.

        Raises:
            SoundError: a stretch would stand behind the end or in another one, or what was encoded does not
                decode to what went in.
        """
        import av  # 0.06 s that only an encoder pays

        told: dict[str, Any] = json.loads(tag or "{}")
        runs = keep.pieces(_KEPT_AS, lambda: made(placed, duration_samples))
        with tempfile.TemporaryDirectory(prefix="audiocoach-m4b-") as folder:
            path = Path(folder, "session.m4b")
            try:
                with av.open(str(path), "w", format="mp4", options=_OPTIONS) as mp4:
                    _write(mp4, open_stream(mp4), runs, told)
            except av.FFmpegError as error:
                raise SoundError(f"the sound cannot be encoded: {error.strerror}") from error
            with path.open("rb") as whole:
                shutil.copyfileobj(whole, out)

    return join


join = _join_of(1)


def _write(mp4: OutputContainer, stream: av.AudioStream, runs: Iterable[bytes], told: dict[str, Any]) -> None:
    stream.metadata["language"] = told.get("language", "und")
    mp4.metadata.update(told.get("texts", {}))
    mp4.set_chapters(_chapters(told.get("chapters", [])))
    cover = _cover(mp4, base64.b64decode(told.get("cover", "")))
    for packet in restored(runs, stream):
        mp4.mux(packet)
        if cover:
            # It has no time; the muxer is ready for it once it has the head of the sound.
            mp4.mux(cover)
            cover = None


def _chapters(rows: Iterable[tuple[int, int, str]]) -> list[Any]:
    clock = Fraction(1, MS_PER_SECOND)
    return [
        {"id": index, "start": start, "end": end, "time_base": clock, "metadata": {"title": title}}
        for index, (start, end, title) in enumerate(rows)
    ]


def _cover(mp4: OutputContainer, jpeg: bytes) -> av.Packet[Any] | None:
    """The picture as a packet of a stream of its own, which players take for the cover."""
    import av  # 0.06 s that only an encoder pays
    from av.stream import Disposition

    if not jpeg:
        return None
    # What is written of the size is nothing: the picture tells its own.
    stream = mp4.add_mux_stream("mjpeg", rate=1, width=1, height=1)
    stream.disposition = Disposition.attached_pic
    packet = av.Packet(jpeg)
    packet.stream, packet.time_base = stream, _COVER_CLOCK
    packet.pts = packet.dts = 0
    packet.is_keyframe = True
    return packet


def _prove(stream: BinaryIO) -> None:
    import av  # 0.06 s that only this pays

    try:
        with av.open(stream, "r", format="mp4") as mp4:
            if [one.codec_context.name for one in mp4.streams.audio] != ["aac"]:
                raise SoundError("the file holds no AAC sound")
            for _ in mp4.demux(mp4.streams.audio[0]):
                pass
    except av.FFmpegError as error:
        raise SoundError(f"the file is no whole MPEG-4: {error.strerror}") from error


def tag(fields: TagFields) -> bytes:
    """What the file tells, as JSON: `texts` by FFmpeg's names for them, `chapters`, `cover`, `language`.

    The words are lyrics with times, as in the other files.
    """
    texts = {
        "title": clean(fields.title),
        "artist": clean(fields.artist),
        "album": clean(fields.album),
        "genre": fields.genre,
        "description": clean(fields.description),
        "lyrics": "\n".join(filter(None, map(clean, fields.lyrics.splitlines()))),
        "media_type": _AUDIOBOOK,
        "gapless_playback": "1",
    }
    ordered = sorted(fields.chapters, key=lambda chapter: chapter.start_ms)
    ends_ms = [*(chapter.start_ms for chapter in ordered[1:]), fields.length_ms]
    rows = [
        (chapter.start_ms, max(chapter.start_ms, end_ms), clean(chapter.title))
        for chapter, end_ms in zip(ordered, ends_ms, strict=False)
    ]
    told = {
        "texts": {name: text for name, text in texts.items() if text},
        "chapters": rows,
        "language": fields.language,
        "cover": base64.b64encode(fields.cover).decode("ascii"),
    }
    return json.dumps(told).encode("ascii")


M4B: Container[Samples] = Container(
    suffix=".m4b",
    media_type="audio/mp4",
    demuxer="mp4",
    key_parts=("m4b",),
    grid_ms=GRID_MS,
    # Only sounds that overlap have to be mixed together.
    apart_frames=0,
    head_frames=0,
    # A frame overlaps with the ones beside it.
    reach_ms=64,
    encode=encode,
    check=check,
    restore=Samples.from_bytes,
    tag=tag,
    join=join,
    join_awake=_join_of(1, is_awake=True),
    prove=_prove,
    tail_samples=FRAME_SAMPLES,
    kept_as=_KEPT_AS,
)
M4B_STEREO: Container[Samples] = replace(
    M4B, key_parts=("m4b", "stereo"), join=_join_of(2), join_awake=_join_of(2, is_awake=True), channels=2
)
