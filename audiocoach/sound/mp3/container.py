"""MP3 as a container: frames that are joined."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audiocoach.records import replace
from audiocoach.sound import awake, tags
from audiocoach.sound.container import Container
from audiocoach.sound.mp3 import block, splice
from audiocoach.sound.mp3.block import BlockFrames
from audiocoach.sound.mp3.check import check
from audiocoach.sound.mp3.encode import HEAD_FRAMES, encode, silence
from audiocoach.sound.mp3.frame import FRAME_MS
from audiocoach.sound.mp3.join import write
from audiocoach.sound.mp3.reservoir import RegionFrames, Silence
from audiocoach.sound.mp3.walk import walk

if TYPE_CHECKING:
    from collections.abc import Iterable

    from audiocoach.sound.container import AnyContainer, Keep, Sink


def _join(
    out: Sink, placed: Iterable[tuple[int, RegionFrames]], duration_samples: int, tag: bytes, keep: Keep
) -> None:
    """The silent frames are kept, too: a session that is found finished loads no encoder."""
    silent = Silence.from_bytes(keep("silence", lambda: silence().to_bytes()))
    write(out, placed, duration_samples, silent, tag)


def _join_awake(
    out: Sink, placed: Iterable[tuple[int, RegionFrames]], duration_samples: int, tag: bytes, keep: Keep
) -> None:
    silent = Silence.from_bytes(keep("silence", lambda: silence().to_bytes()))
    noise = RegionFrames.from_bytes(keep("awake", lambda: _noise().to_bytes()))
    write(out, placed, duration_samples, replace(silent, noise=noise), tag)


def _noise() -> RegionFrames:
    pcm = awake.stretch()
    made = encode(pcm)
    check(made, pcm)
    return made


def _splice(
    out: Sink, placed: Iterable[tuple[int, BlockFrames]], duration_samples: int, tag: bytes, keep: Keep
) -> None:
    splice.write(out, placed, duration_samples, keep("signed", block.silent_frame), tag)


def with_music(container: AnyContainer) -> Container[BlockFrames]:
    """The same kind of file with music in it: blocks of stereo that are spliced."""
    return replace(container, restore=BlockFrames.from_bytes, join=_splice, join_awake=_splice)


MP3: Container[RegionFrames] = Container(
    suffix=".mp3",
    media_type="audio/mpeg",
    demuxer="mp3",
    key_parts=(),
    grid_ms=FRAME_MS,
    # Frames of one region reach up to 3 before and 3 behind its sound. Of 300 pairs of noise bursts with
    # five whole frames between them 103 needed the same frame, with six none.
    apart_frames=6,
    head_frames=HEAD_FRAMES,
    # The encoder spreads a sound over its frame and the ones beside it.
    reach_ms=2 * FRAME_MS,
    encode=encode,
    check=check,
    restore=RegionFrames.from_bytes,
    tag=tags.id3,
    join=_join,
    join_awake=_join_awake,
    prove=walk,
)
