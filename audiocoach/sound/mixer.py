"""Placed sounds become regions, and a region becomes PCM.

In: where each sound starts, and a way to fetch its PCM. Out: `Region` records in order of time, and
for one region its PCM: 48 kHz, 16 bit, mono or both sides interleaved, from the start of its first frame to
the end of its last sound. How long a frame is, and what shares a region, a container says
(`sound.container`). Placing is pure; only mixing touches sound.
"""

from __future__ import annotations

import importlib
import math
import os
import warnings
from functools import cache
from typing import TYPE_CHECKING

from audiocoach.encoder import PEAK_CEILING
from audiocoach.errors import SoundError
from audiocoach.records import dataclass
from audiocoach.units import SAMPLE_BYTES, SAMPLE_RATE_HZ, SAMPLES_PER_MS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from types import ModuleType

    from pydub import AudioSegment

_FULL_SCALE = 32_767

_IMPORT_WARNINGS: tuple[tuple[type[Warning], str], ...] = (
    (RuntimeWarning, r"Couldn't find ff(mpeg|probe)"),
    (SyntaxWarning, r"invalid escape sequence|\"\\\(\" is an invalid escape sequence"),
    (DeprecationWarning, r"invalid escape sequence|'audioop' is deprecated"),
)


@dataclass(frozen=True, slots=True)
class Placement:
    """A sound in the session. `sound` is the key of its content, the same wherever it plays.

    It lies to a `side`, `left` or `right`, or in the middle: `""`.
    """

    start_sample: int
    length_samples: int
    sound: str
    side: str = ""


@dataclass(frozen=True, slots=True, order=True)
class Part:
    """A sound in a region, counted from the start of the region's first frame; its side as in `Placement`."""

    offset_samples: int
    length_samples: int
    sound: str
    side: str = ""

    @property
    def name(self) -> str:
        """What sounds, and where; the middle is not named."""
        return f"{self.sound}@{self.side}" if self.side else self.sound

    @property
    def end_samples(self) -> int:
        """The first sample behind the sound."""
        return self.offset_samples + self.length_samples


@dataclass(frozen=True, slots=True)
class Region:
    """A stretch of sound with silence on both sides; parts by offset, then length, then sound."""

    first_frame: int
    parts: tuple[Part, ...]

    @property
    def length_samples(self) -> int:
        """From the start of the first frame to the end of the last sound."""
        return max(part.end_samples for part in self.parts)

    @property
    def key(self) -> str:
        """What the region sounds like, wherever in a session it stands."""
        return " ".join(f"{part.offset_samples}+{part.name}" for part in self.parts)


def regions(placements: Iterable[Placement], frame_samples: int, apart_frames: int) -> tuple[Region, ...]:
    """All regions of a session in order of time; each placement is a part of exactly one.

    Sounds with fewer than `apart_frames` whole frames between them share a region.
    """

    def near(end_samples: int, start_samples: int) -> bool:
        return start_samples // frame_samples - -(-end_samples // frame_samples) < apart_frames

    parts = sorted(Part(spot.start_sample, spot.length_samples, spot.sound, spot.side) for spot in placements)
    return tuple(_region(run, frame_samples) for run in _runs(parts, near))


def _overlapping(end_samples: int, start_samples: int) -> bool:
    return start_samples < end_samples


def _runs(parts: Iterable[Part], together: Callable[[int, int], bool]) -> Iterator[tuple[Part, ...]]:
    run: list[Part] = []
    end_samples = 0
    for part in parts:
        if run and not together(end_samples, part.offset_samples):
            yield tuple(run)
            run = []
        run.append(part)
        end_samples = max(end_samples, part.end_samples)
    if run:
        yield tuple(run)


def _region(run: tuple[Part, ...], frame_samples: int) -> Region:
    first_frame = run[0].offset_samples // frame_samples
    return Region(first_frame, _shifted(run, first_frame * frame_samples))


def _shifted(run: tuple[Part, ...], by_samples: int) -> tuple[Part, ...]:
    return tuple(
        Part(part.offset_samples - by_samples, part.length_samples, part.sound, part.side) for part in run
    )


def mix(region: Region, fetch: Callable[[str], bytes]) -> bytes:
    """PCM of a region, 48 kHz, 16 bit, mono: `region.length_samples` samples exactly.

    Overlapping sounds are added. Where a sum would pass `PEAK_CEILING` of full scale the whole region is
    turned down to it, never a part alone: one voice must not change its loudness within a phrase.

    Raises:
        SoundError: `fetch` gave a sound of another length than its placement says.
    """
    sounds = {part.name: _checked(part, fetch(part.sound)) for part in region.parts}
    clusters = tuple(_runs(region.parts, _overlapping))
    return _joined(clusters, sounds, _level_db(clusters, sounds))


