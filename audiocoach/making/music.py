"""Tracks become samples that any worker can take a part of: decoded or generated once, measured, and kept.

In: a track. Out: what is known of it, and its stereo PCM in pieces of some seconds, each under a name of its
own in the store. Of a file the first twenty minutes are used, however long it is.
"""

from __future__ import annotations

import json
import os
import tempfile
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, cast

from audiocoach import regular
from audiocoach.errors import BuildError, quote
from audiocoach.keys import key
from audiocoach.records import dataclass
from audiocoach.routine.music import GENERATED
from audiocoach.routine.sounds import demuxer_of
from audiocoach.sound.bed import generated, score
from audiocoach.sound.bed.score import Reel
from audiocoach.store.fingerprint import libraries
from audiocoach.units import (
    MS_PER_MINUTE,
    MS_PER_SECOND,
    SAMPLE_BYTES,
    SAMPLE_RATE_HZ,
    SAMPLES_PER_MS,
    ms_to_clock,
)

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

    from av.container import InputContainer

    from audiocoach.routine.music import Track
    from audiocoach.sound.bed.generated import FilterSpec
    from audiocoach.voice.clips import Store

# Part of every key: raise it when the same track would become other samples.
_FORMAT = "1"
MOST_MS = 20 * MS_PER_MINUTE
CHUNK_MS = 12_000
# Of two speakers: what a mono voice at -19 LUFS is on them.
VOICE_LUFS = -16.0
_SILENT_LUFS = -60.0
_MS_BYTES = SAMPLES_PER_MS * SAMPLE_BYTES * 2
_CHUNK_BYTES = CHUNK_MS * _MS_BYTES
_HEAD_BYTES = 16
_UNTOLD = 0xFFFFFFFF
# Some files only guess how long they are: an MP3 without an Info frame, above all.
_LEAST_PART = {"mp3": 0.5}
_USUAL_PART = 0.95
STEREO: FilterSpec = (
    "aformat",
    {"sample_fmts": "s16", "channel_layouts": "stereo", "sample_rates": str(SAMPLE_RATE_HZ)},
)


class MusicError(BuildError):
    """A file that a routine names as music cannot be played; it has a line of the routine."""

    code = "unusable-music"
    exit_status = 2


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a track that was looked at."""

    length_ms: int
    loudness_lufs: float


def track_key(track: Track) -> str:
    """What is known of a track is called so in the store."""
    return key("reel", *shape_of(track))


def _chunk_key(shape: tuple[object, ...], index: int) -> str:
    return key("music", *shape, index)


def shape_of(track: Track) -> tuple[object, ...]:
    """All that shapes a track's samples."""
    content = (track.name, track.bpm, generated.FORMAT) if track.name in GENERATED else (track.digest,)
    return (_FORMAT, *libraries(), *content)


def known(track: Track, store: Store) -> Known | None:
    """What is known of a track, if it was looked at before."""
    stored = store.get(track_key(track))
    return None if stored is None else Known(**json.loads(stored))


def reel(track: Track, found: Known) -> Reel:
    """How a track is played.

    Raises:
        MusicError: it is too short to be repeated.
    """
    period_ms, fade_ms = score.period_of(found.length_ms, track.bpm)
    if not period_ms:
        seconds = f"{score.SHORTEST_MS // MS_PER_SECOND} seconds are"
        least = "a bar of its beats is" if track.bpm else seconds
        lasts = f"{found.length_ms / MS_PER_SECOND:.1f} s"
        raise _refused(track, f"it lasts {lasts}, and at least {least} needed to repeat it")
    return Reel(track_key(track), period_ms, fade_ms, round(VOICE_LUFS - found.loudness_lufs, 1))


