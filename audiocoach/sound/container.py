"""The seam between a session's sound and the file it comes in: what each container says of itself.

A container that is joined from frames (MP3) encodes every stretch once; one that is encoded whole (Opus)
keeps samples, and encodes them as it writes the file. Nobody else knows which it is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar

from audiocoach.records import dataclass, replace
from audiocoach.sound import mixer
from audiocoach.units import ms_to_samples

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from typing import BinaryIO, TypeAlias

    from audiocoach.coaching.timeline import Chapter
    from audiocoach.sound.mixer import Placement, Region


class Sink(Protocol):
    """Whatever takes bytes in order."""

    def write(self, data: bytes, /) -> int:
        """Take all of them."""


class Stretch(Protocol):
    """A piece of sound in a container's own terms."""

    def to_bytes(self) -> bytes:
        """What a cache keeps of it."""


class Keep(Protocol):
    """Whatever keeps the bytes that `make` gives under a name, and makes them once."""

    def __call__(self, name: str, make: Callable[[], bytes], /) -> bytes:
        """What is kept under the name, for all sessions."""

    def pieces(self, name: str, make: Callable[[], Iterator[bytes]], /) -> Iterator[bytes]:
        """What is kept of one sound under the name: too large for memory, so it comes in pieces."""


@dataclass(frozen=True, slots=True)
class TagFields:
    """What a file tells of its session. Empty texts are left out.

    `language` is an ISO 639-2 code, in three letters. `lyrics` are all words as lines of LRC, `said` each
    with the millisecond at which it begins; `cover` is a JPEG; the last chapter ends with the session.
    """

    title: str
    artist: str
    album: str
    length_ms: int
    language: str
    genre: str
    description: str
    lyrics: str
    said: tuple[tuple[int, str], ...]
    chapters: tuple[Chapter, ...]
    cover: bytes


S = TypeVar("S", bound=Stretch)


@dataclass(frozen=True, slots=True)
class Container(Generic[S]):
    """One kind of file. All sound is 48 kHz, 16 bit, of so many `channels`, interleaved.

    Attributes:
        suffix: what the file's name ends with.
        media_type: as HTTP and feeds call it.
        demuxer: as FFmpeg calls what reads it.
        key_parts: what the keys of stretches and sessions hold beside what every container's do.
        grid_ms: a frame; words start on a whole number of them, so that the same words are the same stretch.
        apart_frames: sounds with fewer whole frames between them are one stretch.
        head_frames: so many silent frames before a stretch shape what it becomes, where there are so many.
        reach_ms: a sound is spread so far before its start and behind its end, never further.
        encode: a stretch from its PCM and the silent frames before it, `head_frames` at most.
        check: what comes out of a stretch, with some of the silence around; raises `SoundError` where that is
            not its PCM.
        restore: the inverse of the stretch's `to_bytes`; raises `SoundError`.
        tag: what tells of a session, in the container's own terms.
        join: write a whole file of exactly so many samples from the first frame of each stretch and the
            stretch, in order of time, behind a tag; it is proven as it is written, or `SoundError` is raised.
        join_awake: the same with noise that nobody hears in the place of long silence (`sound.awake`).
        prove: walk a finished file to its end; raises `SoundError`.
        tail_samples: so much silence may a decoder give behind the end, which players cut.
        channels: 1, or 2 where sounds may lie to a side.
        kept_as: under which name `join` has what it encodes kept, in pieces; None where it encodes nothing.
    """

    suffix: str
    media_type: str
    demuxer: str
    key_parts: tuple[str, ...]
    grid_ms: int
    apart_frames: int
    head_frames: int
    reach_ms: int
    encode: Callable[[bytes, int], S]
    check: Callable[[S, bytes, int], bytes]
    restore: Callable[[bytes], S]
    tag: Callable[[TagFields], bytes]
    join: Callable[[Sink, Iterable[tuple[int, S]], int, bytes, Keep], None]
    join_awake: Callable[[Sink, Iterable[tuple[int, S]], int, bytes, Keep], None]
    prove: Callable[[BinaryIO], object]
    tail_samples: int = 0
    channels: int = 1
    kept_as: str | None = None

    def kept_awake(self, *, is_awake: bool) -> Container[S]:
        """The same kind of file, where wanted without a silence on which devices sleep."""
        return replace(self, join=self.join_awake) if is_awake else self

    def regions(self, placements: Iterable[Placement]) -> tuple[Region, ...]:
        """The stretches of a session, in this container's frames."""
        return mixer.regions(placements, ms_to_samples(self.grid_ms), self.apart_frames)

    def head_of(self, region: Region) -> int:
        """How many silent frames before a region shape it: fewer near the beginning of the file."""
        return min(region.first_frame, self.head_frames)


AnyContainer: TypeAlias = Container[Any]