def mix_sides(region: Region, fetch: Callable[[Part], tuple[bytes, bytes]]) -> bytes:
    """The same with what each part is on the left and on the right: both interleaved, turned down alike.

    Raises:
        SoundError: as `mix`.
    """
    clusters, pairs = tuple(_runs(region.parts, _overlapping)), {}
    for part in region.parts:
        left, right = fetch(part)
        pairs[part.name] = _checked(part, left), _checked(part, right)
    lefts, rights = ({name: pair[side] for name, pair in pairs.items()} for side in (0, 1))
    level_db = min(_level_db(clusters, lefts), _level_db(clusters, rights))
    if lefts == rights:
        return alike(_joined(clusters, lefts, level_db))
    return interleaved(_joined(clusters, lefts, level_db), _joined(clusters, rights, level_db))


def alike(mono: bytes) -> bytes:
    """One channel as two."""
    both: bytes = load("audioop").tostereo(mono, SAMPLE_BYTES, 1, 1)
    return both


def interleaved(left: bytes, right: bytes) -> bytes:
    """Two channels as one sound."""
    audioop = load("audioop")
    sides = audioop.tostereo(left, SAMPLE_BYTES, 1, 0), audioop.tostereo(right, SAMPLE_BYTES, 0, 1)
    both: bytes = audioop.add(*sides, SAMPLE_BYTES)
    return both


def channel(both: bytes, side: int) -> bytes:
    """One channel of a sound of two: 0 is the left one, 1 the right one."""
    alone: bytes = load("audioop").tomono(both, SAMPLE_BYTES, 1 - side, side)
    return alone


def _level_db(clusters: tuple[tuple[Part, ...], ...], sounds: Mapping[str, bytes]) -> float:
    return min(_headroom_db(cluster, sounds) for cluster in clusters)


def _joined(clusters: tuple[tuple[Part, ...], ...], sounds: Mapping[str, bytes], level_db: float) -> bytes:
    pieces: list[bytes] = []
    end_samples = 0
    for cluster in clusters:
        pieces.append(bytes((cluster[0].offset_samples - end_samples) * SAMPLE_BYTES))
        pieces.append(_laid(cluster, sounds, level_db))
        end_samples = max(part.end_samples for part in cluster)
    return b"".join(pieces)


def _checked(part: Part, pcm: bytes) -> bytes:
    if len(pcm) != part.length_samples * SAMPLE_BYTES:
        found = len(pcm) / SAMPLE_BYTES
        raise SoundError(f"sound {part.sound}: expected {part.length_samples} samples, found {found:g}")
    return pcm


def _headroom_db(cluster: tuple[Part, ...], sounds: Mapping[str, bytes]) -> float:
    """How far the cluster must be turned down: 0 dB or less. One sound alone stays as it is."""
    if len(cluster) == 1:
        return 0.0
    # At 1/n of its level a sum of n sounds cannot saturate, so its peak can be read off.
    depth = _depth(cluster)
    quiet = segment(_laid(cluster, sounds, _gain_to_db(1 / depth)))
    peak = quiet.max * depth / _FULL_SCALE
    return _gain_to_db(min(1.0, PEAK_CEILING / peak)) if peak else 0.0


def _depth(cluster: tuple[Part, ...]) -> int:
    """How many sounds there are at once, at most."""
    return max(
        sum(part.offset_samples <= other.offset_samples < part.end_samples for part in cluster)
        for other in cluster
    )


def _gain_to_db(gain: float) -> float:
    return 20 * math.log10(gain)


def _laid(cluster: tuple[Part, ...], sounds: Mapping[str, bytes], level_db: float) -> bytes:
    """The sounds of one cluster on one short base: pydub copies the whole base for every overlay."""
    if len(cluster) == 1 and not level_db:
        return sounds[cluster[0].name]
    start_samples = cluster[0].offset_samples
    length_samples = max(part.end_samples for part in cluster) - start_samples
    base = segment(bytes(-(-length_samples // SAMPLES_PER_MS) * SAMPLES_PER_MS * SAMPLE_BYTES))
    for part in cluster:
        # pydub places by whole milliseconds: what is left over goes in front of the sound.
        place_ms, left_samples = divmod(part.offset_samples - start_samples, SAMPLES_PER_MS)
        sound = segment(bytes(left_samples * SAMPLE_BYTES) + sounds[part.name]).apply_gain(level_db)
        base = base.overlay(sound, position=place_ms)
    return bytes(base.raw_data[: length_samples * SAMPLE_BYTES])


def segment(pcm: bytes) -> AudioSegment:
    """Sound of 48 kHz, 16 bit, mono PCM."""
    return load("pydub").AudioSegment(
        data=pcm, sample_width=SAMPLE_BYTES, frame_rate=SAMPLE_RATE_HZ, channels=1
    )


@cache
def load(name: str) -> ModuleType:
    """Import pydub, one of its modules or audioop without the warnings known to be harmless.

    pydub looks for an ffmpeg program that nothing here needs, has escapes newer Pythons dislike, and
    imports audioop, which 3.11 and 3.12 call deprecated (`audioop-lts` takes over in 3.13).
    """
    # Where there is no PATH, it looks for it all the same.
    os.environ.setdefault("PATH", os.defpath)
    with warnings.catch_warnings():
        for category, message in _IMPORT_WARNINGS:
            warnings.filterwarnings("ignore", message, category)
        return importlib.import_module(name)