def prepare(track: Track, store: Store) -> Known:
    """Decode or generate a track, measure it, and keep it piece by piece.

    Raises:
        MusicError: it cannot be played: cut short, silent, too short, protected, or no sound at all.
    """
    shape, length = shape_of(track), 0
    with tempfile.TemporaryDirectory(prefix="audiocoach-music-") as folder:
        readings = Path(folder, "readings")
        for index, chunk in enumerate(_chunks(_blocks(track, readings))):
            store.put(_chunk_key(shape, index), chunk)
            length += len(chunk)
        from audiocoach.voice import loudness  # 40 ms that a build without music need not pay

        found = Known(length // _MS_BYTES, loudness.last_reading(readings))
    reel(track, found)
    if found.loudness_lufs < _SILENT_LUFS:
        raise _refused(track, "it is silent")
    facts = {"length_ms": found.length_ms, "loudness_lufs": found.loudness_lufs}
    store.put(track_key(track), json.dumps(facts).encode())
    return found


def samples(track: Track, store: Store, start_ms: int, end_ms: int) -> bytes:
    """The stereo PCM of a track from one time in it to another, with silence behind its end.

    Raises:
        MusicError: as `prepare`, for pieces that are no longer kept.
    """
    shape = shape_of(track)
    first, last = start_ms // CHUNK_MS, (end_ms - 1) // CHUNK_MS
    pcm = b"".join(_chunk(track, store, _chunk_key(shape, index)) for index in range(first, last + 1))
    begin = (start_ms - first * CHUNK_MS) * _MS_BYTES
    size = (end_ms - start_ms) * _MS_BYTES
    return pcm[begin : begin + size].ljust(size, b"\0")


def _chunk(track: Track, store: Store, name: str) -> bytes:
    chunk = store.get(name)
    if chunk is None:
        prepare(track, store)
        chunk = store.get(name)
    return (chunk or b"").ljust(_CHUNK_BYTES, b"\0")


def _chunks(blocks: Generator[bytes]) -> Iterator[bytes]:
    """The same samples in pieces of one length, as many as are used; the last ends at a millisecond."""
    held = bytearray()
    left = MOST_MS * _MS_BYTES
    with closing(blocks):
        for block in blocks:
            held += block[:left]
            left -= min(len(block), left)
            while len(held) >= _CHUNK_BYTES:
                yield bytes(held[:_CHUNK_BYTES])
                del held[:_CHUNK_BYTES]
            if not left:
                break
    if held:
        yield bytes(held[: len(held) // _MS_BYTES * _MS_BYTES])


def _blocks(track: Track, readings: Path) -> Generator[bytes]:
    """A track's samples as they come, their loudness written beside them."""
    if track.name not in GENERATED:
        yield from decoded(track, _measured(readings))
        return
    from audiocoach.voice import filters

    recipe = generated.recipe(track.name, track.bpm)
    silent = bytes(recipe.length_ms * recipe.rate_hz // MS_PER_SECOND * SAMPLE_BYTES)
    silence = filters.frames(silent, recipe.rate_hz)
    yield from map(filters.samples, filters.filtered(silence, (*recipe.specs, *_measured(readings))))


def _measured(readings: Path) -> tuple[FilterSpec, ...]:
    from audiocoach.voice import loudness

    return (STEREO, *loudness.meter(readings), STEREO)


def decoded(track: Track, specs: tuple[FilterSpec, ...]) -> Generator[bytes]:
    """A file's first sound, decoded by what its first bytes say that it is, and filtered.

    A list of other files is opened by nobody, whatever it is called.

    Raises:
        MusicError: it is damaged, cut short, or no sound; that may come at its end.
    """
    import av

    from audiocoach.voice import filters

    try:
        with regular.open_regular(track.path) as file:
            head = file.read(_HEAD_BYTES)
            demuxer = demuxer_of(head)
            if demuxer == "wav" and _riff_bytes(head) > file.seek(0, os.SEEK_END):
                raise _refused(track, "it is cut short: its header tells of more than there is")
            file.seek(0)
            with av.open(file, format=demuxer or "wav") as container:
                source = cast("InputContainer", container)
                frames = source.decode(audio=0)
                count = 0
                for frame in filters.filtered(frames, specs):
                    count += frame.samples
                    yield filters.samples(frame)
                _check_length(track, source, count // SAMPLES_PER_MS, _LEAST_PART.get(demuxer, _USUAL_PART))
    except (av.FFmpegError, IndexError, ValueError) as error:
        raise _refused(track, "it is damaged, or no sound that can be read") from error
    except OSError as error:
        raise _refused(track, f"it cannot be read: {error.strerror}") from error


def _riff_bytes(head: bytes) -> int:
    """How long a WAV is by its own account; what was written in one go, its end not known, says nothing."""
    told = int.from_bytes(head[4:8], "little")
    return 0 if told == _UNTOLD else told + 8


def _check_length(track: Track, source: InputContainer, heard_ms: int, least_part: float) -> None:
    """See that a file has about as much in it as it says."""
    told_ms = (source.duration or 0) // MS_PER_SECOND
    if heard_ms < told_ms * least_part:
        there = f"{ms_to_clock(heard_ms)} of {ms_to_clock(told_ms)}"
        raise _refused(track, f"it is cut short: {there} are there")


def _refused(track: Track, why: str) -> MusicError:
    return MusicError(f"the music {quote(_called(track))} cannot be used: {why}", track.position)


def _called(track: Track) -> str:
    """As the routine calls it; where that is a folder, with the file in it."""
    own = Path(track.path).name
    return track.name if not own or own == Path(track.name).name else f"{track.name.rstrip('/')}/{own}"
