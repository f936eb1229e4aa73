"""MP3 as a container: frames that are joined."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from audiocoach.records import replace
from audiocoach.sound import awake, mixer, tags
from audiocoach.sound.container import Container
from audiocoach.sound.mp3 import block, splice
from audiocoach.sound.mp3.block import BlockFrames
from audiocoach.sound.mp3.check import check
from audiocoach.sound.mp3.encode import HEAD_FRAMES, encode, silence
from audiocoach.sound.mp3.frame import FRAME_MS, MONO, SIDED
from audiocoach.sound.mp3.join import write
from audiocoach.sound.mp3.reservoir import RegionFrames, Silence
from audiocoach.sound.mp3.walk import walk

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from audiocoach.sound.container import AnyContainer, Keep, Sink
    from audiocoach.sound.mp3.frame import Kind

# How what is kept of a kind is named.
_KEPT = {MONO: "", SIDED: "-sides"}


def _joiner(kind: Kind, *, is_awake: bool) -> Callable[..., None]:
    """What writes a file of this kind."""

    def join(
        out: Sink, placed: Iterable[tuple[int, RegionFrames]], duration_samples: int, tag: bytes, keep: Keep
    ) -> None:
        silent = _silence(keep, kind)
        write(out, placed, duration_samples, _filled(silent, keep) if is_awake else silent, tag)

    return join


def _filled(silent: Silence, keep: Keep) -> Silence:
    kind = silent.kind
    noise = keep(f"awake{_KEPT[kind]}", lambda: _noise(kind).to_bytes())
    return replace(silent, noise=RegionFrames.from_bytes(noise))


def _silence(keep: Keep, kind: Kind) -> Silence:
    """The silent frames are kept, too: a session that is found finished loads no encoder."""
    return Silence.from_bytes(keep(f"silence{_KEPT[kind]}", lambda: silence(kind).to_bytes()))


def _noise(kind: Kind) -> RegionFrames:
    pcm = awake.stretch()
    pcm = pcm if kind.channels == 1 else mixer.interleaved(pcm, pcm)
    made = encode(pcm, kind=kind)
    check(made, pcm, kind=kind)
    return made


def _splice(
    out: Sink, placed: Iterable[tuple[int, BlockFrames]], duration_samples: int, tag: bytes, keep: Keep
) -> None:
    splice.write(out, placed, duration_samples, keep("signed", block.silent_frame), tag)


def with_music(container: AnyContainer) -> Container[BlockFrames]:
    """The same kind of file with music in it: blocks of stereo that are spliced."""
    return replace(container, restore=BlockFrames.from_bytes, join=_splice, join_awake=_splice)


def with_sides(container: AnyContainer) -> Container[RegionFrames]:
    """The same kind of file with two channels: joined from frames of joint stereo, in the same way."""
    return replace(
        container,
        channels=SIDED.channels,
        key_parts=(*container.key_parts, f"{SIDED.kbps} kb/s stereo"),
        encode=partial(encode, kind=SIDED),
        check=partial(check, kind=SIDED),
        join=_joiner(SIDED, is_awake=False),
        join_awake=_joiner(SIDED, is_awake=True),
    )


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
    join=_joiner(MONO, is_awake=False),
    join_awake=_joiner(MONO, is_awake=True),
    prove=walk,
)
