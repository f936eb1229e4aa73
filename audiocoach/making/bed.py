"""A session with music: which blocks it is made of, and what a worker makes of one.

A block is named by all that sounds in it, and by nothing else: where it stands is no part of it, so a stretch
that comes again is made once, and an edit costs the blocks that it touches.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from audiocoach.encoder import PEAK_CEILING
from audiocoach.keys import key
from audiocoach.making import chimes, music
from audiocoach.making.soundtrack import placed_sounds
from audiocoach.records import dataclass
from audiocoach.sound import mixer
from audiocoach.sound.bed import balance, ducking, mixdown, score
from audiocoach.sound.bed.mixdown import Block
from audiocoach.sound.mp3 import block as mp3
from audiocoach.sound.mp3.container import MP3
from audiocoach.sound.mp3.frame import FRAME_MS, frame_count
from audiocoach.store.fingerprint import libraries
from audiocoach.units import SAMPLE_BYTES, SAMPLE_RATE_HZ, SAMPLES_PER_MS, db_to_gain, ms_to_samples

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from audiocoach.coaching.timeline import Timeline, Utterance
    from audiocoach.routine.music import Track
    from audiocoach.sound.bed.score import Reel
    from audiocoach.sound.container import AnyContainer
    from audiocoach.sound.mixer import Region
    from audiocoach.voice.clips import Store
    from audiocoach.voice.studio import Studio

# Part of every key: raise it when the same block would become other frames.
_FORMAT = "1"
BLOCK_FRAMES = score.BLOCK_MS // FRAME_MS
_FULL_SCALE = 32_768


@dataclass(frozen=True, slots=True)
class BedPlan:
    """The blocks of one session in order of time, each with its first frame; its phrases and its tracks."""

    blocks: tuple[tuple[int, Block], ...]
    clips: Mapping[str, Utterance]
    tracks: Mapping[str, Track]
    placements: tuple[mixer.Placement, ...]
    container: AnyContainer

    @property
    def placed(self) -> tuple[tuple[int, str], ...]:
        """The first frame and the key of each block."""
        return tuple((first, block_key(block)) for first, block in self.blocks)

    @property
    def distinct(self) -> dict[str, Block]:
        """One block for each key."""
        return {block_key(block): block for _, block in self.blocks}

    def clips_of(self, block: Block) -> tuple[tuple[str, Utterance], ...]:
        """The phrases of one block."""
        keys = dict.fromkeys(part.sound for _, region in block.sounds for part in region.parts)
        return tuple((name, self.clips[name]) for name in keys if name in self.clips)

    def tracks_of(self, block: Block) -> tuple[Track, ...]:
        """The tracks that play in one block."""
        return tuple(self.tracks[name] for name in dict.fromkeys(piece.key for piece in block.pieces))


def tracks_of(timeline: Timeline) -> tuple[Track, ...]:
    """All music of a session, each track once."""
    return tuple(dict.fromkeys(track for bed in timeline.music for track in bed.tracks))


def plan_bed(
    timeline: Timeline,
    studio: Studio,
    reels: Mapping[Track, Reel],
    container: AnyContainer = MP3,
    louder_db: float = 0.0,
) -> BedPlan:
    """The blocks of a timeline whose tracks are known; all of it so much louder than usual."""
    placements, clips = placed_sounds(timeline, studio, FRAME_MS)
    gain_db = balance.whole_gain_db(timeline.events, timeline.music, timeline.duration_ms) + louder_db
    sounds = _Sounds(mixer.regions(placements, SAMPLES_PER_MS, 0))
    found, plays = ducking.dips(timeline.events), score.playings(timeline.music, reels)
    total = frame_count(ms_to_samples(timeline.duration_ms))
    blocks = []
    for first in range(0, total, BLOCK_FRAMES):
        count = min(BLOCK_FRAMES, total - first)
        run_in = min(first, mp3.RUN_IN_FRAMES)
        run_out = min(total - first - count, mp3.RUN_OUT_FRAMES)
        start_ms, end_ms = (first - run_in) * FRAME_MS, (first + count + run_out) * FRAME_MS
        block = Block(
            run_in=run_in,
            count=count,
            run_out=run_out,
            sounds=tuple(sounds.between(start_ms, end_ms)),
            pieces=tuple(score.pieces(plays, start_ms, end_ms)),
            dips=tuple(dip.moved(-start_ms) for dip in found if dip.meets(start_ms, end_ms)),
            gain_db=gain_db,
        )
        blocks.append((first, block))
    known = {music.track_key(track): track for track in reels}
    return BedPlan(tuple(blocks), clips, known, tuple(placements), container)


class _Sounds:
    """Regions in order of time, of which windows are asked for in order of time as well."""

    def __init__(self, regions: tuple[Region, ...]) -> None:
        self._regions = regions
        self._next = 0

    def between(self, start_ms: int, end_ms: int) -> Iterator[tuple[int, Region]]:
        """What sounds in a window, with where it begins there."""
        while self._next < len(self._regions) and _end_ms(self._regions[self._next]) <= start_ms:
            self._next += 1
        for region in self._regions[self._next :]:
            if region.first_frame >= end_ms:
                break
            yield region.first_frame - start_ms, region


def _end_ms(region: Region) -> int:
    return region.first_frame + region.length_samples // SAMPLES_PER_MS


def block_key(block: Block) -> str:
    """What becomes of a block is called so in the store."""
    sounds = tuple((at_ms, region.key) for at_ms, region in block.sounds)
    frames = (block.run_in, block.count, block.run_out)
    return key("block", _FORMAT, *libraries(), frames, sounds, block.pieces, block.dips, block.gain_db)


def encode_block(
    block: Block,
    clips: Mapping[str, Utterance],
    tracks: Mapping[str, Track],
    studio: Studio,
    store: Store,
) -> None:
    """Mix a block, encode it, check what came out, and keep it; a clip that is not there is spoken.

    Raises:
        SoundError: what was encoded is not what went in.
        EngineError: a clip could not be spoken.
        MusicError: a track went, and could not be made again.
    """

    def fetch(sound: str) -> bytes:
        utterance = clips.get(sound)
        return chimes.fetched(sound, store) if utterance is None else studio.clip(utterance).samples

    def play(name: str, start_ms: int, end_ms: int) -> bytes:
        return music.samples(tracks[name], store, start_ms, end_ms)

    pcm = limited(mixdown.mix(block, fetch, play), block.gain_db)
    made = mp3.encode(pcm, block.run_in, block.count, block.run_out)
    store.put(block_key(block), made.to_bytes())


def limited(halved: bytes, gain_db: float) -> bytes:
    """Stereo PCM that was at half its level, at this one, with its peaks limited where any is too high.

    A limiter forgets a peak within a tenth of a second: what two blocks have of one sound is the same.
    """
    audioop = mixer.load("audioop")
    gain = 2 * db_to_gain(gain_db)
    if audioop.max(halved, SAMPLE_BYTES) * gain <= PEAK_CEILING * _FULL_SCALE:
        louder: bytes = audioop.mul(halved, SAMPLE_BYTES, gain)
        return louder
    from audiocoach.voice import filters  # a block without peaks needs no PyAV

    limiter = {"level_in": f"{gain:.6f}", "level": "false", "limit": str(PEAK_CEILING), "latency": "true"}
    form = {"sample_fmts": "s16", "channel_layouts": "stereo", "sample_rates": str(SAMPLE_RATE_HZ)}
    frames = filters.filtered(
        filters.frames(halved, SAMPLE_RATE_HZ, "stereo"), (("alimiter", limiter), ("aformat", form))
    )
    return b"".join(map(filters.samples, frames))
